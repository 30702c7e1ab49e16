"""The layer of truth that a thing belongs to: what is printed, what was decided, what the rules conclude."""

from __future__ import annotations

from dataclasses import dataclass

from mwkb.knowledge import Knowledge
from mwkb.site.statements import Statements
from mwkb.site.things import Thing
from mwkb.vocabulary import KB, MWKB


@dataclass(frozen=True)
class Layer:
    """``id`` names its colour, ``words`` say it in short, ``means`` in a sentence."""

    id: str
    words: str
    means: str


PRINTED = Layer(
    "printed", "As printed", "The toolkit says this at the lines given, in words of our own; numbers and names are as printed."
)
READING = Layer("reading", "Interpretation", "The text leaves this open; the editors decided, and name the alternative.")
PUBLIC = Layer("public", "From public sources", "Not said by the toolkit: from the public sources given.")
EDITORS = Layer("editors", "Set by the editors", "Not said by the toolkit: set by the editors of mwkb.")
TERM = Layer("term", "Ontology", "A term that facts, shapes, rules and queries are written in.")
RULE = Layer("inferred", "Inference", "What it concludes is inferred and kept apart from what is stated.")
SHAPE = Layer("check", "Check", "Says what data has to hold; adds nothing to it.")
QUERY = Layer("check", "Question", "Asks what is stated and inferred; adds nothing to it.")


def layer(knowledge: Knowledge, statements: Statements, thing: Thing) -> Layer:
    if thing.family != "fact":
        return {"module": TERM, "term": TERM, "rule": RULE, "shape": SHAPE, "query": QUERY}[thing.family]
    if knowledge.objects(thing.iri, "mwkb:confidence"):
        return READING
    sources = [value.value for value in knowledge.objects(thing.iri, "dcterms:source")]
    if sources and not any(source.startswith((KB, MWKB.rstrip("#"))) for source in sources):
        return PUBLIC
    if statements.file.get(thing.iri, "").startswith("kb/interpretation/"):
        return READING
    return PRINTED if any(source.startswith(KB) for source in sources) else EDITORS
