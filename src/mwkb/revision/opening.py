"""Find a revision by what a person calls it: a folder, a file, a version or a revision of git."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mwkb import files
from mwkb.problems import InputProblem
from mwkb.revision.record import read_record
from mwkb.revision.things import Things, things_in, things_in_file

_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True)
class Revision:
    """The knowledge base at one revision. ``folder`` holds its files, unless all there is of it is one file of RDF."""

    name: str
    version: str
    things: Things
    folder: Path | None


@contextmanager
def opened(name: str | None) -> Iterator[Revision]:
    """A revision by its name, the files as they are now if there is none; what git holds is there for as long as it is open.

    Raises InputProblem if nothing is known by that name or it cannot be read.
    """
    if name is None:
        yield _of_folder("the files as they are", files.root())
    elif name and (path := Path(name)).is_dir():
        if missing := [part for part in ("ontology", "kb") if not (path / part).is_dir()]:
            raise InputProblem(f"The folder has no folder {missing[0]}.", path, "Name one that holds a knowledge base.")
        yield _of_folder(name, path)
    elif name and path.is_file():
        things = things_in_file(path)
        yield Revision(name, stated(path.read_text(encoding="utf-8", errors="replace")), things, None)
    else:
        commit = _commit(name)
        with tempfile.TemporaryDirectory(prefix="mwkb-") as temporary:
            folder = Path(temporary)
            _extract(commit, folder)
            yield _of_folder(f"{name} ({commit[:10]})" if not commit.startswith(name) else name, folder)


def _of_folder(name: str, folder: Path) -> Revision:
    things = things_in(folder)
    header = folder / "ontology" / "mwkb.ttl"
    return Revision(name, stated(header.read_text(encoding="utf-8")) if header.is_file() else "", things, folder)


def stated(text: str) -> str:
    """The version that Turtle or N-Quads state first, or an empty text."""
    found = re.search(r'\bowl(?::versionInfo|#versionInfo>)\s+"([^"]*)"', text)
    return found[1] if found else ""


def _commit(name: str) -> str:
    """The commit that a version or a revision of git means. Raises InputProblem if there is none."""
    wanted = [name]
    if _VERSION.fullmatch(name):
        record = read_record()
        wanted = [f"v{name}", name, *([record.commit] if record and record.version == name and record.commit else [])]
    for each in wanted:
        found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{each}^{{commit}}")
        if found:
            return found.decode().strip()
    if _VERSION.fullmatch(name) and (commit := _last_with(name)):
        return commit
    remedy = "See git log and git tag, or name a file."
    if not head():
        remedy = "There is no commit yet: make one, or name two files or folders."
    elif _git("rev-parse", "--is-shallow-repository").strip() == b"true":
        remedy = "This clone holds only the latest commits: run git fetch --unshallow --tags, or name a file."
    raise InputProblem(f"There is no file, folder, version or revision of git '{name}'.", remedy=remedy)


def head() -> str:
    """The commit that is checked out, an empty text where git knows none."""
    return _git("rev-parse", "--verify", "--quiet", "HEAD").decode().strip() if (files.root() / ".git").exists() else ""


def _last_with(version: str) -> str:
    """The last commit whose header states a version, or an empty text."""
    log = _git("log", "--format=%H", "-G", "owl:versionInfo", "--", "ontology/mwkb.ttl").decode().split()
    for position, commit in enumerate(log):
        if stated(_git("show", f"{commit}:ontology/mwkb.ttl").decode()) == version:
            # It was stated until the commit in which another version took its place.
            return (
                _git("rev-parse", f"{log[position - 1]}^").decode().strip()
                if position
                else _git("rev-parse", "HEAD").decode().strip()
            )
    return ""


def _extract(commit: str, folder: Path) -> None:
    """Put the folders of the knowledge base at a commit into a folder."""
    held = _git("ls-tree", "--name-only", commit).decode().split("\n")
    wanted = [name for name in files.FOLDERS if name in held]
    if not {"ontology", "kb"} <= set(wanted):
        raise InputProblem(f"There is no knowledge base in the commit {commit[:10]}.", remedy="Name a later one.")
    with zipfile.ZipFile(io.BytesIO(_git("archive", "--format=zip", commit, *wanted))) as archive:
        archive.extractall(folder)


def _git(*arguments: str) -> bytes:
    """What git prints of the checkout, nothing where it fails. Raises InputProblem if there is no git or no checkout."""
    root = files.root()
    try:
        if not (root / ".git").exists():
            raise InputProblem("This is no checkout of git.", root, "Name two files or folders.")
        ran = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise InputProblem("There is no git on this machine.", remedy="Install it, or name two files or folders.") from None
    return ran.stdout if ran.returncode == 0 else b""
