"""Semantic versions of the knowledge base: what has changed since the last release, and which version that demands.

Ontology, facts, shapes, rules and queries are one whole and have one version. A change of wording demands
a patch, a text in some language being wording; whatever is added or deprecated, and a changed fact, rule or
query, demands a minor version; a change of what a term or shape means, by which what was right may become
wrong, demands a major one. Before 1.0.0, where nothing is promised yet, a major change demands a minor version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mwkb import files
from mwkb.problems import InputProblem, Place
from mwkb.revision.opening import stated
from mwkb.revision.record import Digest, Record, digest
from mwkb.revision.things import KINDS, Thing, Things, shortened
from mwkb.vocabulary import MWKB

LEVELS = ("patch", "minor", "major")
"""How much of a version a change demands, from the least."""
_NEVER_DELETED = ("term", "fact")
_PROMISES = ("term", "shape")
_BESIDE = {
    "src/mwkb/__init__.py": ((r'^__version__ = ".*"$', '__version__ = "{version}"'),),
    "ontology/catalog-v001.xml": ((r'/\d+\.\d+\.\d+" uri=', '/{version}" uri='),),
    "CITATION.cff": ((r"^version: .*$", "version: {version}"), (r"^date-released: .*$", "date-released: {today}")),
}
"""Files beside the knowledge base that state the version too, with the lines that do."""
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@dataclass(frozen=True)
class Change:
    """A thing that is not what it was when last released: how it changed, and what that demands."""

    iri: str
    kind: str
    how: str
    level: str


def changes(record: Record, things: Things) -> tuple[Change, ...]:
    """All that changed since the release, what demands most first."""
    found = list(_changes(record, things))
    return tuple(sorted(found, key=lambda change: (-LEVELS.index(change.level), change.kind, change.iri)))


def _changes(record: Record, things: Things) -> Iterator[Change]:
    for iri in record.digests.keys() - things.keys():
        yield Change(iri, _kind(iri), "removed", "major")
    for iri, thing in things.items():
        if thing.kind == "borrowed term":
            continue
        before, now = record.digests.get(iri), digest(thing)
        if before is None:
            yield Change(iri, thing.kind, "added", "minor")
        elif before != now:
            yield Change(iri, thing.kind, *_how(thing, before, now))


def _kind(iri: str) -> str:
    return next((kind for kind, space in KINDS.items() if iri.startswith(space)), "module")


def _how(thing: Thing, before: Digest, now: Digest) -> tuple[str, str]:
    if now.deprecated and not before.deprecated:
        return "deprecated", "minor"
    if now.meaning != before.meaning:
        return "changed in meaning", "major" if thing.kind in _PROMISES else "minor"
    return "changed in wording", "patch"


def demanded(released: str, level: str) -> str:
    """The least version after a released one that a level demands."""
    major, minor, patch = parsed(released)
    if level == "major" and major:
        return f"{major + 1}.0.0"
    return f"{major}.{minor}.{patch + 1}" if level == "patch" else f"{major}.{minor + 1}.0"


def parsed(version: str) -> tuple[int, int, int]:
    """The three numbers of a version. Raises InputProblem if it has not three."""
    numbers = _VERSION.fullmatch(version)
    if numbers is None:
        raise InputProblem(f"'{version}' is no version.", remedy="Write three numbers, such as 0.3.0.")
    return int(numbers[1]), int(numbers[2]), int(numbers[3])


def headers() -> list[Path]:
    """The files whose header states the version."""
    return [*files.ontology_files(), *map(files.shape_file, ("form", "kb", "plan"))]


def current() -> str:
    """The version that the header of the ontology states. Raises InputProblem if there is no header."""
    header = files.root() / "ontology" / "mwkb.ttl"
    if not header.is_file():
        raise InputProblem("There is no header of the ontology.", Place(files.shown(header)), "Take it from git again.")
    return stated(header.read_text(encoding="utf-8"))


def problems(record: Record | None, things: Things) -> Iterator[InputProblem]:
    """What is wrong with the version: headers that differ, terms and facts that are gone, a version that is too low."""
    version = current()
    for path in headers():
        text = path.read_text(encoding="utf-8")
        line = text[: text.find("owl:versionInfo")].count("\n") + 1 if "owl:versionInfo" in text else 1
        if stated(text) != version:
            yield InputProblem(
                f"This states the version '{stated(text)}', and ontology/mwkb.ttl '{version}'.",
                Place(files.shown(path), line),
                f"Run mwkb version {version}.",
            )
    if record is None:
        return
    found = changes(record, things)
    for change in found:
        if change.how == "removed" and change.kind in _NEVER_DELETED and not record.digests[change.iri].deprecated:
            yield InputProblem(
                f"{shortened(change.iri)} is in version {record.version} and no longer defined.",
                None,
                "Put it back, and deprecate it: owl:deprecated true, dcterms:isReplacedBy, mwkb:deprecationReason, "
                "mwkb:deprecatedIn.",
            )
    if found and parsed(version) < parsed(least := demanded(record.version, found[0].level)):
        first = found[0]
        yield InputProblem(
            f"{shortened(first.iri)} is {first.how} since version {record.version}"
            + (f", and {len(found) - 1} more" if len(found) > 1 else "")
            + f"; the version is still {version}.",
            Place("ontology/mwkb.ttl"),
            f"Run mwkb version {least}.",
        )


def stamped(version: str, record: Record | None, things: Things, today: str) -> dict[Path, str]:
    """The files that state the version, those beside the knowledge base too, as they read once they state another.

    ``today`` is an ISO date. Raises InputProblem if the version is none, or is not above the released one.
    """
    if record is not None and parsed(version) <= parsed(record.version):
        raise InputProblem(f"Version {record.version} is released already.", remedy="Give a higher one.")
    parsed(version)
    current()
    compatible = record is not None and all(change.level != "major" for change in changes(record, things))
    changed = {path: _stamped(path.read_text(encoding="utf-8"), version, record, compatible, today) for path in headers()}
    for name, pairs in _BESIDE.items():
        path = files.root() / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for pattern, line in pairs:
                text = re.sub(pattern, line.format(version=version, today=today), text, flags=re.MULTILINE)
            changed[path] = text
    return changed


def _stamped(text: str, version: str, record: Record | None, compatible: bool, today: str) -> str:
    """The text of a module with another version, each line where the canonical layout has it."""
    iri = next(re.finditer(r"^<([^>]+)>\n    a owl:Ontology", text, re.MULTILINE))[1]
    text = re.sub(r"^    owl:(priorVersion|backwardCompatibleWith) .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(owl:versionIRI) <.*>", rf"\1 <{iri}/{version}>", text, count=1)
    text = re.sub(r'(owl:versionInfo) ".*"', rf'\1 "{version}"', text, count=1)
    if record is not None and iri in record.digests:
        prior = f"<{iri}/{record.version}> ;\n"
        text = text.replace("    owl:versionIRI", f"    owl:priorVersion {prior}    owl:versionIRI", 1)
        if compatible and iri + "#" == MWKB:
            text = text.replace("    owl:imports", f"    owl:backwardCompatibleWith {prior}    owl:imports", 1)
    return re.sub(r'(dcterms:modified) "[^"]*"', rf'\1 "{today}"', text)
