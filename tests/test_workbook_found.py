"""The workbook back with what was found in it."""

from __future__ import annotations

import re
import warnings
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from conftest import Mwkb
from mwkb.vocabulary import MWKB
from mwkb.workbook.layout import FIRST, PLAN
from mwkb.workbook.marks import FILLS, LINE
from workbooks import (
    PLANS,
    ROOT,
    SOFFICE,
    Filled,
    column,
    put,
    put_once,
    through,
    with_part,
)


def test_an_assessment_marks_merged_cells_too(filled: Filled, mwkb: Mwkb, tmp_path: Path) -> None:
    path = filled(lambda book: book["Factors"].merge_cells("A4:C5"), PLANS[0])
    assert mwkb("assess", str(path), "-o", str(tmp_path / "found.xlsx")).code in (0, 1)


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
    if SOFFICE:
        first = through(first, tmp_path / "saved")

    assert mwkb("assess", str(first), "-o", str(found)).code == 1
    before = findings(found)
    lead = next(line for line in before if "6iii Debt counselling and advice" in line[4])
    assert lead[1] == "Violation" and "Did you mean" in lead[4]

    book = load_workbook(found)
    sheet, _, cell = lead[2].partition("!")
    assert book[sheet][cell].comment.text == f"{LINE}\nViolation: {lead[4]}\n{LINE}"
    book[sheet][cell] = "6iii Debt counselling and advice"
    put_once(book, "governance", "To the health and wellbeing board, every quarter.")
    put(book, "interventions", "for-groups", "Adults")
    put(book, "interventions", "sustainability", "In the council's budget from 2030.")
    book.save(mended)
    if SOFFICE:
        mended = through(mended, tmp_path / "saved")

    mwkb("assess", str(mended), "-o", str(again := tmp_path / "again.xlsx"))
    after = findings(again)
    assert not [line for line in after if line[2] == lead[2] and line[1] == "Violation"]
    mark = load_workbook(again)[sheet][cell].comment
    assert mark is None or "Did you mean" not in mark.text, "the mark of what is mended is gone"
    assert len(to_be_mended(after)) < len(to_be_mended(before))


def to_be_mended(lines: list[list[str]]) -> list[list[str]]:
    return [line for line in lines if line[0] == "What is to be mended"]


def findings(path: Path) -> list[list[str]]:
    """The lines of the first sheet of an annotated workbook."""
    sheet = load_workbook(path).worksheets[0]
    assert sheet.title == "Findings"
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=6)]


def test_a_report_of_a_plan_with_unknown_names_is_a_workbook_too(mwkb: Mwkb, tmp_path: Path) -> None:
    for name in ("mistakes.yaml", "misspelt-key.yaml"):
        assert mwkb("assess", str(ROOT / "examples" / name), "-o", str(path := tmp_path / "found.xlsx")).code == 1
        assert "Violation" in {line[1] for line in findings(path)}


def noted_by_people(book: Workbook) -> None:
    """A person's notes: one in a cell that is marked, two that begin as ours do, and a sheet of their own."""
    sheet = book["Interventions"]
    for row in range(FIRST, FIRST + 40):
        sheet[f"{column(book, 'interventions', 'sustainability')}{row}"].comment = Comment("Ask Jo about this", "Jo")
    book[PLAN]["C2"].comment = Comment("Warning: not final, says Jo", "Jo")
    book[PLAN]["B2"].comment = Comment("Remark: nor is this", "")
    book.create_sheet("Findings")["A1"] = "What we found out ourselves"


def comments(path: Path) -> dict[str, str]:
    book = load_workbook(path)
    rows = (row for name in ("Interventions", PLAN) for row in book[name].iter_rows())
    return {f"{cell.parent.title}!{cell.coordinate}": cell.comment.text for row in rows for cell in row if cell.comment}


