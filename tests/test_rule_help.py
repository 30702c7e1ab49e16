"""Help for developers of rules: the list, the drawing, and what is wrong with a new rule."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from conftest import Mwkb
from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem
from mwkb.rules.check import check
from mwkb.rules.listing import Cases, cases, dependencies, listed
from mwkb.rules.reader import parse
from mwkb.shapebook import shapes
from mwkb.sparql import read_rule
from mwkb.vocabulary import MWKB

GOOD = """\
#+ id: X-01
#+ title: Wanted and left out
#+ description: A rule for the tests.
#+ warrant:
#+   sources: [toolkit-section-5-1-1]
#+   lines: "785-796"
#+ says: >-
#+   The priority is {priorityValue}.

PREFIX kb: <https://w3id.org/mwkb/kb/>
PREFIX mwkb: <https://w3id.org/mwkb/ontology#>
PREFIX rule: <https://w3id.org/mwkb/rule/>
PREFIX sh: <http://www.w3.org/ns/shacl#>

CONSTRUCT {
  ?finding a mwkb:PlanGap ;
    mwkb:inPlan ?plan ;
    mwkb:about ?intervention ;
    mwkb:severity sh:Info ;
    mwkb:reason ?reason .
  ?reason a mwkb:Reason ; mwkb:byRule rule:X-01 ; mwkb:priorityValue ?priority .
}
WHERE {
  # the plan gives the intervention a priority
  ?plan mwkb:setsPriority ?set .
  ?set mwkb:onItem ?intervention ; mwkb:priorityValue ?priority .
  # the plan does not commission it
  FILTER NOT EXISTS { ?plan mwkb:commissions ?intervention . }
  BIND(IRI(CONCAT(STR(?plan), "/finding/plan-gap/", REPLACE(STR(?intervention), "^.*[/#]", ""))) AS ?finding)
  BIND(IRI(CONCAT(STR(?finding), "/X-01")) AS ?reason)
}
"""
CASES = "- {name: it fires, given: {}, expect: [a b c]}\n- {name: it does not, given: {}, not: ['* * *']}\n"


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    """The place for a rule, in a project of its own with cases for it."""
    for folder in ("rules/inference", "tests/rules"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "tests/rules/X-01.yaml").write_text(CASES)
    return tmp_path / "rules/inference/X-01.rq"


def said(knowledge: Knowledge, path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    return [
        f"{problem.place.line if problem.place else ''}: {problem.what} {problem.remedy}" for problem in check(knowledge, path)
    ]


def test_a_good_rule_has_no_faults(knowledge: Knowledge, rule: Path) -> None:
    assert said(knowledge, rule, GOOD) == []


@pytest.mark.parametrize("path", files.rule_files(), ids=lambda path: path.stem)
def test_the_rules_that_ship_have_no_faults(knowledge: Knowledge, path: Path) -> None:
    assert [str(problem) for problem in check(knowledge, path)] == []


COUNTED = "{ SELECT ?plan (COUNT(?any) AS ?priority) WHERE { ?plan mwkb:commissions ?any . } GROUP BY ?plan }"


@pytest.mark.parametrize("around", ["OPTIONAL {{ {} }}", "{{ {} }} UNION {{ ?plan mwkb:hasPartner ?intervention . }}"])
def test_what_is_counted_is_read_wherever_it_stands(rule: Path, around: str) -> None:
    rule.write_text(GOOD.replace("  # the plan does not commission it", f"  # counted\n  {around.format(COUNTED)}\n  # not"))
    counting = parse(read_rule(rule))
    assert counting.reads_all_of == {MWKB + "commissions"} and not counting.is_monotone


FAULTS = {
    "an absence that is hidden": (
        "FILTER NOT EXISTS { ?plan mwkb:commissions ?intervention . }",
        "OPTIONAL { ?plan mwkb:commissions ?other . }\n  FILTER(!BOUND(?other))",
        "29: !BOUND hides that the rule asks for an absence. Write FILTER NOT EXISTS { ... }.",
    ),
    "a term that nothing defines": (
        "mwkb:setsPriority ?set",
        "mwkb:setsPriorty ?set",
        "25: Nothing defines 'mwkb:setsPriorty'. Did you mean mwkb:setsPriority?",
    ),
    "a fact that nothing defines": (
        "mwkb:onItem ?intervention ;",
        "mwkb:onItem ?intervention , kb:intervention-77 ;",
        "26: Nothing defines 'kb:intervention-77'. Did you mean kb:intervention-7?",
    ),
    "a term that SHACL does not have": ("sh:Info", "sh:Information", "19: Nothing defines 'sh:Information'."),
    "a variable that no condition binds": (
        "mwkb:priorityValue ?priority .\n}\nWHERE",
        "mwkb:priorityValue ?urgency .\n}\nWHERE",
        "15: The head uses ?urgency, which no condition binds.",
    ),
    "another rule's name": ("rule:X-01", "rule:G-01", "21: It names the rule 'G-01'. Name the rule itself: rule:X-01."),
    "a cycle through an absence": (
        "mwkb:severity sh:Info ;",
        "mwkb:severity sh:Info ; mwkb:delivers ?intervention ;",
        "X-01 needs the absence of commissions, which R-25 concludes, but that depends on X-01 itself",
    ),
    "what is not SPARQL": ("  # the plan does not", "  FILTER(?priority >)\n  # the plan does not", ": This is not SPARQL"),
    "a bracket that is not closed": ('"^.*[/#]", "")))', '"^.*[/#]", ""))', "29: A '(' is not closed."),
    "a source that the toolkit has not": (
        "[toolkit-section-5-1-1]",
        "[toolkit-section-5-1-9]",
        "4: 'toolkit-section-5-1-9' is no part of the toolkit. Did you mean toolkit-section-5-1-1?",
    ),
    "lines outside the source": ("785-796", "785-796, 1402", "4: The lines 1402-1402 are not within the sources of the warrant."),
    "what are no lines": ("785-796", "785 to 796", "4: '785 to 796' are no lines. Write, for example, lines: \"820-835, 1402\"."),
    "a sentence with an unknown name": ("{priorityValue}", "{prio}", "7: The sentence fills in '{prio}', which is no property."),
    "a condition without words": (
        "  # the plan gives the intervention a priority\n",
        "",
        "24: A condition has no words. Put a comment above it that says it, for explanations.",
    ),
    "a threshold in the rule": (
        "  # the plan does not",
        "  # it is high\n  FILTER(?priority > 3)\n  # the plan does not",
        "28: The number 3 stands in the rule. Make it a parameter in kb/parameters.ttl",
    ),
    "a reason without its rule": (
        "mwkb:byRule rule:X-01 ; ",
        "",
        "15: ?reason does not say by which rule it was made. Add: mwkb:byRule rule:X-01.",
    ),
    "a finding without its plan": ("    mwkb:inPlan ?plan ;\n", "", "15: The finding ?finding does not say: inPlan."),
    "a finding that is not named after its plan": (
        'CONCAT(STR(?plan), "/finding',
        'CONCAT(STR(?set), "/findings',
        "is not named after its plan and kind.",
    ),
    "a function that gives something else each time": (
        '"/X-01"',
        "STRUUID()",
        "STRUUID gives something else each time.",
    ),
    "a severity that is none": ("sh:Info", '"bad"', '"bad" is no severity. Use sh:Violation, sh:Warning or sh:Info.'),
    "sources that are no list": (
        "sources: [toolkit-section-5-1-1]",
        "sources: toolkit-section-5-1-1",
        "1: The sources of the warrant are no list. Write sources: [toolkit-figure-4].",
    ),
    "a header that cannot be read": ("#+ title: Wanted", "#+ title: Wanted: ", "2: The header cannot be read"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_explained_with_its_line(knowledge: Knowledge, rule: Path, fault: str) -> None:
    right, wrong, expected = FAULTS[fault]
    assert right in GOOD
    found = said(knowledge, rule, GOOD.replace(right, wrong, 1))
    assert [expected in line for line in found] == [True], found


def test_several_faults_are_told_at_once_in_the_order_of_the_lines(knowledge: Knowledge, rule: Path) -> None:
    found = said(knowledge, rule, GOOD.replace("mwkb:setsPriority", "mwkb:setsPriorty").replace("sh:Info", "sh:Hint"))
    assert [line.split(":")[0] for line in found] == ["19", "25"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, "No case shows that the rule fires."),
        ("[]", "No case shows that the rule fires."),
        ("- {name: a, expect: [a b c]}", "No case shows that the rule stays silent."),
        ("- {name: a, not: ['* * *']}", "No case shows that the rule fires."),
        ("just words", "No case shows that the rule fires."),
    ],
)
def test_a_rule_without_cases_is_not_finished(knowledge: Knowledge, rule: Path, given: str | None, expected: str) -> None:
    file = rule.parents[2] / "tests/rules/X-01.yaml"
    file.unlink()
    if given is not None:
        file.write_text(given)
    assert [expected in line for line in said(knowledge, rule, GOOD)] == [True]


def test_cases_that_cannot_be_read_are_refused(knowledge: Knowledge, rule: Path) -> None:
    (rule.parents[2] / "tests/rules/X-01.yaml").write_text("- {name: [")
    rule.write_text(GOOD)
    with pytest.raises(InputProblem, match="The cases cannot be read"):
        check(knowledge, rule)


def test_check_as_a_command(mwkb: Mwkb, rule: Path) -> None:
    rule.write_text(GOOD)
    good = mwkb("rules", "check", str(rule))
    assert (good.code, good.out, good.err) == (0, "", "The rule is well formed.\n")
    rule.write_text(GOOD.replace("mwkb:setsPriority", "mwkb:setsPriorty"))
    bad = mwkb("rules", "check", str(rule))
    assert bad.code == 1
    assert bad.out.startswith(f"{rule}:25: Nothing defines")


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"\xff\xfe", 2, "The file is not UTF-8 text. Save it as UTF-8."),
        (b"", 1, "There is no header."),
        (b"\x00\x00", 1, "There is no header."),
        (b"#+ id: X-01\n", 1, "The header lacks description, title, warrant."),
        (b"SELECT * {", 1, "There is no header."),
        (GOOD.replace("WHERE {", "WHERE {" + "{" * 3000 + "}" * 3000).encode(), 1, "The braces are nested too deeply."),
    ],
)
def test_what_is_no_rule_at_all_is_refused_without_a_traceback(
    mwkb: Mwkb, rule: Path, content: bytes, code: int, says: str
) -> None:
    rule.write_bytes(content)
    answer = mwkb("rules", "check", str(rule))
    assert answer.code == code
    assert says in (answer.err if code == 2 else answer.out)


def test_a_byte_order_mark_is_no_fault(knowledge: Knowledge, rule: Path) -> None:
    assert said(knowledge, rule, "\ufeff" + GOOD) == []


def test_what_is_wrong_with_one_file_is_told_though_another_cannot_be_read(mwkb: Mwkb, rule: Path) -> None:
    rule.write_text(GOOD.replace("mwkb:setsPriority", "mwkb:setsPriorty"))
    answer = mwkb("rules", "check", str(rule), str(rule.with_name("X-02.rq")))
    assert answer.code == 2
    assert "Nothing defines 'mwkb:setsPriorty'" in answer.out and "X-02.rq: The file cannot be read" in answer.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--graph", "rules.png"], "The drawing is SVG. End the file in .svg."),
        (["--graph", "rules.svg", "-o", "rules.csv"], "--graph draws, and --format and --output list."),
    ],
)
def test_a_drawing_goes_to_a_file_of_its_own(
    mwkb: Mwkb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = mwkb("rules", *arguments)
    assert answer.code == 2 and says in answer.err and not list(tmp_path.iterdir())


def test_a_file_that_is_not_there_is_refused(mwkb: Mwkb, tmp_path: Path) -> None:
    answer = mwkb("rules", "check", str(tmp_path / "X-09.rq"))
    assert answer.code == 2
    assert "The file cannot be read: No such file or directory." in answer.err


def test_the_list_shows_strata_and_what_each_rule_reads_and_concludes(knowledge: Knowledge) -> None:
    by_id = {rule.id: rule for rule in listed(knowledge)}
    rule = by_id["R-25"]
    assert "mwkb:commissions" in rule.concludes and "mwkb:delivers" in rule.reads and rule.stratum == 1
    assert "mwkb:commissions" in by_id["G-04"].needs_absence_of and by_id["G-04"].stratum > rule.stratum
    assert "mwkb:offeredIn" in by_id["R-17"].counts
    assert by_id["R-25"].cases is not None and by_id["R-25"].cases.fire > 0


def test_a_rule_runs_after_those_that_must_be_complete_before(knowledge: Knowledge) -> None:
    stratum = {rule.id: rule.stratum for rule in listed(knowledge)}
    for feed in dependencies(knowledge.rules):
        assert stratum[feed.writer.id] <= stratum[feed.reader.id]
        if feed.complete:
            assert stratum[feed.writer.id] < stratum[feed.reader.id]


def test_the_list_in_every_format(mwkb: Mwkb, knowledge: Knowledge) -> None:
    ids = {rule.id for rule in knowledge.rules}
    text = mwkb("rules").out
    assert all(f"\n{name} " in text for name in ids)
    assert {row["id"] for row in json.loads(mwkb("rules", "--format", "json").out)} == ids
    assert {row["rule"] for row in csv.DictReader(io.StringIO(mwkb("rules", "--format", "csv").out))} == ids


def test_the_drawing_holds_every_rule_once_and_is_always_the_same(mwkb: Mwkb, knowledge: Knowledge, tmp_path: Path) -> None:
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    assert mwkb("rules", "--graph", str(first)).code == 0
    mwkb("rules", "--graph", str(second))
    assert first.read_bytes() == second.read_bytes()
    space = {"svg": "http://www.w3.org/2000/svg"}
    titles = [title.text or "" for title in ET.parse(first).getroot().findall("svg:g/svg:title", space)]
    assert sorted(title.split()[0] for title in titles) == sorted(rule.id for rule in knowledge.rules)


def test_cases_are_counted() -> None:
    found = next(path for path in files.rule_files() if path.stem == "R-17")
    assert cases(found) == Cases(fire=2, silent=2)


def test_the_page_of_the_documentation_is_what_the_files_say(mwkb: Mwkb) -> None:
    page = files.root() / "docs" / "rules.md"
    made = mwkb("rules", "--format", "markdown").out
    assert page.read_text(encoding="utf-8") == made, "To mend: mwkb rules --format markdown -o docs/rules.md"


@pytest.mark.parametrize("of", ["plan", "kb"])
def test_every_shape_that_gives_a_result_has_a_case(of: str) -> None:
    assert [shape.id for shape in shapes(of) if not shape.cases] == []
