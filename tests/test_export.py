"""What is exported is what mwkb holds, the same bytes each time, and other engines conclude the same from it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple, parse
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, Graph, URIRef

from conftest import Mwkb
from mwkb import export
from mwkb.assessment import derived
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.rules import Rule, reader
from mwkb.rules.infer import conclusions, infer
from mwkb.vocabulary import KB, MWKB
from test_rules import chain, write

ROOT = Path(__file__).parents[1]
PROGRAM = str(Path(sys.executable).with_name("mwkb"))
OAKMERE = ROOT / "examples" / "oakmere.yaml"


def quads_of(text: str) -> set[Quad]:
    return set(parse(text, format=RdfFormat.N_QUADS))


# The knowledge base


def test_the_default_graph_holds_everything_and_named_graphs_say_where_it_is_from(knowledge: Knowledge) -> None:
    plan = read_plan(OAKMERE)
    with derived(knowledge, plan) as derivation:
        quads = quads_of(export.nquads(knowledge))
        assert quads == set(knowledge.store)
        as_turtle = set(parse(export.turtle(knowledge), format=RdfFormat.TURTLE))
    graphs: dict[str, set[Triple]] = {}
    for quad in quads:
        graphs.setdefault(getattr(quad.graph_name, "value", ""), set()).add(quad.triple)
    assert graphs.keys() == {"", plan.iri} | {quad.graph_name.value for quad in derivation.recorded}
    assert graphs[plan.iri] == {quad.triple for quad in plan.quads}
    assert set.union(*graphs.values()) == graphs[""]
    assert {quad.triple for quad in as_turtle} == graphs[""]


def test_without_a_plan_only_ontology_and_facts_come_out(knowledge: Knowledge) -> None:
    assert quads_of(export.nquads(knowledge)) == set(knowledge.store)
    assert {quad.graph_name for quad in knowledge.store} == {DefaultGraph()}


@pytest.mark.parametrize(
    "arguments", [["--plan", str(OAKMERE)], ["kb", "--format", "turtle"], ["kb", "--format", "jsonld"], ["rules"]], ids=" ".join
)
def test_two_exports_are_the_same_bytes_whatever_the_hash_seed(arguments: list[str]) -> None:
    one, other = (
        subprocess.run(
            [PROGRAM, "export", *arguments], capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}, check=True
        )
        for seed in ("1", "2")
    )
    assert one.stdout == other.stdout != b""
    if "--plan" in arguments:
        lines = one.stdout.split(b"\n")
        assert lines[:-1] == sorted(lines[:-1]) and lines[-1] == b""


def test_a_plan_with_nameless_things_is_exported_the_same_each_time(knowledge: Knowledge, tmp_path: Path) -> None:
    file = tmp_path / "plan.ttl"
    file.write_text(
        f"@prefix mwkb: <{MWKB}> .\n<p> a mwkb:LocalityPlan ;\n"
        " mwkb:plansIntervention [ mwkb:rationale 'one\u2028line' ] , [ mwkb:rationale 'two' ] .\n",
        encoding="utf-8",
    )
    texts = []
    for _ in range(2):
        with derived(knowledge, read_plan(file)):
            texts.append(export.nquads(knowledge))
    assert texts[0] == texts[1]
    assert "one\u2028line" in texts[0] and quads_of(texts[0])


# The rules


def exported(knowledge: Knowledge) -> Graph:
    return Graph().parse(data=export.shacl_af(knowledge), format="turtle")


def monotone(knowledge: Knowledge) -> list[Rule]:
    return [rule for rule in knowledge.rules if rule.is_monotone]


def test_each_monotone_rule_is_there_with_its_name_and_warrant(knowledge: Knowledge) -> None:
    graph = exported(knowledge)
    assert monotone(knowledge)
    assert {str(node) for node in graph.subjects(RDF.type, SH.SPARQLRule)} == {rule.iri for rule in monotone(knowledge)}
    assert set(graph.objects(None, SH.rule)) == set(graph.subjects(RDF.type, SH.SPARQLRule))
    for rule in monotone(knowledge):
        node = URIRef(rule.iri)
        assert str(graph.value(node, RDFS.label)) == f"{rule.id} {rule.file.title}"
        assert {str(part) for part in graph.objects(node, DCTERMS.source)} == {KB + part for part in rule.file.sources}
        assert str(graph.value(node, URIRef(MWKB + "sourceLines"))) == rule.file.lines


def test_rules_of_an_absence_or_a_number_are_left_out_and_the_header_says_why(knowledge: Knowledge) -> None:
    graph = exported(knowledge)
    header = graph.value(None, RDF.type, OWL.Ontology)
    said = str(graph.value(header, DCTERMS.description))
    absent, counting = said.partition("absent:")[2], said.partition("add up:")[2]
    for rule in knowledge.rules:
        assert (f" {rule.id}," in said.replace(".", ",")) != rule.is_monotone
        if not rule.is_monotone:
            assert rule.id in (absent if rule.reads_absence_of else counting)


def test_nothing_is_nameless_and_one_node_is_the_target(knowledge: Knowledge) -> None:
    graph = exported(knowledge)
    assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]
    assert list(graph.objects(None, SH.targetNode)) == [URIRef(MWKB.rstrip("#"))]
    assert not [text for text in graph.objects(None, SH.construct) if re.search(r"[$?]this\b", str(text))]


def test_a_rule_comes_after_those_it_reads(knowledge: Knowledge) -> None:
    graph = exported(knowledge)
    order = {str(node): int(str(position)) for node, position in graph.subject_objects(SH.order)}
    rules = monotone(knowledge)
    feeds = {rule: {other for other in rules if rule.writes & other.reads} for rule in rules}

    def reached(start: Rule) -> set[Rule]:
        found, waiting = set(feeds[start]), list(feeds[start])
        while waiting:
            new = feeds[waiting.pop()] - found
            found |= new
            waiting += new
        return found

    after = {rule: reached(rule) for rule in rules}
    assert sorted(order.values()) == list(range(len(rules)))
    for rule in rules:
        for other in after[rule]:
            assert rule in after[other] or order[rule.iri] < order[other.iri]


def test_the_exported_text_with_the_declared_prefixes_is_the_rule(knowledge: Knowledge) -> None:
    graph = exported(knowledge)
    prefixes = {
        str(graph.value(node, SH.prefix)): str(graph.value(node, SH.namespace)) for node in graph.objects(None, SH.declare)
    }
    with derived(knowledge, read_plan(OAKMERE)):
        for rule in monotone(knowledge):
            answer = knowledge.store.query(str(graph.value(URIRef(rule.iri), SH.construct)), prefixes=prefixes)
            assert isinstance(answer, QueryTriples)
            assert set(answer) == set(conclusions(knowledge.store, rule))


def by_pyshacl(store: Store, rules: str) -> set[Triple]:
    """What pySHACL's advanced mode concludes from the default graph."""
    content = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
    was, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        data = Graph().parse(data=content, format="nt")
        before = set(data)
        shapes = Graph().parse(data=rules, format="turtle")
        pyshacl.validate(data, shacl_graph=shapes, advanced=True, iterate_rules=True, inplace=True)
        lines = "".join(" ".join(term.n3() for term in triple) + " .\n" for triple in set(data) - before)
    finally:
        rdflib.NORMALIZE_LITERALS = was
    return {quad.triple for quad in parse(lines, format=RdfFormat.TURTLE)}


