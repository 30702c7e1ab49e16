"""A plan as a workbook: what the template asks, and that what a plan says stays as it is."""

from __future__ import annotations

import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from openpyxl import load_workbook

from mwkb.form import Field, Part
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.plan.structure import CLASSES, context
from mwkb.plan.tree import read_tree
from mwkb.store import turtle_store
from mwkb.submission import converted, written
from mwkb.vocabulary import MWKB, RDF, expand
from mwkb.workbook.layout import FIRST, HEAD, INSTRUCTIONS, KEYS, LISTS, PLAN, tables
from test_properties import full_plans, law
from workbooks import (
    PLANS,
    ROOT,
    SOFFICE,
    Filled,
    asked,
    column,
    empty_template,
    through,
    triples,
)

# The template


def fields() -> list[tuple[Part, Field]]:
    return [(part, field) for part in asked().parts for field in part.fields]


def test_the_form_asks_for_every_key_of_a_plan_and_for_none_twice_in_a_part() -> None:
    for part in asked().parts:
        assert len({field.key for field in part.fields}) == len(part.fields), part.key
    keys = {key for key, about in context().items() if isinstance(about, dict)}
    assert {field.key for _, field in fields()} | {part.key for part in asked().parts} - {"plan"} == keys


def test_the_form_asks_only_for_what_the_shapes_allow_and_calls_it_by_the_same_name() -> None:
    names: dict[tuple[str, str], set[str]] = {}
    for found in turtle_store(ROOT / "rules/shapes/plan.ttl").query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT ?class ?path ?name { ?node sh:targetClass ?class ; sh:property ?shape . ?shape sh:path ?path ; sh:name ?name }"""
    ):
        names.setdefault((found["class"].value, found["path"].value), set()).add(found["name"].value)
    for part, field in fields():
        about = MWKB + CLASSES.get(part.key, "LocalityPlan"), expand(context()[field.key]["@id"])
        assert field.label in names.get(about, ()), (part.key, field.key)


def test_the_template_holds_every_field_of_every_part_with_stars_lists_and_versions() -> None:
    book = load_workbook(io.BytesIO(empty_template()))
    assert book.sheetnames == [INSTRUCTIONS, PLAN, *(part.label for part in tables(asked())), LISTS]
    lists = {tuple(cell.value for cell in column if cell.value) for column in book[LISTS].iter_cols()}
    rows = {str(row[0].value): row[1].value for row in book[PLAN].iter_rows()}
    for part, field in fields():
        if field.kind == "part":
            continue
        star = " *" if field.need == "violation" else ""
        if part.several:
            sheet = book[part.label]
            labels = [str(sheet.cell(HEAD, cell.column).value) for cell in sheet[KEYS] if cell.value == field.key]
            assert labels and all(re.fullmatch(re.escape(field.label) + r"( \d)?" + re.escape(star), label) for label in labels)
        else:
            assert rows[field.key if part.key == "plan" else f"{part.key}.{field.key}"] == field.label + star
        if field.choices:
            assert (f"{part.label}: {field.label}", *(choice.label for choice in field.choices)) in lists
    versions = {str(row[0].value): row[2].value for row in book[INSTRUCTIONS].iter_rows(max_col=3)}
    assert versions["template-version"] == asked().version
    assert versions["knowledge-base"] == asked().knowledge_version


def test_the_drop_downs_list_exactly_the_choices_of_the_knowledge_base(knowledge: Knowledge) -> None:
    book = load_workbook(io.BytesIO(empty_template()))
    sheet = book["Interventions"]
    letter = column(book, "interventions", "delivers")
    rule = next(rule for rule in sheet.data_validations.dataValidation if f"{letter}{FIRST}" in rule.sqref)
    cells = book.defined_names[str(rule.formula1).lstrip("=")].attr_text  # by name, which every program keeps
    name, _, area = str(cells).partition("!")
    listed = {row[0].value for row in book[name][area.replace("$", "")]}
    delivers = next(field for field in asked().part("interventions").fields if field.key == "delivers")
    assert listed == {choice.label for choice in delivers.choices}
    assert {expand("kb:" + choice.name) for choice in delivers.choices} == set(
        knowledge.subjects("rdf:type", MWKB + "Intervention")
    )


def test_an_untouched_template_is_a_plan_that_says_nothing(filled: Filled) -> None:
    plan = read_plan(filled(lambda book: None))
    assert [quad.predicate.value for quad in plan.quads] == [RDF + "type"]
    assert (plan.unknown_keys, plan.notes) == ((), ())


def test_sheets_print_on_their_side_with_the_headings_on_every_page_and_hide_what_is_for_the_program() -> None:
    book = load_workbook(io.BytesIO(empty_template()))
    for sheet in book.worksheets:
        if sheet.title == LISTS:
            assert sheet.sheet_state == "hidden"
            continue
        assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book["Interventions"].row_dimensions[KEYS].hidden and book[PLAN].column_dimensions["A"].hidden
    assert book["Interventions"].print_title_rows == "$1:$2"


# There and back


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name)
def test_a_plan_in_the_workbook_reads_as_the_same_triples_and_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    plan = read_plan(path)
    content = converted(plan, asked(), ".xlsx")
    (copy := tmp_path / "copy.xlsx").write_bytes(content)
    again = read_plan(copy)
    assert triples(again) == triples(plan)
    assert (again.unknown_keys, again.notes) == ((), ())
    assert converted(again, asked(), ".xlsx") == content


@settings(law, max_examples=12)
@given(full_plans())
def test_whatever_a_plan_says_the_workbook_says_it_too(keys: dict[str, Any]) -> None:
    for entry in keys["interventions"]:
        entry["evaluation"] = entry["evaluation"] or "none"  # a cell cannot hold an empty text, and conversion refuses it
    if not any(keys["needs"].values()):
        del keys["needs"]  # nor an entry that says nothing
    plan = read_tree(yaml.safe_dump(keys), "plan.yaml")
    with TemporaryDirectory() as folder:
        (copy := Path(folder) / "plan.xlsx").write_bytes(written(plan, asked(), ".xlsx"))
        again = read_plan(copy)
    assert (triples(again), again.unknown_keys, again.notes) == (triples(plan), (), ())


def test_marks_of_many_scripts_and_long_texts_stay(tmp_path: Path) -> None:
    title = "Tea\u00a0☕ 😀 \u200d é \u2028 _x0041_ <b>&amp; \u202eabc " + "x" * 32_000
    plan = read_tree(yaml.safe_dump({"title": title, "governance": "one\ntwo\n"}), "plan.yaml")
    (copy := tmp_path / "copy.xlsx").write_bytes(converted(plan, asked(), ".xlsx"))
    assert triples(read_plan(copy)) == triples(plan)


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 161 496 0000", "-", "@SUM(A1)", "=cmd|' /C calc'!A0", "2027-04-01", "1e5", "TRUE", "30%"]
)
def test_a_text_that_a_spreadsheet_would_run_or_change_stays_text(text: str, tmp_path: Path) -> None:
    plan = read_tree(yaml.safe_dump({"title": text}), "plan.yaml")
    (copy := tmp_path / "copy.xlsx").write_bytes(converted(plan, asked(), ".xlsx"))
    cell = next(row[2] for row in load_workbook(copy)[PLAN].iter_rows() if row[0].value == "title")
    assert (cell.data_type, cell.value) == ("s", text)
    assert triples(read_plan(copy)) == triples(plan)


LEADS = "partners: [{name: Council}, {name: %s}]\ninterventions: [{delivers: intervention-3a, lead: partners/%s}]"


@pytest.mark.parametrize(
    "text",
    [
        LEADS % ("Council", 2),
        LEADS % ("council", 2),
        LEADS % ("partners/1", 2),
        "partners: [{name: A}, {name: A, id: b}, {name: B}]\ninterventions: [{delivers: intervention-3a, lead: b}]",
        "partners: [{id: p, sector: health}]\ninterventions: [{delivers: intervention-3a, lead: p}]",
        "interventions: [{cost: 12500.50}, {cost: 007}, {cost: 0.1}, {cost: 1e5}, {cost: 1e999999}]",
        "start: 20270401\nend: 2027-W13-4\nsubmitted: 1899-12-31",
        "needs: {id: n, segments: [{name: A}]}\ninterventions: [{delivers: intervention-3a, for-segments: n/segments/1}]",
    ],
    ids=["one name", "in another case", "like an IRI", "like an id", "no name", "numbers", "dates", "segment"],
)
def test_what_looks_alike_stays_apart_in_the_workbook(text: str, tmp_path: Path) -> None:
    plan = read_tree(text, "plan.yaml")
    (copy := tmp_path / "plan.xlsx").write_bytes(converted(plan, asked(), ".xlsx"))
    assert triples(read_plan(copy)) == triples(plan)


def test_a_reference_to_nothing_is_never_taken_for_a_name_or_a_number(tmp_path: Path) -> None:
    outcome = "{name: a, leads-to: '1'}"
    text = f"interventions: [{{delivers: intervention-3a, lead: council, outcomes: [{outcome}]}}]\npartners: [{{name: Council}}]"
    plan = read_tree(text, "plan.yaml")
    (path := tmp_path / "plan.xlsx").write_bytes(written(plan, asked(), ".xlsx"))
    assert {key.key.removeprefix(plan.iri) for key in read_plan(path).unknown_keys} == {"/council", "/1"}


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("path", [PLANS[2]], ids=lambda path: path.name)
def test_a_workbook_saved_by_libreoffice_says_the_same(path: Path, tmp_path: Path) -> None:
    plan = read_plan(path)
    (copy := tmp_path / "plan.xlsx").write_bytes(converted(plan, asked(), ".xlsx"))
    again = read_plan(through(copy, tmp_path / "saved"))
    assert (triples(again), again.notes, again.unknown_keys) == (triples(plan), (), ())


def test_the_unchecked_workbook_keeps_a_name_that_is_not_known_in_its_cell(tmp_path: Path) -> None:
    plan = read_tree("interventions: [{delivers: intervention-6iiii}]", "plan.yaml")
    (path := tmp_path / "plan.xlsx").write_bytes(written(plan, asked(), ".xlsx"))
    assert [key.key for key in read_plan(path).unknown_keys] == ["intervention-6iiii"]


def test_every_field_has_a_label_and_help() -> None:
    assert all(field.label and field.help.endswith(".") for _, field in fields())
