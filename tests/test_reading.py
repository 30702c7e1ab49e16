"""Plans are read the same from every format, and what cannot be read is refused with file and line."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, serialize
from rdflib import Graph
from rdflib.compare import graph_diff, to_isomorphic

from mwkb.assessment import conclude
from mwkb.knowledge import Knowledge
from mwkb.plan import FORMATS, Plan, read_plan, structure, tree
from mwkb.problems import InputProblem, Place
from mwkb.validate import validate
from mwkb.vocabulary import KB, MWKB, PREFIXES, RDF, SKOS, XSD, local_name

EXAMPLES = Path(__file__).parents[1] / "examples"
LITTLE_MARSH = EXAMPLES / "little-marsh.yaml"
A_PLAN = f"a <{MWKB}LocalityPlan>"
FACT = f"<{KB}parameter-worst-share>\n <{MWKB}parameterValue> 1.0 ."
FINDING = f"<https://example.org/f> a <{MWKB}Recommendation> ;\n <{MWKB}inPlan> <a> ."
KINDS = f"Use one of: {', '.join(FORMATS)}."
OURS = "belongs to the knowledge base"
KEYS = structure.keys()
Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


def problem(path: Path) -> InputProblem:
    """What is wrong with a plan: always an InputProblem on one line that begins with the file."""
    with pytest.raises(InputProblem) as raised:
        read_plan(path)
    assert str(raised.value).startswith(str(path)) and "\n" not in str(raised.value)
    return raised.value


def graph(plan: Plan) -> Graph:
    return Graph().parse(data=serialize((q.triple for q in plan.quads), format=RdfFormat.N_TRIPLES), format="nt")


def assert_same(one: Graph, other: Graph) -> None:
    _, only_one, only_other = graph_diff(to_isomorphic(one), to_isomorphic(other))
    assert (set(only_one), set(only_other)) == (set(), set())


def texts(value: Any) -> Any:
    """YAML as what JSON can hold: dates as text."""
    if isinstance(value, dict):
        return {key: texts(inner) for key, inner in value.items()}
    return [texts(item) for item in value] if isinstance(value, list) else value if isinstance(value, int) else str(value)


def json_of(path: Path, **options: Any) -> str:
    return json.dumps(texts(yaml.safe_load(path.read_text(encoding="utf-8"))), **options)


# Places


SUBMITTED = f"<x:p> <{MWKB}dateSubmitted>"
IN_A_LIST = {
    "yaml": "title: x\ninterventions:\n  - cost: 1\n    for-groups:\n      - group-adults\n      - group-adlts\n",
    "ttl": f"""@prefix kb: <{KB}> . @prefix mwkb: <{MWKB}> .
<https://example.org/p> a mwkb:LocalityPlan ; mwkb:plansIntervention <https://example.org/p/i> .
<https://example.org/p/i> a mwkb:PlannedIntervention ;
    mwkb:forGroup
      kb:group-adults,
      kb:group-adlts .
""",
}


@pytest.mark.parametrize("ending", IN_A_LIST)
def test_a_value_in_a_list_is_reported_at_its_own_line(write: Write, knowledge: Knowledge, ending: str) -> None:
    path = write(f"plan.{ending}", IN_A_LIST[ending])
    assert Place(str(path), 6) in {r.place for r in validate(knowledge, read_plan(path)) if "group-adlts" in r.message}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan.yaml", "title: x\nsubmitted:\n  - 2027-01-01\n  - 2027-02-31\n"),
        ("plan.ttl", f'<x:p> {A_PLAN} ;\n <{MWKB}dateSubmitted>\n  1,\n  "2027-02-31"^^<{XSD}date> .'),
        (
            "plan.nt",
            f'<x:p> {A_PLAN} .\n<x:p> <{MWKB}dateSubmitted> "1" .\n\n<x:p> <{MWKB}dateSubmitted> "2027-02-31"^^<{XSD}date> .',
        ),
    ],
)
def test_a_text_among_several_is_reported_at_its_own_line(write: Write, knowledge: Knowledge, name: str, text: str) -> None:
    path = write(name, text.replace(" a ", f" <{RDF}type> "))
    assert Place(str(path), 4) in {r.place for r in validate(knowledge, read_plan(path)) if r.value == "2027-02-31"}


# One plan, three formats


def test_a_nameless_node_of_turtle_is_named_after_its_path(write: Write, knowledge: Knowledge) -> None:
    path = write(
        "plan.ttl",
        f"""@prefix mwkb: <{MWKB}> .