@pytest.mark.parametrize("name", ["oakmere", "little-marsh", "mistakes"])
def test_pyshacl_concludes_the_same(knowledge: Knowledge, name: str) -> None:
    plan = read_plan(ROOT / "examples" / f"{name}.yaml")
    with knowledge.with_triples(plan.quads, plan.iri):
        theirs = by_pyshacl(knowledge.store, export.shacl_af(knowledge))
        derivation = infer(knowledge.store, [monotone(knowledge)])
        derivation.withdraw()
    assert theirs == derivation.added
    assert len({quad.graph_name for quad in derivation.recorded}) > 5, "hardly a rule concludes anything"
    assert all(isinstance(term, NamedNode) for triple in theirs for term in (triple.subject, triple.predicate))


def test_rules_that_feed_one_another_come_to_the_same_end_elsewhere(tmp_path: Path) -> None:
    """Along a chain each of two rules waits for the other again and again."""
    rules = reader.load(
        [
            write(tmp_path, "X-01", "?a mwkb:reason ?c .", "?a mwkb:rulesOut ?b . ?b mwkb:about ?c ."),
            write(tmp_path, "X-02", "?a mwkb:rulesOut ?c .", "?a mwkb:reason ?b . ?b mwkb:about ?c ."),
            write(tmp_path, "X-03", "?a mwkb:reason ?b .", "?a mwkb:about ?b ."),
        ]
    )
    knowledge = Knowledge(chain(9), rules)
    theirs = by_pyshacl(knowledge.store, export.shacl_af(knowledge))
    assert theirs == infer(knowledge.store, knowledge.groups).added
    assert len(theirs) == 45


