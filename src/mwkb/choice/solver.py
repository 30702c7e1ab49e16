"""Choose among yes-or-no options exactly: HiGHS, the solver that comes with SciPy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Demand:
    """What a choice must meet: the sum of the weights of what is chosen lies between two bounds."""

    name: str
    weights: Mapping[int, float]
    least: float = float("-inf")
    most: float = float("inf")


def best(values: Sequence[float], demands: Iterable[Demand]) -> frozenset[int] | None:
    """The options, by number, with the highest sum of values that meet all demands; None if none do."""
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp

    demands = list(demands)
    if not values:
        return frozenset() if all(d.least <= 0 <= d.most for d in demands) else None
    rows = numpy.zeros((len(demands), len(values)))
    for number, demand in enumerate(demands):
        for option, weight in demand.weights.items():
            rows[number, option] = weight
    limits = [LinearConstraint(rows, [d.least for d in demands], [d.most for d in demands])] if demands else []
    answer = milp(
        -numpy.array(values, dtype=float),
        constraints=limits,
        integrality=numpy.ones(len(values)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},  # the very best, not one that is nearly as good
    )
    if answer.x is None:
        return None
    return frozenset(int(option) for option in numpy.flatnonzero(answer.x > 0.5))


def others(values: Sequence[float], demands: Iterable[Demand], limit: int, least: float) -> list[frozenset[int]]:
    """Up to ``limit`` choices that meet all demands and whose value is at least ``least``, the best first."""
    found: list[frozenset[int]] = []
    wanted = list(demands)
    while len(found) < limit:
        chosen = best(values, wanted)
        if chosen is None or sum(values[option] for option in chosen) < least:
            break
        found.append(chosen)
        # Not this very choice again: something of it is left out, or something else comes in.
        weights = {option: -1.0 if option in chosen else 1.0 for option in range(len(values))}
        wanted.append(Demand("another choice", weights, least=1 - len(chosen)))
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
