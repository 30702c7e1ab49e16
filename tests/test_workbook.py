"""A plan as a workbook: what the template asks, what is read back from it, and what is refused."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from conftest import Mwkb
from mwkb import knowledge as knowledge_base
from mwkb.form import Field, Form, Part, form
from mwkb.knowledge import Knowledge, turtle_store
from mwkb.plan import Limits, Plan, read_plan
from mwkb.plan.structure import CLASSES, context
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem
from mwkb.submission import converted, template, written
from mwkb.validate import UNDEFINED, validate
from mwkb.vocabulary import MWKB, RDF, expand
from mwkb.workbook.layout import FIRST, HEAD, INSTRUCTIONS, KEYS, LISTS, PLAN, tables
from test_properties import full_plans, law

ROOT = Path(__file__).parents[1]
PLANS = [
    ROOT / "examples/little-marsh.yaml",
    ROOT / "examples/little-marsh.ttl",
    ROOT / "examples/oakmere.yaml",
    ROOT / "tests/plans/clean.yaml",
]
Edit = Callable[[Workbook], None]


@cache
def asked() -> Form:
    return form(knowledge_base.load())


@cache
def empty_template() -> bytes:
    return template(asked(), ".xlsx")


@pytest.fixture
def filled(tmp_path: Path) -> Callable[..., Path]:
    """A plan, or the empty template, as a workbook in which a person changes something."""

    def write(edit: Edit, plan: Path | None = None, name: str = "plan.xlsx") -> Path:
        content = converted(read_plan(plan), asked(), ".xlsx") if plan else empty_template()
        book = load_workbook(io.BytesIO(content))
        edit(book)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def column(book: Workbook, part: str, key: str) -> str:
    """The letter of the first column with a key, on the sheet of a part."""
    sheet = book[asked().part(part).label]
    return next(cell.column_letter for cell in sheet[KEYS] if cell.value == key)


def put(book: Workbook, part: str, key: str, value: Any, row: int = FIRST) -> None:
    book[asked().part(part).label][f"{column(book, part, key)}{row}"] = value


def put_once(book: Workbook, key: str, value: Any) -> None:
    row = next(cell.row for cell in book[PLAN]["A"] if cell.value == key)
    book[PLAN][f"C{row}"] = value


def triples(plan: Plan) -> set[Any]:
    return {quad.triple for quad in plan.quads}


def said(plan: Plan) -> dict[str, str]:
    """What a plan says, by property: for plans that say each thing once."""
    return {
        q.predicate.value.rpartition("#")[2]: getattr(q.object, "value", "")
        for q in plan.quads
        if q.predicate.value != RDF + "type"
    }


def problem(path: Path) -> InputProblem:
    with pytest.raises(InputProblem) as raised:
        read_plan(path)
    assert str(raised.value).startswith(str(path)) and "\n" not in str(raised.value)
    return raised.value


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
    name, _, area = str(rule.formula1).lstrip("=").partition("!")
    listed = {row[0].value for row in book[name][area.replace("$", "")]}
    delivers = next(field for field in asked().part("interventions").fields if field.key == "delivers")
    assert listed == {choice.label for choice in delivers.choices}
    assert {expand("kb:" + choice.name) for choice in delivers.choices} == set(
        knowledge.subjects("rdf:type", MWKB + "Intervention")
    )


def test_an_untouched_template_is_a_plan_that_says_nothing(filled: Callable[..., Path]) -> None:
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


@pytest.mark.parametrize("text", ["=1+1", "+44 161 496 0000", "-", "@SUM(A1)", "=cmd|' /C calc'!A0", "2027-04-01", "1e5", "TRUE"])
def test_a_text_that_a_spreadsheet_would_run_or_change_stays_text(text: str, tmp_path: Path) -> None:
    plan = read_tree(yaml.safe_dump({"title": text}), "plan.yaml")
    (copy := tmp_path / "copy.xlsx").write_bytes(converted(plan, asked(), ".xlsx"))
    cell = next(row[2] for row in load_workbook(copy)[PLAN].iter_rows() if row[0].value == "title")
    assert (cell.data_type, cell.value) == ("s", text)
    assert triples(read_plan(copy)) == triples(plan)


# What a person writes


@pytest.mark.parametrize("value", ["2027-04-01", date(2027, 4, 1)], ids=["text", "date"])
def test_a_date_may_be_a_date_or_text(filled: Callable[..., Path], value: Any) -> None:
    assert said(read_plan(filled(lambda book: put_once(book, "start", value))))["periodStart"] == "2027-04-01"


@pytest.mark.parametrize(("value", "read"), [(0.1 + 0.2, "0.3"), (30, "30"), (30.0, "30"), ("30", "30"), (1e15, "1" + "0" * 15)])
def test_a_number_is_read_in_the_digits_that_a_spreadsheet_shows(filled: Callable[..., Path], value: Any, read: str) -> None:
    assert said(read_plan(filled(lambda book: put_once(book, "upstream-share", value))))["upstreamShare"] == read


@pytest.mark.parametrize(("value", "read"), [("Yes", "true"), ("no", "false"), (True, "true"), (False, "false")])
def test_yes_and_no_may_be_words_or_logical_values(filled: Callable[..., Path], value: Any, read: str) -> None:
    assert (
        said(read_plan(filled(lambda book: put_once(book, "task-group.delegated-authority", value))))["delegatedAuthority"]
        == read
    )


@pytest.mark.parametrize("value", ["6iii Debt counselling and advice", " 6III DEBT COUNSELLING AND ADVICE ", "intervention-6iii"])
def test_a_choice_may_be_a_label_in_any_case_or_a_name(filled: Callable[..., Path], value: str) -> None:
    path = filled(lambda book: put(book, "interventions", "delivers", value))
    assert said(read_plan(path))["delivers"] == expand("kb:intervention-6iii")


def test_a_finding_names_the_cell_of_a_value_and_the_empty_cell_of_what_is_missing(
    filled: Callable[..., Path], knowledge: Knowledge
) -> None:
    def edit(book: Workbook) -> None:
        put(book, "interventions", "delivers", "intervention-1", 5)
        put(book, "interventions", "cost", "cheap", 5)

    path = filled(edit)
    book = load_workbook(path)
    places = {(r.field, str(r.place)) for r in validate(knowledge, read_plan(path))}
    assert ("Cost", f"{path}:Interventions!{column(book, 'interventions', 'cost')}5") in places
    assert ("Approach", f"{path}:Interventions!{column(book, 'interventions', 'approach')}5") in places
    assert ("Title", f"{path}:Plan!C2") in places


def test_a_misspelt_choice_is_answered_once_with_the_label_that_was_meant(
    filled: Callable[..., Path], knowledge: Knowledge
) -> None:
    path = filled(lambda book: put(book, "interventions", "delivers", "Debt counseling and advise"))
    cell = f"{path}:Interventions!{column(load_workbook(path), 'interventions', 'delivers')}{FIRST}"
    about = [result for result in validate(knowledge, read_plan(path)) if str(result.place) == cell]
    assert [result.shape for result in about] == [UNDEFINED]
    assert "Did you mean 6iii Debt counselling and advice?" in about[0].message


# What is outside the form is said, not lost in silence


def outdated(book: Workbook) -> None:
    cell = next(row[2] for row in book[INSTRUCTIONS].iter_rows() if row[0].value == "template-version")
    cell.value = "0.0.1"


def stray(book: Workbook) -> None:
    book["Factors"]["H7"] = "a note to myself"


def stray_on_plan(book: Workbook) -> None:
    book[PLAN]["C1"] = "written beside the heading"


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (outdated, "version 0.0.1 of the template; the present one is"),
        (lambda book: book.remove(book[INSTRUCTIONS]), "no template that mwkb knows"),
        (lambda book: book.remove(book["Factors"]), "no sheet 'Factors'"),
        (lambda book: setattr(book["Factors"], "title", "Our factors"), "no sheet 'Factors'"),
        (stray, "outside the form"),
        (stray_on_plan, "outside the form"),
    ],
    ids=["another version", "no instructions", "no sheet", "renamed sheet", "column of one's own", "beside a heading"],
)
def test_what_is_not_read_is_said_with_what_to_do(
    filled: Callable[..., Path], mwkb: Mwkb, tmp_path: Path, edit: Edit, says: str
) -> None:
    path = filled(edit, PLANS[0])
    assert says in " ".join(mwkb("validate", str(path)).out.split())
    done = mwkb("convert", str(path), "-o", str(tmp_path / "plan.yaml"))
    assert done.code == 0 and says in done.err


def merged(book: Workbook) -> None:
    book["Factors"].merge_cells("A4:C5")


def formatted(book: Workbook) -> None:
    from openpyxl.styles import PatternFill

    for row in range(100, 10_100):
        book["Interventions"].cell(row, 2).fill = PatternFill("solid", fgColor="FFFFFF00")


def rows_shift(book: Workbook) -> None:
    book["Interventions"].insert_rows(FIRST)


@pytest.mark.parametrize(
    "edit",
    [
        lambda book: book.create_sheet("Our notes").append(["=1+1", "anything"]),
        formatted,
        lambda book: book["Partners"].delete_cols(3),
        rows_shift,
    ],
    ids=["another sheet", "ten thousand empty rows", "a column taken out", "an empty row"],
)
def test_what_people_do_to_sheets_does_no_harm(filled: Callable[..., Path], edit: Edit) -> None:
    plan = read_plan(filled(edit, PLANS[0]))
    assert plan.notes == () and len(plan.quads) > 20


def test_an_assessment_marks_merged_cells_too(filled: Callable[..., Path], mwkb: Mwkb, tmp_path: Path) -> None:
    path = filled(merged, PLANS[0])
    assert mwkb("assess", str(path), "-o", str(tmp_path / "found.xlsx")).code in (0, 1)


# What cannot be read


def wrong_number(book: Workbook) -> None:
    put(book, "outcomes", "owner", 77)
    put(book, "outcomes", "name", "Less debt")


def number_twice(book: Workbook) -> None:
    put(book, "interventions", "#", 2, FIRST)
    put(book, "interventions", "#", 2, FIRST + 1)


def vast(book: Workbook) -> None:
    book["Factors"]["XFD1048576"] = "x"


@pytest.mark.parametrize(
    ("edit", "cell", "says"),
    [
        (lambda book: put_once(book, "title", "=A1"), "Plan!C2", "A formula is not read. Put its result in its place."),
        (lambda book: put_once(book, "title", "#REF!"), "Plan!C2", "the error #REF!"),
        (lambda book: book["Factors"].delete_rows(KEYS), "Factors!A3", "The hidden row with the keys of the columns is gone."),
        (lambda book: book[PLAN].delete_cols(1), "Plan!A1", "The hidden column A"),
        (lambda book: book.remove(book[PLAN]), None, "There is no sheet 'Plan'. Start from a workbook that mwkb template"),
        (wrong_number, "Outcomes!B4", "'77' is no number on the sheet 'Interventions'."),
        (number_twice, "Interventions!A5", "The number 2 is given twice."),
        (vast, None, "spans 1,048,576 rows and 16,384 columns"),
    ],
    ids=["formula", "error", "no key row", "no key column", "no plan", "no such row", "number twice", "vast"],
)  # fmt: skip
def test_a_workbook_that_cannot_be_understood_is_refused_with_its_cell(
    filled: Callable[..., Path], mwkb: Mwkb, edit: Edit, cell: str | None, says: str
) -> None:
    path = filled(edit, PLANS[2])
    found = problem(path)
    assert says in str(found)
    assert found.place and found.place.cell == cell
    done = mwkb("assess", str(path))
    assert done.code == 2 and len(done.err.splitlines()) == 1


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return stream.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """The template with one of its files replaced, or one more."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(empty_template())) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content)
    return stream.getvalue()


