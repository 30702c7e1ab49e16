"""What if: a plan with other priorities, needs or interventions than it was submitted with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Quad

from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import InputProblem, nearest
from mwkb.vocabulary import KB, MWKB, RDF, XSD, local_name


@dataclass(frozen=True)
class _Entry:
    """How one kind of entry is written in a plan, and what it may say."""

    parent: str
    link: str
    kind: str
    item: str
    value: str
    about: Mapping[str, tuple[str, ...]]
    """The kinds of thing that it may be about, each with the names of facts that it may say; none for a whole number."""


_PRESENCE = ("presence-present", "presence-absent")
_ENTRIES = {
    "priority": _Entry("", "setsPriority", "Priority", "onItem", "priorityValue", {"Intervention": (), "Outcome": ()}),
    "factor": _Entry(
        *("/needs", "recordsFactor", "FactorRecord", "factor", "factorStatus"),
        {
            "RiskFactor": ("factor-status-present", "factor-status-absent"),
            "ProtectiveFactor": ("factor-status-weak", "factor-status-strong"),
        },
    ),
    "group": _Entry("/needs", "recordsGroup", "GroupRecord", "group", "presence", {"PopulationGroup": _PRESENCE}),
}
_TYPE = RDF + "type"
SUPPOSED = "/what-if/"
"""What the nodes that a change adds have after the plan's IRI."""


def changed(
    knowledge: Knowledge, plan: Plan, settings: Sequence[str] = (), add: Sequence[str] = (), drop: Sequence[str] = ()
) -> Plan:
    """The plan with some things set, added and dropped; the plan itself stays as it is.

    A setting is ``priority:ITEM=4``, ``factor:FACTOR=present`` or ``group:GROUP=absent``. ``add`` and
    ``drop`` name interventions; one that is added is offered as the toolkit offers it, to the groups it
    is meant for. Raises InputProblem if a name is not known, a value cannot be, or there is nothing to drop.
    """
    editor = _Editor(knowledge, plan)
    added, dropped = ([_intervention(knowledge, name) for name in names] for names in (add, drop))
    if both := set(added) & set(dropped):
        raise InputProblem(f"'{knowledge.label(min(both))}' is both added and dropped.", remedy="Say one of the two.")
    for setting in settings:
        editor.put(setting)
    for intervention in added:
        editor.add(intervention)
    for intervention in dropped:
        editor.drop(intervention)
    return replace(plan, quads=tuple(editor.quads))


def offered(
    knowledge: Knowledge, plan: Plan, intervention: str, groups: Sequence[str] = (), *, as_offered: bool = False
) -> list[Quad]:
    """A planned intervention that is only supposed: targeted at groups, or as the toolkit offers it, or both.

    Without groups it is as the toolkit offers it; with groups it is that too if ``as_offered``.
    """
    node = NamedNode(f"{plan.iri}{SUPPOSED}{local_name(intervention)}" + "".join(f"-{local_name(group)}" for group in groups))
    said: list[tuple[str, NamedNode | Literal]] = [("delivers", NamedNode(intervention))]
    if groups:
        said += [("approach", NamedNode(KB + "approach-targeted")), *(("forGroup", NamedNode(group)) for group in groups)]
    if as_offered or not groups:
        for property_, as_ in (("mwkb:approach", "approach"), ("mwkb:targets", "forGroup")):
            said += [(as_, value) for value in knowledge.objects(intervention, property_)]
    return [
        Quad(NamedNode(plan.iri), NamedNode(MWKB + "plansIntervention"), node),
        Quad(node, NamedNode(_TYPE), NamedNode(MWKB + "PlannedIntervention")),
        *(Quad(node, NamedNode(MWKB + property_), value) for property_, value in dict.fromkeys(said)),
    ]


def with_offers(plan: Plan, offers: Iterable[Sequence[Quad]]) -> Plan:
    """The plan with interventions that are only supposed."""
    return replace(plan, quads=(*plan.quads, *(quad for offer in offers for quad in offer)))


def _intervention(knowledge: Knowledge, name: str) -> str:
    iri = knowledge.find(name)
    if iri not in knowledge.subjects("rdf:type", MWKB + "Intervention"):
        raise InputProblem(f"'{name}' is not an intervention.", remedy="See mwkb query interventions-of-area.")
    return iri


