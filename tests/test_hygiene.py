"""The hygiene checks: what ships is clean, each check finds its fault, and the report says where it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import RdfFormat, serialize

from conftest import Mwkb
from mwkb import files, hygiene
from mwkb.problems import InputProblem
from mwkb.sparql import LEVELS, read_check
from mwkb.vocabulary import compact
from test_fact_shapes import CLEAN, triples

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "hygiene" / "cases.yaml").read_text(encoding="utf-8"))


def found(folder: Path, case: dict[str, Any]) -> set[tuple[str, ...]]:
    gone = triples(case.get("without", []))
    assert gone <= CLEAN, "the case takes away what is not there"
    draft = folder / "draft.ttl"
    facts = CLEAN - gone | triples(case.get("with", []))
    draft.write_bytes(serialize(sorted(facts, key=str), format=RdfFormat.N_TRIPLES) or b"")
    return {(f.check, compact(f.subject), compact(f.property), compact(f.value)) for f in hygiene.report([draft])}


def test_what_ships_has_neither_errors_nor_warnings() -> None:
    assert [flaw for flaw in hygiene.report() if flaw.level != "INFO"] == []


@pytest.mark.parametrize("case", [{}, *CASES], ids=lambda case: case.get("name", "nothing changed"))
def test_a_fault_is_found_and_nothing_else(tmp_path: Path, case: dict[str, Any]) -> None:
    assert found(tmp_path, case) == {tuple(row) for row in case.get("expect", [])}


def test_every_check_has_a_case_in_which_it_fires() -> None:
    assert {check.id for check in hygiene.checks()} == {row[0] for case in CASES for row in case["expect"]}


def test_a_term_that_only_a_rule_names_must_exist_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rule = tmp_path / "R-99.rq"
    rule.write_text("CONSTRUCT { ?x mwkb:misspelt kb:nobody } WHERE { ?x a mwkb:Intervention }", encoding="utf-8")
    monkeypatch.setattr(files, "rule_files", lambda: [rule])
    flaws = [(f.check, f.value.rpartition("/")[2], str(f.place)) for f in hygiene.report() if f.level == "ERROR"]
    assert flaws == [
        ("dangling-reference", "nobody", f"{rule}:1"),
        ("undefined-term", "ontology#misspelt", f"{rule}:1"),
    ]


def test_a_flaw_says_where_it_is_and_what_to_do() -> None:
    flaw = next(flaw for flaw in hygiene.report() if flaw.check == "shared-label")
    assert flaw.place is not None and flaw.place.line is not None
    line = (files.root() / flaw.place.file).read_text(encoding="utf-8").splitlines()[flaw.place.line - 1]
    assert line.strip().startswith(f"{compact(flaw.property)} ") and flaw.value in line
    assert flaw.action.endswith(".")


def test_checks_come_in_the_order_of_their_levels() -> None:
    levels = [LEVELS.index(check.level) for check in hygiene.checks()]
    assert levels == sorted(levels)


HEADER = "#+ id: trial\n#+ title: Trial\n#+ description: A trial.\n#+ action: Nothing.\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER, "trial.rq:1: The header lacks level."),
        (HEADER + "#+ level: fatal\n", "trial.rq:5: 'fatal' is not a level. Use one of: ERROR, WARN, INFO."),
        (HEADER + "#+ level: WARN\n#+ theme: x\n", "trial.rq:6: The header has an unknown key 'theme'."),
    ],
)
def test_a_bad_header_is_an_error_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "trial.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblem) as problem:
        read_check(path)
    assert message in str(problem.value)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("SELECT ?subject WHERE { ?subject a ?kind }", "A check selects ?subject ?property ?value, in this order."),
        ("ASK { ?subject a ?kind }", "A check selects ?subject ?property ?value, in this order."),
        ("SELECT ?subject WHERE {", "This is not SPARQL: "),
    ],
)
def test_a_bad_query_is_an_error_with_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, message: str) -> None:
    path = tmp_path / "trial.rq"
    path.write_text(HEADER + "#+ level: WARN\n\n" + body, encoding="utf-8")
    monkeypatch.setattr(files, "check_files", lambda: [path])
    with pytest.raises(InputProblem) as problem:
        hygiene.report()
    assert f"{path}: {message}" in str(problem.value)


def test_a_draft_is_read_as_turtle_however_it_is_laid_out(tmp_path: Path) -> None:
    draft = tmp_path / "draft.ttl"
    draft.write_text("@prefix x: <https://w3id.org/mwkb/kb/> .   x:risk-noise a <https://w3id.org/mwkb/ontology#Risk> .")
    assert {flaw.check for flaw in hygiene.report([draft])} == {
        "missing-definition",
        "missing-label",
        "missing-source",
        "orphan-concept",
        "undefined-term",
    }


# The command


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.ttl"
    path.write_text(
        "PREFIX kb: <https://w3id.org/mwkb/kb/>\nPREFIX mwkb: <https://w3id.org/mwkb/ontology#>\n"
        'kb:risk-noise\n    a mwkb:RiskFactor ;\n    mwkb:statement "Noise \\t at night" ;\n.\n',
        encoding="utf-8",
    )
    return path


def test_errors_fail_and_remarks_do_not(mwkb: Mwkb, draft: Path) -> None:
    assert mwkb("report").code == 0
    assert mwkb("report", "--fail-on", "info").code == 1
    assert mwkb("report", str(draft)).code == 1
    assert mwkb("report", str(draft), "--fail-on", "never").code == 0


def test_a_level_hides_what_is_below_it_and_still_counts_it(mwkb: Mwkb, draft: Path) -> None:
    code, out, _ = mwkb("report", str(draft), "--level", "error")
    assert code == 1 and "WARN Orphan" not in out and out.endswith("5 ERROR, 1 WARN, 0 INFO.\n")
    assert mwkb("report", "--level", "error", "--fail-on", "info").code == 1, "what is hidden still counts"


def test_the_table_ends_with_the_counts(mwkb: Mwkb, draft: Path) -> None:
    out = mwkb("report", str(draft)).out
    assert "ERROR Missing definition (1). Define it in one sentence: a parent and a difference." in out
    assert f"kb:risk-noise   skos:definition           {draft}:3" in out
    assert out.endswith(f"{len(hygiene.checks())} checks: 5 ERROR, 1 WARN, 0 INFO.\n")


def test_tsv_has_a_line_for_each_flaw_whatever_the_text_holds(mwkb: Mwkb, draft: Path) -> None:
    lines = [line.split("\t") for line in mwkb("report", str(draft), "--format", "tsv").out.splitlines()]
    assert lines[0] == ["Level", "Check", "Subject", "Property", "Value", "Place"]
    assert {len(line) for line in lines} == {6}
    assert ["stray-whitespace", "Noise at night"] in [[line[1], line[4]] for line in lines]


def test_json_holds_the_same(mwkb: Mwkb, draft: Path) -> None:
    flaws = json.loads(mwkb("report", str(draft), "--format", "json").out)
    assert {flaw["check"] for flaw in flaws} == {
        "missing-definition",
        "missing-label",
        "missing-language",
        "missing-source",
        "orphan-concept",
        "stray-whitespace",
    }
    assert {(flaw["place"]["file"], flaw["place"]["line"]) for flaw in flaws} == {(str(draft), 3), (str(draft), 5)}


@pytest.mark.parametrize("content", [b"this is not Turtle", b"\xff\xfe\x00", b"<a> <b> "])
def test_what_is_not_turtle_is_refused_with_its_place(mwkb: Mwkb, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.ttl"
    path.write_bytes(content)
    code, out, err = mwkb("report", str(path))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {path}:1: This is not Turtle: ")


def test_a_missing_file_is_refused(mwkb: Mwkb, tmp_path: Path) -> None:
    code, _, err = mwkb("report", str(tmp_path / "none.ttl"))
    assert code == 2
    assert err.startswith(f"error: {tmp_path / 'none.ttl'}: The file cannot be read: ")
