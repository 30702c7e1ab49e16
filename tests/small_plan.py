"""A small fictional plan, on which the choices of ``mend`` and ``portfolio`` can be followed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from mwkb.assessment import derived

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


def parameters_of_every_run(monkeypatch: pytest.MonkeyPatch, module: str) -> list[Mapping[str, str] | None]:
    """A list to which each run of the rules, from that module or from an assessment, adds its parameters."""
    seen: list[Mapping[str, str] | None] = []

    @contextmanager
    def watched(*arguments: Any, parameters: Mapping[str, str] | None = None) -> Iterator[Any]:
        seen.append(parameters)
        with derived(*arguments, parameters=parameters) as derivation:
            yield derivation

    monkeypatch.setattr("mwkb.assessment.derived", watched)
    monkeypatch.setattr(f"{module}.derived", watched)
    return seen
