"""Ask questions: queries of the catalogue with typed parameters, or a SELECT of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from mwkb import files
from mwkb.knowledge import Knowledge, Term
from mwkb.problems import InputProblem, nearest
from mwkb.sparql import Parameter, SparqlFile, read_query, tokens
from mwkb.vocabulary import PREFIXES, XSD, compact, expand, local_name

_LEXICAL = {"integer": r"[+-]?\d+", "decimal": r"[+-]?\d+(\.\d+)?", "boolean": r"true|false"}

FEW, MANY = 12, 40
"""Up to how many allowed values a message says what they are called, and up to how many it lists."""


def catalogue() -> dict[str, SparqlFile]:
    """All queries that ship with mwkb, by name."""
    return {file.id: file for file in map(read_query, files.query_files())}


def bind(knowledge: Knowledge, file: SparqlFile, given: Sequence[str]) -> dict[str, Term]:
    """The parameters of a query as typed terms, from ``name=value`` texts and defaults.

    Raises InputProblem if a parameter is not known or a value is not of its type.
    """
    values = {p.name: p.default for p in file.parameters if p.default is not None}
    parameters = {p.name: p for p in file.parameters}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals:
            raise InputProblem(f"'{item}' does not set a parameter.", remedy="Write NAME=VALUE.")
        if name not in parameters:
            hint = nearest(name, parameters) or (f"It has: {', '.join(parameters)}." if parameters else "It has none.")
            raise InputProblem(f"The query '{file.id}' has no parameter '{name}'.", remedy=hint)
        values[name] = value
    return {name: _term(knowledge, parameters[name], value) for name, value in values.items()}


def allowed(knowledge: Knowledge, parameter: Parameter) -> list[str]:
    """The IRIs that a parameter can be: all things of the kind of its example; none if that is not a fact or rule of mwkb."""
    example = expand(parameter.example or "")
    if example in knowledge.rules_by_iri:
        return [rule.iri for rule in knowledge.rules]
    kinds = knowledge.objects(example, "rdf:type") if parameter.kind == "iri" and example in knowledge.names else []
    return sorted({iri for kind in kinds for iri in knowledge.subjects("rdf:type", kind.value)})


def _term(knowledge: Knowledge, parameter: Parameter, value: str) -> Term:
    kind = parameter.kind
    if kind == "iri":
        given_in_full = re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+", value)
        return NamedNode(value if given_in_full else _thing(knowledge, parameter, value))
    if kind == "string":
        return Literal(value)
    if not re.fullmatch(_LEXICAL[kind], value):
        raise InputProblem(f"'{value}' is not a value for '{parameter.name}'.", remedy=f"Give {_a(kind)}.")
    return Literal(value, datatype=NamedNode(XSD + kind))


def _thing(knowledge: Knowledge, parameter: Parameter, value: str) -> str:
    """The IRI of what a short name, number or label means among what a parameter can be."""
    choices = allowed(knowledge, parameter)
    word = value.casefold()
    called = {i: {knowledge.value(i, "skos:notation"), *map(str.casefold, _written(knowledge, i))} for i in choices}
    meant = [iri for iri, names in called.items() if word in names]
    if len(meant) == 1:
        return meant[0]
    try:
        found = knowledge.find(value)
    except InputProblem as unknown:
        if 0 < len(choices) <= MANY:
            raise InputProblem(unknown.what, remedy=_one_of(knowledge, choices)) from None
        raise InputProblem(unknown.what, remedy=unknown.remedy or nearest(value, map(local_name, choices))) from None
    if choices and found not in choices:
        remedy = _one_of(knowledge, choices) if len(choices) <= MANY else "See mwkb search for names."
        raise InputProblem(f"'{value}' is not {_a(knowledge.kind(choices[0]))}.", remedy=remedy)
    return found


def _written(knowledge: Knowledge, iri: str) -> tuple[str, ...]:
    return knowledge.label(iri), local_name(iri), compact(iri)


def _one_of(knowledge: Knowledge, choices: Sequence[str]) -> str:
    few = len(choices) <= FEW
    return f"Use one of: {', '.join(local_name(i) + (f' ({knowledge.label(i)})' if few else '') for i in choices)}."


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def select(store: Store, text: str, bound: Mapping[str, Term] | None = None) -> QuerySolutions:
    """The solutions of a SELECT. The prefixes of mwkb need not be declared.

    Raises InputProblem if it is not a SELECT or would leave the machine.
    """
    if any(token.kind == "word" and token.text.upper() in ("SERVICE", "FROM") for token in tokens(text)):
        raise InputProblem("SERVICE and FROM would reach outside mwkb and are not run.")
    try:
        answer = store.query(text, prefixes=PREFIXES, substitutions={Variable(k): v for k, v in (bound or {}).items()} or None)
    except SyntaxError as error:
        raise InputProblem(f"This is not SPARQL: {str(error).strip().splitlines()[0]}") from None
    except (RuntimeError, ValueError) as error:
        raise InputProblem(f"The query cannot be run: {error}") from None
    if not isinstance(answer, QuerySolutions):
        raise InputProblem("Only a SELECT can be asked here.")
    return answer


def ask(knowledge: Knowledge, text: str, bound: Mapping[str, Term] | None = None) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of a SELECT, cells as text, unbound ones empty. Raises InputProblem, as ``select`` does."""
    answer = select(knowledge.store, text, bound)
    names = [variable.value for variable in answer.variables]
    rows = [
        ["" if (value := solution[name]) is None else getattr(value, "value", str(value)) for name in names]
        for solution in answer
    ]
    return names, rows