def docx() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>")
        archive.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zip_bomb, "unpacks to more than 50 MB"),
        (lambda: empty_template()[:20_000], "not a workbook that can be read. Save it as .xlsx."),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older workbook (.xls), or has a password"),
        (docx, "The workbook is damaged"),
        (lambda: with_part("xl/workbook.xml", LAUGHS), "The workbook is damaged"),
        (lambda: with_part("xl/worksheets/sheet2.xml", b"<worksheet"), "The workbook is damaged"),
        (lambda: b"title: x\n", "not a workbook"),
        (lambda: b"", "not a workbook"),
    ],
    ids=["bomb", "cut off", "xls or password", "docx", "entities", "broken sheet", "text", "empty"],
)
def test_a_file_that_is_no_workbook_is_refused_in_one_line(
    mwkb: Mwkb, tmp_path: Path, content: Callable[[], bytes], says: str
) -> None:
    (path := tmp_path / "plan.xlsx").write_bytes(content())
    done = mwkb("assess", str(path))
    assert done.code == 2 and says in done.err and len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("limits", "says"),
    [(Limits(unpacked=20_000), "unpacks to more than 0.02 MB"), (Limits(cells=20), r"spans \d+ rows and \d+ columns")],
)
def test_the_limits_of_a_workbook_are_parameters_of_reading(filled: Callable[..., Path], limits: Limits, says: str) -> None:
    with pytest.raises(InputProblem, match=says):
        read_plan(filled(lambda book: None), limits)


