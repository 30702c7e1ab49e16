"""Exact choice: what the solver finds is what trying every choice finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from mwkb.choice.solver import Demand, best, conflict, others

OPTIONS = 6
values = st.lists(st.integers(-9, 9).map(float), min_size=OPTIONS, max_size=OPTIONS)
weights = st.dictionaries(st.integers(0, OPTIONS - 1), st.integers(1, 9).map(float), max_size=OPTIONS)
at_least = st.builds(lambda w, least: Demand(f"at least {least}", w, least=least), weights, st.integers(0, 12))
at_most = st.builds(lambda w, most: Demand(f"at most {most}", w, most=most), weights, st.integers(0, 12))
demands = st.lists(st.one_of(at_least, at_most), max_size=4)


def tried(wanted: list[Demand]) -> list[frozenset[int]]:
    """Every choice that meets all demands, found by trying each."""
    every = [frozenset(c) for size in range(OPTIONS + 1) for c in combinations(range(OPTIONS), size)]
    return [c for c in every if all(d.least <= sum(w for o, w in d.weights.items() if o in c) <= d.most for d in wanted)]


@settings(deadline=None)
@given(values, demands)
def test_the_best_choice_is_as_good_as_any(worth: list[float], wanted: list[Demand]) -> None:
    possible = tried(wanted)
    chosen = best(worth, wanted)
    if not possible:
        assert chosen is None
    else:
        assert chosen in possible
        assert sum(worth[o] for o in chosen) == max(sum(worth[o] for o in c) for c in possible)


@settings(deadline=None, max_examples=40)
@given(values, demands)
def test_all_ties_are_found_once_each(worth: list[float], wanted: list[Demand]) -> None:
    possible = tried(wanted)
    top = max((sum(worth[o] for o in c) for c in possible), default=0.0)
    ties = {c for c in possible if sum(worth[o] for o in c) == top}
    found = others(worth, wanted, 2**OPTIONS, top)
    assert set(found) == ties
    assert len(found) == len(ties)


@settings(deadline=None)
@given(values, demands)
def test_a_conflict_goes_away_with_any_one_of_its_demands(worth: list[float], wanted: list[Demand]) -> None:
    found = conflict(worth, wanted)
    assert bool(found) == (not tried(wanted))
    if found:
        assert not tried(list(found))
        for given_up in found:
            assert tried([demand for demand in found if demand is not given_up])


def test_without_options_only_what_asks_nothing_is_met() -> None:
    assert best([], []) == frozenset()
    assert best([], [Demand("something", {}, least=1)]) is None
