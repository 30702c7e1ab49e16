"""The entries of a plan, as keys and values, in the order of the rows that they get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mwkb.form import Form, Part
from mwkb.workbook.layout import owners

Tree = Mapping[str, Any]


def with_paths(form: Form, part: Part, plan: Tree) -> Iterator[tuple[str, Tree]]:
    """The entries of a part, each with the IRI that its place gives it, from the plan's on."""
    if part.owner in ("", "plan"):
        yield from _numbered(part.key, plan.get(part.key))
    else:
        owner = form.part(part.owner)
        held = [(owner.key, plan.get(owner.key, {}))] if not owner.several else list(with_paths(form, owner, plan))
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
        for _, entry in _numbered(part.key, (plan.get(holder.key) or {}).get(part.key)):
            yield None, entry
    for owner in owners(form, part):
        for number, (_, held) in enumerate(entries(form, owner, plan), 1):
            for _, entry in _numbered(part.key, held.get(part.key)):
                yield number, entry


def values_of(entry: Tree, key: str) -> list[Any]:
    held = entry.get(key)
    return list(held) if isinstance(held, list) else [] if held is None else [held]
