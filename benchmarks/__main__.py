"""Measure, print the page and write the figures, ``docs/performance.md`` and its plots."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyperf

from benchmarks import cold, many, peers, queries, rules, warm
from benchmarks.measure import PAIRS, ROOT
from benchmarks.report import document, plots

RESULTS, LONG = (Path(__file__).with_name(f"results{ending}.json") for ending in ("", "-full"))
PACKAGES = ("mwkb", "pyoxigraph", "pyshifty", "pyshacl", "rdflib", "typer")


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("--full", action="store_true", help="only what takes an hour: plan after plan up to 10,000")
    if asked.parse_args().full:
        _measure(LONG, {"many": lambda: many.measure((10, 100, 1_000, 10_000), 1_000)})
    else:
        _measure(
            RESULTS,
            {
                "cold": lambda: cold.measure(PAIRS + 4),
                "warm": lambda: warm.measure(PAIRS),
                "many": lambda: many.measure((10, 100), 100),
                "rules": lambda: rules.measure(3),
                "queries": lambda: queries.measure(PAIRS),
                "peers": lambda: peers.measure(PAIRS),
            },
        )
    results, long = (json.loads(path.read_text(encoding="utf-8")) if path.exists() else {} for path in (RESULTS, LONG))
    if results:
        text = document(results, long)
        (ROOT / "docs" / "performance.md").write_text(text, encoding="utf-8")
        plots(results, long, ROOT / "docs")
        print(text)


def _measure(path: Path, parts: dict[str, Any]) -> None:
    results: dict[str, Any] = {"date": date.today().isoformat(), "machine": _machine(), "packages": _versions()}
    for name, measure in parts.items():
        print(f"measuring: {name}", flush=True)
        results[name] = measure()
    path.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _machine() -> dict[str, str]:
    told = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    kept = ("cpu_count", "cpu_model_name", "platform", "python_version", "python_implementation")
    return {key: str(told[key]) for key in kept if key in told}


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in PACKAGES}


if __name__ == "__main__":
    main()
