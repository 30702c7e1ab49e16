"""Every inference rule against its cases in ``tests/rules``, and what holds for the rules as a whole.

A case gives a plan (and, if need be, further facts), then lists triples the rule must conclude
(``expect``) and patterns of which it must conclude none (``not``). Only what the rule itself concludes
is looked at. ``plan`` stands for the plan, ``*`` for anything.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Quad, Store

from conftest import Assessed
from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem
from mwkb.rules import Rule, infer, reader, strata
from mwkb.vocabulary import KB, MWKB, PLAN, PREFIXES, RDF, RULE, expand

CASES = Path(__file__).parent / "rules"
RULE_IDS = [path.stem for path in files.rule_files()]
KEYS = {"name", "given", "facts", "profile", "choose", "expect", "not"}


def cases_of(rule_id: str) -> list[dict[str, Any]]:
    """The cases of one rule; none if it has no file."""
    path = CASES / f"{rule_id}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []


EVERY = [
    pytest.param(rule_id, case, id=f"{rule_id} {case['name']}")
    for rule_id in sorted(path.stem for path in CASES.glob("*.yaml"))
    for case in cases_of(rule_id)
]


def shown(term: Any) -> str:
    """A term as a case writes it."""
    if isinstance(term, Literal):
        return term.value if term.datatype.value.rpartition("#")[2] in ("integer", "boolean", "decimal") else f'"{term.value}"'
    if term.value == PLAN + "plan" or term.value.startswith(PLAN + "plan/"):
        return term.value.removeprefix(PLAN)
    if term.value == RDF + "type":
        return "a"
    prefix = next((p for p, namespace in PREFIXES.items() if term.value.startswith(namespace)), "")
    return f"{prefix}:{term.value.removeprefix(PREFIXES[prefix])}" if prefix else term.value


def parts(line: str) -> tuple[str, ...]:
    """Subject, property and object of a line of a case."""
    return tuple(line.split(None, 2))


def concluded(store: Store, rule_id: str) -> set[tuple[str, ...]]:
    """What one rule concluded, as cases write it."""
    quads = store.quads_for_pattern(None, None, None, NamedNode(RULE + rule_id))
    return {tuple(shown(term) for term in quad.triple) for quad in quads}


def matching(conclusions: Iterable[tuple[str, ...]], pattern: str) -> list[str]:
    """The conclusions that a pattern with ``*`` describes."""
    wanted = parts(pattern)
    return [" ".join(found) for found in conclusions if all(map(fnmatchcase, found, wanted))]


@pytest.mark.parametrize(("rule_id", "case"), EVERY)
def test_case(assessed: Assessed, knowledge: Knowledge, rule_id: str, case: dict[str, Any]) -> None:
    """The rule concludes what the case expects, and nothing that it forbids."""
    with assessed(case.get("given", ""), case.get("facts", ""), case.get("profile", False), case.get("choose")):
        conclusions = concluded(knowledge.store, rule_id)
    missing = [line for line in case.get("expect", []) if parts(line) not in conclusions]
    wrong = [line for pattern in case.get("not", []) for line in matching(conclusions, pattern)]
    assert not missing, f"{rule_id} does not conclude {missing}, but: {sorted(' '.join(c) for c in conclusions)[:40]}"
    assert not wrong, f"{rule_id} concludes {wrong}"


def test_no_cases_without_a_rule() -> None:
    """A file of cases belongs to a rule; that each rule has cases is said in ``test_rule_help``."""
    assert sorted(path.stem for path in CASES.glob("*.yaml")) == RULE_IDS


@pytest.mark.parametrize("rule_id", RULE_IDS)
def test_no_two_cases_have_the_same_name(rule_id: str) -> None:
    cases = cases_of(rule_id)
    assert len({case["name"] for case in cases}) == len(cases)


@pytest.mark.parametrize(("rule_id", "case"), EVERY)
def test_case_is_well_formed(knowledge: Knowledge, rule_id: str, case: dict[str, Any]) -> None:
    """A misspelt name in a case must not make it pass: names are known, properties are those the rule concludes."""
    assert set(case) <= KEYS and (case.get("expect") or case.get("not"))
    heads = {shown(NamedNode(p.predicate)) for p in knowledge.rules_by_iri[RULE + rule_id].head}
    new = set(re.findall(r"^\s*(kb:[\w-]+)", case.get("facts", ""), re.MULTILINE))
    for line in (*case.get("expect", []), *case.get("not", [])):
        assert len(parts(line)) == 3, line
        assert parts(line)[1] in heads, f"{rule_id} never concludes {parts(line)[1]}"
        for name in re.findall(r"(?:kb|mwkb):[\w*-]+", line):
            assert "*" in name or name in new or expand(name) in knowledge.names, f"There is no {name}"


# What holds for all rules


EACH_RULE = [pytest.param(rule, id=rule.id) for rule in reader.load()]


@pytest.mark.parametrize("rule", EACH_RULE)
def test_conclusion_says_by_which_rule_it_was_drawn(rule: Rule) -> None:
    """A reason, assertion, rating or record that a rule makes carries its name; a reason that it gives it also describes."""
    kinds = {MWKB + kind for kind in ("Reason", "EvidenceLevelAssertion", "Rating", "FactorRecord", "AreaRelevance")}
    made = {p.subject for p in rule.head if p.term in kinds}
    named = {(p.subject, p.object) for p in rule.head if p.predicate == MWKB + "byRule"}
    assert {(subject, rule.iri) for subject in made} == named
    bound = {part for c in rule.conditions for p in (*c.needed, *c.optional) for part in p.parts}
    given = {p.object for p in rule.head if p.predicate == MWKB + "reason"}
    assert given - bound == {p.subject for p in rule.head if p.term == MWKB + "Reason"}


def test_running_twice_adds_nothing(assessed: Assessed, knowledge: Knowledge) -> None:
    """The rules come to rest: a second run over the same store finds nothing new."""
    with assessed(read_plan(files.root() / "examples" / "oakmere.yaml")) as first:
        second = infer.infer(knowledge.store, knowledge.groups)
        assert first.added
        assert not second.added and not second.recorded


def test_withdrawing_leaves_the_store_as_it_was(assessed: Assessed, knowledge: Knowledge) -> None:
    """Infer, withdraw and infer again: the same conclusions, and in between nothing of them."""
    before = set(knowledge.store)
    runs = []
    for _ in range(2):
        with assessed(read_plan(files.root() / "examples" / "oakmere.yaml")) as derivation:
            runs.append((set(derivation.added), set(derivation.recorded)))
        assert set(knowledge.store) == before
    assert runs[0] == runs[1]


def _conclusions(store: Store, triples: Iterable[Quad], layers: Iterable[Iterable[Rule]]) -> set[Quad]:
    copy = Store()
    copy.bulk_extend([*store, *triples])
    return set(infer.infer(copy, [list(layer) for layer in layers]).recorded)


def test_order_does_not_matter(knowledge: Knowledge) -> None:
    """Neither the order of the plan's triples nor that of the rules changes what follows."""
    plan = read_plan(files.root() / "examples" / "oakmere.yaml")
    expected = _conclusions(knowledge.store, plan.quads, knowledge.groups)
    shuffled = random.Random(7).sample(plan.quads, len(plan.quads))
    assert _conclusions(knowledge.store, shuffled, knowledge.groups) == expected
    assert _conclusions(knowledge.store, plan.quads, strata.strata(knowledge.rules[::-1])) == expected


