"""Plans made from the example of Oakmere: as large as it, each another one, the same for the same number."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from mwkb.plan import Plan
from mwkb.plan.tree import read_tree

EXAMPLE = Path(__file__).parents[1] / "examples" / "oakmere.yaml"
KEPT = 0.85
"""The share of the example's entries that a plan keeps; in their stead it repeats none, so that it is a little smaller."""


@cache
def _example() -> dict[str, Any]:
    keys: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    return keys


def plan_text(number: int) -> str:
    """A plan as JSON: some entries of the example left out, other priorities, costs and sizes."""
    random = Random(number)
    keys = copy.deepcopy(_example())
    keys |= {"id": f"https://w3id.org/mwkb/example/plan-{number}", "title": f"Plan {number}"}
    keys["locality"] = {"name": f"Place {number}"}
    for held, name in ((keys["needs"], "factors"), (keys["needs"], "groups"), (keys, "exclusions"), (keys, "priorities")):
        held[name] = [entry for entry in held[name] if random.random() < KEPT]
    for entry in keys["priorities"]:
        entry["priority"] = random.randint(1, 5)
    for entry in keys["needs"]["groups"]:
        entry["size"] = random.randint(500, 30_000)
    for entry in keys["interventions"]:
        entry["cost"] = random.randint(10, 900) * 1_000
    return json.dumps(keys, ensure_ascii=False, default=str)


def plan(number: int) -> Plan:
    return read_tree(plan_text(number), f"plan-{number}.json")
