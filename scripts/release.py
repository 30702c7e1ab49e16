"""Build everything that a release consists of, twice, and keep it only if both are identical byte for byte.

    python scripts/release.py [FOLDER]      # dist/ unless another is named

Wheel and source distribution, the merged ontology in three formats, the rules as SHACL-AF, the reference site,
a bill of materials of what an installation holds, CITATION.cff and the checksums of all of these.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

from mwkb import __version__, export, files, knowledge
from mwkb.problems import InputProblem
from mwkb.revision import version
from mwkb.revision.record import read_record
from mwkb.revision.things import things_in
from mwkb.site.build import site

ROOT = Path(__file__).resolve().parents[1]
NAME = f"mwkb-{__version__}"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can hold."""


def main() -> None:
    if sys.argv[1:2] == ["--build"]:
        build(*map(Path, sys.argv[2:4]))
        return
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    refuse_what_is_not_ready()
    with tempfile.TemporaryDirectory(prefix="mwkb-release-") as temporary:
        first, second = (Path(temporary) / name for name in ("first", "second"))
        python = environment(Path(temporary) / "environment")
        for seed, folder in enumerate((first, second)):
            folder.mkdir()
            run(__file__, "--build", str(folder), str(python), PYTHONHASHSEED=str(seed))
        if differing := different(first, second):
            raise SystemExit(f"error: a rebuild gives other bytes: {', '.join(differing)}")
        checksums(first)
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(first, target)
    for path in sorted(target.iterdir()):
        print(f"{path.stat().st_size:>10,}  {path.name}")
    print("A rebuild gives the same bytes.")


def refuse_what_is_not_ready() -> None:
    """End with what is wrong if the version is too low for what changed, or the changelog does not tell of it."""
    wrong = [*version.problems(read_record(), things_in(files.root()))]
    if f"\n## {__version__}" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        wrong.append(InputProblem(f"CHANGELOG.md has no heading for {__version__}.", None, f"Write: ## {__version__}."))
    if wrong:
        raise SystemExit("\n".join(f"error: {problem}" for problem in wrong))


def environment(folder: Path) -> Path:
    """The Python of a new environment that holds what an installation of mwkb needs, and no more."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    wheel = folder / "wheel"
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheel), str(ROOT))
    pip = ("-m", "pip", "--python", str(python), "--quiet", "--disable-pip-version-check")
    run(*pip, "install", "--constraint", str(ROOT / "constraints.txt"), str(next(wheel.glob("*.whl"))))
    run(*pip, "uninstall", "--yes", "mwkb")
    return python


def build(folder: Path, python: Path) -> None:
    """Put everything into a folder."""
    run("-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT))
    base = knowledge.load()
    for ending, written in (
        (".ttl", export.merged_turtle(base)),
        (".owl", export.merged_rdfxml(base)),
        (".ofn", export.merged_functional(base)),
        ("-rules.ttl", export.shacl_af(base)),
    ):
        (folder / f"{NAME}{ending}").write_text(written, encoding="utf-8")
    with zipfile.ZipFile(folder / f"{NAME}-docs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(site(base).items()):
            archive.writestr(zipfile.ZipInfo(f"{NAME}-docs/{path}", EPOCH), content, zipfile.ZIP_DEFLATED)
    (folder / f"{NAME}.cdx.json").write_text(bill_of_materials(python), encoding="utf-8")
    shutil.copyfile(ROOT / "CITATION.cff", folder / "CITATION.cff")


def bill_of_materials(python: Path) -> str:
    """What an installation holds, with versions and licences, in CycloneDX."""
    given = ("--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application", "--output-reproducible")
    found = json.loads(run("-m", "cyclonedx_py", "environment", *given, "--output-file", "-", str(python)))
    found["metadata"]["component"]["version"] = __version__  # which pyproject.toml leaves to the package
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def run(*arguments: str, **variables: str) -> str:
    """What Python prints for these arguments; the program ends with its errors if it fails."""
    surroundings = {**os.environ, **variables}
    ran = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"error: python {' '.join(arguments)}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def different(first: Path, second: Path) -> list[str]:
    """The files that are not the same in both folders."""
    names = {path.name for folder in (first, second) for path in folder.iterdir()}
    return sorted(name for name in names if not same(first / name, second / name))


def same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def checksums(folder: Path) -> None:
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
