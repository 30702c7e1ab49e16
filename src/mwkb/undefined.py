"""Names in a plan that nothing defines: a misspelt term must never pass in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mwkb.plan import Plan
from mwkb.plan.rdf import RDF_FORMATS
from mwkb.plan.structure import namespaces
from mwkb.problems import Place, nearest
from mwkb.vocabulary import KB, MWKB, local_name

FEW = 8
"""Up to how many allowed values are all named in a message."""
HINTS = 30
"""How many names of a plan get a hint: each is compared with all known names, and a person mends a few at a time."""


@dataclass(frozen=True)
class UndefinedName:
    """A name that is not known, where it stands and the known name most like it."""

    name: str
    focus: str
    path: str | None
    place: Place | None
    hint: str


def undefined_names(plan: Plan, known: frozenset[str]) -> tuple[UndefinedName, ...]:
    """Every unknown key, property, class, fact or local id in a plan, in the order of the file.

    ``known`` holds the IRIs of all terms and facts.
    """
    found = {UndefinedName(key.key, plan.iri, None, key.place, key.hint) for key in plan.unknown_keys}
    own = plan.own
    defined = own | known
    hints: dict[tuple[str, str], str] = {}

    def near(value: str, namespace: str) -> str:
        if (value, namespace) not in hints and len(hints) < HINTS:
            hints[value, namespace] = _near(value, namespace, own if namespace.startswith(plan.iri) else known)
        return hints.get((value, namespace), "")

    for subject, path, value, is_iri in plan.said:
        focus = subject or plan.iri
        if path.startswith(MWKB) and path not in known:
            found.add(UndefinedName(local_name(path), focus, path, plan.place(focus, path), near(path, MWKB)))
        if not is_iri or value in defined:
            continue
        for namespace in (_written_after(plan, path), MWKB, KB, plan.iri + "/"):
            if value.startswith(namespace):
                name = value.removeprefix(namespace)
                found.add(UndefinedName(name, focus, path, plan.place(focus, path, value), near(value, namespace)))
                break
    return tuple(sorted(found, key=lambda u: ((u.place or Place("")).position, u.focus, u.name)))


def _written_after(plan: Plan, path: str) -> str:
    """What a value of a property is written without: a format that is not RDF leaves out what the key says already."""
    return KB if plan.file.lower().endswith(tuple(RDF_FORMATS)) else namespaces().get(path, KB)


def _near(iri: str, namespace: str, known: Iterable[str]) -> str:
    """The name that was meant, or all there are if they are few."""
    names = sorted(k.removeprefix(namespace) for k in known if k.startswith(namespace))
    return nearest(iri.removeprefix(namespace), names) or (f"Use one of: {', '.join(names)}." if 0 < len(names) <= FEW else "")
