"""What was measured, as a page for readers. It rests on the figures alone, so that it can be made again from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import cold

Results = Mapping[str, Any]


def goals(results: Results, long: Results) -> Iterator[tuple[str, float, str, float]]:
    """Each ratio: its name, what was measured, and what it is to be at least or at most."""
    once, warm, many = results["cold"]["ratios"], results["warm"]["ratios"], (long or results)["many"]
    shacl = results["peers"]["validate"]["peers"]
    fastest_growth = max(rule["exponent"] for rule in results["rules"]["rules"].values())
    least_ahead = min(question["ratio"] for question in results["queries"]["queries"].values())
    for name, least in (("pyshacl -a -i owlrl", 50), ("pyshacl", 8)):
        yield f"{name} / mwkb validate", shacl[name]["ratio"], "at least", least
    yield "mwkb validate / the floor", once["validate / floor"], "at most", 4
    yield "mwkb assess / mwkb validate", once["assess / validate"], "at most", 2
    yield "a warm assessment / rdflib parses the plan", warm["assess / rdflib parses the plan"], "at most", 10
    yield "mwkb --help / import typer, rich", once["--help / import typer, rich"], "at most", 2.5
    yield "cost per plan, dearest size / cheapest", many["spread"], "at most", 1.25
    yield "plans per second, two processes / one", many["two processes / one"], "at least", 1.7
    yield "assess a changed plan anew / change it", warm["anew / change"], "at least", 5
    yield "exponent of the rule that grows fastest", fastest_growth, "at most", 1.2
    yield "rdflib / mwkb, the question with the least", least_ahead, "at least", 10


def document(results: Results, long: Results) -> str:
    """The page, in Markdown; ``long`` are the figures of the cases that take an hour, or nothing."""
    return "\n".join(_lines(results, long)) + "\n"


def _lines(results: Results, long: Results) -> Iterator[str]:
    yield "# Performance"
    yield ""
    yield "Written by `make bench`, which measures everything here in one run; only the many plans come from a longer one."
    yield "Machines differ and are noisy: what is compared was run by turns, and the ratios are what counts."
    yield ""
    yield f"Machine: {', '.join(f'{key} {value}' for key, value in results['machine'].items())}; {results['date']}."
    yield f"Versions: {', '.join(f'{name} {value}' for name, value in results['packages'].items())}."
    yield ""
    rows = []
    for name, value, how, goal in goals(results, long):
        met = value >= goal if how == "at least" else value <= goal
        rows.append((name, f"{value:.2f}" if value < 10 else f"{value:.0f}", f"{how} {goal:g}", "met" if met else "**not met**"))
    yield from _table(("ratio", "measured", "goal", ""), rows)
    yield from _one_plan(results)
    yield from _peers(results["peers"])
    yield from _many(long or results)
    yield from _rules(results["rules"]["rules"])
    yield from _queries(results["queries"])


def _one_plan(results: Results) -> Iterator[str]:
    yield "## One plan"
    yield ""
    yield "The full example. From the command line, a process from start to exit; the floor starts Python and parses knowledge"
    yield "base and plan with pyoxigraph, and does nothing else."
    yield ""
    yield from _table(("command", "seconds"), [(name, f"{value:.3f}") for name, value in results["cold"]["seconds"].items()])
    yield "![What one cold run of `mwkb assess` does, and when](performance-stages.svg)"
    yield ""
    yield "In a process that has the knowledge base loaded:"
    yield ""
    warm = results["warm"]["seconds"]
    yield from _table(("job", "milliseconds"), [(name, f"{value * 1000:.0f}") for name, value in warm.items()])


def _peers(peers: Results) -> Iterator[str]:
    yield "## Beside other engines"
    yield ""
    yield "The same files and job, a process from start to exit. *Finds* compares what comes out, item by item: the entry and the"
    yield "shape of each result, each thing with its classes, each triple concluded."
    yield ""
    jobs = {
        "validate": "Put the shapes to the plan",
        "classes": "Conclude the classes of everything",
        "rules": "Run the rules to their end",
    }
    rows = []
    for job, words in jobs.items():
        rows.append((f"**{words}**", "mwkb", f"{peers[job]['seconds']:.2f}", "1", f"{peers[job]['found']:,}", ""))
        for name, peer in peers[job]["peers"].items():
            if "seconds" in peer:
                rows.append(("", name, f"{peer['seconds']:.2f}", f"{peer['ratio']:.1f}", peer["finds"], peer["note"]))
            else:
                rows.append(("", name, "", "", f"nothing: {peer['why']}".replace("|", "/"), peer["note"]))
    yield from _table(("job", "engine", "seconds", "times mwkb", "finds", ""), rows)


def _many(results: Results) -> Iterator[str]:
    many = results["many"]
    yield "## Many plans"
    yield ""
    yield f"Each is read and assessed alone, one after another in one process ({results['date']})."
    yield ""
    yield "![Milliseconds per plan as there are more plans](performance-plans.svg)"
    yield ""
    memory, speeds = many["memory of a worker"], many["plans per second"]
    rows = [
        (f"{int(size):,}", f"{seconds * 1000:.0f}", f"{memory[size] / 1e6:.0f}")
        for size, seconds in many["seconds per plan"].items()
    ]
    yield from _table(("plans", "milliseconds per plan", "MB held by the process"), rows)
    yield f"One process does {speeds['1']:.1f} plans a second, two do {speeds['2']:.1f}. On paper 100,000 plans take"
    yield f"100,000 / {speeds['2']:.1f} / 3,600 = {100_000 / speeds['2'] / 3_600:.1f} hours on two processes."
    yield ""


def _rules(rules: Results) -> Iterator[str]:
    yield "## Each rule"
    yield ""
    yield "Milliseconds when 1, 10 and 100 plans lie in one store, and the power of their number that the time grows with."
    yield ""
    by_time = sorted(rules.items(), key=lambda item: -item[1]["seconds"][-1])
    rows = [(rule, *(f"{s * 1000:.2f}" for s in found["seconds"]), f"{found['exponent']:.2f}") for rule, found in by_time]
    yield from _table(("rule", "1", "10", "100", "exponent"), rows)


def _queries(queries: Results) -> Iterator[str]:
    yield "## Each question of the catalogue"
    yield ""
    yield f"Milliseconds on the graph of the full example, and beside a cube of {queries['observations']:,} figures."
    yield ""
    rows = [
        (name, f"{q['mwkb'] * 1000:.1f}", f"{q['rdflib'] * 1000:.0f}", f"{q['ratio']:.0f}", f"{q['with the cube'] * 1000:.1f}")
        for name, q in sorted(queries["queries"].items())
    ]
    yield from _table(("question", "mwkb", "rdflib", "ratio", "with the cube"), rows)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---{'|---:' * (len(head) - 1)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def plots(results: Results, long: Results, folder: Path) -> None:
    """Write the two plots as SVG, the same for the same figures."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.hashsalt": "mwkb", "axes.spines.top": False, "axes.spines.right": False}
    from matplotlib import pyplot

    blue, grey = "#1d4280", "#8a94a6"
    many = (long or results)["many"]["seconds per plan"]
    figure, axes = pyplot.subplots(figsize=(6.4, 3))
    axes.plot([int(size) for size in many], [seconds * 1000 for seconds in many.values()], marker="o", color=blue)
    axes.set_xscale("log")
    axes.set_xticks([int(size) for size in many], [f"{int(size):,}" for size in many])
    axes.minorticks_off()
    axes.set_ylim(0, 1.15 * 1000 * max(many.values()))
    axes.set_xlabel("plans, each assessed alone")
    axes.set_ylabel("milliseconds per plan")
    figure.tight_layout()
    figure.savefig(folder / "performance-plans.svg", metadata={"Date": None})

    spans = results["cold"]["spans"]
    names = list(dict.fromkeys(name for name, _, _ in spans))
    figure, axes = pyplot.subplots(figsize=(6.4, 0.6 + 0.36 * len(names)))
    for name, began, ended in spans:
        colour = grey if name in (cold.START, cold.END) else blue
        axes.barh(names.index(name), (ended - began) * 1000, left=began * 1000, color=colour)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds since one cold run of mwkb assess began")
    figure.tight_layout()
    figure.savefig(folder / "performance-stages.svg", metadata={"Date": None})
