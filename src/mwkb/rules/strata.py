"""Order rules so that each reads, and above all counts or misses, only what is already complete."""

from __future__ import annotations

from collections.abc import Sequence

from mwkb.problems import InputProblem
from mwkb.rules.rule import Rule


def strata(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """The rules in layers; within a layer they may feed one another, but only by what is there.

    Raises InputProblem that names the rules, if a rule depends on the absence or the number of
    something that follows, through other rules, from its own conclusion.
    """
    level = {rule.id: 0 for rule in rules}
    writers: dict[str, list[Rule]] = {}
    for rule in rules:
        for term in rule.writes:
            writers.setdefault(term, []).append(rule)
    changed = True
    while changed:
        changed = False
        for rule in rules:
            needed = max(
                [level[w.id] for term in rule.reads for w in writers.get(term, ())]
                + [level[w.id] + 1 for term in rule.reads_absence_of | rule.reads_all_of for w in writers.get(term, ())],
                default=0,
            )
            if needed > level[rule.id]:
                if needed > len(rules):
                    raise _cycle(rule, rules, writers)
                level[rule.id] = needed
                changed = True
    layers = sorted(set(level.values()))
    return tuple(tuple(rule for rule in rules if level[rule.id] == layer) for layer in layers)


def groups(layers: Sequence[Sequence[Rule]]) -> tuple[tuple[Rule, ...], ...]:
    """The rules of layers, those that feed each other in a circle together and every other alone, each after what feeds it."""
    return tuple(group for layer in layers for group in _circles(layer))


def _circles(layer: Sequence[Rule]) -> list[tuple[Rule, ...]]:
    """The strongly connected parts of a layer in the order in which they feed each other (Tarjan 1972)."""
    feeders = {rule: [other for other in layer if rule.reads & other.writes] for rule in layer}
    number: dict[Rule, int] = {}
    lowest: dict[Rule, int] = {}
    open_rules: list[Rule] = []
    found: list[tuple[Rule, ...]] = []

    def visit(rule: Rule) -> None:
        number[rule] = lowest[rule] = len(number)
        open_rules.append(rule)
        for feeder in feeders[rule]:
            if feeder not in number:
                visit(feeder)
            if feeder in open_rules:
                lowest[rule] = min(lowest[rule], lowest[feeder])
        if lowest[rule] == number[rule]:
            start = open_rules.index(rule)
            found.append(tuple(sorted(open_rules[start:], key=lambda r: r.id)))
            del open_rules[start:]

    for rule in layer:
        if rule not in number:
            visit(rule)
    return found


def _cycle(start: Rule, rules: Sequence[Rule], writers: dict[str, list[Rule]]) -> InputProblem:
    """A cycle through an absence in words, found by walking back from a rule that cannot settle."""
    by_id = {rule.id: rule for rule in rules}

    def back(rule: Rule) -> dict[str, str]:
        steps = {w.id: f"reads {_name(t)}" for t in sorted(rule.reads) for w in writers.get(t, ())}
        steps |= {w.id: f"{words} {_name(t)}" for words, t in _complete(rule) for w in writers.get(t, ())}
        return steps

    for rule in sorted(rules, key=lambda r: (r.id != start.id, r.id)):
        for words, term in _complete(rule):
            for writer in writers.get(term, ()):
                path = _path(writer.id, rule.id, {r: sorted(back(by_id[r])) for r in by_id})
                if path:
                    chain = " which depends on ".join(path)
                    return InputProblem(
                        f"{rule.id} {words} {_name(term)}, which {writer.id} concludes, but that depends "
                        f"on {rule.id} itself ({chain}).",
                        rule.file.place,
                        "Break the cycle.",
                    )
    return InputProblem(f"{start.id} depends on the absence or the number of what follows from it.", start.file.place)


def _complete(rule: Rule) -> list[tuple[str, str]]:
    """What must be complete before the rule runs, with how the rule depends on it."""
    absences = [("needs the absence of", term) for term in sorted(rule.reads_absence_of)]
    return absences + [("counts or sums", term) for term in sorted(rule.reads_all_of)]


def _path(source: str, goal: str, edges: dict[str, list[str]]) -> list[str]:
    queue, seen = [[source]], {source}
    while queue:
        path = queue.pop(0)
        if path[-1] == goal:
            return path
        for following in edges[path[-1]]:
            if following not in seen:
                seen.add(following)
                queue.append([*path, following])
    return []


def _name(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
