"""Names in a plan that nothing defines: a misspelt term must never pass in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from mwkb.plan import Plan
from mwkb.problems import Place, nearest
from mwkb.vocabulary import KB, MWKB, local_name


@dataclass(frozen=True)
class UndefinedName:
    """A name that is not known, where it stands and the known name most like it."""

    name: str
    focus: str
    path: str | None
    place: Place | None
    hint: str


def undefined_names(plan: Plan, known: frozenset[str]) -> tuple[UndefinedName, ...]:
    """Every unknown key, property, class or fact in a plan, in the order of the file.

    ``known`` holds the IRIs of all terms and facts.
    """
    found = {
        UndefinedName(key.key, plan.iri, None, key.place, key.hint) for key in plan.unknown_keys
    }  # fmt: skip
    own = {quad.subject.value for quad in plan.quads if isinstance(quad.subject, NamedNode)}
    for quad in plan.quads:
        focus = quad.subject.value if isinstance(quad.subject, NamedNode) else plan.iri
        path = quad.predicate.value
        place = plan.place(focus, path)
        if path.startswith(MWKB) and path not in known:
            found.add(UndefinedName(local_name(path), focus, path, place, _hint(path, known)))
        if isinstance(quad.object, NamedNode) and quad.object.value not in own:
            value = quad.object.value
            if value.startswith((MWKB, KB)) and value not in known:
                found.add(UndefinedName(local_name(value), focus, path, place, _hint(value, known)))
            elif value.startswith(plan.iri + "/"):
                ids = [iri[len(plan.iri) + 1 :] for iri in own if iri.startswith(plan.iri + "/")]
                name = value[len(plan.iri) + 1 :]
                found.add(UndefinedName(name, focus, path, place, nearest(name, ids)))
    return tuple(sorted(found, key=lambda u: (u.place.line or 0 if u.place else 0, u.focus, u.name)))


def _hint(iri: str, known: Iterable[str]) -> str:
    namespace = MWKB if iri.startswith(MWKB) else KB
    return nearest(local_name(iri), (local_name(k) for k in known if k.startswith(namespace)))
