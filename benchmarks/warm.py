"""One plan in a process that has the knowledge base loaded: an assessment, and a change of one priority."""

from __future__ import annotations

import contextlib
from itertools import cycle
from typing import Any

from benchmarks.cold import EXAMPLE
from benchmarks.measure import by_turns
from mwkb import knowledge
from mwkb.assessment import assess
from mwkb.change import changed
from mwkb.form import form
from mwkb.loaded import loaded
from mwkb.plan import read_plan
from mwkb.submission import written


def measure(pairs: int) -> dict[str, Any]:
    """Seconds of an assessment, of parsing the plan with rdflib, and of a change; with the ratios of the goals."""
    import rdflib

    know = knowledge.load()
    plan = read_plan(EXAMPLE)
    text = written(plan, form(know), ".ttl")
    others = [changed(know, plan, [f"priority:intervention-2a={priority}"]) for priority in (1, 2, 3, 5)]
    seconds = by_turns(
        {
            "assess": lambda: assess(EXAMPLE, knowledge=know),
            "rdflib parses the plan": lambda: rdflib.Graph().parse(data=text, format="turtle"),
        },
        pairs * 3,
    )
    versions, alone = cycle(others), cycle(others)
    with contextlib.ExitStack() as stack:
        held = stack.enter_context(loaded(know, plan))
        other = knowledge.load()
        seconds |= by_turns(
            {
                "assess a changed plan anew": lambda: assess(next(alone), knowledge=other),
                "change a loaded assessment": lambda: held.assess(next(versions)),
            },
            pairs * 4,
        )
    return {
        "seconds": seconds,
        "ratios": {
            "assess / rdflib parses the plan": seconds["assess"] / seconds["rdflib parses the plan"],
            "anew / change": seconds["assess a changed plan anew"] / seconds["change a loaded assessment"],
        },
    }