def test_macros_and_links_to_other_files_are_left_alone(tmp_path: Path) -> None:
    (path := tmp_path / "plan.xlsx").write_bytes(with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"))
    assert len(read_plan(path).quads) == 1


@cache
def parts_of_oakmere() -> dict[str, bytes]:
    content = converted(read_plan(ROOT / "examples/oakmere.yaml"), asked(), ".xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_damaged_workbook_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    """Bytes of one of its parts are changed, taken away or doubled."""
    parts = dict(parts_of_oakmere())
    name = data.draw(st.sampled_from(sorted(parts)))
    start = data.draw(st.integers(0, len(parts[name]) - 1))
    end = min(start + data.draw(st.integers(1, 40)), len(parts[name]))
    new = data.draw(st.sampled_from([b"", b"<", b"&x;", b"-1", b"999999999999", b"\x00", parts[name][start:end] * 2]))
    parts[name] = parts[name][:start] + new + parts[name][end:]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for each, content in parts.items():
                archive.writestr(each, content)
        try:
            plan = read_plan(path)
        except InputProblem as problem:
            assert "\n" not in str(problem)
            return
        validate(knowledge_base.load(), plan)


# The whole way of somebody new


def test_a_plan_is_written_assessed_mended_in_place_and_assessed_again(mwkb: Mwkb, tmp_path: Path) -> None:
    (empty, first, found, mended) = (tmp_path / f"{name}.xlsx" for name in ("empty", "first", "found", "mended"))
    assert mwkb("template", "-o", str(empty)).code == 0
    book = load_workbook(empty)
    for key, value in (
        ("title", "Wellbeing in Elmfold"),
        ("version", "1"),
        ("submitted", date(2027, 1, 31)),
        ("start", date(2027, 4, 1)),
        ("end", date(2030, 3, 31)),
        ("locality.name", "Elmfold"),
        ("locality.gss", "E99999909"),
    ):
        put_once(book, key, value)
    put(book, "factors", "factor", "Debt")
    put(book, "factors", "factor-status", "Risk factor present")
    put(book, "partners", "name", "Elmfold Council")
    put(book, "interventions", "delivers", "6iii Debt counselling and advic")
    put(book, "interventions", "approach", "Universal")
    put(book, "interventions", "lead", "Elmfold Council")
    book.save(first)
    if soffice := shutil.which("soffice"):
        first = through(soffice, first, tmp_path / "saved")

    assert mwkb("assess", str(first), "-o", str(found)).code == 1
    before = findings(found)
    lead = next(line for line in before if "6iii Debt counselling and advice" in line[4])
    assert lead[1] == "Violation" and "Did you mean" in lead[4]

    book = load_workbook(found)
    sheet, _, cell = lead[2].partition("!")
    assert book[sheet][cell].comment.text == f"Violation: {lead[4]}"
    book[sheet][cell] = "6iii Debt counselling and advice"
    put_once(book, "governance", "To the health and wellbeing board, every quarter.")
    put(book, "interventions", "for-groups", "Adults")
    put(book, "interventions", "sustainability", "In the council's budget from 2030.")
    book.save(mended)
    if soffice:
        mended = through(soffice, mended, tmp_path / "saved")

    mwkb("assess", str(mended), "-o", str(again := tmp_path / "again.xlsx"))
    after = findings(again)
    assert not [line for line in after if line[2] == lead[2] and line[1] == "Violation"]
    mark = load_workbook(again)[sheet][cell].comment
    assert mark is None or "Did you mean" not in mark.text, "the mark of what is mended is gone"
    assert len(to_be_mended(after)) < len(to_be_mended(before))


def to_be_mended(lines: list[list[str]]) -> list[list[str]]:
    return [line for line in lines if line[0] == "What is to be mended"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("path", [PLANS[2]], ids=lambda path: path.name)
def test_a_workbook_saved_by_libreoffice_says_the_same(path: Path, tmp_path: Path) -> None:
    plan = read_plan(path)
    (copy := tmp_path / "plan.xlsx").write_bytes(converted(plan, asked(), ".xlsx"))
    again = read_plan(through(shutil.which("soffice") or "", copy, tmp_path / "saved"))
    assert (triples(again), again.notes, again.unknown_keys) == (triples(plan), (), ())


def through(soffice: str, path: Path, folder: Path) -> Path:
    """A workbook opened and saved by LibreOffice."""
    profile = f"-env:UserInstallation={(folder.parent / 'profile').as_uri()}"
    command = [soffice, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert (folder / path.name).exists(), done.stderr
    return folder / path.name


def findings(path: Path) -> list[list[str]]:
    """The lines of the first sheet of an annotated workbook."""
    sheet = load_workbook(path).worksheets[0]
    assert sheet.title == "Findings"
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=6)]


def test_a_report_of_a_plan_with_unknown_names_is_a_workbook_too(mwkb: Mwkb, tmp_path: Path) -> None:
    for name in ("mistakes.yaml", "misspelt-key.yaml"):
        assert mwkb("assess", str(ROOT / "examples" / name), "-o", str(path := tmp_path / "found.xlsx")).code == 1
        assert "Violation" in {line[1] for line in findings(path)}


def test_the_unchecked_workbook_keeps_a_name_that_is_not_known_in_its_cell(tmp_path: Path) -> None:
    plan = read_tree("interventions: [{delivers: intervention-6iiii}]", "plan.yaml")
    (path := tmp_path / "plan.xlsx").write_bytes(written(plan, asked(), ".xlsx"))
    assert [key.key for key in read_plan(path).unknown_keys] == ["intervention-6iiii"]


def test_every_field_has_a_label_and_help() -> None:
    assert all(field.label and field.help.endswith(".") for _, field in fields())
