"""In which formats an assessment is shown: to add one, add its renderer to the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mwkb.cli.options import FailOn
from mwkb.cli.output import Format

if TYPE_CHECKING:
    from mwkb.assessment import Assessment
    from mwkb.knowledge import Knowledge

Render = Callable[["Assessment", "Knowledge", FailOn], "str | bytes"]


def _text(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report import text

    return text.assessment(found)


def _validation_text(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report import text

    return text.validation(found)


def _json(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report.structured import assessment_json

    return assessment_json(found)


def _csv(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report.structured import assessment_csv

    return assessment_csv(found)


def _turtle(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report.structured import assessment_turtle

    return assessment_turtle(found)


def _html(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report.html import assessment_html

    return assessment_html(found, knowledge)


def _pdf(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> bytes:
    from mwkb.report.pdf import assessment_pdf

    return assessment_pdf(found, knowledge)


def _xlsx(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> bytes:
    from mwkb.workbook.annotate import annotated

    return annotated(found, knowledge)


def _sarif(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report.sarif import assessment_sarif

    return assessment_sarif(found, knowledge)


def _junit(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report.junit import assessment_junit
    from mwkb.validate import SEVERITIES

    return assessment_junit(found, next((severity for severity in SEVERITIES if severity == fail_on.value), None))


def _github(found: Assessment, knowledge: Knowledge, fail_on: FailOn) -> str:
    from mwkb.report.github import assessment_github

    return assessment_github(found)


DATA: dict[Format, Render] = {
    Format.JSON: _json,
    Format.CSV: _csv,
    Format.SARIF: _sarif,
    Format.JUNIT: _junit,
    Format.GITHUB: _github,
}

ASSESSMENT: dict[Format, Render] = {
    Format.TEXT: _text,
    **DATA,
    Format.TURTLE: _turtle,
    Format.HTML: _html,
    Format.PDF: _pdf,
    Format.XLSX: _xlsx,
}

VALIDATION: dict[Format, Render] = {Format.TEXT: _validation_text, **DATA}
