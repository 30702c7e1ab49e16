"""What is put into the store of the knowledge base for a while, and work beside other work."""

from __future__ import annotations

import pytest

from mwkb import knowledge as knowledge_base
from mwkb.beside import begun
from mwkb.problems import InputProblem


def test_a_store_that_much_was_taken_from_is_made_anew() -> None:
    """A store in memory passes over what was taken out of it in each search, and so gets slower."""
    knowledge = knowledge_base.load()
    first, before = knowledge.store, set(knowledge.store)
    with knowledge.for_a_while(len(before) // 2):
        pass
    assert knowledge.store is first
    with knowledge.for_a_while(len(before)), knowledge.for_a_while(len(before)):
        assert knowledge.store is first, "it is in use"
    assert knowledge.store is not first
    assert set(knowledge.store) == before


def test_what_must_not_see_a_plan_is_refused_the_store_while_one_is_in_it() -> None:
    knowledge = knowledge_base.load()
    assert knowledge.alone is knowledge.store
    with knowledge.with_parameters({"top-priority": "3"}), pytest.raises(RuntimeError):
        knowledge.alone  # noqa: B018


def test_the_answer_of_work_that_was_begun_is_waited_for() -> None:
    assert begun(lambda: 6 * 7)() == 42


def test_what_work_raised_is_raised_where_its_answer_is_wanted() -> None:
    def fail() -> int:
        raise InputProblem("No.")

    answer = begun(fail)
    with pytest.raises(InputProblem, match="No"):
        answer()
