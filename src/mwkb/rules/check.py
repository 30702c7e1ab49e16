"""What is wrong with a new rule, found before anything runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Store

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem, Place, nearest
from mwkb.rules import reader
from mwkb.rules.listing import case_file, cases
from mwkb.rules.rule import Rule
from mwkb.rules.strata import strata
from mwkb.source import ranges
from mwkb.sparql import Token, read_rule, read_text, tokens
from mwkb.vocabulary import KB, MWKB, RULE, SH, compact, expand, local_name
from mwkb.why_not import names_its_finding

_MADE = tuple(MWKB + kind for kind in ("Reason", "EvidenceLevelAssertion", "Rating", "FactorRecord", "AreaRelevance"))
"""What a rule makes and then marks with its own name, so that an explanation finds the rule."""
_ARITHMETIC = ("0", "1", "100")
_OF_A_FINDING = ("type", "inPlan", "about", "severity", "reason")


def check(knowledge: Knowledge, path: Path) -> tuple[InputProblem, ...]:
    """Everything that is wrong with the rule in a file, in the order of its lines; empty if all is well.

    The rule is seen together with those that ship, in place of one of the same id. Raises InputProblem
    if the file cannot be read at all.
    """
    text = read_text(path)
    found = [*_terms(knowledge, path, text)]
    try:
        rule = reader.parse(read_rule(path))
    except InputProblem as problem:
        return _in_order([problem, *found])
    except RecursionError:
        return _in_order([InputProblem("The braces are nested too deeply.", Place(files.shown(path))), *found])
    found += [
        *_grammar(path, text),
        *_warrant(knowledge, rule),
        *_sentence(knowledge, rule),
        *_conditions(rule),
        *_thresholds(path, text),
        *_chance(path, text),
        *_marks(rule),
        *_findings(rule),
        *_order(knowledge, rule),
        *_cases(path),
    ]
    return _in_order(found)


def _in_order(found: list[InputProblem]) -> tuple[InputProblem, ...]:
    return tuple(sorted(found, key=lambda p: p.place.line or 0 if p.place else 0))


def _terms(knowledge: Knowledge, path: Path, text: str) -> Iterator[InputProblem]:
    """Names that nothing defines, each where it stands first."""
    seen: set[str] = set()
    declarations = {after.start for pair in _declared(text) for after in pair}
    for token in tokens(text):
        if token.kind not in ("name", "iri") or token.start in declarations:
            continue
        iri = expand(token.text) if token.kind == "name" else token.text[1:-1]
        if iri in seen or _is_defined(knowledge, iri) or iri == RULE + path.stem:
            continue
        seen.add(iri)
        place = Place(files.shown(path), text.count("\n", 0, token.start) + 1)
        if iri.startswith(RULE):
            yield InputProblem(f"It names the rule '{local_name(iri)}'.", place, f"Name the rule itself: rule:{path.stem}.")
        else:
            hint = nearest(compact(iri), map(compact, knowledge.names)) if iri.startswith((MWKB, KB)) else ""
            yield InputProblem(f"Nothing defines '{compact(iri)}'.", place, hint or "Define it first, or use another term.")


def _is_defined(knowledge: Knowledge, iri: str) -> bool:
    """Whether an IRI is one of ours, or a term of a vocabulary that mwkb builds on; others are not judged."""
    from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD

    if iri.startswith((MWKB, KB)):
        return iri in knowledge.names
    spaces = [space for space in (DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD) if iri.startswith(str(space))]
    return all(iri in space for space in spaces) and not iri.startswith(RULE)


def _declared(text: str) -> Iterator[tuple[Token, Token]]:
    """Each prefix with the IRI that it is declared for."""
    plain = [token for token in tokens(text) if token.kind != "comment"]
    for position, token in enumerate(plain[:-2]):
        if token.text.upper() == "PREFIX":
            yield plain[position + 1], plain[position + 2]


def _grammar(path: Path, text: str) -> Iterator[InputProblem]:
    try:
        Store().query(text)
    except SyntaxError as error:
        said = str(error).strip().splitlines()[0]
        line = re.search(r"\bat (\d+):\d+", said)
        yield InputProblem(f"This is not SPARQL: {said}", Place(files.shown(path), int(line[1]) if line else 1))


def _warrant(knowledge: Knowledge, rule: Rule) -> Iterator[InputProblem]:
    place = Place(files.shown(rule.file.path), _line(rule, "warrant:"))
    known = {local_name(iri) for iri in knowledge.names if iri.startswith(KB + "toolkit")}
    unknown = [source for source in rule.file.sources if source not in known]
    for source in unknown:
        yield InputProblem(f"'{source}' is no part of the toolkit.", place, nearest(source, known) or "See mwkb search Section.")
    if not re.fullmatch(r"\d+(-\d+)?(, \d+(-\d+)?)*", rule.file.lines):
        yield InputProblem(f"'{rule.file.lines}' are no lines.", place, 'Write, for example, lines: "820-835, 1402".')
        return
    if unknown:
        return
    held = [
        span
        for source in rule.file.sources
        for lines in knowledge.objects(KB + source, "mwkb:sourceLines")
        for span in ranges(lines.value)
    ]
    for first, last in ranges(rule.file.lines):
        if not any(start <= first <= last <= end for start, end in held):
            yield InputProblem(f"The lines {first}-{last} are not within the sources of the warrant.", place)


def _sentence(knowledge: Knowledge, rule: Rule) -> Iterator[InputProblem]:
    for name in re.findall(r"\{(\w+)\}", rule.file.says):
        if MWKB + name not in knowledge.names:
            place = Place(files.shown(rule.file.path), _line(rule, "says:"))
            yield InputProblem(f"The sentence fills in '{{{name}}}', which is no property.", place)


def _conditions(rule: Rule) -> Iterator[InputProblem]:
    for condition in rule.conditions:
        if not condition.words:
            line = rule.file.text.count("\n", 0, rule.file.text.find(condition.text.splitlines()[0])) + 1
            yield InputProblem(
                "A condition has no words.",
                Place(files.shown(rule.file.path), line),
                "Put a comment above it that says it, for explanations.",
            )


def _thresholds(path: Path, text: str) -> Iterator[InputProblem]:
    """Numbers that decide something: only those that are plain arithmetic may stand in a rule."""
    for token in tokens(text):
        if token.kind == "number" and token.text not in _ARITHMETIC:
            yield InputProblem(
                f"The number {token.text} stands in the rule.",
                Place(files.shown(path), text.count("\n", 0, token.start) + 1),
                "Make it a parameter in kb/parameters.ttl, so that it can be seen and changed.",
            )


def _chance(path: Path, text: str) -> Iterator[InputProblem]:
    """Functions that give something else each time: the same plan must give the same conclusions."""
    for token in tokens(text):
        if token.kind == "word" and token.text.upper() in ("RAND", "UUID", "STRUUID", "NOW", "BNODE"):
            place = Place(files.shown(path), text.count("\n", 0, token.start) + 1)
            yield InputProblem(f"{token.text} gives something else each time.", place, "Conclude from what is given alone.")


def _marks(rule: Rule) -> Iterator[InputProblem]:
    """A reason or rating that does not say by which rule it was made."""
    place = Place(files.shown(rule.file.path), _line(rule, "CONSTRUCT", header=False))
    named = {pattern.subject for pattern in rule.head if pattern.predicate == MWKB + "byRule"}
    for pattern in rule.head:
        if pattern.term in _MADE and pattern.subject not in named:
            yield InputProblem(
                f"{pattern.subject} does not say by which rule it was made.", place, f"Add: mwkb:byRule rule:{rule.id}."
            )


def _findings(rule: Rule) -> Iterator[InputProblem]:
    place = Place(files.shown(rule.file.path), _line(rule, "CONSTRUCT", header=False))
    if not rule.head:
        yield InputProblem("The rule concludes nothing.", place, "Write a triple between the braces of CONSTRUCT.")
    for pattern in rule.head:
        if pattern.predicate == MWKB + "severity" and not pattern.object.startswith((SH, "?")):
            yield InputProblem(f"{pattern.object} is no severity.", place, "Use sh:Violation, sh:Warning or sh:Info.")
    for finding in sorted({p.subject for p in rule.head if p.predicate == MWKB + "severity"}):
        said = {local_name(p.predicate) for p in rule.head if p.subject == finding}
        if missing := [name for name in _OF_A_FINDING if name not in said]:
            yield InputProblem(f"The finding {finding} does not say: {', '.join(missing)}.", place)
        if not names_its_finding(rule):
            yield InputProblem(
                f"The finding {finding} is not named after its plan and kind.",
                place,
                'Bind IRI(CONCAT(STR(?plan), "/finding/plan-gap/", REPLACE(STR(?thing), "^.*[/#]", ""))).',
            )


def _order(knowledge: Knowledge, rule: Rule) -> Iterator[InputProblem]:
    try:
        strata([*(other for other in knowledge.rules if other.id != rule.id), rule])
    except InputProblem as problem:
        yield InputProblem(problem.what, Place(files.shown(rule.file.path)), problem.remedy)


def _cases(path: Path) -> Iterator[InputProblem]:
    place = Place(files.shown(case_file(path)))
    has = cases(path)
    if has is None:
        yield InputProblem("There is no folder tests/rules beside rules/inference.", place, "Keep the rule and its cases there.")
    elif not has.fire:
        yield InputProblem("No case shows that the rule fires.", place, "Add one with 'expect'.")
    elif not has.silent:
        yield InputProblem("No case shows that the rule stays silent.", place, "Add one with 'not'.")


def _line(rule: Rule, start: str, header: bool = True) -> int:
    beginning = f"#+ {start}" if header else start
    lines = rule.file.text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(beginning)), 1)
