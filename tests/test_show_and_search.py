"""What is known of a thing, on one screen, and how to find it by words."""

from __future__ import annotations

import csv
import io
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Mwkb
from mwkb import knowledge as knowledge_base
from mwkb.knowledge import Knowledge
from mwkb.search import search

known = cache(knowledge_base.load)
law = settings(max_examples=40, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    "name",
    [
        "6iii",
        "intervention-6iii",
        "kb:intervention-6iii",
        "https://w3id.org/mwkb/kb/intervention-6iii",
        "debt counselling and ADVICE",
    ],
)
def test_a_thing_is_shown_by_any_of_its_names(mwkb: Mwkb, name: str) -> None:
    shown = json.loads(mwkb("show", name, "--format", "json").out)
    assert (shown["iri"], shown["label"]) == ("https://w3id.org/mwkb/kb/intervention-6iii", "Debt counselling and advice")


def test_a_card_tells_kind_links_and_source(mwkb: Mwkb) -> None:
    card = mwkb("show", "6iii").out
    for words in ("Debt counselling and advice\n", "intervention · kb:intervention-6iii", "addresses: Debt", "Source: Box 6"):
        assert words in card


def test_terms_can_be_shown_too(mwkb: Mwkb) -> None:
    assert mwkb("show", "mwkb:Intervention").out.startswith("intervention\nClass · mwkb:Intervention\n")


@pytest.mark.parametrize(
    ("name", "says"),
    [("area-6", "Did you mean area-06?"), ("zzz", "known as 'zzz'"), ("", "known as ''"), ("<>", "known as '<>'")],
)
def test_what_is_not_known_is_said_with_what_was_meant(mwkb: Mwkb, name: str, says: str) -> None:
    code, out, err = mwkb("show", name)
    assert (code, out) == (2, "") and says in err


def test_a_card_of_an_intervention_tells_its_levels_and_what_they_rest_on(mwkb: Mwkb, knowledge: Knowledge) -> None:
    before = len(knowledge.store)
    shown = json.loads(mwkb("show", "9b", "--format", "json").out)
    assert {(level["policy"], level["level"]) for level in shown["levels"]} == {
        ("Own statements only", "Level 3"),
        ("Area statements also count", "Level 3"),
    }
    assert all(level["basis"] and level["rule"] for level in shown["levels"])
    assert len(knowledge.store) == before, "what followed is taken out again"
    assert json.loads(mwkb("show", "area-09", "--format", "json").out)["levels"] == []


def test_a_card_says_of_what_links_to_a_thing_which_kind_it_is_and_how_it_links(mwkb: Mwkb) -> None:
    linked = json.loads(mwkb("show", "kb:area-06", "--format", "json").out)["linked_from"]
    interventions = next(link for link in linked if (link["kind"], link["property"]) == ("intervention", "in area"))
    assert [value["iri"].rpartition("-")[2] for value in interventions["values"]] == ["6i", "6ii", "6iii", "6iv"]


def test_only_a_number_that_the_toolkit_prints_stands_before_the_name(mwkb: Mwkb) -> None:
    assert mwkb("show", "kb:step-02").out.startswith("2 Collaborate")
    card = mwkb("show", "fuel poverty").out
    assert card.startswith("Fuel poverty\n") and "number: RF-14" in card


def test_a_number_is_named_with_its_value_and_an_interpretation_with_its_confidence(mwkb: Mwkb) -> None:
    assert "Costs of conduct disorder relating to crime: 71%" in mwkb("show", "kb:statistic-03").out
    assert "- Alcohol screening and brief intervention and drug misuse (weak)\n" in mwkb("show", "9b").out


def test_each_source_has_the_lines_that_it_holds(mwkb: Mwkb) -> None:
    sources = json.loads(mwkb("show", "fuel poverty", "--format", "json").out)["sources"]
    assert {source["label"].partition(",")[0]: source["lines"] for source in sources} == {"Box 3": "438-439", "Box 6": "2114"}


