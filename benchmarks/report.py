"""What was measured, as a page for readers and as plots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

GOALS: Mapping[str, tuple[str, str, float]] = {
    "pyshacl -a -i owlrl / validate": ("cold", "at least", 50),
    "pyshacl / validate": ("cold", "at least", 8),
    "validate / floor": ("cold", "at most", 4),
    "assess / validate": ("cold", "at most", 2),
    "--help / import typer, rich": ("cold", "at most", 2.5),
    "assess / rdflib parses the plan": ("warm", "at most", 10),
    "anew / change": ("warm", "at least", 5),
}
"""Each ratio with the group of measurements that holds it and what it is to be."""


def document(results: Mapping[str, Any]) -> str:
    """The page, in Markdown."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Mapping[str, Any]) -> Iterator[str]:
    machine, cold, warm, many = (results[name] for name in ("machine", "cold", "warm", "many"))
    yield "# Performance"
    yield ""
    yield "Written by `make bench`, which measures everything here side by side in one run. Machines differ and are noisy:"
    yield "the ratios are what counts, and what is compared was run by turns."
    yield ""
    yield f"Machine: {', '.join(f'{key} {value}' for key, value in machine.items())}."
    yield f"Versions: {', '.join(f'{name} {value}' for name, value in results['packages'].items())}."
    yield ""
    yield "| ratio | measured | goal | |"
    yield "|---|---|---|---|"
    for name, (group, how, goal) in GOALS.items():
        value = results[group]["ratios"][name]
        met = value >= goal if how == "at least" else value <= goal
        yield f"| {name} | {value:.1f} | {how} {goal:g} | {'met' if met else '**not met**'} |"
    yield f"| cost per plan, dearest / cheapest size | {many['spread']:.2f} | at most 1.25 | {_met(many['spread'] <= 1.25)} |"
    two = many["two processes / one"]
    yield f"| plans per second, two processes / one | {two:.2f} | at least 1.7 | {_met(two >= 1.7)} |"
    worst = max(rule["exponent"] for rule in results["rules"]["rules"].values())
    yield f"| exponent of the rule that grows fastest | {worst:.2f} | at most 1.2 | {_met(worst <= 1.2)} |"
    least = min(query["ratio"] for query in results["queries"]["queries"].values())
    yield f"| rdflib / mwkb, the question with the least | {least:.1f} | at least 10 | {_met(least >= 10)} |"
    yield ""
    yield "## One plan from the command line"
    yield ""
    yield "The full example, a process from start to exit. The floor starts Python and parses knowledge base and plan with"
    yield "pyoxigraph, and does nothing else."
    yield ""
    yield from _table(("command", "seconds"), [(name, f"{value:.2f}") for name, value in cold["seconds"].items()])
    yield ""
    yield "![What one cold run of `mwkb assess` spends its time on](performance-stages.svg)"
    yield ""
    yield "## In a process that has the knowledge base loaded"
    yield ""
    yield from _table(("job", "milliseconds"), [(name, f"{value * 1000:.0f}") for name, value in warm["seconds"].items()])
    yield ""
    yield "## Many plans"
    yield ""
    yield "Each is read and assessed alone, so that the cost of one does not depend on the others."
    yield ""
    yield "![Milliseconds per plan as there are more plans](performance-plans.svg)"
    yield ""
    memory, speeds = many["memory of a worker"], many["plans per second"]
    rows = [
        (f"{size:,}", f"{seconds * 1000:.0f}", f"{memory[size] / 1e6:.0f}" if size in memory else "")
        for size, seconds in many["seconds per plan"].items()
    ]
    yield from _table(("plans", "milliseconds per plan", "MB at most"), rows)
    yield ""
    yield f"One process does {speeds[1]:.1f} plans a second, two do {speeds[2]:.1f}. On paper 100,000 plans take"
    yield f"100,000 / {speeds[2]:.1f} / 3,600 = {100_000 / speeds[2] / 3_600:.1f} hours on two processes."
    yield ""
    yield "## Each rule"
    yield ""
    yield "Milliseconds when 1, 10 and 100 plans lie in one store, and the power of their number that the time grows with."
    yield ""
    by_time = sorted(results["rules"]["rules"].items(), key=lambda item: -item[1]["seconds"][-1])
    rows = [(rule, *(f"{s * 1000:.2f}" for s in found["seconds"]), f"{found['exponent']:.2f}") for rule, found in by_time]
    yield from _table(("rule", "1", "10", "100", "exponent"), rows)
    yield ""
    yield "## Each question of the catalogue"
    yield ""
    yield f"Milliseconds on the graph of the full example, and beside a cube of {results['queries']['observations']:,} figures."
    yield ""
    rows = [
        (name, f"{q['mwkb'] * 1000:.1f}", f"{q['rdflib'] * 1000:.0f}", f"{q['ratio']:.0f}", f"{q['with the cube'] * 1000:.1f}")
        for name, q in sorted(results["queries"]["queries"].items())
    ]
    yield from _table(("question", "mwkb", "rdflib", "ratio", "with the cube"), rows)


def _met(is_met: bool) -> str:
    return "met" if is_met else "**not met**"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---{'|---:' * (len(head) - 1)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def plots(results: Mapping[str, Any], folder: Path) -> None:
    """Write the two plots as SVG, the same for the same figures."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "mwkb"
    from matplotlib import pyplot

    sizes = [int(size) for size in results["many"]["seconds per plan"]]
    costs = [seconds * 1000 for seconds in results["many"]["seconds per plan"].values()]
    figure, axes = pyplot.subplots(figsize=(6.4, 3))
    axes.plot(sizes, costs, marker="o", color="#1d4280")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("plans, each assessed alone")
    axes.set_ylabel("milliseconds per plan")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(folder / "performance-plans.svg", metadata={"Date": None})

    whole = results["cold"]["seconds"]["mwkb assess"]
    stages = dict(results["warm"]["stages"])
    stages = {"start Python, import, print": max(whole - sum(stages.values()), 0.0)} | stages
    figure, axes = pyplot.subplots(figsize=(6.4, 2.6))
    axes.barh(list(stages), [seconds * 1000 for seconds in stages.values()], color="#1d4280")
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds of one cold run of mwkb assess")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(folder / "performance-stages.svg", metadata={"Date": None})
