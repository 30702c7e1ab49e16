"""Have the knowledge base and a plan: one is loaded while the other is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mwkb.beside import begun
from mwkb.timings import Timings

if TYPE_CHECKING:
    from mwkb.knowledge import Knowledge
    from mwkb.plan import Plan


def opened(plan: Path, timings: Timings | None = None, engine: str = "") -> tuple[Knowledge, Plan]:
    """The knowledge base, and the plan in a file; a SHACL engine, if one is named, is made ready meanwhile.

    Raises InputProblem if one of them cannot be read or the engine cannot be had.
    """
    from mwkb import knowledge

    clock = timings or Timings()

    loaded = begun(clock.timed("load the knowledge base", knowledge.load))
    from mwkb.plan import read_plan  # while it is loaded

    with clock.stage("read the plan"):
        document = read_plan(plan)
    if engine:
        from mwkb.plan_shapes import ready

        with clock.stage("make the shapes ready"):
            ready(engine)
    return loaded(), document
