"""What tools for developers are told of a plan: SARIF, JUnit XML and annotations of GitHub Actions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import openpyxl
import pytest
import yaml

from conftest import Mwkb
from mwkb.assessment import Assessment, assess
from mwkb.form import form
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.report.faults import faults
from mwkb.report.github import assessment_github
from mwkb.report.junit import assessment_junit
from mwkb.report.sarif import assessment_sarif
from mwkb.shapebook import shapes
from mwkb.submission import converted
from mwkb.vocabulary import local_name

ROOT = Path(__file__).parents[1]
CLEAN, MISTAKES = ROOT / "tests/plans/clean.yaml", ROOT / "examples/mistakes.yaml"
HOSTILE = {
    "title": "A plan",
    "sections": [{"section": "interventions", "status": "complete"}],
    "interventions": [
        {"local-description": "Choir: 50%, open\n::error file=x::harm\x07 <b> \" ' & ]]>", "approach": "universal"},
        {"local-description": "\x01\ud7ff\ufffe", "approach": "universal"},
    ],
    "needs": {"groups": [{"group": "group-older-people", "presence": "present", "size": "<many>\r\n::error::harm"}]},
}


@pytest.fixture(scope="module")
def mistakes(knowledge: Knowledge) -> Assessment:
    return assess(MISTAKES, knowledge=knowledge)


@pytest.fixture(scope="module")
def hostile(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    path = tmp_path_factory.mktemp("plans") / "a, b: 100%.yaml"
    path.write_text(yaml.safe_dump(HOSTILE), encoding="utf-8")
    return assess(path, knowledge=knowledge)


def test_each_result_gap_and_question_is_a_fault_and_no_recommendation_is(mistakes: Assessment) -> None:
    every = faults(mistakes)
    assert len(every) == len(mistakes.validation) + len(mistakes.findings) - len(mistakes.of_kind("recommendation"))
    assert len({(fault.rule, fault.key) for fault in every}) == len(every)
    assert [fault.severity for fault in every] == sorted((f.severity for f in every), key=("violation", "warning", "info").index)


# SARIF


@pytest.fixture
def run(mistakes: Assessment, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(ROOT)
    log = json.loads(assessment_sarif(mistakes, knowledge))
    assert log.keys() == {"$schema", "version", "runs"} and log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    return log["runs"][0]


def test_sarif_has_a_result_for_each_fault_with_its_rule(run: Any, mistakes: Assessment) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(faults(mistakes))
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
    known = {shape.id for shape in shapes("plan")} | {"undefined-name"}
    assert all(rule["id"] in known or re.fullmatch(r"[GR]-\d\d", rule["id"]) for rule in rules)
    for rule in rules:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")


def test_sarif_places_are_lines_of_a_file_relative_to_the_checkout(run: Any) -> None:
    places = [location["physicalLocation"] for result in run["results"] for location in result["locations"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {"examples/mistakes.yaml"}
    assert {place["artifactLocation"]["uriBaseId"] for place in places} == {"%SRCROOT%"}
    assert all(place["region"]["startLine"] >= 1 for place in places if "region" in place)
    size = next(result for result in run["results"] if result["ruleId"] == "P-group-size")
    line = size["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert "about 2000" in MISTAKES.read_text(encoding="utf-8").splitlines()[line - 1]


def test_sarif_fingerprints_stay_when_lines_move(run: Any, knowledge: Knowledge, tmp_path: Path) -> None:
    moved = tmp_path / "moved.yaml"
    moved.write_text("# One more line\n" + MISTAKES.read_text(encoding="utf-8"), encoding="utf-8")
    other = json.loads(assessment_sarif(assess(moved, knowledge=knowledge), knowledge))["runs"][0]

    def prints(run: Any) -> list[str]:
        return [result["partialFingerprints"]["mwkbFault/v1"] for result in run["results"]]

    assert prints(run) == prints(other) and len(set(prints(run))) == len(prints(run))


def test_sarif_encodes_the_name_of_a_file(hostile: Assessment, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(hostile.file).parent)
    result = json.loads(assessment_sarif(hostile, knowledge))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%2C%20b%3A%20100%25.yaml"
    monkeypatch.chdir(ROOT)
    result = json.loads(assessment_sarif(hostile, knowledge))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")


@pytest.fixture(scope="module")
def noted(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """A workbook that has something to note: a cell outside the form."""
    path = tmp_path_factory.mktemp("plans") / "plan.xlsx"
    path.write_bytes(converted(read_plan(CLEAN), form(knowledge), ".xlsx"))
    book = openpyxl.load_workbook(path)
    book["Factors"]["H7"] = "a note to myself"
    book.save(path)
    return assess(path, knowledge=knowledge)


def test_a_note_on_a_workbook_has_a_rule_of_its_own(noted: Assessment, knowledge: Knowledge) -> None:
    log = json.loads(assessment_sarif(noted, knowledge))["runs"][0]
    rule = next(rule for rule in log["tool"]["driver"]["rules"] if rule["id"] == "outdated-template")
    assert rule["shortDescription"]["text"] == "Template" and rule["defaultConfiguration"]["level"] == "warning"


def test_a_name_of_a_file_that_is_no_text_is_encoded(
    mistakes: Assessment, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def uri(file: str) -> str:
        found = replace(mistakes, file=file, validation=(replace(mistakes.validation[0], place=None),), findings=())
        run = json.loads(assessment_sarif(found, knowledge))["runs"][0]
        return str(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])

    assert uri("caf\udce9/é.yaml") == "caf%E9/%C3%A9.yaml"
    assert uri("/caf\udce9/é.yaml") == "file:///caf%E9/%C3%A9.yaml"


@pytest.mark.parametrize("ending", ["json", "csv", "sarif", "xml", "txt", "html", "ttl"])
def test_a_report_on_a_file_whose_name_is_no_text_can_be_written(mwkb: Mwkb, tmp_path: Path, ending: str) -> None:
    plan = tmp_path / "caf\udce9.yaml"
    try:
        plan.write_bytes(CLEAN.read_bytes())
    except (OSError, UnicodeError):
        pytest.skip("the file system has only names that are text")
    report = tmp_path / f"report.{ending}"
    assert mwkb("assess", str(plan), "-o", str(report)) == (0, "", "")
    assert report.read_text(encoding="utf-8")


# JUnit


def test_a_note_on_a_workbook_is_a_case(noted: Assessment) -> None:
    case = next(case for case in cases(assessment_junit(noted, "warning")) if "outdated-template" in (case.get("name") or ""))
    failure = case.find("failure")
    assert failure is not None and "Factors!H7" in (failure.text or "")


def test_a_check_that_a_name_not_known_has_broken_says_so(mistakes: Assessment) -> None:
    case = next(c for c in cases(assessment_junit(mistakes, "violation")) if "S-09-approach-kind" in (c.get("name") or ""))
    failure = case.find("failure")
    assert failure is not None and "'targetted' is not a name that a plan can use" in (failure.get("message") or "")


def cases(text: str) -> list[Xml.Element]:
    return list(Xml.fromstring(text).iter("testcase"))


def test_junit_has_a_case_for_each_check_and_each_gap_and_question(mistakes: Assessment) -> None:
    root = Xml.fromstring(assessment_junit(mistakes, "violation"))
    validation, findings = root.findall("testsuite")
    assert len(validation.findall("testcase")) == len(mistakes.checks)
    assert len(findings.findall("testcase")) == len(faults(mistakes)) - len(mistakes.validation)
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == len(names)
    for suite in (root, validation, findings):
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
            assert suite.get(attribute) == str(len(list(suite.iter(tag))))


@pytest.mark.parametrize("fail_on", ["violation", "warning", "info"])
def test_a_case_fails_where_the_command_does(mistakes: Assessment, fail_on: Any) -> None:
    at_or_above = ("violation", "warning", "info")[: ("violation", "warning", "info").index(fail_on) + 1]
    failed = {case.get("name") for case in cases(assessment_junit(mistakes, fail_on)) if case.find("failure") is not None}
    broken = {f"{c.name} ({local_name(c.shape)})" for c in mistakes.checks if c.found and c.severity in at_or_above}
    assert broken and {name for name in failed if name and "-gap/" not in name and "challenge/" not in name} == broken


def test_nothing_fails_where_the_command_never_does(mistakes: Assessment) -> None:
    assert Xml.fromstring(assessment_junit(mistakes, None)).get("failures") == "0"


def test_a_failure_says_what_and_where(mistakes: Assessment) -> None:
    case = next(c for c in cases(assessment_junit(mistakes, "violation")) if "P-group-size" in (c.get("name") or ""))
    failure = case.find("failure")
    assert failure is not None and failure.text
    assert "Found: about 2000." in (failure.get("message") or "")
    assert failure.text.startswith(f"{MISTAKES}:{case.get('line')}: ")


def test_a_check_with_nothing_to_look_at_is_skipped(mistakes: Assessment) -> None:
    skipped = [case for case in cases(assessment_junit(mistakes, "violation")) if case.find("skipped") is not None]
    assert len(skipped) == sum(not check.looked_at for check in mistakes.checks)


def test_xml_survives_what_stands_in_a_plan(hostile: Assessment) -> None:
    text = assessment_junit(hostile, "info")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text)
    assert any("<many>" in (failure.text or "") for failure in Xml.fromstring(text).iter("failure"))


# GitHub Actions

COMMAND = re.compile(r"::(error|warning|notice) file=([^,:]+)(?:,line=(\d+))?,title=([^,:]+)::(.+)")


def test_annotations_name_the_line_the_gravest_first(mistakes: Assessment, mwkb: Mwkb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, out, err = mwkb("assess", "examples/mistakes.yaml", "--format", "github")
    *commands, made_by = out.splitlines()
    assert made_by == f"mwkb {mistakes.mwkb_version} · knowledge base {mistakes.knowledge_version}"
    found = [COMMAND.fullmatch(line) for line in commands]
    assert (code, err) == (1, "") and all(found) and len(found) == len(faults(mistakes))
    levels = [match[1] for match in found if match]
    assert levels == sorted(levels, key=("error", "warning", "notice").index)
    assert {match[2] for match in found if match} == {"examples/mistakes.yaml"}
    assert any(match[3] == "25" and match[4].endswith("(P-group-size)") for match in found if match)


def test_nothing_in_a_plan_begins_a_command_of_its_own(hostile: Assessment) -> None:
    *lines, _ = assessment_github(hostile).splitlines()
    assert len(lines) == len(faults(hostile)) and all(COMMAND.fullmatch(line) for line in lines)
    assert all("a%2C b%3A 100%25.yaml" in line for line in lines)
    assert all(line.isprintable() for line in lines)
    assert any("Found: <many>%0D%0A::error::harm." in line or "Found: <many>%0A::error::harm." in line for line in lines)


# On the command line


@pytest.mark.parametrize("command", ["assess", "validate"])
@pytest.mark.parametrize(("ending", "starts"), [(".sarif", "{"), (".xml", "<?xml")])
def test_the_ending_of_the_file_picks_the_format(mwkb: Mwkb, tmp_path: Path, command: str, ending: str, starts: str) -> None:
    assert mwkb(command, str(CLEAN), "-o", str(tmp_path / f"out{ending}")) == (0, "", "")
    assert (tmp_path / f"out{ending}").read_text(encoding="utf-8").startswith(starts)


@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
def test_validate_tells_of_the_checks_alone(mwkb: Mwkb, form: str) -> None:
    code, out, err = mwkb("validate", str(CLEAN), "--format", form)
    assert (code, err) == (0, "") and "G-01" not in out and "plan-gap" not in out


@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
def test_the_same_plan_gives_the_same_text(mwkb: Mwkb, form: str) -> None:
    assert mwkb("assess", str(MISTAKES), "--format", form) == mwkb("assess", str(MISTAKES), "--format", form)
