"""A small fictional plan, on which the choices of ``mend`` and ``portfolio`` can be followed by hand."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from mwkb.rules import Rule
from mwkb.rules.infer import conclusions
from mwkb.vocabulary import KB, MWKB

PLAN = """
sections: [{section: interventions, status: complete}, {section: factors, status: complete}]
needs:
  factors:
    - {factor: risk-debt, factor-status: present, evidence: Survey}
    - {factor: risk-falls, factor-status: present, evidence: Admissions}
  groups:
    - {group: group-unemployed-people, presence: present}
priorities:
  - {item: intervention-3a, priority: 5}
  - {item: intervention-4d, priority: 2}
  - {item: intervention-6iv, priority: 4}
interventions:
  - {id: schools, delivers: intervention-3a, approach: universal, for-groups: [group-pupils], cost: 300}
  - {id: work, delivers: intervention-4d, approach: targeted, for-groups: [group-unemployed-people], cost: 200}
  - {id: warmth, delivers: intervention-6iv, approach: universal, for-groups: [group-older-people], cost: 100}
"""


def top_priority_of_every_run(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list to which each run of a rule adds the value that the parameter top-priority has meanwhile."""
    seen: list[str] = []

    def watched(store: Store, rule: Rule) -> list[Triple]:
        node, value = NamedNode(KB + "parameter-top-priority"), NamedNode(MWKB + "parameterValue")
        seen.extend(getattr(quad.object, "value", "") for quad in store.quads_for_pattern(node, value, None, DefaultGraph()))
        return conclusions(store, rule)

    monkeypatch.setattr("mwkb.rules.infer.conclusions", watched)
    return seen
