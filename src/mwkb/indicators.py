"""Published indicator values: from a table of all areas to a profile of one.

The table is a CSV file with the columns ``area_code``, ``year``, ``indicator`` and ``value``, one
figure a row, as the ONS Health Index is published in tidy form.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.plan.document import Places
from mwkb.problems import InputProblem, Place, nearest
from mwkb.vocabulary import AREA_CODE, KB, MWKB, RDF, SKOS, XSD, local_name

COLUMNS = ("area_code", "year", "indicator", "value")
LIMIT = 200_000_000
"""The largest table that is read, in bytes."""


@dataclass
class Table:
    """Values by indicator and year, then by area; the line of each; and the rows that could not be used, if they were skipped."""

    file: str
    values: dict[tuple[str, int], dict[str, Decimal]] = field(default_factory=dict)
    lines: dict[tuple[str, int, str], int] = field(default_factory=dict)
    skipped: list[InputProblem] = field(default_factory=list)

    @property
    def areas(self) -> set[str]:
        return {area for by_area in self.values.values() for area in by_area}

    @property
    def indicators(self) -> set[str]:
        return {indicator for indicator, _ in self.values}


def read_table(path: Path, skip_bad_rows: bool = False) -> Table:
    """Read a table of indicator values.

    Raises InputProblem, naming the line, at the first row that cannot be used; with
    ``skip_bad_rows`` such rows are left out and listed instead.
    """
    table = Table(str(path))
    lines = table.lines
    for line, row in _rows(path):
        try:
            indicator, year, area, value = _figure(row, Place(str(path), line))
            if (indicator, year, area) in lines:
                first = lines[indicator, year, area]
                raise InputProblem(
                    f"'{indicator}' for {area} in {year} is given twice, first on line {first}.", Place(str(path), line)
                )
        except InputProblem as problem:
            if not skip_bad_rows:
                raise InputProblem(
                    problem.what, problem.place, problem.remedy or "Mend the row, or use --skip-bad-rows."
                ) from None
            table.skipped.append(problem)
            continue
        lines[indicator, year, area] = line
        table.values.setdefault((indicator, year), {})[area] = value
    if not table.values:
        raise InputProblem("The table holds no figure that can be used.", path)
    return table


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if not path.is_file():
        raise InputProblem(
            "There is no such file." if not path.exists() else "This is a folder, not a table.", path, "Check the path."
        )
    if path.stat().st_size > LIMIT:
        raise InputProblem(f"The file is larger than {LIMIT // 1_000_000} MB.", path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, [])
            missing = [column for column in COLUMNS if column not in header]
            if missing:
                raise InputProblem(
                    f"The table lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}.",
                    Place(str(path), 1),
                    f"The first line must name {', '.join(COLUMNS)}.",
                )
            for cells in reader:
                if cells:
                    named = dict(zip(header, cells, strict=False))
                    yield reader.line_num, named if len(cells) == len(header) else {}
    except UnicodeDecodeError:
        raise InputProblem("The file is not UTF-8 text.", path, "Save it as UTF-8.") from None
    except csv.Error as error:
        raise InputProblem(f"The table cannot be read: {error}.", Place(str(path), reader.line_num)) from None
    except OSError as error:
        raise InputProblem(f"The file cannot be opened: {error.strerror}.", path) from None


def _figure(row: dict[str, str], place: Place) -> tuple[str, int, str, Decimal]:
    if not row:
        raise InputProblem("The row does not have as many cells as the first line.", place)
    area, year, indicator, value = (row[column].strip() for column in COLUMNS)
    if not area or not indicator:
        raise InputProblem(f"The row has no {'area_code' if not area else 'indicator'}.", place)
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise InputProblem(f"'{year}' is not a year.", place, "Write four digits.")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", value, re.ASCII):
        raise InputProblem(f"'{value}' is not a number.", place)
    return indicator, int(year), area, Decimal(value)


def profile(
    knowledge: Knowledge,
    table: Table,
    area: str,
    year: int | None = None,
    only: tuple[str, ...] = (),
    allow_missing: bool = False,
) -> Plan:
    """The profile of one area: each mapped indicator's figure and its rank among all areas.

    A mapped indicator without a figure for the area is a problem, unless ``allow_missing``: then it
    is listed in ``table.skipped``. ``year`` is the latest of each indicator unless given. ``only``
    restricts to indicators by their name in the table. Ranks count from the worst, by the direction
    that the knowledge base states; equal figures share the rank of the first of them. Raises
    InputProblem if the area or an indicator is not in the table.
    """
    if area not in table.areas:
        raise InputProblem(
            f"The table has no area '{area}'.",
            Place(table.file),
            nearest(area, table.areas) or "Give its GSS code, such as E06000009.",
        )
    wanted = _wanted(knowledge, table, only)
    lacking = sorted(name for name in wanted.values() if _latest(table, name, area, year) is None)
    if lacking:
        problem = InputProblem(
            f"The table has no figure for {area}{f' in {year}' if year else ''} of: {', '.join(lacking)}.",
            Place(table.file),
            "Use --skip-bad-rows to go on without." if len(lacking) < len(wanted) else "",
        )
        if not allow_missing or len(lacking) == len(wanted):
            raise problem
        table.skipped.append(problem)
    iri = f"{MWKB.removesuffix('ontology#')}profile/{quote(area, safe='')}"
    locality = AREA_CODE + quote(area, safe="")
    quads = [
        _quad(iri, RDF + "type", NamedNode(MWKB + "LocalityProfile")),
        _quad(iri, MWKB + "locality", NamedNode(locality)),
        _quad(iri, SKOS + "prefLabel", Literal(f"Published figures for {area}", language="en-gb")),
        _quad(locality, RDF + "type", NamedNode(MWKB + "Locality")),
        _quad(locality, SKOS + "prefLabel", Literal(area, language="en-gb")),
        _quad(locality, MWKB + "gssCode", Literal(area)),
    ]
    places: Places = {(iri, ""): Place(table.file)}
    for indicator, name in wanted.items():
        chosen = _latest(table, name, area, year)
        if chosen is not None:
            node = f"{iri}/observation/{local_name(indicator)}"
            places[node, ""] = Place(table.file, table.lines[name, chosen, area])
            quads += _observation(knowledge, table, iri, node, indicator, (name, chosen), area)
    return Plan(iri, table.file, tuple(quads), places)


def profiles(knowledge: Knowledge, table: Table, year: int | None = None, only: tuple[str, ...] = ()) -> tuple[Plan, ...]:
    """The profiles of all areas that have a figure, as ``profile`` makes them; what an area lacks is left out."""
    wanted = _wanted(knowledge, table, only).values()
    having = [area for area in sorted(table.areas) if any(_latest(table, name, area, year) is not None for name in wanted)]
    return tuple(profile(knowledge, table, area, year, only, allow_missing=True) for area in having)


def _wanted(knowledge: Knowledge, table: Table, only: tuple[str, ...]) -> dict[str, str]:
    """The mapped indicators by IRI with their names in the table. Raises InputProblem if one asked for is not there."""
    for name in only:
        if name not in table.indicators:
            raise InputProblem(f"The table has no indicator '{name}'.", Place(table.file), nearest(name, table.indicators))
    mapped = {i: knowledge.value(i, "skos:notation") or "" for i in knowledge.subjects("rdf:type", MWKB + "Indicator")}
    for name in only:
        if name not in mapped.values():
            raise InputProblem(
                f"No factor is linked to the indicator '{name}'.", remedy="Link it in kb/interpretation/indicators.ttl."
            )
    return {i: name for i, name in sorted(mapped.items()) if not only or name in only}


def _latest(table: Table, name: str, area: str, year: int | None) -> int | None:
    years = (y for (indicator, y), by_area in table.values.items() if indicator == name and area in by_area and year in (None, y))
    return max(years, default=None)


def _observation(
    knowledge: Knowledge, table: Table, iri: str, node: str, indicator: str, figure: tuple[str, int], area: str
) -> list[Quad]:
    by_area = table.values[figure]
    value = by_area[area]
    high_is_worse = knowledge.value(indicator, "mwkb:worseWhen") == KB + "direction-high"
    worse = sum(other > value if high_is_worse else other < value for other in by_area.values())
    return [
        _quad(iri, MWKB + "hasObservation", NamedNode(node)),
        _quad(node, RDF + "type", NamedNode(MWKB + "Observation")),
        _quad(node, MWKB + "indicator", NamedNode(indicator)),
        _quad(node, MWKB + "observedValue", Literal(format(value, "f"), datatype=NamedNode(XSD + "decimal"))),
        _quad(node, MWKB + "observedYear", Literal(str(figure[1]), datatype=NamedNode(XSD + "gYear"))),
        _quad(node, MWKB + "rankFromWorst", Literal(worse + 1)),
        _quad(node, MWKB + "rankedAmong", Literal(len(by_area))),
    ]


def _quad(subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), value)