NEIGHBOURS = (
    """
id: https://w3id.org/mwkb/example/complete
sections: [{section: interventions, status: complete}, {section: needs-groups, status: complete}]
needs:
  groups: [{group: group-unemployed-people, presence: present}]
interventions:
  - {delivers: intervention-2b, approach: targeted, for-groups: [group-older-people], rationale: Parents asked for it}
  - {delivers: intervention-3c, rationale: The scheme has run for years}
  - {delivers: intervention-10, approach: universal, for-groups: [life-stage-adults]}
""",
    """
id: https://w3id.org/mwkb/example/universal
sections: [{section: interventions, status: partial}]
needs:
  factors:
    - {factor: risk-smoking, factor-status: present, evidence: Survey 2025}
    - {factor: risk-homelessness, factor-status: present}
    - {factor: protective-safety, factor-status: weak}
  groups:
    - {group: group-unemployed-people, presence: present}
    - {group: group-problem-drinkers, presence: present}
    - {group: group-black-and-minority-ethnic-communities, presence: present}
    - {group: group-people-in-fuel-poverty, presence: absent}
priorities:
  - {item: intervention-1, priority: 5}
  - {item: intervention-2b, priority: 3}
  - {item: intervention-3c, priority: 1}
  - {item: intervention-6iii, priority: 5}
interventions: [{delivers: intervention-6ii, approach: universal, for-groups: [life-stage-adults]}]
exclusions: [{excludes: area-03, reason: The schools pay for it}, {excludes: area-09, reason: The county pays for it}]
""",
    """
id: https://w3id.org/mwkb/example/targeted
needs:
  groups: [{group: group-older-people, presence: present}]
priorities: [{item: intervention-1, priority: 2}, {item: intervention-2b, priority: 5}]
interventions: [{delivers: intervention-6iii, approach: targeted, for-groups: [group-hidden-drinkers]}]
exclusions: [{excludes: area-07, reason: The county pays for it}, {excludes: intervention-2a}]
evidence-assertions: [{about: intervention-1, level: 1, basis: Local evaluation, asserted-by: Public health team}]
""",
)


