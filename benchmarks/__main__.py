"""Measure, print the tables and write ``benchmarks/results.json``, ``docs/performance.md`` and its plots."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pyperf

from benchmarks import cold, many, queries, rules, warm
from benchmarks.measure import PAIRS, ROOT
from benchmarks.report import document, plots

RESULTS = Path(__file__).with_name("results.json")
PACKAGES = ("mwkb", "pyoxigraph", "pyshifty", "pyshacl", "rdflib", "typer")


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("--full", action="store_true", help="also the cases that take long: 10,000 plans and more repeats")
    full = asked.parse_args().full
    results: dict[str, Any] = {"machine": _machine(), "packages": _versions()}
    for name, measure in {
        "cold": lambda: cold.measure(PAIRS + 2, PAIRS if full else 1),
        "warm": lambda: warm.measure(PAIRS),
        "many": lambda: many.measure((10, 100, 1_000, 10_000) if full else (10, 100), 1_000 if full else 200),
        "rules": lambda: rules.measure(3),
        "queries": lambda: queries.measure(3),
    }.items():
        print(f"measuring: {name}", flush=True)
        results[name] = measure()
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    text = document(results)
    (ROOT / "docs" / "performance.md").write_text(text, encoding="utf-8")
    plots(results, ROOT / "docs")
    print(text)


def _machine() -> dict[str, str]:
    told = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    kept = ("cpu_count", "cpu_model_name", "platform", "python_version", "python_implementation")
    return {key: str(told[key]) for key in kept if key in told}


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in PACKAGES}


if __name__ == "__main__":
    main()
