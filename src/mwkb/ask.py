"""Ask questions: queries of the catalogue with typed parameters, or a SELECT of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode, QuerySolutions, Variable

from mwkb import files
from mwkb.knowledge import Knowledge, Term
from mwkb.problems import InputProblem, nearest
from mwkb.sparql import SparqlFile, read_query, tokens
from mwkb.vocabulary import PREFIXES, XSD

_LEXICAL = {"integer": r"[+-]?\d+", "decimal": r"[+-]?\d+(\.\d+)?", "boolean": r"true|false"}


def catalogue() -> dict[str, SparqlFile]:
    """All queries that ship with mwkb, by name."""
    return {file.id: file for file in map(read_query, files.query_files())}


def bind(knowledge: Knowledge, file: SparqlFile, given: Sequence[str]) -> dict[str, Term]:
    """The parameters of a query as typed terms, from ``name=value`` texts and defaults.

    Raises InputProblem if a parameter is not known or a value is not of its type.
    """
    values = {p.name: p.default for p in file.parameters if p.default is not None}
    names = [p.name for p in file.parameters]
    for item in given:
        name, equals, value = item.partition("=")
        if not equals:
            raise InputProblem(f"'{item}' does not set a parameter.", remedy="Write NAME=VALUE.")
        if name not in names:
            hint = nearest(name, names) or (f"It has: {', '.join(names)}." if names else "It has none.")
            raise InputProblem(f"The query '{file.id}' has no parameter '{name}'.", remedy=hint)
        values[name] = value
    kinds = {p.name: p.kind for p in file.parameters}
    return {name: _term(knowledge, name, kinds[name], value) for name, value in values.items()}


def _term(knowledge: Knowledge, name: str, kind: str, value: str) -> Term:
    if kind == "iri":
        return NamedNode(value) if re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+", value) else NamedNode(knowledge.find(value))
    if kind == "string":
        return Literal(value)
    if not re.fullmatch(_LEXICAL[kind], value):
        raise InputProblem(f"'{value}' is not a value for '{name}'.", remedy=f"Give {'an' if kind == 'integer' else 'a'} {kind}.")
    return Literal(value, datatype=NamedNode(XSD + kind))


def ask(knowledge: Knowledge, text: str, bound: Mapping[str, Term] | None = None) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of a SELECT, cells as text, unbound ones empty.

    The prefixes of mwkb need not be declared. Raises InputProblem if it is not a SELECT or would
    leave the machine.
    """
    if any(token.kind == "word" and token.text.upper() in ("SERVICE", "FROM") for token in tokens(text)):
        raise InputProblem("SERVICE and FROM would reach outside mwkb and are not run.")
    try:
        answer = knowledge.store.query(
            text, prefixes=PREFIXES, substitutions={Variable(k): v for k, v in (bound or {}).items()} or None
        )
    except SyntaxError as error:
        raise InputProblem(f"This is not SPARQL: {str(error).strip().splitlines()[0]}") from None
    except (RuntimeError, ValueError) as error:
        raise InputProblem(f"The query cannot be run: {error}") from None
    if not isinstance(answer, QuerySolutions):
        raise InputProblem("Only a SELECT can be asked here.")
    names = [variable.value for variable in answer.variables]
    rows = [
        ["" if (value := solution[name]) is None else getattr(value, "value", str(value)) for name in names]
        for solution in answer
    ]
    return names, rows
