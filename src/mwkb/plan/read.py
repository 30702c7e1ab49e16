"""Choose the reader for a plan by its ending."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from mwkb import files
from mwkb.plan.document import Plan
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import KB, MWKB, OWL, RULE, SHAPE, compact

FORMATS = (".xlsx", ".yaml", ".yml", ".json", ".jsonld", ".ttl", ".nt")
LIMIT = 2_500_000
"""The largest plan that is read, in bytes: a hundred times a full plan."""
_PROPERTIES = {OWL + "ObjectProperty", OWL + "DatatypeProperty"}
_OURS = tuple(namespace.rstrip("/#") for namespace in (KB, MWKB, RULE, SHAPE))


def read_plan(path: Path) -> Plan:
    """Read a plan from a workbook, YAML, JSON, JSON-LD, Turtle or N-Triples.

    Raises InputProblem, with file and line or cell where there is one, if the file cannot be read.
    """
    if path.suffix.lower() == ".xlsx":
        from mwkb import knowledge
        from mwkb.form import form
        from mwkb.workbook.read import read_workbook

        _readable(path)
        return _only_its_own(read_workbook(path, form(knowledge.load())))
    text = _text(path)
    if path.suffix.lower() in (".jsonld", ".ttl", ".nt"):
        from mwkb.plan.turtle import read_rdf

        return _only_its_own(read_rdf(text, str(path)))
    from mwkb.plan.tree import read_tree

    return _only_its_own(read_tree(text, str(path)))


def _only_its_own(plan: Plan) -> Plan:
    """The plan, unless it says what only the knowledge base or a rule may say: that would change what is concluded."""
    for quad in plan.quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        subject, predicate = quad.subject.value, quad.predicate.value
        place = plan.place(subject, predicate) or Place(plan.file)
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


def _readable(path: Path) -> None:
    """Raise InputProblem unless there is a file of a known format and size."""
    if path.suffix.lower() not in FORMATS:
        kinds = ", ".join(FORMATS)
        extra = " RDF/XML is not read; convert it to Turtle." if path.suffix.lower() in (".rdf", ".owl", ".xml") else ""
        raise InputProblem(f"A plan cannot be read from '{path.suffix or path.name}'.", path, f"Use one of: {kinds}.{extra}")
    if not path.exists():
        raise InputProblem("There is no such file.", path, "Check the path.")
    if path.is_dir():
        raise InputProblem("This is a folder, not a plan.", path)
    try:
        if path.stat().st_size > LIMIT:
            raise InputProblem(f"The file is larger than {LIMIT / 1_000_000:g} MB.", path)
    except OSError as error:
        raise InputProblem(f"The file cannot be opened: {error.strerror}.", path) from None


def _text(path: Path) -> str:
    _readable(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputProblem(f"The file cannot be opened: {error.strerror}.", path) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputProblem("The file is not UTF-8 text.", Place(str(path), line), "Save it as UTF-8.") from None
    if not text.strip():
        raise InputProblem("The file is empty.", path)
    return text
