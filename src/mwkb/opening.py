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
    from mwkb.deprecation import current  # while it is loaded
    from mwkb.plan import read_plan

    with clock.stage("read the plan"):
        document = read_plan(plan)
    if engine:
        from mwkb.plan_shapes import ready

        with clock.stage("make the shapes ready"):
            ready(engine)
    base = loaded()
    return base, current(document, base.deprecations)


def read(knowledge: Knowledge, plan: Path) -> Plan:
    """The plan in a file, in names that are current. Raises InputProblem if it cannot be read."""
    from mwkb.deprecation import current
    from mwkb.plan import read_plan

    return current(read_plan(plan), knowledge.deprecations)
