"""Find what ships with mwkb: ontology, facts, rules, shapes and queries.

In a checkout the folders lie beside ``src``; in an installed wheel they travel inside the package. The
environment variable ``MWKB_ROOT`` names another folder that holds them, such as a copy that is being extended.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mwkb.problems import InputProblem

FOLDERS = ("ontology", "kb", "rules", "queries")


def root() -> Path:
    """The folder that holds ``ontology/``, ``kb/``, ``rules/`` and ``queries/``. Raises InputProblem if one is missing."""
    if named := os.environ.get("MWKB_ROOT"):
        for folder in FOLDERS:
            if not (Path(named) / folder).is_dir():
                raise InputProblem(
                    f"The folder that MWKB_ROOT names has no folder {folder}.",
                    Path(named),
                    "Name a checkout of mwkb, or unset it.",
                )
        return Path(named).resolve()
    package = Path(__file__).resolve().parent
    shipped = package / "data"
    return shipped if shipped.is_dir() else package.parents[1]


def editable_root() -> Path:
    """The same, where it is a checkout. Raises InputProblem if it is what an installed package carries."""
    found = root()
    if found.is_relative_to(Path(__file__).resolve().parent):
        raise InputProblem(
            "The knowledge base of an installed mwkb is not changed.", found, "Work in a checkout, or name one with MWKB_ROOT."
        )
    return found


def ontology_files() -> list[Path]:
    return sorted((root() / "ontology").rglob("*.ttl"))


def finding_module() -> Path:
    """The module of the ontology that defines what rules conclude."""
    return root() / "ontology" / "finding.ttl"


def fact_files() -> list[Path]:
    return sorted((root() / "kb").rglob("*.ttl"))


def shape_file(name: str) -> Path:
    """The shapes for ``plan`` or ``kb``."""
    return root() / "rules" / "shapes" / f"{name}.ttl"


def rule_files() -> list[Path]:
    return sorted((root() / "rules" / "inference").glob("*.rq"))


def check_files() -> list[Path]:
    """The hygiene checks."""
    return sorted((root() / "rules" / "hygiene").glob("*.rq"))


def query_files() -> list[Path]:
    return sorted((root() / "queries").glob("*.rq"))


def query_file(name: str) -> Path:
    return root() / "queries" / f"{name}.rq"


def schema(name: str) -> str:
    """The text of a schema in the package: ``plan-context.jsonld``, ``assessment.schema.json``."""
    return (Path(__file__).resolve().parent / "schema" / name).read_text(encoding="utf-8")


def shown(path: Path) -> str:
    """The path as a reader of the project knows it: relative to the root where it lies there."""
    try:
        return path.resolve().relative_to(root()).as_posix()
    except ValueError:
        return str(path)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file, a text as UTF-8, whole or not at all: to a temporary file beside it, then rename.

    A link is followed, and what is no regular file, such as a device, is written to as it is. Raises
    OSError if the folder cannot be written; the old file is then untouched.
    """
    import tempfile  # takes long to import

    path = path.resolve()
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_all(changed: Mapping[Path, str | bytes]) -> None:
    """Write several files, each whole; if one cannot be written, those before it are as they were. Raises OSError."""
    before: dict[Path, bytes | None] = {}
    try:
        for path, content in changed.items():
            before[path] = path.read_bytes() if path.exists() else None
            write_whole(path, content)
    except BaseException:
        for path, old in before.items():
            if old is None:
                path.unlink(missing_ok=True)
            elif path.read_bytes() != old:
                write_whole(path, old)
        raise
