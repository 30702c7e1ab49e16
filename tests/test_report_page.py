"""The report as page and PDF: what it says, in which order, to whom it is readable, and that a plan cannot misuse it."""

from __future__ import annotations

import html
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from conftest import Mwkb
from mwkb.assessment import Assessment, assess
from mwkb.findings import Thing
from mwkb.form import form
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.problems import Place
from mwkb.reach import NeighbourhoodReach
from mwkb.report import board, coverage
from mwkb.report import text as report_text
from mwkb.report.html import assessment_html
from mwkb.report.matrix import matrix
from mwkb.report.page import page
from mwkb.submission import converted
from mwkb.validate import OUTDATED
from mwkb.vocabulary import MWKB, local_name

ROOT = Path(__file__).parents[1]
PLANS = {
    "oakmere": ROOT / "examples/oakmere.yaml",  # a full plan
    "little-marsh": ROOT / "examples/little-marsh.yaml",  # the smallest useful one
    "mistakes": ROOT / "examples/mistakes.yaml",  # violations
    "clean": ROOT / "tests/plans/clean.yaml",  # every check passes
}
AXE = ROOT / ".tools/node_modules/axe-core/axe.min.js"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SCRIPT = "<script>window.harmed = true</script>"
LONG = "incomprehensibility" * 30
HOSTILE = {
    "title": f'{SCRIPT}<img src="http://127.0.0.1/x.png" onerror="window.harmed = true"> "quoted" \'and\' &amp; {{{{ 7 * 7 }}}}',
    "version": "</title></style>",
    "sections": [{"section": "interventions", "status": "complete"}],
    "needs": {
        "factors": [
            {"factor": "risk-debt", "factor-status": "present", "evidence": f"bell \x07, escape \x1b[2J, {LONG}"},
            {"factor": "risk-isolation", "factor-status": "present", "evidence": "\u202egnorw\u202c עברית العربية"},
        ],
        "groups": [{"group": "group-older-people", "presence": "present"}],
        "segments": [
            {"id": "a", "name": LONG, "segment-type": "neighbourhood", "disadvantage-rank": 1},
            {"id": "b", "name": "</td></table>", "segment-type": "neighbourhood", "disadvantage-rank": 2},
        ],
    },
    "exclusions": [{"excludes": "area-09", "reason": f'"><svg onload="window.harmed = true"> {LONG}'}],
    "interventions": [{"local-description": f"{SCRIPT} {LONG}", "approach": "universal"}],
}

Assessed = dict[str, Assessment]


def large_plan(knowledge: Knowledge) -> dict[str, Any]:
    """The plan of Oakmere with as many groups, neighbourhoods and exclusions as a great city has."""
    plan: dict[str, Any] = yaml.safe_load(PLANS["oakmere"].read_text(encoding="utf-8"))
    everybody = knowledge.subjects("rdf:type", MWKB + "PopulationGroup")
    at_risk = sorted(local_name(iri) for iri in everybody if knowledge.value(iri, "mwkb:atRisk") == "true")
    own = [segment for segment in plan["needs"]["segments"] if segment["segment-type"] == "neighbourhood"]
    more = [
        {"id": f"n{rank}", "name": f"Ward {rank}", "segment-type": "neighbourhood", "disadvantage-rank": rank}
        for rank in range(len(own) + 1, 12)
    ]
    plan["needs"]["segments"] += more
    plan["needs"]["groups"] = [{"group": group.removeprefix("kb/"), "presence": "present"} for group in at_risk[:18]]
    reason = "Commissioned with the neighbouring boroughs by the partnership of the county until 2030"
    plan["exclusions"] = [{"excludes": f"area-{number:02}", "reason": reason} for number in range(1, 10)]
    return plan


