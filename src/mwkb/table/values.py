"""The values of a property as the text of a cell, a line each, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode

from mwkb.knowledge import Term
from mwkb.problems import InputProblem
from mwkb.table.called import Called
from mwkb.table.columns import Column
from mwkb.table.kind import natural
from mwkb.vocabulary import XSD, local_name
from mwkb.workbook.layout import NO, YES
from mwkb.workbook.names import folded

LANGUAGE = "en-GB"
_BLANK = " \t\u00a0"
_TRUE, _FALSE = (folded(YES), "true", "1"), (folded(NO), "false", "0")
_INTEGER, _DECIMAL = re.compile(r"[+-]?[0-9]+"), re.compile(r"[+-]?[0-9]*\.[0-9]+|[+-]?[0-9]+")
_TYPED = {XSD + "gYear": (re.compile(r"[0-9]{4}"), "a year, such as 2024")}


def shown(called: Called, column: Column, values: Sequence[Term]) -> dict[str, list[Term]]:
    """What a cell says for each value, in the order of its lines."""
    found: dict[str, list[Term]] = {}
    for value in sorted(values, key=lambda value: natural(value.value) if isinstance(value, NamedNode) else str(value)):
        found.setdefault(_shown(called, column, value), []).append(value)
    return found


def _shown(called: Called, column: Column, value: Term) -> str:
    if isinstance(value, NamedNode):
        return called.shown(value.value, column.classes)
    if column.holds == "yes-no":
        return {"true": YES, "false": NO}.get(value.value, value.value)
    return value.value


def lines(column: Column, text: str) -> list[str]:
    """The values that are written in a cell; a text of which there is only one may have several lines itself."""
    if column.holds == "text" and not column.several:
        return [text] if text else []
    return list(filter(None, (line.strip(_BLANK) for line in re.split(r"\r\n?|\n", text))))


def parsed(called: Called, column: Column, line: str) -> Term:
    """The value that is written. Raises InputProblem, without a place, if the column cannot hold it."""
    if column.holds == "thing":
        return NamedNode(called.find(line, column.classes, column.addresses))
    if column.holds == "yes-no":
        if folded(line) not in (*_TRUE, *_FALSE):
            raise InputProblem(f"'{line}' is neither {YES} nor {NO}.", remedy=f"Write {YES} or {NO}.")
        return Literal("true" if folded(line) in _TRUE else "false", datatype=NamedNode(XSD + "boolean"))
    if column.holds == "number":
        return _number(column, line)
    if column.holds == "date":
        return _date(line)
    if column.holds == "typed":
        return _typed(column, line)
    return Literal(line) if column.datatype else Literal(line, language=LANGUAGE)


def _number(column: Column, line: str) -> Literal:
    whole = _INTEGER.fullmatch(line)
    if column.datatype == XSD + "integer" and not whole:
        raise InputProblem(f"'{line}' is not a whole number.", remedy="Write digits only, such as 12.")
    if not whole and not _DECIMAL.fullmatch(line):
        raise InputProblem(f"'{line}' is not a number.", remedy="Write digits, without unit or sign of thousands.")
    datatype = column.datatype or XSD + ("integer" if whole else "decimal")
    return Literal(line, datatype=NamedNode(datatype))


def _date(line: str) -> Literal:
    try:
        day = date.fromisoformat(line)
    except ValueError:
        day = None
    if day is None or day.isoformat() != line:
        raise InputProblem(f"'{line}' is not a date.", remedy="Write year, month and day, such as 2026-11-24.")
    return Literal(line, datatype=NamedNode(XSD + "date"))


def _typed(column: Column, line: str) -> Literal:
    form, what = _TYPED.get(column.datatype, (re.compile(r".+"), local_name(column.datatype)))
    if not form.fullmatch(line):
        raise InputProblem(f"'{line}' is not {what}.", remedy="Correct it.")
    return Literal(line, datatype=NamedNode(column.datatype))
