"""What a change of the knowledge base does to plans: their assessments at one revision and at another."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from mwkb import files
from mwkb.assessment import Assessment, assess
from mwkb.difference import Difference, difference
from mwkb.problems import InputProblem


@dataclass(frozen=True)
class Effect:
    """What changes of a plan's assessment, or why that cannot be told."""

    plan: str
    difference: Difference | None
    problem: str = ""


def examples() -> list[Path]:
    """The example plans beside the knowledge base; none in an installed wheel."""
    return sorted((files.root() / "examples").glob("*.yaml"))


def effects(before: Path, after: Path, plans: Sequence[Path]) -> tuple[Effect, ...]:
    """For each plan, what changes if the knowledge base in one folder takes the place of that in another.

    Each revision is loaded in a process of its own, since what is read of it is kept for as long as a process lasts.
    """
    if not plans:
        return ()
    with ExitStack() as stack:
        pools = [
            stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"), _begin, (str(folder),)))
            for folder in (before, after)
        ]
        works = [pool.map(_assessed, [str(plan) for plan in plans]) for pool in pools]
        return tuple(_effect(files.shown(plan), old, new) for plan, old, new in zip(plans, *works, strict=True))


def _effect(plan: str, old: Assessment | str, new: Assessment | str) -> Effect:
    if isinstance(old, Assessment) and isinstance(new, Assessment):
        return Effect(plan, difference(old, new))
    if isinstance(old, str) and isinstance(new, str):
        return Effect(plan, None, f"It can be assessed neither before nor after. {new}")
    said = (
        f"This mwkb cannot assess it as it was before. {old}" if isinstance(old, str) else f"It can no longer be assessed. {new}"
    )
    return Effect(plan, None, said)


def _begin(folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that waits for this one ends both
    os.environ["MWKB_ROOT"] = folder


def _assessed(plan: str) -> Assessment | str:
    try:
        return assess(plan)
    except InputProblem as problem:
        return str(problem).replace(f"{files.root()}/", "")  # a folder that is gone when this is read