def test_what_people_wrote_stays_beside_what_was_found_however_often(filled: Filled, mwkb: Mwkb, tmp_path: Path) -> None:
    path = filled(noted_by_people, PLANS[2])
    theirs = comments(path)
    for number in range(2):
        found = tmp_path / f"found-{number}.xlsx"
        assert mwkb("assess", str(path), "-o", str(found)).code in (0, 1)
        book = load_workbook(found)
        assert book.sheetnames[0] == "Findings 2" and book["Findings"]["A1"].value == "What we found out ourselves"
        assert book.sheetnames.count("Findings 2") == 1 and "Findings 3" not in book.sheetnames
        said = comments(found)
        assert all(said[cell].startswith(text) for cell, text in theirs.items())
        marked = [text for cell, text in said.items() if cell in theirs and LINE in text]
        assert marked and all(text.count(LINE) == 2 for text in marked)
        path = through(found, tmp_path / f"saved-{number}") if SOFFICE else found


def test_the_mark_of_what_is_mended_goes_and_the_note_of_a_person_stays(filled: Filled, mwkb: Mwkb, tmp_path: Path) -> None:
    def cheap(book: Workbook) -> None:
        put(book, "interventions", "cost", "cheap")
        book["Interventions"][f"{column(book, 'interventions', 'cost')}{FIRST}"].comment = Comment("Ask Jo", "Jo")

    path = filled(cheap, PLANS[2])
    cell = f"Interventions!{column(load_workbook(path), 'interventions', 'cost')}{FIRST}"
    mwkb("assess", str(path), "-o", str(found := tmp_path / "found.xlsx"))
    assert "Found: cheap." in comments(found)[cell]
    assert any(line[2] == cell and "Found: cheap." in line[4] for line in findings(found))
    book = load_workbook(found)
    put(book, "interventions", "cost", 5)
    book.save(found)
    mwkb("assess", str(found), "-o", str(again := tmp_path / "again.xlsx"))
    assert comments(again)[cell] == "Ask Jo"
    assert load_workbook(again)["Interventions"][cell.partition("!")[2]].fill.fgColor.rgb not in FILLS.values()


@pytest.mark.parametrize(
    ("name", "content", "says", "where"),
    [
        (
            "plan.ttl",
            "<https://example.org/p> a mwkb:LocalityPlan ;\n <x:says> 1 .",
            "no place for 'x:says'",
            "Line 3 of the plan",
        ),
        ("plan.ttl", "<urn:p> a mwkb:LocalityPlan .", "cannot be read as a plan: 'urn:p' cannot be an id.", ""),
        ("plan.yaml", f"title: x\ngovernance: {'y' * 40_000}", "A text of 40000 characters would not stay", "Line 2 of the plan"),
        ("plan.yaml", "title: x\nneeds:\n  - factors: [{factor: risk-debt}]", "would not stay", "Line 3 of the plan"),
    ],
    ids=["no place", "no id", "long text", "list of one"],
)
def test_what_a_workbook_cannot_hold_is_said_and_stops_no_assessment(
    mwkb: Mwkb, tmp_path: Path, name: str, content: str, says: str, where: str
) -> None:
    (path := tmp_path / name).write_text((f"@prefix mwkb: <{MWKB}> .\n" if name.endswith(".ttl") else "") + content)
    done = mwkb("assess", str(path), "-o", str(found := tmp_path / "found.xlsx"))
    assert done.code == 1, done.err
    line = next(line for line in findings(found) if says in line[4])
    assert (line[0], line[1], line[2]) == ("Not in this workbook", "Remark", where)


def test_what_another_program_adds_to_a_sheet_is_no_warning(mwkb: Mwkb, tmp_path: Path) -> None:
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    content = with_part("xl/worksheets/sheet5.xml", lambda part: part.replace(b"</worksheet>", extension))
    (path := tmp_path / "plan.xlsx").write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert mwkb("assess", str(path), "-o", str(tmp_path / "found.xlsx")).err == ""


def test_a_key_that_is_not_known_has_its_line_and_no_cell(mwkb: Mwkb, tmp_path: Path) -> None:
    mwkb("assess", str(ROOT / "examples/misspelt-key.yaml"), "-o", str(path := tmp_path / "found.xlsx"))
    (line,) = [line for line in findings(path) if "is not a name" in line[4]]
    assert re.fullmatch(r"Line \d+ of the plan", line[2])
