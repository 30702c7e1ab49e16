"""The page on performance says what was measured, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.report import document, goals

ROOT = Path(__file__).parents[1]


def figures(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "benchmarks" / name).read_text(encoding="utf-8"))
    return found


def test_the_page_is_made_from_the_figures_that_are_kept() -> None:
    page = document(figures("results.json"), figures("results-full.json"))
    assert page == (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")


def test_a_goal_that_is_missed_is_said_to_be() -> None:
    results, long = figures("results.json"), figures("results-full.json")
    results["cold"]["ratios"]["validate / floor"] = 4.1
    line = next(line for line in document(results, long).splitlines() if line.startswith("| mwkb validate / the floor"))
    assert line == "| mwkb validate / the floor | 4.10 | at most 4 | **not met** |"
    assert len(list(goals(results, long))) == 11
