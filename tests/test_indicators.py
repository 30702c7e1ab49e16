"""From a table of published figures to the profile of an area: values, years and ranks from the worst."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from mwkb.assessment import Assessment, conclude
from mwkb.findings import Observed
from mwkb.indicators import Table, profile, read_table
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import InputProblem
from mwkb.vocabulary import KB, MWKB, local_name

PUBLISHED = Path(__file__).parents[1] / "../shared/data/ons-health-index-2015-2021.csv"
HEADER = "area_code,year,indicator,value"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def table(*rows: str, header: str = HEADER) -> Path:
        (path := tmp_path / "figures.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return table


def observed(plan: Plan, name: str = "") -> dict[str, str]:
    """What a profile holds of its one observation, or of the one of an indicator."""
    return {local_name(q.predicate.value): q.object.value for q in plan.quads if f"/observation/{name}" in q.subject.value}


def ranks(knowledge: Knowledge, table: Table, indicator: str) -> dict[str, str]:
    return {a: observed(profile(knowledge, table, a, only=(indicator,)))["rankFromWorst"] for a in sorted(table.areas)}


def problem(path: Path, **options: bool) -> InputProblem:
    with pytest.raises(InputProblem) as raised:
        read_table(path, **options)
    assert str(raised.value).startswith(str(path)) and "\n" not in str(raised.value)
    return raised.value


# Ranks and years


def test_rank_counts_from_the_highest_where_high_is_worse_and_ties_share_the_better_known_place(
    knowledge: Knowledge, write: Write
) -> None:
    table = read_table(
        write("A,2021,Unemployment,9", "B,2021,Unemployment,4.50", "C,2021,Unemployment,4.5", "D,2021,Unemployment,-1")
    )
    assert ranks(knowledge, table, "Unemployment") == {"A": "1", "B": "2", "C": "2", "D": "4"}


def test_rank_counts_from_the_lowest_where_low_is_worse(knowledge: Knowledge, write: Write) -> None:
    table = read_table(write("A,2021,Happiness,9", "B,2021,Happiness,4", "C,2021,Happiness,4", "D,2021,Happiness,10"))
    assert ranks(knowledge, table, "Happiness") == {"A": "3", "B": "1", "C": "1", "D": "4"}


def test_every_indicator_has_a_worse_end(knowledge: Knowledge) -> None:
    ends = {i: knowledge.value(i, "mwkb:worseWhen") for i in knowledge.subjects("rdf:type", MWKB + "Indicator")}
    assert set(ends.values()) == {KB + "direction-high", KB + "direction-low"}


def test_the_latest_year_counts_and_each_year_is_ranked_by_itself(knowledge: Knowledge, write: Write) -> None:
    table = read_table(write("A,2019,Smoking,9", "B,2019,Smoking,1", "C,2019,Smoking,2", "A,2021,Smoking,5", "B,2021,Smoking,7"))
    latest = observed(profile(knowledge, table, "A", only=("Smoking",)))
    assert latest | {"type": ""} == {
        "type": "",
        "indicator": KB + "indicator-smoking",
        "observedValue": "5",
        "observedYear": "2021",
        "rankFromWorst": "2",
        "rankedAmong": "2",
    }
    earlier = observed(profile(knowledge, table, "A", year=2019, only=("Smoking",)))
    assert (earlier["observedYear"], earlier["rankFromWorst"], earlier["rankedAmong"]) == ("2019", "1", "3")


def test_an_area_that_stopped_reporting_keeps_its_own_latest_year(knowledge: Knowledge, write: Write) -> None:
    table = read_table(write("A,2019,Smoking,9", "B,2019,Smoking,1", "B,2021,Smoking,1"))
    assert observed(profile(knowledge, table, "A", only=("Smoking",)))["observedYear"] == "2019"


def test_columns_may_stand_in_any_order_with_others_between(knowledge: Knowledge, write: Write) -> None:
    table = read_table(write('"7","Smoking",x,2021,A', header="\ufeffvalue,indicator,note,year,area_code"))
    assert observed(profile(knowledge, table, "A", only=("Smoking",)))["observedValue"] == "7"


# What cannot be used

GOOD = "A,2021,Smoking,7"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("B,2021,Smoking", "does not have as many cells"),
        ("B,2021,Smoking,7,8", "does not have as many cells"),
        ("B,2021,Smoking,seven", "'seven' is not a number."),
        ("B,2021,Smoking,", "'' is not a number."),
        ("B,2021,Smoking,nan", "'nan' is not a number."),
        ("B,2021,Smoking,-inf", "'-inf' is not a number."),
        ("B,2021,Smoking,1e999999999", "is not a number."),
        ("B,2021,Smoking,1_000", "'1_000' is not a number."),
        ('B,2021,Smoking,"1,000"', "'1,000' is not a number."),
        ("B,21,Smoking,7", "'21' is not a year. Write four digits."),
        ("B,2021/22,Smoking,7", "'2021/22' is not a year."),
        ("B,,Smoking,7", "'' is not a year."),
        (",2021,Smoking,7", "The row has no area_code."),
        ("B,2021, ,7", "The row has no indicator."),
        ("A,2021,Smoking,8", "'Smoking' for A in 2021 is given twice, first on line 2."),
    ],
)
def test_a_bad_row_is_refused_with_its_line_or_left_out_on_request(write: Write, row: str, says: str) -> None:
    path = write(GOOD, row, "C,2021,Smoking,9")
    found = problem(path)
    assert says in str(found) and found.place and found.place.line == 3
    table = read_table(path, skip_bad_rows=True)
    assert table.values == {("Smoking", 2021): {"A": Decimal(7), "C": Decimal(9)}}
    assert [(skipped.what, skipped.place) for skipped in table.skipped] == [(found.what, found.place)]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("area_code,year,indicator", "lacks the column value."),
        ("area,year,name,value", "lacks the columns area_code, indicator."),
        ("", "lacks the columns"),
    ],
)
def test_a_missing_column_is_named(write: Write, header: str, says: str) -> None:
    assert says in problem(write(GOOD, header=header), skip_bad_rows=True).what


def test_a_table_without_a_figure_is_refused(write: Write, tmp_path: Path) -> None:
    assert "no figure that can be used" in problem(write()).what
    assert "no figure that can be used" in problem(write("x"), skip_bad_rows=True).what
    (empty := tmp_path / "empty.csv").write_bytes(b"")
    assert "lacks the columns" in problem(empty).what


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    assert "no such file" in problem(tmp_path / "missing.csv").what
    assert "folder" in problem(tmp_path).what
    (latin := tmp_path / "latin.csv").write_bytes(f"{HEADER}\nA,2021,Sm\u00f6king,7\n".encode("latin-1"))
    assert "not UTF-8" in problem(latin).what
    (quote := tmp_path / "quote.csv").write_text(f'{HEADER}\nA,2021,"Smoking"x,7\n', encoding="utf-8")
    assert "cannot be read" in problem(quote).what


def test_an_area_or_indicator_that_is_not_there_is_said_with_what_was_meant(knowledge: Knowledge, write: Write) -> None:
    table = read_table(write("E06000009,2021,Smoking,7", "E06000009,2021,Gardens,7"))
    for area, only, says in (
        ("E06000008", (), "Did you mean E06000009?"),
        ("Blackpool", (), "Give its GSS code"),
        ("E06000009", ("Smokin",), "Did you mean Smoking?"),
        ("E06000009", ("Gardens",), "No factor is linked to the indicator 'Gardens'."),
        ("E06000009", (), "The table has no figure for E06000009 of: Activities in life are worthwhile, Air pollution,"),
    ):
        with pytest.raises(InputProblem) as raised:
            profile(knowledge, table, area, only=only)
        assert says in str(raised.value)
    with pytest.raises(InputProblem, match="no figure for E06000009 in 1999"):
        profile(knowledge, table, "E06000009", year=1999, allow_missing=True)


def test_a_missing_indicator_is_left_out_and_listed_on_request(knowledge: Knowledge, write: Write) -> None:
    table = read_table(write(GOOD))
    plan = profile(knowledge, table, "A", allow_missing=True)
    assert observed(plan)["indicator"] == KB + "indicator-smoking"
    assert len(table.skipped) == 1 and "Unemployment" in table.skipped[0].what and "Smoking" not in table.skipped[0].what


# Who stands out


@pytest.mark.parametrize(
    ("share", "standing_out"),
    [("0.24", ""), ("0.25", "A"), ("0.49", "A"), ("0.5", "ABC"), ("0.99", "ABC"), ("1", "ABCD"), ("0", "")],
)
def test_an_area_stands_out_up_to_the_very_share_of_the_worst(
    knowledge: Knowledge, write: Write, share: str, standing_out: str
) -> None:
    table = read_table(write("A,2021,Smoking,9", "B,2021,Smoking,7", "C,2021,Smoking,7", "D,2021,Smoking,1"))
    found = {
        area
        for area in "ABCD"
        if conclude(knowledge, profile(knowledge, table, area, only=("Smoking",)), parameters={"worst-share": share}).findings
    }
    assert found == set(standing_out)


# The published table


@pytest.fixture(scope="module")
def published() -> Table:
    if not PUBLISHED.exists():
        pytest.skip(f"the ONS Health Index is not at {PUBLISHED}: it does not ship with mwkb")
    return read_table(PUBLISHED)


def figures(found: Assessment) -> set[Observed]:
    return {o for finding in found.findings for reason in finding.reasons if reason.record for o in reason.record.observations}


def test_every_mapped_indicator_has_a_figure_for_each_of_the_307_areas(knowledge: Knowledge, published: Table) -> None:
    assert len(published.areas) == 307
    latest: dict[str, set[str]] = {}
    for (indicator, year), by_area in published.values.items():
        if year == max(y for i, y in published.values if i == indicator):
            latest[indicator] = set(by_area)
    mapped = {knowledge.value(i, "skos:notation") or "" for i in knowledge.subjects("rdf:type", MWKB + "Indicator")}
    assert {name: published.areas - latest.get(name, set()) for name in mapped if latest.get(name) != published.areas} == {}


def test_blackpool_gets_recommendations_that_show_figure_year_and_rank(knowledge: Knowledge, published: Table) -> None:
    found = conclude(knowledge, profile(knowledge, published, "E06000009"))
    recommended = found.of_kind("recommendation")
    assert len(recommended) >= 20
    reasons = [reason for finding in recommended for reason in finding.reasons]
    assert reasons and all(reason.rule in ("R-12", "R-13") and reason.record and reason.record.observations for reason in reasons)
    with PUBLISHED.open(encoding="utf-8", newline="") as stream:  # reckoned anew, from the file alone
        rows = [row for row in csv.DictReader(stream) if row["year"] == "2021"]
    shown = {o.indicator.label: o for o in figures(found)}
    for name, worst_first in (
        ("Unemployment", True),
        ("Smoking", True),
        ("Physical activity", False),
        ("Pupil attainment", False),
    ):
        values = sorted((float(row["value"]) for row in rows if row["indicator"] == name), reverse=worst_first)
        own = next(row["value"] for row in rows if row["indicator"] == name and row["area_code"] == "E06000009")
        expected = (own, "2021", values.index(float(own)) + 1, 307)
        assert (shown[name].value, shown[name].year, shown[name].rank, shown[name].areas) == expected
    assert all(o.rank <= 307 / 4 for o in shown.values())


def test_a_well_off_area_gets_few_recommendations(knowledge: Knowledge, published: Table) -> None:
    assert len(conclude(knowledge, profile(knowledge, published, "E07000207")).of_kind("recommendation")) <= 3
