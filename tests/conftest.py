"""What the tests share: the knowledge base, loaded once, and a way to put one plan through the rules."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import mwkb.workbook  # before any test imports openpyxl: see there
from mwkb import knowledge as knowledge_module
from mwkb.cli import run
from mwkb.indicators import profile, read_table
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.plan.tree import read_tree
from mwkb.rules import infer
from mwkb.rules.infer import Derivation
from mwkb.vocabulary import MWKB, PLAN, PREFIXES, RDF

_TYPE = NamedNode(RDF + "type")
_HEADER = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

Assessed = Callable[..., AbstractContextManager[Derivation]]


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Mwkb = Callable[..., Ran]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The knowledge base as it ships."""
    return knowledge_module.load()


@pytest.fixture
def mwkb(program: Mwkb, monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> Mwkb:
    """Run a command inside this process on the knowledge base that was loaded once."""
    monkeypatch.setattr("mwkb.knowledge.load", lambda: knowledge)
    return program


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Mwkb:
    """Run a command inside this process, with its errors shown as the program shows them."""

    def command(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["mwkb", *arguments])
        with pytest.raises(SystemExit) as ended:
            run()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Ran(int(ended.value.code or 0), out, err)

    return command


@pytest.fixture
def filled(tmp_path: Path) -> Callable[..., Path]:
    """A plan, or the empty template, as a workbook in which a person changes something."""
    from workbooks import fill

    return partial(fill, tmp_path)


@pytest.fixture(scope="session")
def figures(knowledge: Knowledge) -> Plan:
    """The profile of a fictional area, which stands out by two of its figures."""
    table = read_table(Path(__file__).parent / "queries" / "figures.csv")
    return profile(knowledge, table, "E99999901", allow_missing=True)


@pytest.fixture(scope="session")
def assessed(knowledge: Knowledge) -> Assessed:
    """``with assessed(plan, ...)``: the plan and all that follows from it are in the store."""
    return partial(_assessed, knowledge)


@contextmanager
def _assessed(
    knowledge: Knowledge,
    given: Plan | Mapping[str, Any] | str = "",
    facts: str = "",
    profile: bool = False,
    choose: Mapping[str, Any] | None = None,
) -> Iterator[Derivation]:
    """Put a plan (as read, as YAML or as its keys) into the store, run the rules, and take all out again.

    ``facts`` is Turtle in which ``<plan>`` is the plan; ``profile`` makes the subject a locality
    profile; ``choose`` replaces what a parameter is set to.
    """
    plan = given if isinstance(given, Plan) else _read(given)
    quads = [_as_profile(quad) if profile else quad for quad in plan.quads]
    quads += parse(_HEADER + facts, format=RdfFormat.TURTLE, base_iri=PLAN)
    chosen = {name.removeprefix("parameter-"): str(value) for name, value in (choose or {}).items()}
    with knowledge.with_parameters(chosen), knowledge.with_triples(quads, plan.iri):
        derivation = infer.infer(knowledge.store, knowledge.groups)
        try:
            yield derivation
        finally:
            derivation.withdraw()


def _read(given: Mapping[str, Any] | str) -> Plan:
    text = given if isinstance(given, str) else yaml.safe_dump(dict(given), sort_keys=False)
    plan = read_tree(text.strip() or "title: An empty plan", "plan.yaml")
    assert not plan.unknown_keys, f"The plan has unknown keys: {plan.unknown_keys}"
    return plan


def _as_profile(quad: Quad) -> Quad:
    if quad.predicate == _TYPE and quad.object == NamedNode(MWKB + "LocalityPlan"):
        return Quad(quad.subject, _TYPE, NamedNode(MWKB + "LocalityProfile"))
    return quad