# The command


def test_the_command_gives_each_thing_in_each_of_its_formats(mwkb: Mwkb, knowledge: Knowledge) -> None:
    assert (
        mwkb("export") == mwkb("export", "kb") == mwkb("export", "kb", "--format", "nquads") == (0, export.nquads(knowledge), "")
    )
    assert mwkb("export", "--format", "turtle") == (0, export.turtle(knowledge), "")
    assert mwkb("export", "--format", "jsonld") == (0, export.jsonld(knowledge), "")
    rules = export.shacl_af(knowledge)
    assert mwkb("export", "rules") == mwkb("export", "rules", "--format", "shacl-af") == (0, rules, "")
    assert mwkb("export", "rules", "--format", "turtle") == (0, rules, "")


@pytest.mark.parametrize(
    ("what", "ending", "form"),
    [("kb", ".nq", "nquads"), ("kb", ".ttl", "turtle"), ("kb", ".jsonld", "jsonld"), ("rules", ".ttl", "shacl-af")],
)
def test_a_file_is_written_whole_in_the_format_of_its_ending(
    mwkb: Mwkb, tmp_path: Path, what: str, ending: str, form: str
) -> None:
    target = tmp_path / f"export{ending}"
    target.write_text("old " * 1_000_000, encoding="utf-8")
    assert mwkb("export", what, "-o", str(target)) == (0, "", "")
    assert target.read_text(encoding="utf-8") == mwkb("export", what, "--format", form).out
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "kb.txt"], "End it in one of .nq, .ttl, .jsonld, or use --format."),
        (["-o", "kb.owl"], "Add --merged. Or use one of: nquads, turtle, jsonld."),
        (["--merged", "-o", "kb.nq"], "Use one of: turtle, rdfxml, ofn."),
        (["--merged", "--plan", str(OAKMERE)], "Only ontology and facts are merged."),
        (["rules", "--merged"], "Only ontology and facts are merged."),
        (["rules", "-o", "rules.nq"], "Use one of: shacl-af, turtle."),
        (["kb", "--format", "shacl-af"], "Use one of: nquads, turtle, jsonld."),
        (["rules", "--plan", str(OAKMERE)], "The rules are the same for every plan."),
        (["--plan", "missing.yaml"], "missing.yaml"),
        (["-o", "missing/kb.nq"], "There is no such folder to write to."),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    mwkb: Mwkb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = mwkb("export", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and says in err
    assert not list(tmp_path.iterdir())


def test_an_export_never_replaces_the_plan(mwkb: Mwkb, tmp_path: Path) -> None:
    plan = tmp_path / "plan.ttl"
    plan.write_bytes((ROOT / "examples" / "little-marsh.ttl").read_bytes())
    assert "would replace the plan" in mwkb("export", "--plan", str(plan), "-o", str(plan)).err
    assert plan.read_bytes() == (ROOT / "examples" / "little-marsh.ttl").read_bytes()


def test_a_key_that_no_plan_has_is_said(mwkb: Mwkb) -> None:
    assert "Did you mean interventions?" in mwkb("export", "--plan", str(ROOT / "examples" / "misspelt-key.yaml")).err