<a> {A_PLAN} ;
  mwkb:plansIntervention [ a mwkb:PlannedIntervention ; mwkb:delivers <{KB}intervention-3a> ;
    mwkb:expectsOutcome [ a mwkb:PlannedOutcome ] ] ,
    [ a mwkb:PlannedIntervention ; mwkb:plannedCost "cheap" ] .
[ a mwkb:Asset ] .
""",
    )
    plan = read_plan(path)
    own = {q.subject.value.removeprefix(plan.iri) for q in plan.quads if isinstance(q.subject, NamedNode)}
    first = "/plansIntervention/1"
    assert own == {"", first, "/plansIntervention/2", f"{first}/expectsOutcome/1", "/nameless/1"}
    assert plan.place(f"{plan.iri}/plansIntervention/2") == Place(str(path), 3)
    said = {(r.focus.removeprefix(plan.iri), r.field) for r in validate(knowledge, plan)}
    assert {("/plansIntervention/2", "Cost"), ("/nameless/1", "Place in the plan")} <= said


def test_yaml_and_turtle_of_one_plan_give_the_same_triples() -> None:
    assert_same(graph(read_plan(LITTLE_MARSH)), graph(read_plan(LITTLE_MARSH.with_suffix(".ttl"))))


@pytest.mark.parametrize("options", [{}, {"indent": "\t"}, {"ensure_ascii": False}], ids=["one line", "tabs", "not ASCII"])
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.name)
def test_yaml_and_json_of_one_plan_give_the_same_triples(write: Write, path: Path, options: dict[str, Any]) -> None:
    assert_same(graph(read_plan(path)), graph(read_plan(write("plan.json", json_of(path, **options)))))


def test_json_escapes_are_read_as_json_means_them(write: Write) -> None:
    title = 'Tea ☕, smiles 😀, "quotes", a back\\slash, \\ud83d and a /'
    plan = read_plan(write("plan.json", json.dumps({"title": title}).replace("/", "\\/")))
    assert [q.object.value for q in plan.quads if q.predicate.value.endswith("title")] == [title]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.name)
def test_another_json_ld_processor_reads_the_same_from_the_document(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = graph(read_plan(path))
    documents: list[str] = []
    monkeypatch.setattr(structure, "parse", lambda text, format: documents.append(text) or ())
    read_plan(path)
    assert_same(ours, Graph().parse(data=documents[0], format="json-ld"))


def choices() -> list[tuple[str, str]]:
    """Each key whose values have a short form, with the beginning that the short form leaves out."""
    scoped = {
        key: about["@context"]["@vocab"]
        for key, about in structure.context().items()
        if isinstance(about, dict) and "@context" in about
    }
    return sorted((key, start) for key, start in scoped.items() if start != KB)


@pytest.mark.parametrize(("key", "start"), choices())
def test_every_choice_can_be_written_in_its_short_form_even_where_it_is_a_key_too(
    knowledge: Knowledge, key: str, start: str
) -> None:
    values = sorted(name for name in knowledge.names if name.startswith(start))
    assert values
    for value in values:
        plan = tree.read_tree(f"{key}: {value.removeprefix(start)}", "plan.yaml")
        assert {q.object.value for q in plan.quads if q.predicate.value != RDF + "type"} == {value}


def test_some_choices_are_keys_too(knowledge: Knowledge) -> None:
    collide = {
        name for _, start in choices() for name in knowledge.names if name.startswith(start) and name.removeprefix(start) in KEYS
    }
    assert {local_name(name) for name in collide} >= {"result-outcome", "section-priorities", "section-interventions"}


def test_an_empty_value_is_not_given(write: Write) -> None:
    for name, content in (
        ("plan.yaml", "title: x\nversion:\nlocality: ~\ngss: null\n"),
        ("plan.json", '{"title": "x", "version": null}'),
    ):
        assert {q.predicate.value.rpartition("/")[2] for q in read_plan(write(name, content)).quads} == {
            "22-rdf-syntax-ns#type",
            "title",
        }


def test_the_plan_is_named_after_its_file_if_it_has_no_id(write: Write) -> None:
    assert read_plan(write("Our plan (2).yaml", "title: x")).iri == "https://w3id.org/mwkb/plan/our-plan-2"


# Places


def test_each_value_remembers_its_line(write: Write) -> None:
    text = """id: https://example.org/p
title: x
needs:
  factors:
    - factor: risk-debt
      factor-status: present
    - {factor: risk-smoking}
partners:
  - {id: council, name: Council}
interventions:
  - delivers: intervention-1
    for-groups:
      - life-stage-adults