def test_plans_do_not_mix(knowledge: Knowledge) -> None:
    """With several plans in the store each gets what it would get alone: no rule joins one plan's facts with another's."""
    plans = [read_tree(text, "plan.yaml").quads for text in NEIGHBOURS]
    alone = [_conclusions(knowledge.store, quads, knowledge.groups) for quads in plans]
    together = _conclusions(knowledge.store, [quad for quads in plans for quad in quads], knowledge.groups)
    assert together == alone[0] | alone[1] | alone[2]


# Rules as they are read


HEADER = "id: {name}\ntitle: A rule\ndescription: A rule.\nwarrant: {{sources: [toolkit], lines: '1'}}"


def write(folder: Path, name: str, head: str, body: str, header: str = HEADER) -> Path:
    """A small rule file: the header (four lines), the prefix (line 5), the head (line 6) and the conditions (line 8)."""
    lines = "".join(f"#+ {line}\n" for line in header.format(name=name).splitlines())
    path = folder / f"{name}.rq"
    path.write_text(f"{lines}PREFIX mwkb: <{MWKB}>\nCONSTRUCT {{ {head} }}\nWHERE {{\n{body}\n}}\n", encoding="utf-8")
    return path


def refusal(*paths: Path) -> InputProblem:
    """The problem for which rules are refused."""
    with pytest.raises(InputProblem) as caught:
        strata.strata(reader.load(paths))
    return caught.value


def test_cycle_through_an_absence_is_refused(tmp_path: Path) -> None:
    """Two rules of which one waits for the other to be silent and the other feeds on it have no meaning; both are named."""
    one = write(tmp_path, "X-01", "?a mwkb:commissions ?b .", "?a mwkb:about ?b . FILTER NOT EXISTS { ?a mwkb:rulesOut ?b . }")
    two = write(tmp_path, "X-02", "?a mwkb:rulesOut ?b .", "?a mwkb:commissions ?b .")
    problem = refusal(one, two)
    assert "X-01" in str(problem) and "X-02" in str(problem) and "absence of rulesOut" in str(problem)
    assert problem.place is not None and problem.place.file.endswith(".rq")


def test_rule_that_needs_its_own_silence_is_refused(tmp_path: Path) -> None:
    """A rule must not depend on the absence of what it concludes."""
    one = write(tmp_path, "X-01", "?a mwkb:rulesOut ?b .", "?a mwkb:about ?b . FILTER NOT EXISTS { ?a mwkb:rulesOut ?b . }")
    assert "X-01" in str(refusal(one))


def test_cycle_through_one_of_several_classes_is_refused(tmp_path: Path) -> None:
    """A class that is a variable stands for each class that VALUES lists."""
    body = "VALUES ?k { mwkb:PlanGap mwkb:DataGap } ?a mwkb:about ?b . FILTER NOT EXISTS { ?a a ?k }"
    assert "X-01" in str(refusal(write(tmp_path, "X-01", "?a a mwkb:PlanGap .", body)))


def test_dot_after_an_absence_is_as_good_as_none(tmp_path: Path) -> None:
    """SPARQL allows a dot there."""
    path = write(tmp_path, "X-01", "?a mwkb:reason ?b .", "?a mwkb:about ?b . FILTER NOT EXISTS { ?a mwkb:rulesOut ?b } .")
    assert [rule.id for rule in reader.load([path])] == ["X-01"]