def noted_workbook(knowledge: Knowledge, folder: Path) -> Path:
    """A plan as a workbook that has something to note: a cell outside the form. What is missing names cells."""
    plan = yaml.safe_load(PLANS["little-marsh"].read_text(encoding="utf-8"))
    source, path = folder / "source.yaml", folder / "plan.xlsx"
    del plan["title"]
    source.write_text(
        yaml.safe_dump(plan | {"interventions": [{"delivers": "intervention-1"} for _ in range(2)]}), encoding="utf-8"
    )
    path.write_bytes(converted(read_plan(source), form(knowledge), ".xlsx"))
    book = openpyxl.load_workbook(path)
    book["Factors"]["H7"] = "a note to myself"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def found(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Assessed:
    hostile = tmp_path_factory.mktemp("plans") / "hostile.yaml"
    hostile.write_text(yaml.safe_dump(HOSTILE, allow_unicode=True), encoding="utf-8")
    large = hostile.with_name("large.yaml")
    large.write_text(yaml.safe_dump(large_plan(knowledge), allow_unicode=True), encoding="utf-8")
    paths = PLANS | {"hostile": hostile, "large": large, "workbook": noted_workbook(knowledge, hostile.parent)}
    return {name: assess(path, knowledge=knowledge) for name, path in paths.items()}


@pytest.fixture(scope="module")
def pages(found: Assessed, knowledge: Knowledge) -> dict[str, str]:
    return {name: assessment_html(each, knowledge) for name, each in found.items()}


each_page = pytest.mark.parametrize("name", [*PLANS, "hostile", "workbook"])


class Outline(HTMLParser):
    """The headings of a page, its tags and ids, and every address it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self._inside: int | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.ids += filter(None, [given.get("id")])
        self.links += filter(None, (given.get(name) for name in ("href", "src", "data", "action", "srcset", "poster")))
        if re.fullmatch("h[1-6]", tag):
            self._inside = int(tag[1])
            self.headings.append((self._inside, ""))

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]", tag):
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)


# What it says


def test_the_report_is_in_the_order_in_which_a_board_reads(pages: dict[str, str]) -> None:
    assert [re.sub(r" \(\d+\)", "", text) for level, text in Outline(pages["oakmere"]).headings if level == 2] == [
        "Verdict",
        "Key numbers",
        "What to fix first",
        "Decision matrix",
        "Coverage of the ten commissioning areas",
        "Intensity against disadvantage",
        "Details",
        "Recommendations",
        "Costs and savings",
        "Gaps",
        "Questions of the decision matrix",
        "Results of the checks",
        "What was checked",
        "What rests on interpretation",
        "Sources",
        "Versions",
    ]


@each_page
def test_the_key_numbers_add_up_to_the_findings(found: Assessed, name: str) -> None:
    assessment = found[name]
    shown = {re.sub(r"(?<=gap|ion)s", "", number.label): number for number in board.numbers(assessment)}
    gaps = shown["gap in the plan"]
    counts = [int(gaps.value), *map(int, re.findall(r"\d+", gaps.note))]
    assert sum(counts) == len(assessment.of_kind("plan-gap", "data-gap", "toolkit-gap"))
    assert int(shown["recommendation"].value) == len(assessment.of_kind("recommendation"))
    faults = [int(shown["violation"].value), *map(int, re.findall(r"\d+", shown["violation"].note))]
    assert sum(faults) == len(assessment.validation)


def test_violations_come_first_with_their_lines(found: Assessed, knowledge: Knowledge) -> None:
    shown = page(found["mistakes"], knowledge)
    assert not shown.conforms and shown.verdict[0].startswith("The plan cannot be read as it stands")
    assert {step.kind for step in shown.first} == {"Violation"}
    assert all(re.search(r"mistakes\.yaml, lines? \d+", step.where) for step in shown.first)


def test_equal_faults_of_several_entries_are_one_step(found: Assessed) -> None:
    step = next(step for step in board.steps(found["oakmere"]) if step.title.startswith("Sustainability"))
    assert "and 3 more" in step.title and len(re.findall(r"\d+", step.where)) == 6


def test_a_fault_of_thousands_of_entries_is_the_first_step(found: Assessed) -> None:
    fault = next(result for result in found["mistakes"].validation if result.severity == "violation")
    many = tuple(replace(fault, focus=str(n), about=f"Entry {n}", place=Place("plan.yaml", n)) for n in range(1, 3001))
    (step,) = board.first(board.steps(replace(found["mistakes"], findings=(), validation=many)))
    assert step.where == "plan.yaml, lines 1, 2, 3, 4, 5, 6 and 2994 more"


def test_a_step_that_fills_the_page_is_still_shown() -> None:
    step = board.Step("violation", "Violation", "Title", "word " * 2000, "plan.yaml")
    assert step.lines > board.LINES and board.first([step, step]) == (step,)
    assert board.first([]) == ()


def test_places_in_a_workbook_are_cells_in_the_order_of_their_sheet() -> None:
    cells = [Place("plan.xlsx", cell=f"Factors!{name}") for name in ("B10", "AA9", "B9")]
    assert board.where(cells) == "plan.xlsx, cells Factors!B9, Factors!AA9, Factors!B10"
    assert board.where([None, Place("plan.xlsx"), Place("plan.xlsx")]) == "plan.xlsx"


def test_what_to_fix_first_in_a_workbook_names_its_cells(found: Assessed, knowledge: Knowledge, pages: dict[str, str]) -> None:
    assert any(re.search(r"plan\.xlsx, cells? \w+![A-Z]+\d+", step.where) for step in page(found["workbook"], knowledge).first)
    assert ">cell Factors!H7<" in pages["workbook"]


def test_the_matrix_is_the_one_of_the_knowledge_base(found: Assessed, knowledge: Knowledge, pages: dict[str, str]) -> None:
    shown = matrix(found["oakmere"], knowledge)
    assert shown.priorities == (1, 2, 3, 4, 5) and [level for level, _, _ in shown.rows] == [3, 2, 1]
    for level, _, cells in shown.rows:
        for priority, cell in zip(shown.priorities, cells, strict=True):
            iri = next(
                iri
                for iri in knowledge.subjects("rdf:type", MWKB + "MatrixCell")
                if (knowledge.number(iri, "mwkb:evidenceValue"), knowledge.number(iri, "mwkb:priorityValue")) == (level, priority)
            )
            category = knowledge.value(iri, "mwkb:category") or ""
            assert (cell.category.name, cell.category.symbol) == (
                knowledge.label(category),
                knowledge.value(category, "skos:notation"),
            )
    placed = sum(len(cell.interventions) + cell.further for _, _, cells in shown.rows for cell in cells)
    assert placed == len(found["oakmere"].ratings)


def test_planned_interventions_that_are_not_rated_stand_below_the_matrix(found: Assessed, knowledge: Knowledge) -> None:
    assert re.match(r"1 planned intervention is not rated, .*: Canal boat crew", matrix(found["oakmere"], knowledge).says_unrated)
    planned = tuple(Thing(f"https://example.org/{n}", f"Offer {n}") for n in range(5))
    unrated = replace(found["oakmere"], ratings=(), planned=planned)
    assert matrix(unrated, knowledge).says_unrated.endswith(": Offer 0; Offer 1; Offer 2; and 2 more")
    assert "Planned and not rated: Offer 0; Offer 1; Offer 2; Offer 3; Offer 4<" in assessment_html(unrated, knowledge)
    rated = tuple(each.intervention for each in found["oakmere"].ratings)
    assert matrix(replace(found["oakmere"], planned=rated), knowledge).says_unrated == ""


def test_a_claim_on_what_is_planned_is_told_without_a_rating(found: Assessed, knowledge: Knowledge) -> None:
    unrated = replace(found["oakmere"], ratings=(), findings=())
    assert any("3a Social" in name for claim in page(unrated, knowledge).claims for name in claim.interventions)


def test_a_group_that_nothing_reaches_leads_the_coverage(found: Assessed) -> None:
    rows = coverage.group_rows(found["oakmere"])
    assert [(row.name, row.reached) for row in rows[:3]] == [
        ("Black and minority ethnic communities", "Not reached"),
        ("Children with disabilities", "Among others"),
        ("Older people in residential care", "Among others"),
    ]
    assert {row.reached for row in rows[3:]} == {"Targeted"}


def test_coverage_by_life_stage_begins_with_the_youngest(found: Assessed) -> None:
    stages = coverage.life_stages(found["oakmere"])
    assert [stage.label.split()[0] for stage in stages] == ["Children", "Adults", "Older"]
    rows = {row.number: [mark.text for mark in row.stages] for row in coverage.area_rows(found["oakmere"], stages)}
    assert rows["3"] == ["3", "–", "–"] and rows["6"] == ["–", "3", "3"] and rows["8"] == ["–", "1", "0"]


def test_what_an_area_lacks_stands_out_only_in_a_complete_section_and_without_an_exclusion(found: Assessed) -> None:
    stages = coverage.life_stages(found["oakmere"])
    lacking = {
        row.number: [mark.style == "lacking" for mark in (*row.stages, row.all)]
        for row in coverage.area_rows(found["oakmere"], stages)
    }
    assert lacking["8"] == [False, False, True, False] and lacking["10"] == [False, False, False, True]
    assert not any(lacking["1"])
    partial = replace(found["oakmere"], reach=replace(found["oakmere"].reach, is_complete=False))
    assert not any("lacking" in {m.style for m in (*row.stages, row.all)} for row in coverage.area_rows(partial, stages))


def test_an_intervention_that_is_planned_twice_counts_once(knowledge: Knowledge, tmp_path: Path) -> None:
    plan = tmp_path / "twice.yaml"
    entry = "{delivers: intervention-8a, approach: universal, for-groups: [life-stage-adults]}"
    plan.write_text(f"title: Twice\ninterventions: [{entry}, {entry}]\n", encoding="utf-8")
    found = assess(plan, knowledge=knowledge)
    row = next(row for row in coverage.area_rows(found, coverage.life_stages(found)) if row.number == "8")
    assert ([mark.text for mark in row.stages], row.all.text) == (["–", "1", "0"], "1")


def test_a_neighbourhood_says_why_its_intensity_is_not_known(knowledge: Knowledge, tmp_path: Path) -> None:
    plan = tmp_path / "unsaid.yaml"
    segments = [
        {"id": "a", "name": "Low End", "segment-type": "neighbourhood", "disadvantage-rank": 1},
        {"id": "b", "name": "Top End", "segment-type": "neighbourhood"},
    ]
    content = {"title": "Unsaid", "needs": {"segments": segments}, "interventions": [{"delivers": "intervention-8a"}]}
    plan.write_text(yaml.safe_dump(content), encoding="utf-8")
    found = assess(plan, knowledge=knowledge)
    assert [row.unknown for row in coverage.neighbourhood_rows(found)] == ["not known", "no rank"]
    text = assessment_html(found, knowledge)
    assert "Not known: an offer does not say its approach." in text and ">Not said</th>" in text


def test_neighbourhoods_that_say_everything_need_no_column_for_it(pages: dict[str, str]) -> None:
    assert "Not said" not in pages["oakmere"] and "Not known:" not in pages["oakmere"]


def test_the_gradient_says_one_point_and_which_rank_is_shared(found: Assessed) -> None:
    first, *_, last = found["oakmere"].reach.neighbourhoods

    def told(*neighbourhoods: NeighbourhoodReach) -> str:
        reach = replace(found["oakmere"].reach, neighbourhoods=neighbourhoods, average_intensity="1.0")
        return coverage.gradient(replace(found["oakmere"], findings=(), reach=reach))

    one, other = replace(first, intensity=1), replace(last, intensity=0)
    assert told(one, other) == (
        "Intensity is 1 point in Eastfield, the most disadvantaged, and 0 in High Oaks, the least; the average is 1.0."
    )
    assert "Eastfield, one of the most disadvantaged, and" in told(one, one, other)
    assert told(one, one) == told(one) == told() == told(replace(one, intensity=None), one, other) == ""


def test_a_plan_that_passes_gets_a_report_of_what_was_checked(found: Assessed, knowledge: Knowledge) -> None:
    shown = page(found["clean"], knowledge)
    assert shown.verdict[0] == "The plan can be read as it stands: no check found a fault."
    assert "No check found anything." in shown.checked.sentences
    assert shown.checked.failed == 0 and shown.checked.passed > 150
    assert sum(len(part.checks) for part in shown.parts) == len(found["clean"].checks)


def test_the_verdict_says_how_many_checks_had_nothing_to_look_at(found: Assessed, knowledge: Knowledge) -> None:
    checks = found["clean"].checks
    idle = replace(found["clean"], checks=(*(replace(check, looked_at=0) for check in checks[:5]), *checks[5:]))
    said = f"The plan can be read as it stands: no check found a fault; 5 of {len(checks)} had nothing to look at."
    assert page(idle, knowledge).verdict[0] == said and said in report_text.assessment(idle).replace("\n", " ")


def test_a_check_without_entries_does_not_count_as_passed(found: Assessed, knowledge: Knowledge, pages: dict[str, str]) -> None:
    shown = page(found["little-marsh"], knowledge)
    assert shown.checked.empty == sum(not check.looked_at for check in found["little-marsh"].checks) > 0
    assert pages["little-marsh"].count(">Nothing to look at<") == shown.checked.empty


@each_page
def test_every_result_belongs_to_a_check(found: Assessed, name: str) -> None:
    checked = {(check.shape, focus) for check in found[name].checks for focus in check.found}
    assert checked == {(breach.shape, breach.focus) for result in found[name].validation for breach in result.breaches}


def test_a_note_on_a_workbook_fails_the_check_of_its_form(found: Assessed, pages: dict[str, str]) -> None:
    check = next(check for check in found["workbook"].checks if check.shape == OUTDATED)
    assert (check.looked_at, check.found) == (1, (found["workbook"].plan.iri,))
    assert OUTDATED not in {check.shape for check in found["oakmere"].checks}


def test_a_check_that_a_name_not_known_has_broken_did_not_pass(found: Assessed) -> None:
    broken = {local_name(check.shape) for check in found["mistakes"].checks if check.found}
    assert {"S-09-approach-kind", "S-03-delivers-kind", "P-group-kind", "undefined-name"} <= broken


def test_a_check_that_only_an_unknown_name_breaks_refers_to_the_check_of_names(found: Assessed, knowledge: Knowledge) -> None:
    outcomes = {local_name(o.check.shape): o for part in page(found["mistakes"], knowledge).parts for o in part.checks}
    assert re.fullmatch(r"1 of \d+ breaks it; see Name", outcomes["S-09-approach-kind"].says)
    assert outcomes["P-group-size"].says.endswith("breaks it")


def test_what_was_not_checked_is_said_neither_to_pass_nor_to_be_readable(found: Assessed, knowledge: Knowledge) -> None:
    profile = replace(found["clean"], checks=(), validation=())
    text = assessment_html(profile, knowledge)
    assert "as it stands" not in text and "No check found" not in text and "0 checks" not in text
    assert "Nothing was checked" in text
    told = report_text.assessment(profile)
    assert "as it stands" not in told and "to be mended" not in told and "The rules found" in told


def test_the_command_that_explains_can_be_pasted_whatever_the_file_is_called(found: Assessed, knowledge: Knowledge) -> None:
    shown = replace(found["oakmere"], file="o'brien/the plan.yaml")
    said = html.unescape(assessment_html(shown, knowledge)), report_text.assessment(shown)
    for text in said:
        command = next(line for line in re.findall(r"mwkb explain [^<\n]+", text) if "recommendation" in line)
        *_, given = shlex.split(command)
        assert given.startswith("o'brien/the plan.yaml#recommendation/")


def test_reasons_that_are_long_are_told_whole_further_on(found: Assessed, pages: dict[str, str]) -> None:
    board_pages, details = pages["hostile"].split('<div class="details">')
    assert "is told further on" in board_pages and LONG not in board_pages.split("Coverage of the ten")[1].split("Intensity")[0]
    assert re.search(rf"Area 9, [\w ]+: .*{LONG}", details)
    assert "Area 1 is left out: Commissioned for Oakmere" in pages["oakmere"] and "Areas left out" not in pages["oakmere"]


def test_figures_on_costs_come_with_a_warning(pages: dict[str, str]) -> None:
    assert "These figures cannot be compared or added up." in pages["oakmere"]


def test_sources_are_passages_with_lines(found: Assessed, knowledge: Knowledge) -> None:
    passages = page(found["oakmere"], knowledge).passages
    assert next(p for p in passages if p.name.startswith("Section 5.8,")).lines
    assert all(passage.cited_by for passage in passages)
    assert len({passage.name for passage in passages}) == len(passages)


def test_the_report_names_versions_and_parameters(pages: dict[str, str]) -> None:
    for words in ("Knowledge base", "Shapes", "content ", "gradient-share=0.25", "Strict"):
        assert words.casefold() in pages["oakmere"].casefold()


# How it is built


@each_page
def test_headings_are_in_order_and_links_lead_somewhere(pages: dict[str, str], name: str) -> None:
    outline = Outline(pages[name])
    levels = [level for level, _ in outline.headings]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert len(set(outline.ids)) == len(outline.ids)
    assert {link.removeprefix("#") for link in outline.links} <= set(outline.ids)


@each_page
def test_a_page_holds_no_script_and_names_no_address(pages: dict[str, str], name: str) -> None:
    outline = Outline(pages[name])
    assert {"script", "img", "svg", "iframe", "object", "link", "form"}.isdisjoint(outline.tags)
    assert "url(" not in pages[name].split("</style>")[0] and "@import" not in pages[name]


def test_what_stands_in_a_plan_stays_text(pages: dict[str, str]) -> None:
    text = pages["hostile"]
    assert "<title>&lt;script&gt;" in text and "{{ 7 * 7 }}" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    assert "bell \ufffd, escape \ufffd[2J" in text


def test_the_same_plan_gives_the_same_page(pages: dict[str, str], found: Assessed, knowledge: Knowledge) -> None:
    assert assessment_html(assess(PLANS["oakmere"], knowledge=knowledge), knowledge) == pages["oakmere"].replace(
        found["oakmere"].file, str(PLANS["oakmere"])
    )


def test_more_than_fits_is_listed_further_on(knowledge: Knowledge, tmp_path: Path) -> None:
    segments = [
        {"id": f"n{i}", "name": f"Ward {i}", "segment-type": "neighbourhood", "disadvantage-rank": i} for i in range(1, 31)
    ]
    plan = tmp_path / "wards.yaml"
    plan.write_text(yaml.safe_dump({"title": "Many wards", "needs": {"segments": segments}}), encoding="utf-8")
    text = assessment_html(assess(plan, knowledge=knowledge), knowledge)
    board_pages, details = text.split('<div class="details">')
    row = '<th scope="row" dir="auto">Ward '
    assert board_pages.count(row) == coverage.MOST_NEIGHBOURHOODS < details.count(row) == 30


def test_a_long_name_is_whole_in_the_list_of_all_neighbourhoods(pages: dict[str, str]) -> None:
    board_pages, details = pages["hostile"].split('<div class="details">')
    row = '<th scope="row" dir="auto">'
    assert f"{row}{LONG[: coverage.LONGEST_NAME]}... <" in board_pages and f"{row}{LONG} <" in details


# In a browser


Opened = Callable[[str, int], Any]


@pytest.fixture(scope="module")
def opened(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Open a page in a browser without a network, at a width; whatever it asks for but itself is an error."""
    if BROWSER is None:
        pytest.skip("there is no browser")
    from playwright.sync_api import sync_playwright

    folder = tmp_path_factory.mktemp("browser")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder / "profile", executable_path=BROWSER, headless=True, args=FLAGS, offline=True
        )
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))

        def open_page(name: str, width: int) -> Any:
            (folder / f"{name}.html").write_text(pages[name], encoding="utf-8")
            view = context.pages[0]
            asked.clear()
            view.set_viewport_size({"width": width, "height": 800})
            view.goto((folder / f"{name}.html").as_uri())
            assert asked == [(folder / f"{name}.html").as_uri()], "the page asks for something"
            return view

        yield open_page
        context.close()


