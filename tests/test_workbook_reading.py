"""What a person writes into a workbook: how it is read, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from conftest import Mwkb
from mwkb import knowledge as knowledge_base
from mwkb.knowledge import Knowledge
from mwkb.plan import Limits, read_plan
from mwkb.problems import InputProblem
from mwkb.submission import converted
from mwkb.validate import UNDEFINED, validate
from mwkb.vocabulary import DCTERMS, MWKB, expand
from mwkb.workbook.layout import FIRST, INSTRUCTIONS, KEYS, PLAN
from workbooks import (
    PLANS,
    ROOT,
    Edit,
    Filled,
    asked,
    column,
    empty_template,
    problem,
    put,
    put_once,
    said,
    with_part,
)

# What a person writes


@pytest.mark.parametrize("value", ["2027-04-01", date(2027, 4, 1)], ids=["text", "date"])
def test_a_date_may_be_a_date_or_text(filled: Filled, value: Any) -> None:
    assert said(read_plan(filled(lambda book: put_once(book, "start", value))))["periodStart"] == "2027-04-01"


@pytest.mark.parametrize(("value", "read"), [(0.1 + 0.2, "0.3"), (30, "30"), (30.0, "30"), ("30", "30"), (1e15, "1" + "0" * 15)])
def test_a_number_is_read_in_the_digits_that_a_spreadsheet_shows(filled: Filled, value: Any, read: str) -> None:
    assert said(read_plan(filled(lambda book: put_once(book, "upstream-share", value))))["upstreamShare"] == read


@pytest.mark.parametrize(
    ("value", "read"), [("Yes", "true"), ("no", "false"), (True, "true"), (False, "false"), ("\u00a0Yes\n", "true")]
)
def test_yes_and_no_may_be_words_or_logical_values(filled: Filled, value: Any, read: str) -> None:
    assert (
        said(read_plan(filled(lambda book: put_once(book, "task-group.delegated-authority", value))))["delegatedAuthority"]
        == read
    )


@pytest.mark.parametrize(
    "value",
    [
        "6iii Debt counselling and advice",
        " 6III DEBT COUNSELLING AND ADVICE ",
        "6iii\u00a0Debt  counselling and advice\n",
        "intervention-6iii",
    ],
)
def test_a_choice_may_be_a_label_in_any_case_or_a_name(filled: Filled, value: str) -> None:
    path = filled(lambda book: put(book, "interventions", "delivers", value))
    assert said(read_plan(path))["delivers"] == expand("kb:intervention-6iii")


@pytest.mark.parametrize("value", ["Elmfold Council", "elmfold\u00a0council\n", "elmfold  council", "partners/1"])
def test_a_reference_goes_by_the_name_of_a_partner_however_it_is_typed(filled: Filled, value: str) -> None:
    def edit(book: Workbook) -> None:
        put(book, "partners", "name", "Elmfold  Council")
        put(book, "interventions", "lead", value)

    assert said(read_plan(filled(edit)))["leadOrganisation"].endswith("/partners/1")


@pytest.mark.parametrize("other", ["Council", "council", "Council\u00a0"])
def test_a_name_that_several_partners_have_is_said_and_not_taken_for_the_first(
    filled: Filled, knowledge: Knowledge, other: str
) -> None:
    def edit(book: Workbook) -> None:
        put(book, "partners", "name", "Council", FIRST)
        put(book, "partners", "name", other, FIRST + 1)
        put(book, "interventions", "delivers", "intervention-1")
        put(book, "interventions", "lead", "Council")

    path = filled(edit)
    plan = read_plan(path)
    assert "leadOrganisation" not in said(plan)
    (undefined,) = [result for result in validate(knowledge, plan) if result.shape == UNDEFINED]
    assert str(undefined.place) == f"{path}:Interventions!{column(load_workbook(path), 'interventions', 'lead')}{FIRST}"
    assert "Several entries are called so; give each a name of its own." in undefined.message


def test_a_number_is_that_of_a_row_even_where_an_id_looks_like_it(filled: Filled) -> None:
    def edit(book: Workbook) -> None:
        put(book, "interventions", "delivers", "intervention-3a")
        for row, (name, own) in enumerate((("a", "2"), ("b", None)), FIRST):
            put(book, "outcomes", "owner", 1, row)
            put(book, "outcomes", "name", name, row)
            put(book, "outcomes", "id", own, row)
        put(book, "outcomes", "leads-to", 2)

    assert said(read_plan(filled(edit)))["leadsTo"].endswith("/interventions/1/outcomes/2")


def test_a_row_without_a_number_takes_none_that_another_has(filled: Filled) -> None:
    def edit(book: Workbook) -> None:
        for row, (number, name) in enumerate(((None, "intervention-3a"), (1, "intervention-3b")), FIRST):
            put(book, "interventions", "#", number, row)
            put(book, "interventions", "delivers", name, row)
        put(book, "outcomes", "owner", 1)
        put(book, "outcomes", "name", "Less debt")

    plan = read_plan(filled(edit))
    (held,) = [quad.subject for quad in plan.quads if quad.predicate.value == MWKB + "expectsOutcome"]
    delivers = {quad.subject: quad.object.value for quad in plan.quads if quad.predicate.value == MWKB + "delivers"}
    assert delivers[held] == expand("kb:intervention-3b")


def test_an_entry_of_which_a_name_is_misspelt_is_an_entry_all_the_same(filled: Filled) -> None:
    def edit(book: Workbook) -> None:
        put(book, "interventions", "delivers", "Debt counseling and advise")
        put(book, "outcomes", "owner", 1)
        put(book, "outcomes", "name", "Less debt")

    assert said(read_plan(filled(edit)))["prefLabel"] == "Less debt"


def row_on_top(book: Workbook) -> None:
    book[PLAN].insert_rows(1)
    book[PLAN]["B1"] = "The plan of Elmfold"


@pytest.mark.parametrize(
    "edit", [row_on_top, lambda book: book[PLAN].insert_cols(3), lambda book: book[PLAN].insert_cols(7)], ids=["row", "C", "G"]
)
def test_help_is_never_a_value_wherever_it_stands(filled: Filled, edit: Edit) -> None:
    def titled_too(book: Workbook) -> None:
        put_once(book, "title", "Ours")
        edit(book)

    plan = read_plan(filled(titled_too))
    assert (said(plan), plan.notes, plan.unknown_keys) == ({DCTERMS + "title": "Ours"}, (), ())


def test_a_row_that_was_copied_on_the_plan_says_a_second_value(filled: Filled, knowledge: Knowledge) -> None:
    def copied(book: Workbook) -> None:
        put_once(book, "start", "2027-04-01")
        sheet = book[PLAN]
        row = next(cell.row for cell in sheet["A"] if cell.value == "start")
        sheet.insert_rows(row + 1)
        sheet[f"A{row + 1}"], sheet[f"C{row + 1}"] = "start", "2028-04-01"

    plan = read_plan(filled(copied))
    assert {quad.object.value for quad in plan.quads if quad.predicate.value == MWKB + "periodStart"} == {
        "2027-04-01",
        "2028-04-01",
    }
    assert [result for result in validate(knowledge, plan) if result.path == MWKB + "periodStart" and "one" in result.message]


def percentage(book: Workbook) -> None:
    put_once(book, "upstream-share", 0.3)
    row = next(cell.row for cell in book[PLAN]["A"] if cell.value == "upstream-share")
    book[PLAN][f"C{row}"].number_format = "0%"


def id_twice(book: Workbook) -> None:
    for row in (FIRST, FIRST + 1):
        put(book, "partners", "name", f"Partner {row}", row)
        put(book, "partners", "id", "p1", row)


def test_a_finding_names_the_cell_of_a_value_and_the_empty_cell_of_what_is_missing(filled: Filled, knowledge: Knowledge) -> None:
    def edit(book: Workbook) -> None:
        put(book, "interventions", "delivers", "intervention-1", 5)
        put(book, "interventions", "cost", "cheap", 5)

    path = filled(edit)
    book = load_workbook(path)
    places = {(r.field, str(r.place)) for r in validate(knowledge, read_plan(path))}
    assert ("Cost", f"{path}:Interventions!{column(book, 'interventions', 'cost')}5") in places
    assert ("Approach", f"{path}:Interventions!{column(book, 'interventions', 'approach')}5") in places
    assert ("Title", f"{path}:Plan!C2") in places


def test_a_misspelt_choice_is_answered_once_with_the_label_that_was_meant(filled: Filled, knowledge: Knowledge) -> None:
    path = filled(lambda book: put(book, "interventions", "delivers", "Debt counseling and advise"))
    cell = f"{path}:Interventions!{column(load_workbook(path), 'interventions', 'delivers')}{FIRST}"
    about = [result for result in validate(knowledge, read_plan(path)) if str(result.place) == cell]
    assert [result.shape for result in about] == [UNDEFINED]
    assert "Did you mean 6iii Debt counselling and advice?" in about[0].message


@pytest.mark.parametrize(
    ("value", "meant", "hint"),
    [
        ("Befriending", "kb:protective-social-support", ""),  # as the toolkit calls it too
        ("befriending ", "kb:protective-social-support", ""),
        ("Befriendng", "", "Did you mean Befriending?"),
        ("Social suport", "", "Did you mean Social support?"),
    ],
)
def test_a_choice_may_be_another_name_of_it(filled: Filled, knowledge: Knowledge, value: str, meant: str, hint: str) -> None:
    plan = read_plan(filled(lambda book: put(book, "factors", "factor", value)))
    about = [result.message for result in validate(knowledge, plan) if result.shape == UNDEFINED]
    assert (said(plan)["factor"] == expand(meant) and not about) if meant else (len(about) == 1 and hint in about[0])


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
        (lambda book: book[PLAN].__setitem__("J1", "a note"), "outside the form"),
        (lambda book: book["Interventions"].__setitem__("A90", "a note"), "outside the form"),
    ],
    ids=[
        "another version",
        "no instructions",
        "no sheet",
        "renamed sheet",
        "column of one's own",
        "beside a heading",
        "beside the help",
        "under numbers",
    ],
)
def test_what_is_not_read_is_said_with_what_to_do(filled: Filled, mwkb: Mwkb, tmp_path: Path, edit: Edit, says: str) -> None:
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
def test_what_people_do_to_sheets_does_no_harm(filled: Filled, edit: Edit) -> None:
    plan = read_plan(filled(edit, PLANS[0]))
    assert plan.notes == () and len(plan.quads) > 20


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
        (lambda book: put(book, "interventions", "#", "²"), "Interventions!A4", "'²' is not the number of a row."),
        (lambda book: put(book, "interventions", "#", "9" * 5000), "Interventions!A4", "is not the number of a row."),
        (lambda book: put(book, "interventions", "#", "A1"), "Interventions!A4", "'A1' is not the number of a row."),
        (percentage, "Plan!C10", "Write 30, not 30%."),
        (id_twice, "Partners!A5", "The id 'p1' is given twice, first in Partners!A4. Clear the hidden column 'id'"),
        (vast, None, "spans 1,048,576 rows and 16,384 columns"),
    ],
    ids=["formula", "error", "no key row", "no key column", "no plan", "no such row", "number twice", "superscript", "digits",
         "letters", "percentage", "id twice", "vast"],
)  # fmt: skip
def test_a_workbook_that_cannot_be_understood_is_refused_with_its_cell(
    filled: Filled, mwkb: Mwkb, edit: Edit, cell: str | None, says: str
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


def titled(book: Workbook) -> None:
    put_once(book, "title", "Ours")
    put_once(book, "version", "1")


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(unpacked=20_000), "unpacks to more than 0.02 MB"),
        (Limits(cells=20), "holds more than 20 cells"),
        (Limits(values=1), r"Plan!C3: The plan holds more than 1 values\."),
    ],
)
def test_the_limits_of_a_workbook_are_parameters_of_reading(filled: Filled, limits: Limits, says: str) -> None:
    with pytest.raises(InputProblem, match=says):
        read_plan(filled(titled), limits)


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