BAD_TEXT = {
    "an unbound variable in the head": ("?a mwkb:reason ?c .", "?a mwkb:about ?b .", 6, r"\?c"),
    "a variable bound only in an absence": (
        "?a mwkb:reason ?b .",
        "?a mwkb:about ?a . FILTER NOT EXISTS { ?a mwkb:about ?b }",
        6,
        r"\?b",
    ),
    "a variable assigned only in an absence": (
        "?a mwkb:reason ?b .",
        "?a mwkb:about ?c . FILTER NOT EXISTS { ?a mwkb:rulesOut ?c . BIND(?c AS ?b) }",
        6,
        r"\?b",
    ),
    "a variable for a property in a condition": ("?a mwkb:reason ?b .", "?a ?p ?b .", 6, "property"),
    "a variable for a class in an absence": (
        "?a mwkb:reason ?b .",
        "?a mwkb:about ?b . FILTER NOT EXISTS { ?a a ?k }",
        6,
        "VALUES",
    ),
    "an undeclared prefix in the head": ("?a foo:reason ?b .", "?a mwkb:about ?b .", 6, "foo:"),
    "an undeclared prefix in a condition": ("?a mwkb:reason ?b .", "?a foo:about ?b .", 8, "foo:"),
    "an undeclared prefix in an absence": (
        "?a mwkb:about ?b .",
        "?a mwkb:about ?b .\nFILTER NOT EXISTS { ?a foo:about ?b }",
        9,
        "foo:",
    ),
    "a variable for a property": ("?a ?b ?c .", "?a mwkb:about ?b , ?c .", 6, "property"),
    "MINUS": ("?a mwkb:reason ?b .", "?a mwkb:about ?b .\nMINUS { ?a mwkb:rulesOut ?b }", 9, "MINUS"),
    "a property path": ("?a mwkb:reason ?b .", "?a mwkb:about/mwkb:reason ?b .", 8, "plain triples"),
    "a brace that is not closed": ("?a mwkb:reason ?b .", "?a mwkb:about ?b . {", 7, "not closed"),
}
REST = "description: A\nwarrant: {{sources: [a], lines: '1'}}"
BAD_HEADER = {
    "no header": ("", 1, "no header"),
    "a title with an unquoted colon": (f"id: X-01\ntitle: Pink: a question\n{REST}", 2, "colon in quotes"),
    "an unknown key": (f"id: X-01\ntitle: A\nwarant: 1\n{REST}", 3, "'warant'"),
    "no title": (f"id: X-01\n{REST}", 1, "title"),
    "no warrant": ("id: X-01\ntitle: A\ndescription: A", 1, "warrant"),
    "a warrant without lines": ("id: X-01\ntitle: A\ndescription: A\nwarrant: {{sources: [a]}}", 1, "lines"),
    "an id that is not the file's name": (f"id: X-09\ntitle: A\n{REST}", 1, "X-09"),
}
BAD = [pytest.param(head, body, HEADER, line, words, id=name) for name, (head, body, line, words) in BAD_TEXT.items()]
BAD += [pytest.param("?a a ?b .", "?a a ?b .", *header, id=name) for name, header in BAD_HEADER.items()]


@pytest.mark.parametrize(("head", "body", "header", "line", "words"), BAD)
def test_bad_rule_is_refused_with_file_and_line(tmp_path: Path, head: str, body: str, header: str, line: int, words: str) -> None:
    """A rule that cannot be right is refused, and the message says where."""
    problem = refusal(write(tmp_path, "X-01", head, body, header))
    assert re.search(words, str(problem))
    assert problem.place is not None and problem.place.file.endswith("X-01.rq") and problem.place.line == line


def chain(length: int) -> Store:
    """A store in which each of some things lies directly within the next."""
    store = Store()
    store.extend(Quad(NamedNode(f"{KB}{n}"), NamedNode(MWKB + "about"), NamedNode(f"{KB}{n + 1}")) for n in range(length))
    return store


def test_positive_recursion_reaches_a_fixpoint(tmp_path: Path) -> None:
    """Two rules that feed one another run until nothing new follows: every pair along a chain."""
    one = write(tmp_path, "X-01", "?a mwkb:reason ?b .", "?a mwkb:about ?b .")
    two = write(tmp_path, "X-02", "?a mwkb:reason ?c .", "?a mwkb:reason ?b . ?b mwkb:reason ?c .")
    layers = strata.strata(reader.load([one, two]))
    store = chain(20)
    pairs = {(quad.subject.value, quad.object.value) for quad in infer.infer(store, layers).added}
    assert len(layers) == 1
    assert pairs == {(f"{KB}{a}", f"{KB}{b}") for a in range(20) for b in range(a + 1, 21)}
    assert not infer.infer(store, layers).recorded


def test_absence_is_read_after_the_recursion_is_complete(tmp_path: Path) -> None:
    """A rule about absence waits in a later layer, so that it never speaks too early."""
    gap = f"?a mwkb:about ?b . FILTER NOT EXISTS {{ ?a mwkb:reason <{KB}20> . }}"
    one = write(tmp_path, "X-01", "?a mwkb:rulesOut ?b .", gap)
    two = write(tmp_path, "X-02", "?a mwkb:reason ?c .", "?a mwkb:reason ?b . ?b mwkb:about ?c .")
    three = write(tmp_path, "X-03", "?a mwkb:reason ?b .", "?a mwkb:about ?b .")
    layers = strata.strata(reader.load([one, two, three]))
    assert [[rule.id for rule in layer] for layer in layers] == [["X-02", "X-03"], ["X-01"]]
    assert not any(quad.predicate.value == MWKB + "rulesOut" for quad in infer.infer(chain(20), layers).added)


def test_rules_that_do_not_end_are_refused(tmp_path: Path) -> None:
    """A rule that makes a new thing out of each thing it made is stopped, named, and leaves nothing behind."""
    body = '?a mwkb:about ?x . BIND(IRI(CONCAT(STR(?a), "x")) AS ?b)'
    layers = strata.strata(reader.load([write(tmp_path, "X-01", "?b mwkb:about ?a .", body)]))
    store = chain(1)
    with pytest.raises(InputProblem, match="X-01"):
        infer.infer(store, layers)
    assert set(store) == set(chain(1))
