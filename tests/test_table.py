"""Facts as a table: written, changed as a person would in a spreadsheet, and put back into the knowledge base."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pyoxigraph import Literal

from conftest import Mwkb
from mwkb import files
from mwkb import knowledge as knowledge_module
from mwkb.canonical import graph_of
from mwkb.cli.table import _kinds
from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem
from mwkb.store import turtle_store
from mwkb.table import find, kinds, write
from mwkb.table.apply import nodes
from mwkb.table.columns import Columns
from mwkb.table.difference import Difference, difference
from mwkb.table.homes import Homes
from mwkb.table.kind import plural
from mwkb.table.layout import id_heading, titles
from mwkb.table.read import read
from mwkb.vocabulary import KB, MWKB, RDF, expand, local_name
from mwkb.workbook.layout import FIRST, HELP, INSTRUCTIONS, KEYS, LISTS
from workbooks import SOFFICE, through, with_part

ROOT = files.root()
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "table" / "refused.yaml").read_text(encoding="utf-8"))
COLLABORATIVE = {
    "skos:prefLabel": "Collaborative care for people with long term conditions",
    "skos:notation": "8e",
    "skos:definition": "An intervention in which a case manager and the practice treat depression beside another condition.",
    "mwkb:addresses": "Long-term conditions\nDepression and anxiety",
    "mwkb:approach": "Targeted",
    "mwkb:contributesTo": "Less depression and better self management of diabetes\noutcome-08-4",
    "mwkb:inArea": "8 Physical and mental wellbeing through lifestyle",
    "mwkb:targets": "People with long-term conditions",
    "dcterms:source": "Box 6, Commissioning areas",
    "mwkb:sourceLines": "2325-2326",
}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the knowledge base that may be changed; commands work on it."""
    for folder in files.FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / "copy" / folder)
    monkeypatch.setenv("MWKB_ROOT", str(tmp_path / "copy"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "copy"


@pytest.fixture
def on_copy(copy: Path, program: Mwkb) -> Mwkb:
    return program


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def column(sheet: Worksheet, name: str) -> int:
    """The number of the column of a property, by its hidden key."""
    wanted = {"id": 1, "file": sheet.max_column}
    return wanted[name] if name in wanted else next(int(c.column or 0) for c in sheet[KEYS] if c.value == expand(name))


def row_of(sheet: Worksheet, id: str) -> int:
    """The row of a fact, or the first that is free."""
    return next(
        row
        for row in range(FIRST, sheet.max_row + 1)
        if (sheet.cell(row, 1).value or "new") == id and (id != "new" or not sheet.cell(row, 2).value)
    )


def put(sheet: Worksheet, id: str, cells: dict[str, Any]) -> int:
    row = row_of(sheet, id)
    for name, value in cells.items():
        sheet.cell(row, column(sheet, name)).value = value
    return row


def filled(knowledge: Knowledge, folder: Path, rows: dict[str, list[tuple[str, dict[str, Any]]]]) -> Path:
    """A workbook of some kinds in which a person changes rows: by kind the id, or ``new``, with cells."""
    asked = [find(knowledge, kind) for kind in rows]
    book = load_workbook(io.BytesIO(write.workbook(knowledge, asked)))
    for kind, (_, changed) in zip(asked, rows.items(), strict=True):
        for id, cells in changed:
            put(book[titles(asked)[kind.iri]], id, cells)
    book.save(path := folder / "facts.xlsx")
    return path


def compared(knowledge: Knowledge, path: Path) -> Difference:
    return difference(knowledge, read(path, knowledge))


# Kinds


def test_every_fact_is_of_one_kind_and_every_kind_has_a_name_of_its_own(knowledge: Knowledge) -> None:
    every = kinds(knowledge)
    facts = [fact for kind in every for fact in kind.facts]
    assert sorted(facts) == sorted(iri for iri in knowledge.names if iri.startswith(KB))
    assert len({kind.plural for kind in every}) == len({title.casefold() for title in titles(every).values()}) == len(every)
    assert all(len(title) <= 31 for title in titles(every).values())


@pytest.mark.parametrize("word", ["interventions", "Intervention", "mwkb:Intervention", "INTERVENTION"])
def test_a_kind_goes_by_its_name_or_class(knowledge: Knowledge, word: str) -> None:
    assert find(knowledge, word).iri == MWKB + "Intervention"


@pytest.mark.parametrize(
    ("label", "several"),
    [
        ("risk factor", "risk factors"),
        ("body of the system", "bodies of the system"),
        ("status of a response", "statuses of a response"),
        ("step of a gap analysis", "steps of a gap analysis"),
        ("guidance", "guidance"),
        ("topic for improvement", "topics for improvement"),
    ],
)
def test_the_name_of_several_is_made_from_that_of_one(knowledge: Knowledge, label: str, several: str) -> None:
    assert plural(label) == several
    assert find(knowledge, several) == find(knowledge, label) == find(knowledge, label.replace(" ", "-"))


def test_a_misspelt_kind_is_refused_with_the_nearest(on_copy: Mwkb) -> None:
    assert on_copy("table", "risk-facters").err == (
        "error: There are no facts of the kind 'risk-facters'. Did you mean risk factors?\n"
    )


def test_without_a_kind_all_kinds_are_listed_with_their_counts(on_copy: Mwkb, knowledge: Knowledge) -> None:
    code, out, err = on_copy("table")
    listed = {line.rsplit(maxsplit=1)[0].strip(): line.split()[-1] for line in out.splitlines()[3:] if line}
    assert (code, err) == (0, "")
    assert listed == {kind.plural: str(len(kind.facts)) for kind in kinds(knowledge)}


def test_the_shell_completes_kinds() -> None:
    assert ("risk-factors", "46 facts") in set(_kinds("risk-f")) and list(_kinds("xyz")) == []


# What is written


def test_columns_are_what_facts_have_or_may_have_with_stars_help_and_choices(knowledge: Knowledge) -> None:
    kind = find(knowledge, "interventions")
    sheet = load_workbook(io.BytesIO(write.workbook(knowledge, [kind])))["Interventions"]
    found = {str(cell.value): cell.column for cell in sheet[KEYS]}
    facts = turtle_store(*files.fact_files())
    used = {q.predicate.value for q in facts if getattr(q.subject, "value", "") in kind.facts} - {RDF + "type"}
    assert used <= set(found)
    assert expand("mwkb:indirectlyBenefits") not in found, "what rules conclude is not written by hand"
    heads = {str(sheet.cell(KEYS, c).value): str(sheet.cell(1, c).value) for c in range(1, sheet.max_column + 1)}
    assert heads["mwkb:Intervention"] == id_heading(kind) == "Intervention id"
    assert heads[expand("mwkb:targets")] == "Targets *" and heads[expand("mwkb:addresses")] == "Addresses"
    help = str(sheet.cell(HELP, column(sheet, "mwkb:approach")).value)
    assert "Say whether it is universal, targeted or both." in help and "line of its own" in help
    assert sheet.row_dimensions[KEYS].hidden
    rules = {str(rule.sqref).partition(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert f"{sheet.cell(FIRST, column(sheet, 'mwkb:approach')).coordinate}" in rules


def test_a_property_that_no_fact_has_yet_is_a_column_by_its_domain_or_its_shape(knowledge: Knowledge) -> None:
    terms = {column.iri for column in Columns(knowledge).of(find(knowledge, "resource entries"))}
    assert {expand("mwkb:supportedBy"), expand("mwkb:intendedFor")} <= terms
    assert expand("mwkb:readsFactor") in {c.iri for c in Columns(knowledge).of(find(knowledge, "evidence readings"))}


def test_things_go_by_name_and_values_stand_on_lines_of_their_own(knowledge: Knowledge) -> None:
    row = next(
        row
        for row in csv.DictReader(io.StringIO(write.csv(knowledge, find(knowledge, "interventions"))))
        if row["Intervention id"] == "intervention-8c"
    )
    assert row["Addresses"] == "Depression and anxiety\nLong-term conditions"
    assert row["In area *"] == "8 Physical and mental wellbeing through lifestyle"
    assert row["File"] == "areas/area-08.ttl"


def test_names_that_several_facts_bear_are_shown_with_what_tells_them_apart(knowledge: Knowledge) -> None:
    from mwkb.table.called import Called

    every = Called(knowledge)
    facts = [fact for kind in kinds(knowledge) for fact in kind.facts]
    shown = {every.shown(fact) for fact in facts}
    assert len(shown) == len(facts) and "Smoking (risk-smoking)" in shown
    assert all(every.find(every.shown(fact)) == fact for fact in facts)
    assert all(every.find(local_name(fact)) == fact for fact in facts)
    with pytest.raises(InputProblem, match=r"several things.* Write which: .*Smoking \(risk-smoking\)"):
        every.find("smoking")


def test_the_same_facts_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.xlsx"
        code = "from mwkb.cli import main; main()"
        command = [sys.executable, "-c", code, "table", "interventions", "evidence-statements", "-o", str(path)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_csv_is_harmless_to_a_spreadsheet_and_comes_back(copy: Path, tmp_path: Path) -> None:
    path = copy / "kb/areas/area-08.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"Universal lifestyle', '"=Universal lifestyle'), encoding="utf-8")
    changed = knowledge_module.load()
    text = write.csv(changed, find(changed, "interventions"))
    assert ",'=Universal lifestyle" in text
    (table := tmp_path / "facts.csv").write_text(text, encoding="utf-8", newline="")
    assert compared(changed, table).changes == ()


def test_csv_goes_to_the_screen_and_holds_one_kind(on_copy: Mwkb, knowledge: Knowledge) -> None:
    assert on_copy("table", "phases-of-implementation").out == write.csv(knowledge, find(knowledge, "phase of implementation"))
    code, _, err = on_copy("table", "phases-of-implementation", "steps", "-o", "two.csv")
    assert (code, err) == (2, "error: two.csv: CSV holds one kind of facts. Write a workbook: -o facts.xlsx.\n")


# There and back


def test_an_untouched_workbook_of_all_kinds_changes_nothing(
    on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    before = content(copy)
    (path := tmp_path / "all.xlsx").write_bytes(write.workbook(knowledge, kinds(knowledge)))
    table = read(path, knowledge)
    assert len(table.rows) == sum(len(kind.facts) for kind in kinds(knowledge))
    found = difference(knowledge, table)
    assert (found.changes, found.absent, found.refused, table.notes) == ((), (), (), [])
    code, out, err = on_copy("table", "--apply", str(path))
    assert (code, out, err) == (0, "", "The table says what the knowledge base says: nothing to write.\n")
    assert content(copy) == before


def test_an_untouched_csv_of_each_kind_changes_nothing(knowledge: Knowledge, tmp_path: Path) -> None:
    for kind in kinds(knowledge):
        (path := tmp_path / "facts.csv").write_text(write.csv(knowledge, kind), encoding="utf-8", newline="")
        found = compared(knowledge, path)
        assert (found.changes, found.absent, found.refused) == ((), (), ()), kind.label


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
def test_a_workbook_saved_by_libreoffice_says_the_same(knowledge: Knowledge, tmp_path: Path) -> None:
    names = ("interventions", "quantities", "later statuses", "references", "population groups", "parameters")
    (path := tmp_path / "facts.xlsx").write_bytes(write.workbook(knowledge, [find(knowledge, name) for name in names]))
    found = compared(knowledge, through(path, tmp_path / "saved"))
    assert (found.changes, found.absent, found.refused) == ((), (), ())


WRITTEN = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=40).map(
    lambda t: " ".join(t.split())
)
LAW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@LAW
@given(
    definition=WRITTEN,
    others=st.lists(WRITTEN.filter(bool), min_size=1, max_size=3, unique=True),
    ending=st.sampled_from([".xlsx", ".csv"]),
)
def test_whatever_is_written_in_a_cell_comes_back_as_exactly_that(
    knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory, definition: str, others: list[str], ending: str
) -> None:
    path = tmp_path_factory.mktemp("cells") / f"facts{ending}"
    kind = find(knowledge, "approaches")
    if ending == ".csv":
        rows = list(csv.reader(io.StringIO(write.csv(knowledge, kind))))
        heads = [head.removesuffix(" *") for head in rows[0]]
        rows[1][heads.index("Definition")], rows[1][heads.index("Other name")] = definition, "\n".join(others)
        csv.writer(path.open("w", encoding="utf-8", newline="")).writerows(rows)
        expected = [text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text for text in (definition, *others[:1])] + others[1:]
    else:
        book = load_workbook(io.BytesIO(write.workbook(knowledge, [kind])))
        sheet = book["Approaches"]
        for name, text in (("skos:definition", definition), ("skos:altLabel", "\n".join(others))):
            cell = sheet.cell(FIRST, column(sheet, name))
            cell.value, cell.data_type = text, "s"
        book.save(path)
        expected = [definition, *others]
    found = compared(knowledge, path)
    said = [value for change in found.changes for edit in change.edits for value in edit.come]
    assert found.refused == ()
    assert {value.value for value in said} == {text for text in expected if text}
    assert all(isinstance(value, Literal) and value.language == "en-gb" for value in said)


def test_each_triple_of_the_facts_is_found_again_in_its_file(knowledge: Knowledge) -> None:
    homes = Homes(knowledge)
    graphs = {name: graph_of(ROOT / "kb" / name) for name in homes.all}
    facts = [q.triple for q in turtle_store(*files.fact_files())]
    assert [t for t in facts if nodes(t) not in graphs[homes.of(getattr(t.subject, "value", ""))]] == []
    assert len(facts) == sum(map(len, graphs.values()))


# A new fact


def test_a_new_intervention_stands_in_the_file_of_its_area_and_is_recommended(
    on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    before = content(copy)
    path = filled(knowledge, tmp_path, {"interventions": [("new", COLLABORATIVE)]})
    code, shown, err = on_copy("table", "--apply", str(path), "--dry-run")
    assert (code, err) == (0, "Nothing was written: no changed facts, 1 new fact.\n")
    assert content(copy) == before
    assert shown.startswith(
        "new intervention 8e Collaborative care for people with long term conditions (intervention-8e, areas/area-08.ttl)\n"
        "  name: Collaborative care for people with long term conditions\n  number: 8e\n"
    )
    assert "  addresses: Long-term conditions\n" in shown and "://" not in shown
    code, out, err = on_copy("table", "--apply", str(path))
    assert (code, out) == (0, shown)
    assert err == "Written: no changed facts, 1 new fact, in kb/areas/area-08.ttl.\n"
    after = content(copy)
    assert {name for name in after if after[name] != before.get(name)} == {"kb/areas/area-08.ttl"}
    assert (
        b'\nkb:intervention-8e\n    a mwkb:Intervention ;\n    skos:prefLabel "Collaborative care'
        in after["kb/areas/area-08.ttl"]
    )
    assert b'"@en-GB' in after["kb/areas/area-08.ttl"] and b'mwkb:sourceLines "2325-2326" ;' in after["kb/areas/area-08.ttl"]
    assert on_copy("fmt", "--check").code == 0
    assert on_copy("report").code == 0
    assert on_copy("show", "8e").out.startswith("8e Collaborative care for people with long term conditions\n")
    plan = tmp_path / "plan.yaml"
    plan.write_text("title: A plan\nneeds: {factors: [{factor: risk-long-term-conditions, factor-status: present}]}\n")
    assert "8e Collaborative care for people with long term conditions" in on_copy("recommend", str(plan)).out
    assert compared(knowledge_module.load(), tmp_path / "facts.xlsx").refused, (
        "the row has no id and would be the same fact again"
    )


def test_rows_of_one_sheet_name_new_rows_of_another(on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    risk = {
        "skos:prefLabel": "Noise at night",
        "skos:notation": "RF-90",
        "skos:definition": "A risk factor of noise that keeps people awake.",
        "dcterms:source": "Box 6, Commissioning areas",
        "mwkb:sourceLines": "2325",
    }
    component = {
        "skos:prefLabel": "Quiet hours",
        "skos:definition": "A component of hours in which nobody makes noise.",
        "dcterms:source": "Box 6, Commissioning areas",
        "mwkb:sourceLines": "2325",
    }
    quieter = COLLABORATIVE | {"mwkb:addresses": "Noise at night", "mwkb:component": "component-quiet-hours"}
    rows = {"interventions": [("new", quieter)], "components": [("new", component)], "risk factors": [("new", risk)]}
    code, out, err = on_copy("table", "--apply", str(filled(knowledge, tmp_path, rows)))
    assert (code, out.count("new ")) == (0, 3), err
    assert "new component Quiet hours (component-quiet-hours, areas/area-08.ttl)\n" in out, "beside what links to it"
    assert "new risk factor Noise at night (risk-noise-at-night, risk-factors.ttl)\n" in out
    area = (copy / "kb/areas/area-08.ttl").read_text(encoding="utf-8")
    assert "mwkb:addresses kb:risk-noise-at-night ;" in area and "mwkb:component kb:component-quiet-hours ;" in area


def test_a_new_fact_has_the_kinds_that_all_facts_of_its_kind_have(
    on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    stage = {
        "skos:prefLabel": "Young adults",
        "skos:definition": "A life stage of people who have just grown up.",
        "mwkb:atRisk": "no",
        "dcterms:source": "the editors of mwkb",
        "mwkb:sourceLines": "1848",
        "skos:broader": "group-whole-population",
    }
    assert on_copy("table", "--apply", str(filled(knowledge, tmp_path, {"life stages": [("new", stage)]}))).code == 0
    changed = knowledge_module.load()
    assert {k.value for k in changed.objects(KB + "life-stage-young-adults", "rdf:type")} == {
        MWKB + "LifeStage",
        MWKB + "PopulationGroup",
    }


def test_a_publication_that_the_toolkit_does_not_name_has_its_address_as_source_and_a_file_that_is_asked_for(
    on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    work = {
        "skos:prefLabel": "A later report",
        "skos:definition": "A publication that appeared later.",
        "dcterms:source": "https://example.org/report?a=1",
        "mwkb:sameWorkAs": "publication-nice-ng212",
    }
    path = filled(knowledge, tmp_path, {"publications": [("new", work)]})
    code, out, err = on_copy("table", "--apply", str(path))
    assert (code, out) == (1, "")
    assert "It is not clear in which file the new fact goes. Write one here: frame.ttl, later-changes.ttl." in err
    path = filled(knowledge, tmp_path, {"publications": [("new", work | {"file": "later-work.ttl"})]})
    assert on_copy("table", "--apply", str(path)).code == 0
    assert "dcterms:source <https://example.org/report?a=1> ;" in (copy / "kb/later-work.ttl").read_text(encoding="utf-8")
    assert on_copy("fmt", "--check").code == on_copy("report").code == 0


def test_an_intervention_of_another_report_needs_no_lines_of_the_toolkit(
    on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    other = COLLABORATIVE | {"dcterms:source": "https://example.org/report", "mwkb:sourceLines": ""}
    path = filled(knowledge, tmp_path, {"interventions": [("new", other)]})
    assert on_copy("table", "--apply", str(path)).code == 0
    assert on_copy("fmt", "--check").code == on_copy("report").code == 0


def test_an_intervention_of_the_toolkit_needs_them(on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    path = filled(knowledge, tmp_path, {"interventions": [("new", COLLABORATIVE | {"mwkb:sourceLines": ""})]})
    code, _, err = on_copy("table", "--apply", str(path))
    assert code == 1 and "The entry does not say once in which lines of the text it is found." in err


# Changed facts


def test_the_difference_is_said_by_fact_and_property_and_only_that_is_changed(
    on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    before = content(copy)
    rows: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "interventions": [
            (
                "intervention-6iii",
                {"mwkb:targets": "People in debt\npeople who are UNEMPLOYED", "skos:scopeNote": "A trial note."},
            ),
            ("intervention-8d", {"mwkb:strengthens": None, "skos:prefLabel": "Eating well"}),
        ],
        "references": [("reference-6", {"dcterms:bibliographicCitation": "Barry and Jenkins, 2007"})],
        "quantities": [("statistic-01-a", {"mwkb:amount": 17})],
        "population groups": [("group-older-people", {"mwkb:atRisk": "Yes"})],
    }
    sheet = load_workbook(io.BytesIO(write.workbook(knowledge, [find(knowledge, "interventions")])))["Interventions"]
    held = sheet.cell(row_of(sheet, "intervention-6iii"), column(sheet, "mwkb:targets")).value
    rows["interventions"][0][1]["mwkb:targets"] = f"{held}\ngroup-whole-population"
    code, out, err = on_copy("table", "--apply", str(filled(knowledge, tmp_path, rows)), "--dry-run")
    assert code == 0, err
    assert "6iii Debt counselling and advice\n  targets: + Whole population\n  note: + A trial note.\n" in out
    assert "8d Encouraging good nutrition and diet\n  name: Encouraging good nutrition and diet -> Eating well\n" in out
    assert "  strengthens: - Good nutrition" in out
    assert "Reference 6\n  citation: Barry & Jenkins, 2007 -> Barry and Jenkins, 2007\n" in out
    on_copy("table", "--apply", str(tmp_path / "facts.xlsx"))
    after = content(copy)
    lines = [line for name in after for line in set(after[name].decode().splitlines()) - set(before[name].decode().splitlines())]
    assert '    dcterms:bibliographicCitation "Barry and Jenkins, 2007" ;' in lines, "what has no language gets none"
    assert '    skos:scopeNote "A trial note."@en-GB ;' in lines and "    mwkb:amount 17 ;" in lines
    assert len(lines) < 12 and on_copy("fmt", "--check").code == 0


def test_a_row_that_is_taken_out_stays_a_fact(on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    before = content(copy)
    book = load_workbook(filled(knowledge, tmp_path, {"approaches": [], "references": []}))
    book["Approaches"].delete_rows(FIRST)
    book["References"].delete_rows(FIRST, 20)
    book.save(tmp_path / "facts.xlsx")
    code, out, err = on_copy("table", "--apply", str(tmp_path / "facts.xlsx"))
    assert (code, out, content(copy)) == (0, "", before)
    assert "Targeted is not in the table and stays: to withdraw it, deprecate it.\n" in err
    assert "8 more references are not in the table and stay.\n" in err


def test_a_column_that_is_taken_out_is_left_alone_and_rows_may_be_sorted(knowledge: Knowledge, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(write.csv(knowledge, find(knowledge, "interventions")))))
    kept = [[cell for number, cell in enumerate(row) if number not in (2, 5)] for row in (rows[0], *reversed(rows[1:]))]
    with (path := tmp_path / "facts.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\r\n").writerows(kept)
    found = compared(knowledge, path)
    assert (found.changes, found.absent, found.refused) == ((), (), ())


# What is refused


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_bad_row_is_refused_with_its_cell(
    knowledge: Knowledge, copy: Path, on_copy: Mwkb, tmp_path: Path, case: dict[str, Any]
) -> None:
    before = content(copy)
    rows = {
        kind: [(row["id"], (COLLABORATIVE if row.get("whole") else {}) | row["cells"]) for row in given]
        for kind, given in case["rows"].items()
    }
    path = filled(knowledge, tmp_path, rows)
    code, out, err = on_copy("table", "--apply", str(path))
    book = load_workbook(path)
    said = [line.removeprefix(f"error: {path}:") for line in err.splitlines() if line.startswith("error: ")]
    expected = []
    for want in case["expect"]:
        sheet = book[want["sheet"]]
        row = want.get("row") or row_of(sheet, want["id"])
        expected.append(f"{sheet.title}!{sheet.cell(row, column(sheet, want['column'])).coordinate}: {want['says']}")
    assert (code, out, content(copy)) == (1, "", before)
    assert len(said) == len(expected), err
    for text in expected:
        assert any(line.startswith(text) for line in said), (text, err)
    assert err.endswith(f"Nothing was written: {len(expected)} to mend.\n")


def spoilt(edit: Callable[[Workbook], None], knowledge: Knowledge, folder: Path) -> Path:
    book = load_workbook(filled(knowledge, folder, {"approaches": []}))
    edit(book)
    book.save(folder / "facts.xlsx")
    return folder / "facts.xlsx"


def _merge(book: Workbook) -> None:
    book["Approaches"].merge_cells("B4:B5")


def _formula(book: Workbook) -> None:
    book["Approaches"]["B4"] = "=A4"


def _headed(book: Workbook) -> None:
    book["Approaches"].cell(1, 30).value = "Defintion"


def _stray(book: Workbook) -> None:
    book["Approaches"].cell(5, 30).value = "a remark"


def _twice(book: Workbook) -> None:
    sheet = book["Approaches"]
    sheet.cell(1, 30).value = "Name"


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (_merge, "Approaches!B4: Cells are merged here. Separate them."),
        (_formula, "Approaches!B4: A formula is not read. Put its result in its place."),
        (_headed, "Approaches!AD1: 'Defintion' is no column of this table. Did you mean definition?"),
        (_stray, "Approaches!AD1: What stands in this column has no heading. Take it out."),
        (_twice, "Approaches!AD1: There are two columns 'Name'. Keep one of them."),
    ],
)
def test_what_a_table_cannot_hold_is_refused_with_its_cell(
    knowledge: Knowledge, tmp_path: Path, edit: Callable[[Workbook], None], says: str
) -> None:
    path = spoilt(edit, knowledge, tmp_path)
    assert f"{path}:{says}" in map(str, compared(knowledge, path).refused)


def test_of_a_cell_that_is_refused_no_more_is_said(knowledge: Knowledge, on_copy: Mwkb, tmp_path: Path) -> None:
    path = filled(knowledge, tmp_path, {"interventions": [("new", COLLABORATIVE | {"mwkb:approach": "=1+1"})]})
    code, _, err = on_copy("table", "--apply", str(path))
    assert (code, err.count("error:")) == (1, 1) and "A formula is not read." in err


def test_a_sheet_that_is_no_table_is_said_and_passed_over(knowledge: Knowledge, tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book.create_sheet("Notes")["A1"] = "mine"

    table = read(spoilt(edit, knowledge, tmp_path), knowledge)
    assert [note.what for note in table.notes] == [
        "The sheet 'Notes' is no table of facts, or its hidden row is gone; it was not read."
    ]
    assert len(table.rows) == 2


def _renamed_sheets(book: Workbook) -> None:
    assert book.sheetnames[0] == INSTRUCTIONS and book.sheetnames[-1] == LISTS
    book["Approaches"].delete_rows(KEYS)


HEADS = "Approach id,Name *,Definition *,Source *\n"
UNREADABLE: list[tuple[str, bytes, str]] = [
    ("facts.csv", b"", "There is no table of facts in it."),
    ("facts.csv", b"a,b\n1,2\n", "There is no table of facts in it."),
    ("facts.csv", HEADS.encode("utf-16"), "The file is not UTF-8 text. Save it as CSV UTF-8."),
    ("facts.csv", HEADS.encode() + b'"a"b,c\n', "This is not CSV: "),
    ("facts.csv", HEADS.encode() + b'"' + b"x" * 200_000 + b'"', "This is not CSV: "),
    ("facts.csv", HEADS.encode() + b"a" * 3_000_000, "The file is larger than 2.5 MB."),
    ("facts.xlsx", b"PK\x03\x04 no archive", "This is not a workbook that can be read."),
    ("facts.ods", b"", "A table cannot be read from '.ods'. Use .xlsx or .csv."),
]


@pytest.mark.parametrize(("name", "given", "says"), UNREADABLE, ids=[says for _, _, says in UNREADABLE])
def test_what_cannot_be_read_ends_with_2(on_copy: Mwkb, tmp_path: Path, name: str, given: bytes, says: str) -> None:
    (path := tmp_path / name).write_bytes(given)
    code, out, err = on_copy("table", "--apply", str(path))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: {path}: {says}")


def test_a_workbook_without_its_keys_or_that_would_grow_ends_with_2(on_copy: Mwkb, knowledge: Knowledge, tmp_path: Path) -> None:
    code, _, err = on_copy("table", "--apply", str(spoilt(_renamed_sheets, knowledge, tmp_path)))
    assert code == 2 and err.splitlines()[-1].startswith(f"error: {tmp_path / 'facts.xlsx'}: There is no table of facts in it.")
    small = write.workbook(knowledge, [find(knowledge, "approaches")])
    end = b"</sheetData>"
    many = b'<row r="9000">' + b"<c/>" * 10_000_000 + b"</row>" + end
    (path := tmp_path / "big.xlsx").write_bytes(
        with_part("xl/worksheets/sheet2.xml", lambda part: part.replace(end, many), small)
    )
    code, _, err = on_copy("table", "--apply", str(path))
    assert (code, err.count("\n")) == (2, 1) and "The workbook holds more than 1,000,000 cells" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--apply", "a.xlsx", "steps"), "--apply reads a table, and kinds and --output write one."),
        (("--dry-run",), "--dry-run goes with --apply."),
        (("-o", "a.xlsx"), "No kind of facts is named."),
        (("steps", "-o", "a.json"), "This command has no format 'json'."),
        (("--apply", "none.xlsx"), "none.xlsx: The file cannot be opened: No such file or directory."),
        (("--apply", "copy"), "A table cannot be read from 'copy'."),
    ],
)
def test_bad_usage_ends_with_2(on_copy: Mwkb, arguments: tuple[str, ...], says: str) -> None:
    code, out, err = on_copy("table", *arguments)
    assert (code, out) == (2, "") and says in err


def test_the_knowledge_base_of_an_installed_package_is_not_changed(
    copy: Path, knowledge: Knowledge, tmp_path: Path, on_copy: Mwkb, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(knowledge, tmp_path, {"interventions": [("new", COLLABORATIVE)]})
    (copy / "mwkb").mkdir()
    monkeypatch.delenv("MWKB_ROOT")
    (tmp_path / "site/mwkb").mkdir(parents=True)
    copy.rename(tmp_path / "site/mwkb/data")
    monkeypatch.setattr(files, "__file__", str(tmp_path / "site/mwkb/files.py"))
    before = content(tmp_path / "site")
    code, out, err = on_copy("table", "--apply", str(path))
    assert (code, out) == (2, "") and content(tmp_path / "site") == before
    assert err.endswith(
        "The knowledge base of an installed mwkb is not changed. Work in a checkout, or name one with MWKB_ROOT.\n"
    )


def test_either_all_files_are_written_or_none(
    on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {
        "interventions": [("intervention-1", {"skos:scopeNote": "A note."}), ("intervention-8d", {"skos:scopeNote": "Another."})],
        "references": [("reference-6", {"skos:scopeNote": "A third."})],
    }
    path = filled(knowledge, tmp_path, rows)
    before, written = content(copy), []
    whole = files.write_whole

    def full(target: Path, text: str | bytes) -> None:
        if len(written) == 2:
            monkeypatch.setattr(files, "write_whole", whole)
            raise OSError(28, "No space left on device", str(target))
        written.append(target)
        whole(target, text)

    monkeypatch.setattr(files, "write_whole", full)
    code, _, err = on_copy("table", "--apply", str(path))
    assert (code, len(written)) == (2, 2) and err.endswith("No space left on device\n")
    assert content(copy) == before


def test_a_file_whose_comments_would_be_lost_is_not_rewritten(
    on_copy: Mwkb, copy: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    area = copy / "kb/areas/area-08.ttl"
    area.write_text("# mine\n" + area.read_text(encoding="utf-8"), encoding="utf-8")
    code, out, err = on_copy("table", "--apply", str(filled(knowledge, tmp_path, {"interventions": [("new", COLLABORATIVE)]})))
    assert (code, out) == (2, "") and err.startswith("error: kb/areas/area-08.ttl:1: A comment would be lost")
    assert area.read_text(encoding="utf-8").startswith("# mine\n")


# Deprecated facts


def test_a_deprecated_fact_stays_in_its_table_and_can_be_corrected_there(on_copy: Mwkb, copy: Path, tmp_path: Path) -> None:
    """And a second run finds nothing to do; a new fact of the kind is as it would be without it."""
    path, there = tmp_path / "facts.csv", copy / "kb" / "risk-factors.ttl"

    def row(name: str, **cells: str) -> list[str]:
        rows = list(csv.reader(io.StringIO(on_copy("table", "risk factors").out)))
        found = next((row for row in rows if row[0] == name), [""] * len(rows[0]))
        for heading, value in cells.items():
            found[rows[0].index(heading.replace("_", " "))] = value
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([rows[0], found])
        return found

    withdrawn = {"Deprecated": "Yes", "Replaced_by": "Debt", "Reason_for_deprecation": "It is debt.", "Deprecated_in": "0.3.0"}
    new = {"Definition_*": "A risk factor that consists of owing.", "Source_*": "https://a.example/"}
    row("", **{"Name_*": "Owing", "Number_*": "RF-98", **new})
    assert on_copy("table", "--apply", str(path)).code == 0
    row("risk-owing", **withdrawn)
    assert on_copy("table", "--apply", str(path)).code == 0
    assert on_copy("table", "--apply", str(path)).err.endswith("nothing to write.\n")
    assert {"Yes", "Debt", "It is money.", "0.3.0"} <= set(row("risk-owing", Reason_for_deprecation="It is money."))
    assert on_copy("table", "--apply", str(path)).code == 0
    assert '    mwkb:deprecationReason "It is money."@en-GB ;' in there.read_text(encoding="utf-8")
    row("", **{"Name_*": "Gambling", "Number_*": "RF-99", **new, "Definition_*": "A risk factor that consists of gambling."})
    code, _, err = on_copy("table", "--apply", str(path))
    assert code == 0, err
    assert "kb:risk-gambling\n    a mwkb:RiskFactor ;\n" in there.read_text(encoding="utf-8")
    row("risk-owing", **dict.fromkeys(withdrawn, ""))
    assert on_copy("table", "--apply", str(path)).code == 0
    assert "deprecat" not in there.read_text(encoding="utf-8")