def test_no_line_of_a_card_is_wider_than_a_screen(mwkb: Mwkb, knowledge: Knowledge) -> None:
    for name in (
        "3e",
        "kb:area-06",
        "kb:term-joint-strategic-needs-assessment",
        "kb:reference-19",
        "kb:statistic-03",
        "mwkb:about",
    ):
        long = [line for line in mwkb("show", name).out.splitlines() if len(line) > 100 and " " in line.strip()]
        assert long == [], name


def test_another_name_is_a_name_too(mwkb: Mwkb) -> None:
    assert mwkb("show", "nmhdu").out.startswith("National Mental Health Development Unit\n")


def test_a_name_of_several_things_asks_which(mwkb: Mwkb) -> None:
    code, out, err = mwkb("show", "smoking")
    assert (code, out) == (2, "")
    assert "Say which: kb:indicator-smoking (indicator), kb:risk-smoking (risk factor)." in err


# Search


def test_the_thing_of_that_name_comes_first(knowledge: Knowledge) -> None:
    found = [match.iri.rpartition("/")[2] for match in search(knowledge, "debt")]
    assert found[0] == "risk-debt"
    assert {"intervention-6iii", "component-6ii-debt-management", "group-people-with-debts-or-low-income"} <= set(found)


@pytest.mark.parametrize("words", ["debt", "DEBT", "debts", "deb"])
def test_case_plural_and_beginning_of_a_word_do_not_matter(knowledge: Knowledge, words: str) -> None:
    assert search(knowledge, words)[0].label == "Debt"


def test_all_words_must_stand_in_one_text(knowledge: Knowledge) -> None:
    assert {match.label for match in search(knowledge, "counselling debt")} >= {"Debt counselling and advice"}
    assert search(knowledge, "debt zebra") == ()


@pytest.mark.parametrize("words", ["", " ", ".*", "([", "[^]+"])
def test_marks_alone_find_nothing(knowledge: Knowledge, words: str) -> None:
    assert search(knowledge, words) == ()


@law
@given(st.sampled_from(sorted(known().names)))
def test_whatever_is_searched_for_by_its_own_name_is_found(iri: str) -> None:
    name = known().label(iri)
    found = search(known(), name)
    assert iri in {match.iri for match in found}
    assert found[0].label.casefold() == name.casefold(), "what bears the very name comes first"


def test_a_kind_keeps_only_things_of_that_kind(mwkb: Mwkb) -> None:
    rows = json.loads(mwkb("search", "debt", "--kind", "Intervention", "--format", "json").out)
    assert {row["kind"] for row in rows} == {"intervention"}
    code, _, err = mwkb("search", "debt", "--kind", "interventon")
    assert code == 2 and "Did you mean intervention?" in err


def test_a_limit_says_how_many_are_left_out(mwkb: Mwkb, knowledge: Knowledge) -> None:
    code, out, err = mwkb("search", "mental", "health", "--limit", "3", "--format", "csv")
    assert code == 0 and len(list(csv.DictReader(io.StringIO(out)))) == 3
    assert err == f"and {len(search(knowledge, 'mental health')) - 3} more; see --limit\n"


def test_where_nothing_is_found_the_word_that_was_meant_is_named(mwkb: Mwkb) -> None:
    assert mwkb("search", "debbt") == (0, "", "Nothing holds 'debbt'. Did you mean debt?\n")
    assert mwkb("search", "debt counselling", "--kind", "outcome") == (
        0,
        "",
        "Nothing of the kind 'outcome' holds 'debt counselling'.\n",
    )
    assert mwkb("search", "qqqq") == (0, "", "Nothing holds 'qqqq'.\n")


def test_a_thing_is_found_by_the_number_it_is_known_by(mwkb: Mwkb) -> None:
    assert mwkb("show", "rf-14").out.startswith("Fuel poverty\nrisk factor · kb:risk-fuel-poverty\n")
