"""How a command about plans ends: what each stage took, and the exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from mwkb.cli.options import FailOn

if TYPE_CHECKING:
    from mwkb.timings import Timings


def finish(worst: str | None, fail_on: FailOn, clock: Timings | None) -> None:
    """Print the timings if there is a clock, and exit with 1 if the worst severity is at or above ``fail_on``."""
    tell(clock)
    order = ["violation", "warning", "info"]
    if fail_on is not FailOn.NEVER and worst in order[: order.index(fail_on.value) + 1]:
        raise typer.Exit(1)


def tell(clock: Timings | None) -> None:
    """Print the timings, if there is a clock, on standard error: stages in their order, rules by the time they took."""
    if clock is None:
        return
    for name, seconds in clock.stages.items():
        print(f"{name:<26} {seconds * 1000:8.1f} ms", file=sys.stderr)
    for name, seconds in sorted(clock.rules.items(), key=lambda item: -item[1]):
        print(f"  rule {name:<19} {seconds * 1000:8.1f} ms", file=sys.stderr)
    print(f"{'together':<26} {clock.together * 1000:8.1f} ms", file=sys.stderr)
