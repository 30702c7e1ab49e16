"""Choose the reader for a plan by its ending."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from mwkb import files
from mwkb.plan.document import Plan
from mwkb.plan.limits import USUAL, Limits
from mwkb.plan.rdf import RDF_FORMATS, read_rdf
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import KB, MWKB, OWL, RULE, SHAPE, compact

FORMATS = (".xlsx", ".yaml", ".yml", ".json", *RDF_FORMATS)
_XML = ("<?xml", "<!DOCTYPE", "<!ENTITY", "<rdf:RDF")
_PROPERTIES = {OWL + "ObjectProperty", OWL + "DatatypeProperty"}
_OURS = tuple(namespace.rstrip("/#") for namespace in (KB, MWKB, RULE, SHAPE))


def read_plan(path: Path, limits: Limits = USUAL) -> Plan:
    """Read a plan from a workbook, YAML, JSON, JSON-LD, Turtle or N-Triples.

    Raises InputProblem, with file and line or cell where there is one, if the file cannot be read
    or goes beyond the limits.
    """
    if path.suffix.lower() == ".xlsx":
        from mwkb import knowledge
        from mwkb.form import form
        from mwkb.workbook.read import read_workbook

        _readable(path, limits)
        return _checked(read_workbook(path, form(knowledge.load()), limits), limits)
    text = _text(path, limits)
    reader = read_rdf if path.suffix.lower() in RDF_FORMATS else read_tree
    return _checked(reader(text, str(path), limits), limits)


def _checked(plan: Plan, limits: Limits) -> Plan:
    """The plan, unless a text in it is too long, or it says what only the knowledge base or a rule may say: that would
    change what is concluded."""
    for quad in plan.quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        subject, predicate = quad.subject.value, quad.predicate.value
        place = plan.place(subject, predicate) or Place(plan.file)
        if isinstance(quad.object, Literal) and len(quad.object.value) > limits.letters:
            raise InputProblem(f"A text has more than {limits.letters:,} letters.", place)
        if subject.startswith(_OURS):
            what = f"'{compact(subject)}' belongs to the knowledge base and cannot be described in a plan."
            raise InputProblem(what, place, "Use an id of your own.")
        if predicate in conclusions():
            raise InputProblem(
                f"'{compact(predicate)}' is for rules to conclude, not for a plan to state.", place, "Leave it out."
            )
    return plan


@cache
def conclusions() -> frozenset[str]:
    """The properties that rules conclude, which the ontology defines together."""
    quads = parse(files.finding_module().read_bytes(), format=RdfFormat.TURTLE)
    return frozenset(q.subject.value for q in quads if isinstance(q.object, NamedNode) and q.object.value in _PROPERTIES)


def _readable(path: Path, limits: Limits) -> None:
    """Raise InputProblem unless there is a file of a known format and size."""
    if path.suffix.lower() not in FORMATS:
        kinds = ", ".join(FORMATS)
        extra = " RDF/XML is not read; convert it to Turtle." if path.suffix.lower() in (".rdf", ".owl", ".xml") else ""
        raise InputProblem(f"A plan cannot be read from '{path.suffix or path.name}'.", path, f"Use one of: {kinds}.{extra}")
    try:
        if path.is_dir():
            raise InputProblem("This is a folder, not a plan.", path)
        if not path.exists():
            raise InputProblem("There is no such file.", path, "Check the path.")
        if path.stat().st_size > limits.bytes:
            raise _too_large(path, limits)
    except OSError as error:
        raise InputProblem(f"The file cannot be opened: {error.strerror}.", path) from None


def _too_large(path: Path, limits: Limits) -> InputProblem:
    return InputProblem(f"The file is larger than {limits.bytes / 1_000_000:g} MB.", path)


def _text(path: Path, limits: Limits) -> str:
    _readable(path, limits)
    try:
        with path.open("rb") as stream:
            content = stream.read(limits.bytes + 1)
    except OSError as error:
        raise InputProblem(f"The file cannot be opened: {error.strerror}.", path) from None
    if len(content) > limits.bytes:  # a pipe or device tells no size beforehand
        raise _too_large(path, limits)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", content[: error.start])) + 1
        raise InputProblem("The file is not UTF-8 text.", Place(str(path), line), "Save it as UTF-8.") from None
    if not text.strip():
        raise InputProblem("The file is empty.", path)
    if text.lstrip().startswith(_XML):
        raise InputProblem("This is XML, whatever the file is called.", path, "RDF/XML is not read; convert it to Turtle.")
    return text