@each_page
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation(opened: Opened, name: str, width: int) -> None:
    view = opened(name, width)
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    report = view.evaluate("async source => { (0, eval)(source); return await axe.run() }", AXE.read_text(encoding="utf-8"))
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in report["violations"]] == []


@each_page
def test_a_narrow_window_need_not_be_scrolled_sideways(opened: Opened, name: str) -> None:
    view = opened(name, 320)
    assert view.evaluate("document.documentElement.scrollWidth") == 320


def test_wide_tables_scroll_in_a_region_that_the_keyboard_reaches(opened: Opened) -> None:
    view = opened("oakmere", 320)
    region = "t.closest('[role=region][tabindex=\"0\"]')"
    regions = view.evaluate(f"[...document.querySelectorAll('table')].map(t => {region}?.getAttribute('aria-labelledby'))")
    assert regions and all(regions)
    captions = view.evaluate("[...document.querySelectorAll('caption')].map(c => c.id)")
    assert regions == captions


def test_the_first_tab_offers_to_skip_to_the_report(opened: Opened) -> None:
    view = opened("oakmere", 1280)
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert view.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    view.keyboard.press("Enter")
    assert view.evaluate("document.activeElement.id") == "report"


def test_nothing_in_a_plan_runs(opened: Opened) -> None:
    view = opened("hostile", 1280)
    assert view.evaluate("window.harmed === undefined")
    assert view.title().startswith(SCRIPT)


