"""The facts against the text of the toolkit: the lines that a fact cites hold its name and its numbers.

The text does not ship with mwkb. These tests run where it lies beside the checkout.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mwkb.knowledge import Knowledge
from mwkb.source import ranges
from mwkb.vocabulary import KB, MWKB

TEXT = Path(__file__).parents[2] / "shared/seed/toolkit.txt"
LINES = TEXT.read_text(encoding="utf-8").splitlines() if TEXT.is_file() else []

needs_text = pytest.mark.skipif(not LINES, reason="the text of the toolkit does not lie in ../shared/seed")

NAMED_AS_PRINTED = (
    "Body",
    "DataSource",
    "GlossaryTerm",
    "GoodPractice",
    "Guidance",
    "HighlightedReport",
    "InformationSource",
    "MatrixCategory",
    "Phase",
    "PriorityPrinciple",
    "ResourceEntry",
    "ScopingTopic",
    "Step",
)


SAYS_NOTHING = (
    "1, 10, 82, 93, 112-113, 198, 211, 246-247, 253, 278, 302-303, 323, 408-410, 442, 461, 482, 523, 556-557, 698, "
    "731-733, 783, 877, 951-961, 991-997, 1015, 1050, 1129, 1157-1158, 1216, 1355, 1372, 1431-1433, 1452, 1505, 1572, "
    "1587, 1614, 1666, 1772-1774, 1873-1878, 1904, 1935-1936, 1986-1987, 2022, 2051, 2079, 2116-2117, 2181-2182, "
    "2244, 2286, 2312, 2340-2341, 2393-2394, 2436, 2481, 2754, 2922, 3030, 3046-3047, 3132-3136, 3142, 3165, "
    "3268-3269, 3330"
)
"""Lines that are only a heading, the foot of a page, a stray bullet, or introduce a list whose points are facts."""


def cited(knowledge: Knowledge) -> dict[str, str]:
    """Every fact that cites lines, with what these hold."""
    return {
        name: " ".join(LINES[number - 1] for first, last in ranges(lines) for number in range(first, last + 1))
        for name in sorted(knowledge.names)
        if name.startswith(KB) and (lines := knowledge.value(name, "mwkb:sourceLines"))
    }


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def stems(text: str) -> set[str]:
    return {word[:4] for word in re.findall(r"[a-z]{4,}", text.casefold())}


def names(knowledge: Knowledge, iri: str) -> list[str]:
    """Label and other names, without what was put in brackets to tell entries of the same title apart."""
    found = [*knowledge.objects(iri, "skos:prefLabel"), *knowledge.objects(iri, "skos:altLabel")]
    return [re.sub(r" \([^()]*\)$", "", name.value) for name in found]


def test_the_lines_of_a_fact_lie_in_the_part_that_it_cites(knowledge: Knowledge) -> None:
    for name in sorted(knowledge.names):
        parts = [source.value for source in knowledge.objects(name, "dcterms:source") if source.value.startswith(KB + "toolkit")]
        held = [whole for part in parts for whole in ranges(knowledge.value(part, "mwkb:sourceLines") or "")]
        for first, last in ranges(knowledge.value(name, "mwkb:sourceLines") or "") if parts else []:
            assert any(start <= first <= last <= end for start, end in held), (name, first, last)
        if knowledge.value(name, "mwkb:sourceLines"):
            for source in knowledge.sources(name):
                assert source.lines or not source.iri.startswith(KB + "toolkit"), (name, source.label)


def test_the_lines_of_a_rules_warrant_lie_in_the_parts_that_it_names(knowledge: Knowledge) -> None:
    for rule in knowledge.rules:
        parts = [KB + part for part in rule.file.sources]
        assert set(parts) <= knowledge.names, rule.id
        held = [whole for part in parts for whole in ranges(knowledge.value(part, "mwkb:sourceLines") or "")]
        for first, last in ranges(rule.file.lines):
            assert any(start <= first <= last <= end for start, end in held), (rule.id, first, last)


@needs_text
def test_nothing_that_the_text_says_is_missing(knowledge: Knowledge) -> None:
    held = {
        number
        for name in knowledge.names
        if not knowledge.kind(name).endswith(("part of the toolkit", "reading", "reading of the text"))
        for first, last in ranges(knowledge.value(name, "mwkb:sourceLines") or "")
        for number in range(first, last + 1)
    }
    headings = {number for first, last in ranges(SAYS_NOTHING) for number in range(first, last + 1)}
    missing = [number for number, line in enumerate(LINES, 1) if line.strip() and number not in held | headings]
    assert missing == []


@needs_text
def test_no_range_of_lines_begins_or_ends_outside_the_text_or_on_an_empty_line(knowledge: Knowledge) -> None:
    for name in sorted(knowledge.names):
        for first, last in ranges(knowledge.value(name, "mwkb:sourceLines") or ""):
            assert 1 <= first <= last <= len(LINES), name
            assert name == KB + "toolkit" or (LINES[first - 1].strip() and LINES[last - 1].strip()), (name, first, last)


@needs_text
def test_a_number_stands_in_the_lines_as_it_is_said_to_be_printed(knowledge: Knowledge) -> None:
    held = cited(knowledge)
    for quantity in knowledge.subjects("rdf:type", MWKB + "Quantity"):
        printed = knowledge.value(quantity, "mwkb:printedAs") or ""
        assert squeezed(printed) in squeezed(held[quantity]), (quantity, printed)


@needs_text
def test_an_amount_is_the_number_that_is_printed(knowledge: Knowledge) -> None:
    words = {"a fifth": 0.2, "four-fold": 4, "one": 1, "two": 2, "nine": 9, "one in four": 0.25}
    for quantity in knowledge.subjects("rdf:type", MWKB + "Quantity"):
        printed = (knowledge.value(quantity, "mwkb:printedAs") or "").casefold()
        allowed = {float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", printed)}
        allowed |= {value for word, value in words.items() if word in printed}
        for property_ in ("mwkb:amount", "mwkb:lowestAmount", "mwkb:highestAmount"):
            amount = knowledge.value(quantity, property_)
            assert amount is None or float(amount) in allowed, (quantity, printed, amount)


@needs_text
def test_every_number_in_a_statement_stands_in_its_lines(knowledge: Knowledge) -> None:
    """Numbers of areas, steps and sections that a statement refers to are no numbers of the fact."""
    reference = re.compile(r"\b(areas?|steps?|section|box|figure|appendix) \d+(\.\d+)*( and \d+)?", re.IGNORECASE)
    for name, text in cited(knowledge).items():
        for property_ in ("mwkb:statement", "mwkb:detail", "mwkb:tells"):
            for value in knowledge.objects(name, property_):
                for number in re.findall(r"\d+(?:[.,]\d+)*", reference.sub("", value.value)):
                    assert number.replace(",", "") in text.replace(",", ""), (name, number)


@needs_text
def test_the_number_of_a_reference_stands_in_its_lines_and_in_those_of_what_cites_it(knowledge: Knowledge) -> None:
    held = cited(knowledge)
    for reference in knowledge.subjects("rdf:type", MWKB + "Reference"):
        number = str(knowledge.number(reference, "mwkb:referenceNumber"))
        for name in (reference, *knowledge.subjects("mwkb:citesReference", reference)):
            assert number in squeezed(held[name]), (name, number)


@needs_text
@pytest.mark.parametrize("kind", NAMED_AS_PRINTED)
def test_a_name_stands_in_the_lines_as_printed(knowledge: Knowledge, kind: str) -> None:
    held = cited(knowledge)
    for name in set(knowledge.subjects("rdf:type", MWKB + kind)) & held.keys():
        assert any(squeezed(label) in squeezed(held[name]) for label in names(knowledge, name)), name


@needs_text
def test_the_lines_speak_of_what_the_fact_is_named_after(knowledge: Knowledge) -> None:
    for name, text in cited(knowledge).items():
        if knowledge.kind(name) not in ("reference", "part of the toolkit"):
            assert any(stems(label) & stems(text) or squeezed(label) in squeezed(text) for label in names(knowledge, name)), name
