"""Exact choice: what the solver finds is what trying every choice finds."""

from __future__ import annotations

import os
import threading
from itertools import combinations

import pytest
from hypothesis import example, given, settings
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


def assert_best(worth: list[float], wanted: list[Demand]) -> None:
    """What is chosen meets the demands, and nothing that does is worth more; nothing is chosen only if nothing does."""
    possible = tried(wanted)
    chosen = best(worth, wanted)
    if not possible:
        assert chosen is None
    else:
        assert chosen in possible
        assert sum(worth[o] for o in chosen) == max(sum(worth[o] for o in c) for c in possible)


@settings(deadline=None)
@given(values, demands)
def test_the_best_choice_is_as_good_as_any(worth: list[float], wanted: list[Demand]) -> None:
    assert_best(worth, wanted)


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


COSTS = st.lists(st.integers(1_000, 5_000_000).map(float), min_size=OPTIONS, max_size=OPTIONS)
SCORES = st.lists(st.sampled_from([0.0, 2.0, 3.0, 4.0, 6.0, 8.0, 9.0, 12.0]), min_size=OPTIONS, max_size=OPTIONS)
NUMBERS = st.sets(st.integers(0, OPTIONS - 1), min_size=1)


@settings(deadline=None)
@given(COSTS, SCORES, NUMBERS, st.sampled_from([0, 1, 2, 5]), st.lists(NUMBERS, max_size=3))
# With its preprocessing on, HiGHS says of this one that nothing meets it.
@example(
    [4_282_561.0, 1_246_099.0, 2_393_175.0, 1_156_832.0, 1_433_275.0, 5_000_000.0],
    [6.0, 16.0, 4.0, 6.0, 12.0, 0.0],
    {1, 3, 4},
    1,
    [{3}, {1}, {0, 1, 2, 4}],
)
def test_a_budget_just_below_a_sum_of_millions_is_kept_to_the_pound(
    costs: list[float], scores: list[float], almost: set[int], short: int, served: list[set[int]]
) -> None:
    budget = Demand("budget", dict(enumerate(costs)), most=sum(costs[o] for o in almost) - short)
    wanted = [budget, *(Demand("served", dict.fromkeys(by, 1.0), least=1) for by in served)]
    assert_best(scores, wanted)


@settings(deadline=None, max_examples=40)
@given(values, demands)
def test_minimal_choices_hold_nothing_that_can_be_left_out(worth: list[float], wanted: list[Demand]) -> None:
    costs = [-1.0 - abs(value) for value in worth]
    possible = tried(wanted)
    found = others(costs, wanted, 2**OPTIONS, minimal=True)
    assert set(found) == {c for c in possible if not any(other < c for other in possible)}
    assert len(found) == len(set(found))
    assert [sum(costs[o] for o in c) for c in found] == sorted((sum(costs[o] for o in c) for c in found), reverse=True)


NOISY = [
    Demand("one of these", {0: 1.0, 4: 1.0, 3: 1.0}, least=1),
    Demand("budget", dict(enumerate([1_449_000.0, 1_139_000.0, 1_907_000.0, 3_096_000.0, 1_168_000.0])), most=4_494_999.0),
]
"""On this HiGHS writes to standard output, past Python, when its preprocessing is on."""


def test_the_solver_prints_nothing_and_standard_output_works_again(capfd: pytest.CaptureFixture[str]) -> None:
    print("before")
    assert best([3.0, 2.0, 6.0, 8.0, 4.0], NOISY) == {1, 2, 4}
    os.write(1, b"after\n")
    assert capfd.readouterr() == ("before\nafter\n", "")


def test_what_the_solver_prints_past_python_is_lost_and_what_python_prints_is_not(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def noisy(*given: object, **options: object) -> None:
        os.write(1, b"noise")
        raise MemoryError

    monkeypatch.setattr("scipy.optimize.milp", noisy)
    print("before")
    with pytest.raises(MemoryError):
        best([1.0], [])
    print("after")
    assert capfd.readouterr() == ("before\nafter\n", "")


def test_standard_output_comes_back_whatever_the_threads(capfd: pytest.CaptureFixture[str]) -> None:
    threads = [threading.Thread(target=best, args=([3.0, 2.0, 6.0, 8.0, 4.0], NOISY)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("after")
    assert capfd.readouterr() == ("after\n", "")


def test_without_options_only_what_asks_nothing_is_met() -> None:
    assert best([], []) == frozenset()
    assert best([], [Demand("something", {}, least=1)]) is None