"""
    place = read_plan(path := write("plan.yaml", text)).place
    expected = {
        ("", ""): 1,
        ("", "http://purl.org/dc/terms/title"): 2,
        ("/needs", ""): 4,
        ("/needs/factors/1", ""): 5,
        ("/needs/factors/1", MWKB + "factorStatus"): 6,
        ("/needs/factors/2", MWKB + "factor"): 7,
        ("/council", MWKB + "sector"): 9,
        ("/interventions/1", MWKB + "delivers"): 11,
        ("/interventions/1", MWKB + "forGroup"): 12,
    }
    assert {key: place("https://example.org/p" + key[0], key[1]) for key in expected} == {
        key: Place(str(path), line) for key, line in expected.items()
    }


def test_turtle_remembers_the_lines_of_subjects_and_properties() -> None:
    plan = read_plan(LITTLE_MARSH.with_suffix(".ttl"))
    lines = LITTLE_MARSH.with_suffix(".ttl").read_text(encoding="utf-8").splitlines()
    for quad in plan.quads:
        assert isinstance(quad.subject, NamedNode)
        place = plan.place(quad.subject.value, quad.predicate.value)
        name = "a" if quad.predicate.value == RDF + "type" else local_name(quad.predicate.value)
        assert place and place.line
        assert re.search(rf"\b{name} |^\S+$", lines[place.line - 1])


# What cannot be read

DEEP = "[" * 10_000 + "]" * 10_000
LAUGHS = "a: &a [ha]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("name", "content", "line", "says"),
    [
        ("malformed.yaml", "title: x\nneeds: [a\n", 3, "not well-formed"),
        ("indent.yaml", "title: x\n  version: 1\n", 2, "not well-formed"),
        ("cut-off.json", '{"title": "x",\n "needs": {"factors" [', 2, "not well-formed"),
        ("two-documents.yaml", "title: x\n---\ntitle: y\n", 2, "not well-formed"),
        ("duplicate-key.yaml", "title: x\ntitle: y\n", 2, "'title' is given twice"),
        ("duplicate-key.json", '{"title": "x",\n"title": "y"}', 2, "'title' is given twice"),
        ("duplicate-id.yaml", "partners:\n  - {id: a}\n  - {id: a}\n", 3, "'a' is given twice, first on line 2"),
        ("id-of-a-part.yaml", "partners:\n  - {id: needs}\nneeds:\n  factors: []\n", 4, "'needs' is given twice"),
        ("id-of-the-plan.yaml", "id: https://example.org/p\npartners: [{id: https://example.org/p}]\n", 2, "given twice"),
        ("list-in-list.yaml", "interventions:\n  - for-groups:\n      - [a]\n", 3, "a list within a list"),
        ("text-for-group.yaml", "title: x\nlocality: Oakmere\n", 2, "'locality' takes a group of keys"),
        ("group-for-text.yaml", "title:\n  en: x\n", 2, "'title' takes a single value"),
        ("key-is-a-list.yaml", "title: x\n? [a]\n: y\n", 2, "A key is a single word"),
        ("anchor.yaml", "title: x\nversion: &v 1\n", 2, "anchor or alias"),
        ("laughs.yaml", LAUGHS, 1, "anchor or alias"),
        ("tag.yaml", "title: x\nversion: !!python/object/apply:os.system [id]\n", 2, "A tag"),
        ("deep.yaml", f"title: x\nversion: {DEEP}", 2, "nested too deeply"),
        ("deep.json", f'{{"title": {DEEP}}}', 1, "nested too deeply"),
        ("deep-groups.json", '{"needs":' * 10_000 + "1" + "}" * 10_000, 1, "nested too deeply"),
        ("dashes.yaml", "- " * 10_000, 1, "nested too deeply"),
        ("empty.yaml", "", None, "empty"),
        ("empty.ttl", "", None, "empty"),
        ("blank.json", " \n\t\n", None, "empty"),
        ("comment.yaml", "# nothing yet\n", None, "no plan: every line is a comment. Take away the '#'"),
        ("text.yaml", "hello\n", 1, "list of 'key: value' lines"),
        ("list.json", "[]", 1, "list of 'key: value' lines"),
        ("number.json", "1", 1, "list of 'key: value' lines"),
        ("utf-16.yaml", "title: Müller".encode("utf-16"), 1, "not UTF-8"),
        ("utf-16-le.yaml", "title: Miller".encode("utf-16-le"), None, "control characters are not allowed"),
        ("latin-1.yaml", "title: x\nversion: Müller".encode("latin-1"), 2, "not UTF-8"),
        ("latin-1.ttl", "# x\n# Müller".encode("latin-1"), 2, "not UTF-8"),
        ("nul.yaml", "title: a\0b", None, "control characters are not allowed"),
        ("nul.json", '{"title": "a\0b"}', None, "control characters are not allowed"),
        ("nul.ttl", "<a\0> a <b> .", 1, "not Turtle"),
        ("half-a-character.json", '{"title": "\\ud800"}', 1, "not well-formed"),
        ("larger.yaml", "title: " + "x" * 2_500_001, None, "larger than 2.5 MB"),
        ("plan.docx", "x", None, KINDS),
        ("plan", "x", None, KINDS),
        ("plan.rdf", "<rdf:RDF/>", None, "RDF/XML is not read; convert it to Turtle."),
        ("plan.owl", "<rdf:RDF/>", None, "RDF/XML is not read; convert it to Turtle."),
        ("syntax.ttl", "@prefix a: <https://example.org/> .\n\na:x a .\n", 3, "not Turtle: . is not a valid RDF object."),
        ("space.ttl", "\n<https://example.org/a b> a <b> .", 2, "not Turtle: Invalid IRI"),
        ("no-plan.ttl", "<https://example.org/a> <https://example.org/b> 1 .", None, "no plan"),
        ("nameless.ttl", f"[] {A_PLAN} .", None, "no plan"),
        ("two-plans.ttl", f"<a> {A_PLAN} .\n<b> {A_PLAN} .", None, "2 plans"),
        ("fact.ttl", f"<a> {A_PLAN} .\n{FACT}", 3, OURS),
        ("conclusion.ttl", f"<a> {A_PLAN} .\n{FINDING}", 3, "for rules to conclude"),
        ("forged.ttl", f"<a> {A_PLAN} ;\n  <{MWKB}commissions> <{KB}intervention-1> .", 2, "for rules to conclude"),
        ("fact.yaml", f"title: x\npartners:\n  - {{id: {KB}area-01}}\n", 3, OURS),
        ("all-facts.yaml", "title: x\nid: https://w3id.org/mwkb/kb\n", 1, OURS),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_line(
    write: Write, name: str, content: str | bytes, line: int | None, says: str
) -> None:
    found = problem(write(name, content))
    assert says in str(found)
    assert found.place and found.place.line == line


@pytest.mark.parametrize(
    "given",
    [
        "a b",
        "https://example.org/a b",
        "https://example.org/<a>",
        "our-plan",
        "'[x]'",
        "[x]",
        "{a: b}",
        "javascript:alert(1)",
        "5",
        "/",
        "'://'",
    ],
)
def test_an_id_must_be_a_web_address(write: Write, given: str) -> None:
    found = problem(write("plan.yaml", f"title: x\nid: {given}\n"))
    assert "cannot be an id" in found.what and found.place and found.place.line == 2


@pytest.mark.parametrize("given", ["a b", "a/b", "'#a'", "'<a>'", "[a]", "{a: b}", "javascript:x", "../a", "'a\"b'"])
def test_the_id_of_a_part_must_be_a_word_or_a_web_address(write: Write, given: str) -> None:
    found = problem(write("plan.yaml", f"partners:\n  - name: x\n    id: {given}\n"))
    assert "cannot be an id" in found.what and found.place and found.place.line == 3


def test_a_folder_and_a_missing_file_are_said_to_be_so(tmp_path: Path) -> None:
    (folder := tmp_path / "folder.yaml").mkdir()
    assert "folder" in problem(folder).what
    assert "no such file" in problem(tmp_path / "missing.yaml").what


def test_a_file_that_may_not_be_read_is_said_to_be_so(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    (path := write("plan.yaml", "title: x")).chmod(0)
    if os.geteuid() == 0:  # root may read every file, so the refusal is put in its place

        def refuse(_: Path, mode: str) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be opened: Permission denied" in problem(path).what


def test_an_unknown_key_is_kept_with_its_line_and_the_key_that_was_meant(write: Write) -> None:
    plan = read_plan(path := write("plan.yaml", "title: x\nintervnetions:\n  - {delivers: intervention-1}\ntype: plan\n"))
    assert [(u.key, u.place, u.hint) for u in plan.unknown_keys] == [
        ("intervnetions", Place(str(path), 2), "Did you mean interventions?"),
        ("type", Place(str(path), 4), ""),
    ]


def test_keywords_of_json_ld_are_unknown_keys_and_nothing_is_fetched(write: Write) -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        secret = write("secret.jsonld", '{"@context": {"title": "https://example.org/secret"}}')
        for address in (f"http://127.0.0.1:{server.server_port}/context", secret.as_uri()):
            plan = read_plan(
                write("plan.json", json.dumps({"@context": address, "@id": "https://example.org/x", "@graph": [], "title": "x"}))
            )
            assert [unknown.key for unknown in plan.unknown_keys] == ["@context", "@id", "@graph"]
            assert {q.predicate.value for q in plan.quads} == {RDF + "type", "http://purl.org/dc/terms/title"}
            assert plan.iri == "https://w3id.org/mwkb/plan/plan"
        server.shutdown()
    assert asked == []


# Chance

RDF_FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".jsonld": RdfFormat.JSON_LD}
MARKS = (b"\n", b"  ", b'"', b"[", b"{", b"}", b":", b"#", b"&a ", b"*a", b"!!x ", b"<", b"@", b"-", b"9" * 400, b"\0", b"\xff")


@cache
def sources(ending: str) -> list[bytes]:
    """The example plans in a format."""
    plans = (LITTLE_MARSH, EXAMPLES / "oakmere.yaml")
    if ending == ".yaml":
        return [path.read_bytes() for path in plans]
    if ending == ".json":
        return [json_of(path, indent=1).encode() for path in plans]
    triples = [[quad.triple for quad in read_plan(path).quads] for path in plans]
    written = [serialize(plan, format=RDF_FORMATS[ending], prefixes=PREFIXES) or b"" for plan in triples]
    return [text.replace(b"},{", b"},\n{") for text in written]


@st.composite
def damage(draw: st.DrawFn, source: bytes) -> bytes:
    """A file with up to four words or lines taken out, doubled, exchanged or replaced by a mark, and perhaps a bit flipped."""
    parts = re.split(*draw(st.sampled_from(((rb"\b", source), (rb"(?<=\n)", source)))))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(parts) - 1))
        other = st.sampled_from(parts) | st.sampled_from((b"", parts[place] * 2))
        parts[place] = draw(other | other | other | st.sampled_from(MARKS) | st.binary(max_size=3))
    damaged = bytearray(b"".join(parts))
    if damaged and draw(st.booleans()):
        damaged[draw(st.integers(0, len(damaged) - 1))] ^= 1 << draw(st.integers(0, 7))
    return bytes(damaged)


@pytest.mark.parametrize("ending", [".yaml", ".json", *RDF_FORMATS])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(data=st.data())
def test_a_damaged_plan_is_read_or_refused_and_never_crashes(
    knowledge: Knowledge, tmp_path: Path, ending: str, data: st.DataObject
) -> None:
    path = tmp_path / f"plan{ending}"
    path.write_bytes(data.draw(damage(data.draw(st.sampled_from(sources(ending))))))
    try:
        plan = read_plan(path)
    except InputProblem as problem:
        assert "\n" not in str(problem)
        return
    validate(knowledge, plan)
    assert conclude(knowledge, plan).plan.iri == plan.iri


@pytest.mark.parametrize("ending", RDF_FORMATS)
@pytest.mark.parametrize("number", [0, 1], ids=["little-marsh", "oakmere"])
def test_a_plan_is_the_same_in_each_format_of_rdf(write: Write, ending: str, number: int) -> None:
    plan, yaml_plan = (read_plan(write(f"plan{e}", sources(e)[number])) for e in (ending, ".yaml"))
    assert set(map(str, plan.quads)) == set(map(str, yaml_plan.quads)) and plan.unknown_keys == ()
    lines = sources(ending)[number].splitlines()
    for quad in plan.quads:
        place = plan.place(quad.subject.value, quad.predicate.value)
        assert place and place.line
        if ending == ".nt":
            assert lines[place.line - 1].startswith(f"{quad.subject} {quad.predicate} ".encode())


def test_a_context_inside_json_ld_gives_places_and_finds_misspelt_keys(write: Write) -> None:
    text = f"""{{"@context": {json.dumps(structure.context())},
 "@id": "https://example.org/p", "type": "mwkb:LocalityPlan",
 "title": "x",
 "intervnetions": [],
 "partners": [
   {{"id": "https://example.org/p/council",
    "name": "Council"}}]}}"""
    plan = read_plan(path := write("plan.jsonld", text.replace("[],", '"x",')))
    assert [(u.key, u.place, u.hint) for u in plan.unknown_keys] == [
        ("intervnetions", Place(str(path), 4), "Did you mean interventions?")
    ]
    expected = {("", ""): 2, ("", MWKB + "hasPartner"): 5, ("/council", ""): 6, ("/council", SKOS + "prefLabel"): 7}
    assert {key: plan.place(plan.iri + key[0], key[1]) for key in expected} == {
        key: Place(str(path), line) for key, line in expected.items()
    }
