"""What the shapes of the facts and the hygiene checks say of changes, before they are written: each in its cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Quad, Store

from mwkb import files, hygiene
from mwkb.fact_shapes import fact_results
from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem
from mwkb.store import turtle_store
from mwkb.table.difference import FactChange
from mwkb.validate import SHACL_SEVERITIES

_LEVELS = {"ERROR": "violation", "WARN": "warning", "INFO": "info"}


@dataclass(frozen=True)
class Judgement:
    """What stands against changes, and what is only to be thought of."""

    refused: tuple[InputProblem, ...]
    warnings: tuple[InputProblem, ...]


@dataclass(frozen=True)
class _Said:
    """What a check says of a property of a fact; ``check`` tells it from what another says."""

    check: str
    severity: str
    focus: str
    path: str
    value: str
    what: str
    remedy: str


def judged(knowledge: Knowledge, changes: Sequence[FactChange], refused: Iterable[InputProblem] = ()) -> Judgement:
    """What is worse after the changes than before. Of a cell that is refused already no more is said."""
    if not changes:
        return Judgement((), ())
    before = _in_one_graph(knowledge)
    after = Store()
    after.bulk_extend(before)
    for each in changes:
        for triple in each.gone:
            after.remove(Quad(triple.subject, triple.predicate, triple.object))
        for triple in each.come:
            after.add(Quad(triple.subject, triple.predicate, triple.object))
    said_before = set(_all_said(before))
    new = [said for said in _all_said(after) if said not in said_before]
    changed = {change.iri: change for change in changes}
    own = {(said.check, said.value) for said in new if said.focus in changed}
    taken = {problem.place for problem in refused if problem.place}
    against: list[InputProblem] = []
    thought: list[InputProblem] = []
    for said in new:
        change = changed.get(said.focus)
        named = changed.get(said.value)  # such as a fact that is withdrawn while others name it
        place = change.places.get(said.path, change.place) if change else named.place if named else None
        if said.severity == "violation" and place in taken:
            continue
        if not change and (said.check, said.value) in own:  # the other of two that are alike
            continue
        what = said.what if change else f"{knowledge.label(said.focus)}: {said.what}"
        (against if said.severity == "violation" else thought).append(InputProblem(what, place, said.remedy))
        if said.severity == "violation" and place and change:
            taken.add(place)
    return Judgement(tuple(against), tuple(thought))


def _in_one_graph(knowledge: Knowledge) -> Store:
    """Ontology and facts, the deprecated ones too, as ``mwkb check`` reads them from the files."""
    store = Store()
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in knowledge.alone)
    return store


def _all_said(facts: Store) -> list[_Said]:
    """What the shapes say, and then what the hygiene checks say: those that say the same come second."""
    found = []
    for raw in fact_results(facts):
        what, _, remedy = raw.message.partition(". ")
        severity = SHACL_SEVERITIES[raw.severity]
        found.append(_Said(raw.shape, severity, raw.focus, raw.path or "", raw.value or "", f"{what}.", remedy))
    whole = turtle_store(files.shape_file("plan"), files.shape_file("kb"))
    whole.bulk_extend(facts)
    for flaw in hygiene.flaws(whole):
        title = f"{flaw.title}: '{flaw.value}'." if flaw.value and "://" not in flaw.value else f"{flaw.title}."
        found.append(_Said(flaw.check, _LEVELS[flaw.level], flaw.subject, flaw.property, flaw.value, title, flaw.action))
    return found
