"""The tutorial, done step by step on a copy: what it says to write is written, what it says is printed is printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import load_workbook

from mwkb import files

TUTORIAL = (files.root() / "docs" / "tutorial.md").read_text(encoding="utf-8")


class Step(NamedTuple):
    """What to do, with what (a file, a sheet of one, or a command), and the text, table or transcript for it."""

    what: str
    where: str
    content: list[str]


def steps(text: str) -> Iterator[Step]:
    """Each block of the text that tells to do something."""
    lines = text.splitlines()
    position = 0
    where = ""
    while position < len(lines):
        line = lines[position]
        if said := re.match(r"(Add to|Create|Change) `(.+)`:$|On the sheet \*\*(.+)\*\* of `(.+)`(, in the same row)?:$", line):
            file_step, file, sheet, book, same = said.groups()
            where = f"{file_step} {file}" if file else f"{'Correct' if same else 'Fill'} {sheet} {book}"
        elif line.startswith("```") and where:
            end = lines.index("```", position + 1)
            yield Step(where.split()[0], where.removeprefix("Add to ").split(" ", 1)[-1], lines[position + 1 : end])
            where, position = "", end
        elif line.startswith("| ") and where:
            end = next(n for n in range(position, len(lines) + 1) if n == len(lines) or not lines[n].startswith("|"))
            what, rest = where.split(" ", 1)
            yield Step(what, rest, lines[position + 2 : end])
            where, position = "", end
        elif line.startswith("    $ "):
            end = next(n for n in range(position + 1, len(lines)) if not lines[n].startswith("    ") or "    $ " in lines[n])
            yield Step("Run", line[6:], [shown[4:] for shown in lines[position + 1 : end]])
            position = end - 1
        position += 1


STEPS = list(steps(TUTORIAL))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tutorial") / "mwkb"
    for folder in (*files.FOLDERS, "tests", "examples", "docs"):
        shutil.copytree(files.root() / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_the_tutorial_has_each_kind_of_step() -> None:
    assert {step.what for step in STEPS} == {"Add", "Create", "Change", "Fill", "Correct", "Run"}


def test_every_step_does_what_the_tutorial_says(checkout: Path) -> None:
    for step in STEPS:
        match step.what:
            case "Add" | "Create":
                write(checkout / step.where, step.content, step.what == "Add")
            case "Change":
                change(checkout / step.where, step.content)
            case "Fill" | "Correct":
                sheet, _, book = step.where.rpartition(" ")
                fill(checkout / book, sheet, step.content, 0 if step.what == "Fill" else -1)
            case "Run":
                printed(run(step.where, checkout), step)


def write(path: Path, lines: list[str], add: bool) -> None:
    assert path.exists() == add, f"{path} is {'' if add else 'not '}there"
    before = path.read_text(encoding="utf-8") + "\n" if add else ""
    path.write_text(before + "\n".join(lines) + "\n", encoding="utf-8")


def change(path: Path, lines: list[str]) -> None:
    old, new = ("\n".join(line[1:] for line in lines if line[0] in (" ", sign)) for sign in "-+")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def fill(path: Path, sheet: str, rows: list[str], after: int) -> None:
    """Write cells into the first row whose name is empty, or into the one before it."""
    book = load_workbook(path)
    page = book[sheet]
    heads = {str(cell.value).rstrip("* "): cell.column for cell in page[1] if cell.value}
    row = next(number for number in range(2, page.max_row + 2) if not page.cell(number, heads["Name"]).value) + after
    for line in rows:
        head, value = (cell.strip() for cell in line.strip("|").split("|"))
        page.cell(row, heads[head]).value = value
    book.save(path)


def run(command: str, checkout: Path) -> str:
    program = {"mwkb": [str(Path(sys.executable).with_name("mwkb"))], "python": [sys.executable]}
    first, *rest = shlex.split(command.replace("BEFORE", str(files.root())))
    environment = {**os.environ, "MWKB_ROOT": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run([*program[first], *rest], cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    if first == "python":
        assert ran.returncode == 0 and " passed" not in ran.stdout.partition("no tests")[1], ran.stdout
    return ran.stdout + ran.stderr


def printed(output: str, step: Step) -> None:
    """Every line of the transcript is printed, in that order, with any lines between; where it has none, no error is."""
    assert step.content or not output.startswith(("error:", "refused")), f"$ {step.where}\n{output}"
    lines = iter(output.splitlines())
    for line in step.content:
        if line and line != "...":
            assert line in lines, f"$ {step.where}\n{output}\nnot printed, or not in this place: {line}"
