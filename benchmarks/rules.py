"""Each rule when many plans lie in one store: how its time grows with their number."""

from __future__ import annotations

from typing import Any

from benchmarks.measure import exponent
from benchmarks.plans import plan
from mwkb import knowledge
from mwkb.assessment import derived

SIZES = (1, 10, 100)


def measure(repeats: int) -> dict[str, Any]:
    """The least seconds of each rule at 1, 10 and 100 plans, and the exponent of its growth."""
    know = knowledge.load()
    plans = [plan(number) for number in range(max(SIZES))]
    seconds: dict[str, list[float]] = {}
    for size in SIZES:
        found: dict[str, float] = {}
        for _ in range(repeats):
            with derived(know, *plans[:size]) as derivation:
                for rule, taken in derivation.seconds.items():
                    found[rule] = min(taken, found.get(rule, taken))
        for rule, taken in found.items():
            seconds.setdefault(rule, []).append(taken)
    return {"sizes": SIZES, "rules": {r: {"seconds": s, "exponent": exponent(SIZES, s)} for r, s in sorted(seconds.items())}}
