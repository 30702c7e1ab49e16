"""Choose among yes-or-no options exactly: HiGHS, the solver that comes with SciPy."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import fsum

_ONE_AT_A_TIME = threading.Lock()
"""Standard output belongs to the whole process: of two threads, one must not save what the other has put in its place."""


@dataclass(frozen=True)
class Demand:
    """What a choice must meet: the sum of the weights of what is chosen lies between two bounds."""

    name: str
    weights: Mapping[int, float]
    least: float = float("-inf")
    most: float = float("inf")

    def sum(self, chosen: Iterable[int]) -> float:
        return fsum(self.weights.get(option, 0.0) for option in chosen)


def best(values: Sequence[float], demands: Iterable[Demand]) -> frozenset[int] | None:
    """The options, by number, with the highest sum of values that meet all demands; None if none do."""
    demands = list(demands)
    learnt: list[Demand] = []
    while (chosen := _solved(values, [*demands, *learnt])) is not None:
        # The solver lets a demand be missed by a hair, which among millions of pounds is a pound or more.
        over = [
            _not_again(chosen, (o for o, w in d.weights.items() if w and (w > 0) == (o in chosen)))
            for d in demands
            if d.sum(chosen) > d.most
        ]
        under = [
            _not_again(chosen, (o for o, w in d.weights.items() if w and (w < 0) == (o in chosen)))
            for d in demands
            if d.sum(chosen) < d.least
        ]
        if not over and not under:
            break
        learnt += [*over, *under]
    return chosen


def _not_again(chosen: frozenset[int], options: Iterable[int]) -> Demand:
    """That of some options one that is chosen is left out, or one that is not comes in."""
    weights = {option: -1.0 if option in chosen else 1.0 for option in options}
    return Demand("another choice", weights, least=1 - len(chosen & weights.keys()))


def _solved(values: Sequence[float], demands: Sequence[Demand]) -> frozenset[int] | None:
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not values:
        return frozenset() if all(d.least <= 0 <= d.most for d in demands) else None
    rows = numpy.zeros((len(demands), len(values)))
    for number, demand in enumerate(demands):
        for option, weight in demand.weights.items():
            rows[number, option] = weight
    limits = [LinearConstraint(rows, [d.least for d in demands], [d.most for d in demands])] if demands else []
    with _silence():
        answer = milp(
            -numpy.array(values, dtype=float),
            constraints=limits,
            integrality=numpy.ones(len(values)),
            bounds=Bounds(0, 1),
            # The very best, not one that is nearly as good; with presolve HiGHS at times misses that there is any.
            options={"mip_rel_gap": 0, "presolve": False},
        )
    if answer.x is None:
        return None
    return frozenset(int(option) for option in numpy.flatnonzero(answer.x > 0.5))


def others(
    values: Sequence[float], demands: Iterable[Demand], limit: int, least: float = float("-inf"), *, minimal: bool = False
) -> list[frozenset[int]]:
    """Up to ``limit`` choices that meet all demands and whose value is at least ``least``, the best first.

    With ``minimal``, none that holds all of one found before it and something more.
    """
    found: list[frozenset[int]] = []
    wanted = list(demands)
    while len(found) < limit:
        chosen = best(values, wanted)
        if chosen is None or sum(values[option] for option in chosen) < least:
            break
        found.append(chosen)
        wanted.append(_not_again(chosen, chosen if minimal else range(len(values))))
    return found


def conflict(values: Sequence[float], demands: Iterable[Demand]) -> tuple[Demand, ...]:
    """Demands that cannot be met together, none of which can be left out; empty if all can be met."""
    kept = list(demands)
    if best(values, kept) is not None:
        return ()
    for demand in list(kept):
        rest = [other for other in kept if other is not demand]
        if best(values, rest) is None:
            kept = rest
    return tuple(kept)


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing reaches standard output for a while: HiGHS at times prints there, past Python, whatever it is told."""
    with _ONE_AT_A_TIME:
        try:
            saved = os.dup(1)
        except OSError:  # there is no standard output
            yield
            return
        try:
            _flush()
            nowhere = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(nowhere, 1)
            finally:
                os.close(nowhere)
            yield
        finally:
            _flush()
            os.dup2(saved, 1)
            os.close(saved)


def _flush() -> None:
    """Write out what Python and what the C library hold back, so that each goes where it was meant to go."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    with suppress(OSError, AttributeError, TypeError):  # a system whose C library is not to be had like this
        ctypes.CDLL(None).fflush(None)
