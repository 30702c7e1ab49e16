"""The datatypes that OWL 2 has (Structural Specification, section 4), and which texts are values of each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal, Triple

from mwkb.reasoning.statements import Statements, as_node
from mwkb.reasoning.violation import Breach
from mwkb.vocabulary import OWL, RDF, RDFS, XSD, compact

_INTEGER = r"[+-]?[0-9]+"
_FLOAT = r"([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN)"
_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_DATE_TIME = (
    r"-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
)
_NAME = r"[^\W\d][\w.\-·]*"
_SIGN = "[A-Za-z0-9+/] ?"
_BASE64 = (
    rf"({_SIGN}{_SIGN}{_SIGN}{_SIGN})*"
    rf"({_SIGN}{_SIGN}{_SIGN}[A-Za-z0-9+/]|{_SIGN}{_SIGN}[AEIMQUYcgkosw048] ?=|{_SIGN}[AQgw] ?= ?=)?"
)

_TEXTS: dict[str, str] = {
    OWL + "real": "(?!)",  # it has values, and no text of its own is one
    OWL + "rational": r"[+-]?[0-9]+/0*[1-9][0-9]*",
    XSD + "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    **dict.fromkeys((XSD + "double", XSD + "float"), _FLOAT),
    **dict.fromkeys((XSD + "string", RDF + "XMLLiteral", RDF + "langString", RDFS + "Literal"), r"(?s:.*)"),
    RDF + "PlainLiteral": r"(?s:.*@.*)",
    XSD + "normalizedString": r"[^\r\n\t]*",
    XSD + "token": r"([^\s]+( [^\s]+)*)?",
    XSD + "language": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    XSD + "Name": rf"(:|{_NAME})[\w.\-:·]*",
    XSD + "NCName": _NAME,
    XSD + "NMTOKEN": r"[\w.\-:·]+",
    XSD + "boolean": "true|false|1|0",
    XSD + "hexBinary": "([0-9a-fA-F]{2})*",
    XSD + "base64Binary": _BASE64,
    XSD + "anyURI": r"[^\s<>]*",
    XSD + "dateTime": rf"{_DATE_TIME}{_ZONE}?",
    XSD + "dateTimeStamp": _DATE_TIME + _ZONE,
}
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2**bits), 2**bits - 1) for name, bits in (("long", 63), ("int", 31), ("short", 15), ("byte", 7))},
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))},
}

MAP = frozenset([*_TEXTS, *(XSD + name for name in _BOUNDS)])
"""The datatypes of the OWL 2 datatype map, with rdfs:Literal."""
_NUMBERS = frozenset([OWL + "real", OWL + "rational", XSD + "decimal", *(XSD + name for name in _BOUNDS)])
_BINARY = frozenset([XSD + "hexBinary", XSD + "base64Binary", XSD + "anyURI"])
_STRINGS = frozenset(
    [
        RDF + "PlainLiteral",
        *(XSD + name for name in ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")),
    ]
)
_RANGE = frozenset(XSD + name for name in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"))
_LENGTH = frozenset(XSD + name for name in ("length", "minLength", "maxLength"))
FACETS = _RANGE | _LENGTH | {XSD + "pattern", RDF + "langRange"}
_TIMES = frozenset([XSD + "dateTime", XSD + "dateTimeStamp"])


def is_value(text: str, datatype: str) -> bool:
    """Whether a text is one of the datatype's; of a datatype that OWL 2 does not have, every text is."""
    name = datatype.removeprefix(XSD)
    if datatype.startswith(XSD) and name in _BOUNDS:
        if not re.fullmatch(_INTEGER, text):
            return False
        low, high = _BOUNDS[name]
        digits = text.lstrip("+-").lstrip("0")
        if len(digits) > 4000:  # more than Python turns into a number; only the unbounded ones are as long
            negative = text.startswith("-")
            return (low is None) if negative else (high is None)
        return (low is None or low <= int(text)) and (high is None or int(text) <= high)
    pattern = _TEXTS.get(datatype)
    return pattern is None or re.fullmatch(pattern, text) is not None


def literals(statements: Statements) -> Iterator[Breach]:
    """Texts that are no value of their datatype, in all that takes part in reasoning."""
    for triple in statements:
        value = triple.object
        if (
            isinstance(value, Literal)
            and not statements.is_annotation(triple)
            and not is_value(value.value, value.datatype.value)
        ):
            yield Breach(
                "ill-typed literal",
                f'"{value.value}" is no value of {compact(value.datatype.value)}.',
                "Mend the text, or give it the datatype that it has.",
                triple,
                prevents=True,
            )


def facets(statements: Statements) -> Iterator[Breach]:
    """Restrictions of a datatype by what it cannot be restricted by."""
    for triple in statements:
        if triple.predicate.value != OWL + "onDatatype":
            continue
        datatype = getattr(triple.object, "value", "")
        for head in statements.values(as_node(triple.subject), OWL + "withRestrictions"):
            for node in statements.members(head):
                for facet in () if isinstance(node, Literal) else statements.about.get(node, ()):
                    yield from _facet(statements, facet, datatype)


def _facet(statements: Statements, facet: Triple, datatype: str) -> Iterator[Breach]:
    if datatype in MAP and facet.predicate.value not in _allowed(datatype):
        yield Breach(
            "facet",
            f"{compact(datatype)} cannot be restricted by {compact(facet.predicate.value)}.",
            "Use a facet that the datatype has.",
            facet,
            prevents=True,
        )


def _allowed(datatype: str) -> frozenset[str]:
    if datatype in _NUMBERS or datatype in _TIMES or datatype in (XSD + "double", XSD + "float"):
        return _RANGE
    if datatype in _BINARY:
        return _LENGTH | ({XSD + "pattern"} if datatype == XSD + "anyURI" else frozenset())
    if datatype in _STRINGS:
        return _LENGTH | {XSD + "pattern"} | ({RDF + "langRange"} if datatype == RDF + "PlainLiteral" else frozenset())
    return frozenset()
