"""What a user installs: a wheel, in an empty environment, away from the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from mwkb import files

ROOT = files.root()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_every_data_file(wheel: Path) -> None:
    inside = {name.removeprefix("mwkb/data/") for name in zipfile.ZipFile(wheel).namelist() if name.startswith("mwkb/data/")}
    shipped = [p for folder in files.FOLDERS for p in (ROOT / folder).rglob("*") if p.suffix in (".ttl", ".rq")]
    assert {p.relative_to(ROOT).as_posix() for p in shipped} <= inside


def test_the_wheel_carries_the_template_of_reports(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert {f"mwkb/report/templates/report.{ending}" for ending in ("html", "css")} <= inside


def test_the_installed_wheel_runs_the_main_job(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *constraints, str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    plan = tmp_path / "plan.yaml"
    plan.write_bytes((ROOT / "examples" / "oakmere.yaml").read_bytes())
    command = [str(home / "bin" / "mwkb"), "assess", "plan.yaml", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["conforms"] is True
    assert any(finding["kind"] == "recommendation" for finding in found["findings"])
    for form in ("plan.xlsx", "found.xlsx"):
        command = {"plan.xlsx": ["template"], "found.xlsx": ["assess", "plan.yaml"]}[form]
        done = subprocess.run([str(home / "bin" / "mwkb"), *command, "-o", form], capture_output=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / form).read_bytes().startswith(b"PK")
    where = subprocess.run(
        [str(python), "-c", "import mwkb.files; print(mwkb.files.root())"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert Path(where.stdout.strip()).is_relative_to(home)
