"""An assessment, a proof or failures as JSON; an assessment as CSV and Turtle."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from pyoxigraph import RdfFormat, Triple, serialize

from mwkb.assessment import Assessment
from mwkb.explain import Step
from mwkb.problems import Place
from mwkb.report.words import versions
from mwkb.vocabulary import PREFIXES
from mwkb.why_not import Failure

FORMAT = "https://w3id.org/mwkb/schema/assessment/1"
"""Names the shape of the JSON; a change that breaks a reader gets a new number."""


def plain(value: object) -> Any:
    """A result as what JSON can hold: dataclasses as objects, the same keys in the same order always."""
    if isinstance(value, Place):
        return {"file": value.file, "line": value.line, "cell": value.cell}
    if isinstance(value, Triple):
        return [str(value.subject), str(value.predicate), str(value.object)]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def assessment_json(found: Assessment) -> str:
    """The whole assessment, after ``schema/assessment.schema.json``."""
    content = plain(found)
    content["parameters"] = dict(found.parameters)
    del content["derived"]
    whole = {"format": FORMAT, "conforms": found.conforms, **content}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def proof_json(finding: str, steps: Sequence[Step], made_by: Mapping[str, str]) -> str:
    return json.dumps({**made_by, "finding": finding, "proof": plain(tuple(steps))}, ensure_ascii=False, indent=2) + "\n"


def failures_json(finding: str, found: Sequence[Failure], made_by: Mapping[str, str]) -> str:
    content = {**made_by, "finding": finding, "found": not found, "failures": plain(tuple(found))}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


COLUMNS = (
    "kind",
    "severity",
    "id",
    "about",
    "name",
    "message",
    "score",
    "evidence",
    "priority",
    "category",
    "action",
    "rules",
    "file",
    "line",
    "mwkb",
    "knowledge base",
)


def assessment_csv(found: Assessment) -> str:
    """A row for each result and finding."""
    rows: list[list[object]] = []
    for result in found.validation:
        place = result.place
        rows.append(
            [
                "validation",
                result.severity,
                result.shape,
                result.focus,
                result.title,
                result.message,
                "",
                "",
                "",
                "",
                "",
                "",
                *_where(place),
            ]
        )
    for finding in found.findings:
        rating = finding.rating
        message = " ".join([*([finding.question] if finding.question else []), *(reason.says for reason in finding.reasons)])
        rows.append(
            [
                *(finding.kind, finding.severity, finding.id, finding.about.iri, finding.about.label, message),
                *(
                    (rating.score, rating.evidence, rating.priority, rating.category.label)
                    if rating
                    else ("", finding.evidence or "", "", "")
                ),
                *(" ".join(finding.actions), " ".join(dict.fromkeys(reason.rule for reason in finding.reasons))),
                *_where(finding.place),
            ]
        )
    return table_csv(COLUMNS, [[*row, found.mwkb_version, found.knowledge_version] for row in rows])


def _where(place: Place | None) -> tuple[object, object]:
    return (place.file, place.line or place.cell or "") if place else ("", "")


def table_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table as CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return stream.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def assessment_turtle(found: Assessment) -> str:
    """What the rules concluded, as Turtle."""
    content = serialize(sorted(found.derived, key=str), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    return f"# {versions(found.mwkb_version, found.knowledge_version)}\n" + (content or b"").decode()