# As PDF


def needs_weasyprint() -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        pytest.skip(f"WeasyPrint cannot be used: {error}")


@pytest.fixture(scope="module")
def printed(found: Assessed, knowledge: Knowledge) -> Any:
    needs_weasyprint()
    from mwkb.report.pdf import assessment_pdf

    return {name: assessment_pdf(found[name], knowledge) for name in (*PLANS, "hostile", "large")}


def text_of(content: bytes) -> list[str]:
    import pypdfium2

    return [re.sub(r"\s+", " ", sheet.get_textpage().get_text_range()) for sheet in pypdfium2.PdfDocument(content)]


@pytest.mark.parametrize("name", [*PLANS, "large"])
def test_the_first_two_sheets_serve_a_board_and_details_follow(printed: Any, found: Assessed, name: str) -> None:
    sheets = text_of(printed[name])
    first = " ".join(sheets[:2])
    for words in ("Verdict", "Key numbers", "What to fix first", "Decision matrix", "Coverage of the ten", "Intensity against"):
        assert words in first
    assert sheets[2].startswith("Details")
    assert all(f"Page {n} of {len(sheets)}" in sheet for n, sheet in enumerate(sheets, 1))
    assert all(found[name].plan.label in sheet for sheet in sheets)


def test_a_pdf_is_tagged_and_has_bookmarks(printed: Any) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(printed["oakmere"])
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
    assert document.get_metadata_dict()["Title"] == "Mental wellbeing plan for Oakmere 2027 to 2030: assessment"
    titles = [bookmark.get_title() for bookmark in document.get_toc()]
    assert {"Verdict", "Decision matrix", "What was checked", "Versions"} <= set(titles)