class _Editor:
    def __init__(self, knowledge: Knowledge, plan: Plan) -> None:
        self.knowledge, self.plan = knowledge, plan
        self.quads = list(plan.quads)

    def put(self, setting: str) -> None:
        kind, colon, rest = setting.partition(":")
        name, equals, value = rest.rpartition("=")
        if kind not in _ENTRIES or not colon or not equals:
            hint = nearest(kind, _ENTRIES) if kind not in _ENTRIES else ""
            raise InputProblem(
                f"'{setting}' does not set anything.",
                remedy=hint or "Write priority:ITEM=4, factor:FACTOR=present or group:GROUP=absent.",
            )
        entry = _ENTRIES[kind]
        item = self.knowledge.find(name)
        said = self._value(kind, item, value)
        nodes = [q.subject for q in self._having(entry.item, item) if isinstance(q.subject, NamedNode)]
        if not nodes:
            nodes = [NamedNode(f"{self.plan.iri}{SUPPOSED}{kind}-{local_name(item)}")]
            self._link(self._parent(entry), entry.link, nodes[0], entry.kind)
            self._say(nodes[0], entry.item, NamedNode(item))
        self.quads = [q for q in self.quads if not (q.subject in nodes and q.predicate.value == MWKB + entry.value)]
        for node in nodes:
            self._say(node, entry.value, said)

    def _value(self, kind: str, item: str, value: str) -> NamedNode | Literal:
        kinds = {local_name(each.value) for each in self.knowledge.objects(item, "rdf:type")}
        fitting = [names for about, names in _ENTRIES[kind].about.items() if about in kinds]
        if not fitting:
            raise InputProblem(
                f"'{self.knowledge.label(item)}' ({self.knowledge.kind(item)}) cannot be set as a {kind}.",
                remedy="See mwkb search for names.",
            )
        if fitting[0]:
            allowed = {name.rpartition("-")[2]: name for name in fitting[0]}
            if value not in allowed:
                raise InputProblem(
                    f"'{value}' is not what can be said of '{self.knowledge.label(item)}'.",
                    remedy=nearest(value, allowed) or f"Use one of: {', '.join(allowed)}.",
                )
            return NamedNode(KB + allowed[value])
        scale = sorted(
            {
                c.value
                for cell in self.knowledge.subjects("rdf:type", MWKB + "MatrixCell")
                for c in self.knowledge.objects(cell, "mwkb:priorityValue")
            }
        )
        if value not in scale:
            raise InputProblem(f"'{value}' is not a priority.", remedy=f"Use one of: {', '.join(scale)}.")
        return Literal(value, datatype=NamedNode(XSD + "integer"))

    def _parent(self, entry: _Entry) -> NamedNode:
        if not entry.parent:
            return NamedNode(self.plan.iri)
        needs = [
            q.object for q in self.quads if q.predicate.value == MWKB + "needsAssessment" and isinstance(q.object, NamedNode)
        ]
        if needs:
            return needs[0]
        node = NamedNode(self.plan.iri + entry.parent)
        self._link(NamedNode(self.plan.iri), "needsAssessment", node, "NeedsAssessment")
        return node

    def add(self, intervention: str) -> None:
        if self._having("delivers", intervention):
            raise InputProblem(f"The plan commissions '{self.knowledge.label(intervention)}' already.")
        self.quads += offered(self.knowledge, self.plan, intervention)

    def drop(self, intervention: str) -> None:
        entries = {q.subject for q in self._having("delivers", intervention)}
        if not entries:
            raise InputProblem(
                f"The plan does not commission '{self.knowledge.label(intervention)}'.", remedy="Nothing can be dropped."
            )
        gone = self._within({e.value for e in entries if isinstance(e, NamedNode)})
        self.quads = [q for q in self.quads if not {_iri(q.subject), _iri(q.object)} & gone]

    def _within(self, nodes: set[str]) -> set[str]:
        """Nodes with all that only they lead to, such as the outcomes of an intervention and their measures."""
        inside = set(nodes)
        while True:
            led_to = {
                q.object.value for q in self.quads if _iri(q.subject) in inside and isinstance(q.object, NamedNode)
            } & self._own()
            from_outside = {
                q.object.value for q in self.quads if _iri(q.subject) not in inside and isinstance(q.object, NamedNode)
            }
            more = led_to - from_outside - inside
            if not more:
                return inside
            inside |= more

    def _own(self) -> set[str]:
        return {q.subject.value for q in self.quads if isinstance(q.subject, NamedNode)} - {self.plan.iri}

    def _having(self, property_: str, value: str) -> list[Quad]:
        return [q for q in self.quads if q.predicate.value == MWKB + property_ and _iri(q.object) == value]

    def _link(self, parent: NamedNode, property_: str, node: NamedNode, kind: str) -> None:
        self._say(parent, property_, node)
        self.quads.append(Quad(node, NamedNode(_TYPE), NamedNode(MWKB + kind)))

    def _say(self, node: NamedNode, property_: str, value: NamedNode | Literal) -> None:
        self.quads.append(Quad(node, NamedNode(MWKB + property_), value))


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def summary(settings: Iterable[str], add: Iterable[str], drop: Iterable[str]) -> str:
    """The changes in a phrase, for the head of a report."""
    return "; ".join([*settings, *(f"with {name}" for name in add), *(f"without {name}" for name in drop)])
