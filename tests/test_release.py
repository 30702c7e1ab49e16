"""A release: everything in it is built, whole, the same twice, and of the version that it says."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml
from pyoxigraph import RdfFormat, parse

from mwkb import __version__, files
from mwkb.revision import version

ROOT = files.root()
NAME = f"mwkb-{__version__}"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("cyclonedx_py", reason="the bill of materials is made by cyclonedx-bom")
    folder = tmp_path_factory.mktemp("release") / "dist"
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "release.py"), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("A rebuild gives the same bytes.\n")
    return folder


def test_everything_is_there_with_its_checksum(release: Path) -> None:
    built = {path.name: path.read_bytes() for path in release.iterdir()}
    sums = built.pop("SHA256SUMS").decode()
    assert sums == "".join(f"{hashlib.sha256(built[name]).hexdigest()}  {name}\n" for name in sorted(built))
    endings = ("-py3-none-any.whl", ".tar.gz", ".ttl", ".owl", ".ofn", "-rules.ttl", "-docs.zip", ".cdx.json")
    assert set(built) == {"CITATION.cff", *(NAME + ending for ending in endings)}
    assert all(built.values())


def test_nothing_in_it_names_this_machine(release: Path) -> None:
    for path in release.iterdir():
        if path.suffix in (".json", ".ttl", ".owl", ".ofn", ".cff"):
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) not in text and "file:/" not in text, path.name


def test_the_merged_ontology_says_the_same_as_the_files(release: Path) -> None:
    turtle = {quad.triple for quad in parse((release / f"{NAME}.ttl").read_bytes(), format=RdfFormat.TURTLE)}
    rdfxml = {quad.triple for quad in parse((release / f"{NAME}.owl").read_bytes(), format=RdfFormat.RDF_XML)}
    assert turtle == rdfxml
    assert f'"{__version__}"' in {str(triple.object) for triple in turtle if triple.predicate.value.endswith("versionInfo")}


def test_the_source_builds_what_the_wheel_holds(release: Path) -> None:
    with tarfile.open(release / f"{NAME}.tar.gz") as source, zipfile.ZipFile(release / f"{NAME}-py3-none-any.whl") as wheel:
        inside = {name.partition("/")[2] for name in source.getnames()}
        data = {name.removeprefix("mwkb/data/") for name in wheel.namelist() if name.startswith("mwkb/data/")}
    assert data and data <= inside
    assert {"CITATION.cff", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "constraints.txt", "tests/test_release.py"} <= inside


def test_the_site_is_in_a_folder_of_its_own(release: Path) -> None:
    with zipfile.ZipFile(release / f"{NAME}-docs.zip") as archive:
        names = archive.namelist()
    assert f"{NAME}-docs/index.html" in names
    assert {name.partition("/")[0] for name in names} == {f"{NAME}-docs"}


def test_the_bill_of_materials_lists_what_an_installation_holds(release: Path) -> None:
    bill = json.loads((release / f"{NAME}.cdx.json").read_text(encoding="utf-8"))
    held = {component["name"].lower() for component in bill["components"]}
    assert {"rdflib", "pyoxigraph", "pyshacl", "openpyxl", "typer"} <= held
    assert not {"pytest", "mypy", "pip", "hatchling"} & held
    main = bill["metadata"]["component"]
    assert (main["name"], main["version"]) == ("mwkb", __version__)


def test_all_that_states_the_version_states_the_same() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert __version__ == version.current() == citation["version"]
    assert f"\n## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
