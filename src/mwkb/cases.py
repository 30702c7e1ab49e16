"""What has no case in the tests that lie beside the knowledge base, in which it is seen to work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from mwkb import files
from mwkb.lines import Lines
from mwkb.problems import InputProblem, Place
from mwkb.shapebook import TESTS, shapes
from mwkb.vocabulary import SHAPE


def missing_cases() -> Iterator[InputProblem]:
    """Each shape, query and hygiene check without a case; nothing where there are no tests, as in an installed wheel.

    The cases of rules are looked for with all else that a rule needs; see ``rules.check``.
    """
    tests = files.root() / "tests"
    if not tests.is_dir():
        return
    for kind in ("plan", "kb"):
        lines = Lines([files.shape_file(kind)])
        file = f"tests/{TESTS[kind]}/cases.yaml"
        for shape in shapes(kind):
            if not shape.cases:
                yield InputProblem(
                    f"No case shows that the shape '{shape.id}' fires.",
                    lines.place(SHAPE + shape.id),
                    f"Add one to {file} that expects mwsh:{shape.id}.",
                )
    for path in files.query_files():
        if not (tests / "queries" / f"{path.stem}.yaml").is_file():
            yield _missing("query", path, f"Add tests/queries/{path.stem}.yaml.")
    expected = _expected(tests / "hygiene" / "cases.yaml")
    for path in files.check_files():
        if path.stem not in expected:
            yield _missing("check", path, f"Add one to tests/hygiene/cases.yaml that expects {path.stem}.")


def _missing(kind: str, path: Path, remedy: str) -> InputProblem:
    return InputProblem(f"No case shows what the {kind} '{path.stem}' finds.", Place(files.shown(path), 1), remedy)


def _expected(path: Path) -> set[str]:
    """The hygiene checks that some case expects to find something."""
    cases = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else []
    return {row[0] for case in cases for row in case.get("expect", ())}
