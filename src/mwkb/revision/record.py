"""What the last released version said of each thing, in short: enough to tell whether its meaning or its wording changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mwkb import files
from mwkb.problems import InputProblem, Place
from mwkb.revision.things import Said, Thing, Things, shortened
from mwkb.vocabulary import PREFIXES, QUERY

_BORROWED = "borrowed term"


@dataclass(frozen=True)
class Digest:
    """What tells one meaning, and one wording, of a thing from another."""

    meaning: str
    wording: str
    deprecated: bool = False


@dataclass(frozen=True)
class Record:
    """A released version: its number, its commit if that is known, and a digest of each thing by its IRI."""

    version: str
    commit: str
    digests: Mapping[str, Digest]


def record_file() -> Path:
    return files.root() / "ontology" / "released.tsv"


def digest(thing: Thing) -> Digest:
    return Digest(
        _hash(said for said in thing.said if not said.is_wording),
        _hash(said for said in thing.said if said.is_wording),
        thing.is_deprecated,
    )


def _hash(said: Iterable[Said]) -> str:
    lines = "\n".join(f"{each.predicate}\t{each.form}\t{' '.join(each.value.split())}" for each in sorted(said))
    return hashlib.sha256(lines.encode()).hexdigest()[:12]


def recorded(things: Things, version: str, commit: str = "") -> Record:
    """The record of what is said of things. Borrowed terms are left out: what they mean is not ours to say."""
    return Record(version, commit, {iri: digest(thing) for iri, thing in things.items() if thing.kind != _BORROWED})


def as_text(record: Record) -> str:
    """A record as the file that is kept: a line for each thing, sorted."""
    lines = [f"version\t{record.version}\t{record.commit}"]
    for iri, each in sorted(record.digests.items()):
        lines.append("\t".join([shortened(iri), each.meaning, each.wording, *(["deprecated"] if each.deprecated else [])]))
    return "\n".join(lines) + "\n"


def read_record() -> Record | None:
    """The record that is kept, or None if no version was released. Raises InputProblem if it cannot be understood."""
    path = record_file()
    if not path.is_file():
        return None
    first, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
    remedy = "Take it from git again; it is written by mwkb version --release."
    match first.split("\t"):
        case ["version", version, commit]:
            pass
        case _:
            raise InputProblem("The first line names no version.", Place(files.shown(path), 1), remedy)
    digests = {}
    for number, line in enumerate(lines, 2):
        match line.split("\t"):
            case [name, meaning, wording, *rest] if rest in ([], ["deprecated"]):
                digests[_written_out(name)] = Digest(meaning, wording, bool(rest))
            case _:
                raise InputProblem("This line is no record of a thing.", Place(files.shown(path), number), remedy)
    return Record(version, commit, digests)


def _written_out(name: str) -> str:
    prefix, colon, local = name.partition(":")
    namespace = {**PREFIXES, "query": QUERY}.get(prefix, "") if colon else ""
    return namespace + local if namespace else name
