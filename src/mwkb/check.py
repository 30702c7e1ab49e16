"""Everything that a contribution to the knowledge base has to pass before it is handed in, the simplest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Store

from mwkb import files, hygiene
from mwkb import knowledge as knowledge_base
from mwkb.canonical import canonical, managed
from mwkb.cases import missing_cases
from mwkb.fact_shapes import fact_results
from mwkb.form import form
from mwkb.hygiene import Flaw
from mwkb.lines import Lines
from mwkb.plan_shapes import ready
from mwkb.problems import InputProblem, Place
from mwkb.revision import version
from mwkb.revision.record import read_record
from mwkb.revision.things import things_in
from mwkb.rules.check import check as check_rule
from mwkb.sparql import read_check, read_query, read_rule
from mwkb.store import turtle_store
from mwkb.vocabulary import SH, compact

UNDEFINED = ("undefined-term", "dangling-reference")
"""The hygiene checks that find names which nothing defines."""


@dataclass(frozen=True)
class Step:
    """One of the checks, by its title: what it found, or why it was not made."""

    title: str
    problems: tuple[InputProblem, ...]
    skipped: str = ""


def check() -> Iterator[Step]:
    """Make the checks one after another; if a file cannot be read, those that need all files are not made."""
    syntax = tuple(_syntax())
    yield Step("Syntax", syntax)
    unreadable = {problem.place.file for problem in syntax if problem.place}
    yield Step("Format", tuple(_format(path for path in managed() if files.shown(path) not in unreadable)))
    flaws = cache(hygiene.report)
    rest: tuple[tuple[str, Callable[[], Iterable[InputProblem]]], ...] = (
        ("Undefined terms", lambda: (_told(flaw) for flaw in flaws() if flaw.check in UNDEFINED)),
        ("Shapes of the facts", _shapes),
        ("Hygiene", lambda: (_told(flaw) for flaw in flaws() if flaw.check not in UNDEFINED and flaw.level != "INFO")),
        ("Rules and their strata", _rules),
        ("Cases", missing_cases),
        ("Version", _version),
    )
    for title, made in rest:
        yield Step(title, (), "not every file can be read") if syntax else Step(title, tuple(_told_or_raised(made)))


def _told_or_raised(made: Callable[[], Iterable[InputProblem]]) -> Iterator[InputProblem]:
    """What a check finds, and what keeps it from going on."""
    try:
        yield from made()
    except InputProblem as problem:
        yield problem


def _syntax() -> Iterator[InputProblem]:
    for path in managed():
        yield from _problem(turtle_store, path)
    for paths, read in (
        (files.rule_files(), read_rule),
        (files.query_files(), read_query),
        (files.check_files(), read_check),
    ):
        for path in paths:
            yield from [*_problem(read, path)] or _grammar(path)


def _problem(read: Callable[[Path], object], path: Path) -> Iterator[InputProblem]:
    """What stands in the way of reading a file."""
    try:
        read(path)
    except InputProblem as problem:
        yield problem


def _grammar(path: Path) -> Iterator[InputProblem]:
    try:
        Store().query(path.read_text(encoding="utf-8-sig"))
    except SyntaxError as error:
        yield InputProblem(f"This is not SPARQL: {str(error).strip().splitlines()[0]}", Place(files.shown(path)))


def _format(paths: Iterable[Path]) -> Iterator[InputProblem]:
    for path in paths:
        try:
            text = canonical(path)
        except InputProblem as problem:
            yield problem
            continue
        written = path.read_bytes().decode()  # with its ends of lines
        if text != written:
            shown = files.shown(path)
            yield InputProblem(
                "The layout is not canonical.", Place(shown, _first_other(written, text)), f"Run mwkb fmt {shown}."
            )


def _first_other(written: str, text: str) -> int:
    """The first line, counted from 1, that is not the same in two texts."""
    old, new = written.splitlines(), text.splitlines()
    same = (number for number, pair in enumerate(zip(old, new, strict=False), 1) if pair[0] != pair[1])
    return next(same, min(len(old), len(new)))


def _told(flaw: Flaw) -> InputProblem:
    value = f"'{compact(flaw.value)}'" if flaw.value else ""
    said = " ".join(filter(None, (compact(flaw.subject), compact(flaw.property), value)))
    return InputProblem(f"{flaw.title}: {said}.", flaw.place, flaw.action)


def _shapes() -> Iterator[InputProblem]:
    lines = Lines([*files.fact_files(), *files.ontology_files()])
    for raw in fact_results(turtle_store(*files.ontology_files(), *files.fact_files())):
        if raw.severity != SH + "Info":
            yield InputProblem(f"{compact(raw.focus)}: {raw.message}", lines.place(raw.focus, raw.path or "", raw.value or ""))
    ready()
    yield from _problem(lambda _: form(knowledge_base.load()), files.shape_file("form"))


def _rules() -> Iterator[InputProblem]:
    knowledge = knowledge_base.load()
    try:
        _ = knowledge.layers
    except InputProblem as problem:
        yield problem
        return
    for path in files.rule_files():
        yield from check_rule(knowledge, path)


def _version() -> Iterator[InputProblem]:
    return version.problems(read_record(), things_in(files.root()))
