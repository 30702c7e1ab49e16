"""The entries of a plan, as keys and values, in the order of the rows that they get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from mwkb.form import Form, Part
from mwkb.workbook.layout import ID, named, owners
from mwkb.workbook.names import folded

Tree = Mapping[str, Any]


def with_paths(form: Form, part: Part, plan: Tree) -> Iterator[tuple[str, Tree]]:
    """The entries of a part, each with the IRI that its place gives it, from the plan's on."""
    if part.owner in ("", "plan"):
        yield from _numbered(part.key, plan.get(part.key))
    else:
        owner = form.part(part.owner)
        held = [(owner.key, held_once(plan, owner))] if not owner.several else list(with_paths(form, owner, plan))
        for path, entry in held:
            for inner, found in _numbered(part.key, entry.get(part.key)):
                yield f"{entry.get('id', path)}/{inner}", found


def _numbered(key: str, held: Any) -> Iterator[tuple[str, Tree]]:
    if isinstance(held, Mapping):
        yield key, held
    for number, entry in enumerate(held if isinstance(held, list) else (), 1):
        yield f"{key}/{number}", entry


def entries(form: Form, part: Part, plan: Tree) -> Iterator[tuple[int | None, Tree]]:
    """The entries of a part in the order of their rows, each with the number of the entry that holds it."""
    for _, entry in _numbered(part.key, plan.get(part.key)):
        yield None, entry
    holders = [form.part(part.owner)] if part.owner and not form.part(part.owner).several else []
    for holder in holders:
        for _, entry in _numbered(part.key, held_once(plan, holder).get(part.key)):
            yield None, entry
    for owner in owners(form, part):
        for number, (_, held) in enumerate(entries(form, owner, plan), 1):
            for _, entry in _numbered(part.key, held.get(part.key)):
                yield number, entry


def held_once(plan: Tree, part: Part) -> Tree:
    """The entry of a part of which there is one; an empty one where a plan has several, for which there is no place."""
    held = plan if part.key == "plan" else plan.get(part.key)
    return held if isinstance(held, Mapping) else {}


def values_of(entry: Tree, key: str) -> list[Any]:
    held = entry.get(key)
    return list(held) if isinstance(held, list) else [] if held is None else [held]


class Pointers:
    """What is written for each entry of a part where another points to it, so that it alone is meant."""

    def __init__(self, form: Form, part: Part, plan: Tree) -> None:
        self._start = f"{plan.get(ID)}/"
        held = [(str(entry.get(ID, path)).removeprefix(self._start), entry) for path, entry in with_paths(form, part, plan)]
        self._shown: dict[str, str | int]
        if named(part):
            names = {path: [str(name) for name in values_of(entry, "name")] for path, entry in held}
            bearers = Counter(name for own in names.values() for name in {folded(name) for name in own})
            self._taken = set(bearers)
            alone = {path: [name for name in own if bearers[folded(name)] == 1] for path, own in names.items()}
            self._shown = {path: own[0] if own else self._iri(path) for path, own in alone.items()}
        else:
            self._shown = {path: number for number, (path, _) in enumerate(held, 1)}
            self._taken = {str(number) for number in self._shown.values()}

    def written(self, target: str) -> str | int:
        """The name of the entry with an IRI, from the plan's on, where no other has it, or its number; else the IRI."""
        return self._shown.get(target) or self._iri(target)

    def _iri(self, path: str) -> str:
        """An IRI, in full where it could be taken for a name or a number."""
        return self._start + path if folded(path) in self._taken else path