def test_a_plan_cannot_make_the_pdf_ask_for_anything(pages: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    needs_weasyprint()
    from weasyprint.urls import URLFetcher

    from mwkb.report.pdf import printed

    asked: list[str] = []
    given: list[str] = []
    fetch = URLFetcher.fetch

    def recorded(fetcher: Any, url: str, *others: Any) -> Any:
        asked.append(url)
        response = fetch(fetcher, url, *others)
        given.append(url)
        return response

    monkeypatch.setattr(URLFetcher, "fetch", recorded)
    assert "<script>" in " ".join(text_of(printed(pages["hostile"]))[:2]) and asked == []
    # What a page does name is seen here, and is refused.
    picture = (ROOT / "docs/report-page-1.png").as_uri()
    printed(f'<html lang="en"><title>A page</title><img alt="" src="{picture}">')
    assert asked == [picture] and given == []


def test_the_same_plan_gives_the_same_pdf(printed: Any, found: Assessed, knowledge: Knowledge) -> None:
    from mwkb.report.pdf import assessment_pdf

    assert assessment_pdf(found["clean"], knowledge) == printed["clean"]
    assert not re.search(rb"/(CreationDate|ModDate)", printed["clean"])


# On the command line


def test_a_report_is_written_by_the_ending_of_its_file(mwkb: Mwkb, tmp_path: Path) -> None:
    needs_weasyprint()
    for ending, starts in ((".html", b"<!DOCTYPE html>"), (".pdf", b"%PDF-")):
        assert mwkb("assess", str(PLANS["clean"]), "-o", str(tmp_path / f"report{ending}")) == (0, "", "")
        assert (tmp_path / f"report{ending}").read_bytes().startswith(starts)


def test_a_pdf_is_not_sent_to_a_terminal(mwkb: Mwkb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    code, out, err = mwkb("assess", str(PLANS["clean"]), "--format", "pdf")
    assert (code, out) == (2, "")
    assert err == "error: A terminal cannot show the format 'pdf'. Write to a file: -o report.pdf.\n"


def test_without_weasyprint_one_line_says_what_to_install(mwkb: Mwkb, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    code, out, err = mwkb("assess", str(PLANS["clean"]), "-o", str(tmp_path / "report.pdf"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "pip install 'mwkb[pdf]'" in err and not (tmp_path / "report.pdf").exists()


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_validation_alone_makes_no_page(mwkb: Mwkb, form: str) -> None:
    code, _, err = mwkb("validate", str(PLANS["clean"]), "--format", form)
    assert code == 2 and f"This command has no format '{form}'" in err
