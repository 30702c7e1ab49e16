"""``mwkb check``: what ships passes, and each fault of a contributor is found by one check, with file, line and remedy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import Mwkb
from mwkb import check as checks
from mwkb import files
from mwkb.problems import InputProblem

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "check" / "cases.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the knowledge base with its tests, which is the one at work."""
    root = files.root()
    for folder in (*files.FOLDERS, "tests"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    monkeypatch.setenv("MWKB_ROOT", str(tmp_path))
    return tmp_path


def found() -> dict[str, list[str]]:
    return {step.title: [str(problem) for problem in step.problems] for step in checks.check() if step.problems}


def change(path: Path, old: str, new: str) -> int:
    """Change the first place where a text stands in a file, and say on which line."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_what_ships_passes() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    "cases",
    [[case for case in CASES if not case.get("alone")], *([case] for case in CASES if case.get("alone"))],
    ids=lambda cases: cases[0]["name"] if len(cases) == 1 else "many faults",
)
def test_a_fault_is_found_with_its_line_and_its_remedy(copy: Path, cases: list[dict[str, Any]]) -> None:
    expected: dict[str, list[str]] = {}
    shape = (copy / "rules" / "shapes" / "kb.ttl").read_text(encoding="utf-8").splitlines().index("mwsh:K-approach-given") + 1
    for case in cases:
        line = change(copy / case["file"], case["old"], case["new"])
        for title, starts in case["expect"].items():
            expected.setdefault(title, []).extend(start.format(line=line, next=line + 1, shape=shape) for start in starts)
    problems = found()
    problems.pop("Version", None)  # which a change of meaning may demand
    assert problems.keys() == expected.keys(), problems
    for title, starts in expected.items():
        assert len(problems[title]) == len(starts), problems
        assert [start for start in starts if not any(problem.startswith(start) for problem in problems[title])] == []


def test_a_file_of_cases_that_is_gone_is_missed(copy: Path) -> None:
    gone = ("tests/queries/numbers.yaml", "tests/rules/G-01.yaml")
    for file in gone:
        (copy / file).unlink()
    problems = [problem for problems in found().values() for problem in problems]
    assert [any(file in problem for problem in problems) for file in gone] == [True, True]


def test_a_file_that_cannot_be_read_keeps_what_needs_it_from_being_made(copy: Path) -> None:
    (copy / "kb" / "draft.ttl").write_bytes(b"\xff\xfe")
    steps = list(checks.check())
    assert [step.title for step in steps if step.problems] == ["Syntax"]
    assert [step.title for step in steps if step.skipped] == [step.title for step in steps[2:]]


def test_what_keeps_one_check_from_going_on_hides_no_other(copy: Path) -> None:
    (copy / "ontology" / "released.tsv").write_text("damaged")
    change(copy / "kb" / "risk-factors.ttl", "predicted to become more common.", "predicted to become more common")
    assert list(found()) == ["Hygiene", "Version"]
    assert found()["Version"][0].startswith("ontology/released.tsv:1: The first line names no version.")


@pytest.mark.parametrize("text", ["SELECT {", "#+ id: [\n", "#+ id: other\n#+ title: x\n", "\x00"])
def test_a_rule_that_is_none_is_a_fault_of_syntax(copy: Path, text: str) -> None:
    (copy / "rules" / "inference" / "R-99.rq").write_text(text)
    first = next(checks.check())
    assert first.title == "Syntax"
    assert [str(problem).startswith("rules/inference/R-99.rq") for problem in first.problems] == [True]


def test_the_command_says_the_same_to_people_and_programs(mwkb: Mwkb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwkb.check.missing_cases", lambda: iter([InputProblem("It is wrong.", None, "Mend it.")]))
    code, out, err = mwkb("check")
    assert (code, err) == (1, "")
    assert out.startswith("Syntax                  fine\nFormat                  fine\n")
    assert "Cases                   1 fault\n  It is wrong. Mend it.\n" in out
    steps = json.loads(mwkb("check", "--format", "json").out)
    assert [step["problems"] for step in steps if step["problems"]] == [
        [{"what": "It is wrong.", "place": None, "remedy": "Mend it."}]
    ]
