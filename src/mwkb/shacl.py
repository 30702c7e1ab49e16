"""SHACL engines behind one interface: pySHACL as the reference, shifty in Rust as the fast one.

Each is prepared once for shapes, takes in the part of the data that stays, and then judges what is submitted.
A test holds the two together, result for result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import machinery
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from mwkb.problems import InputProblem
from mwkb.shape_graph import ShapeGraph
from mwkb.vocabulary import RDF, SH


@dataclass(frozen=True)
class Raw:
    """One result as the report of an engine has it: IRIs and texts."""

    focus: str
    path: str | None
    value: str | None
    shape: str
    severity: str
    message: str


Report = Callable[[bytes, frozenset[str] | None], Iterable[Quad]]
"""Gives the validation report on what is submitted, N-Triples, beside data that is always there.

Of the shapes with a target it may be told to put only some to it, by their IRIs; an engine need not heed that.
"""


class Engine(Protocol):
    """What an engine is made from, and what it does."""

    def __init__(self, shapes: ShapeGraph) -> None:
        """Prepare for shapes. Raises InputProblem if the engine is not installed."""

    def over(self, data: Store) -> Report:
        """Take in the data that is always there: the default graph of a store, as it is now."""


class Shifty:
    """shifty, which is given of the data that is always there what the shapes can read."""

    def __init__(self, shapes: ShapeGraph) -> None:
        self._shapes = shapes
        self._prepared = _shifty().PreparedValidator(shapes.text, None, "turtle")

    def over(self, data: Store) -> Report:
        every = self._shapes.visible(data)

        @cache
        def kept() -> Store:
            store = Store()
            store.bulk_load(every, RdfFormat.N_TRIPLES)
            return store

        @cache
        def narrowed(only: frozenset[str]) -> tuple[Any, bytes]:
            text, validator = self._shapes.only(only), _shifty().PreparedValidator
            return validator(text, None, "ntriples"), self._shapes.visible(kept(), only)

        def report(submitted: bytes, only: frozenset[str] | None = None) -> Iterable[Quad]:
            prepared, data = (self._prepared, every) if only is None else narrowed(only)
            answer = prepared.validate_w3c(data + submitted, data_format="ntriples", graph_mode="data", run_infer=False)
            return parse(answer.report_turtle, format=RdfFormat.TURTLE)

        return report


@lru_cache(maxsize=1)
def _shifty() -> Any:
    """The extension itself: the package around it imports rdflib, an HTTP client and more, which takes as long as validating."""
    package = machinery.PathFinder.find_spec("shifty")
    for folder in (package and package.submodule_search_locations) or ():
        for file in Path(folder).glob(f"_shifty*{machinery.EXTENSION_SUFFIXES[-1]}"):
            spec = spec_from_file_location("shifty._shifty", file)
            if spec and spec.loader:
                module = module_from_spec(spec)
                spec.loader.exec_module(module)
                return module
    raise InputProblem("The engine 'shifty' is not installed.", remedy="Use --engine pyshacl.")


class PySHACL:
    """pySHACL, which sees all data."""

    def __init__(self, shapes: ShapeGraph) -> None:
        import logging
        import warnings

        # rdflib tells of each ill-typed value with a traceback; the shapes tell the submitter.
        logging.getLogger("rdflib.term").setLevel(logging.ERROR)
        warnings.filterwarnings("ignore", message="Parsing weird boolean")
        self._shapes = _graph(shapes.text, "turtle")

    def over(self, data: Store) -> Report:
        import pyshacl
        from rdflib import Graph

        base = _graph(data.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b"", "nt")

        def report(submitted: bytes, only: frozenset[str] | None = None) -> Iterable[Quad]:
            every = base + _graph(submitted, "nt")
            _, told, _ = pyshacl.validate(every, shacl_graph=self._shapes, inference="none", advanced=False, inplace=True)
            if not isinstance(told, Graph):
                raise InputProblem(f"pySHACL could not validate: {told}")
            return parse(told.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES)

        return report


def _graph(content: bytes, form: str) -> Any:
    import rdflib

    # What was submitted is judged, not what rdflib would make of it; pySHACL sets this back in its runs.
    rdflib.NORMALIZE_LITERALS = False
    return rdflib.Graph().parse(data=content, format=form)


ENGINES: dict[str, type[Engine]] = {"shifty": Shifty, "pyshacl": PySHACL}


@lru_cache(maxsize=4)
def engine(name: str, shapes: ShapeGraph) -> Engine:
    """An engine by its name, prepared. Raises InputProblem if there is none of that name or it is not installed."""
    if name not in ENGINES:
        raise InputProblem(f"There is no engine '{name}'.", remedy=f"Use one of: {', '.join(ENGINES)}.")
    return ENGINES[name](shapes)


def results(report: Iterable[Quad]) -> Iterator[Raw]:
    """The results of a validation report."""
    nodes: dict[object, dict[str, str]] = {}
    for quad in report:
        if isinstance(quad.object, NamedNode | Literal):
            nodes.setdefault(quad.subject, {}).setdefault(quad.predicate.value, quad.object.value)
    for node in nodes.values():
        if node.get(RDF + "type") == SH + "ValidationResult":
            focus, value = node.get(SH + "focusNode", ""), node.get(SH + "value")
            # For a SPARQL constraint the engines differ on whether the focus itself counts as the value.
            yield Raw(
                focus,
                node.get(SH + "resultPath"),
                None if value == focus else value,
                node.get(SH + "sourceShape", ""),
                node.get(SH + "resultSeverity", ""),
                node.get(SH + "resultMessage", ""),
            )
