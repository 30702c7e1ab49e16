"""Plans from one format to another without loss, and the templates that plans start from."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import Mwkb
from mwkb import knowledge as knowledge_base
from mwkb.form import Form, form
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem
from mwkb.submission import FORMATS, converted, template
from mwkb.undefined import undefined_names
from mwkb.vocabulary import MWKB, RDF, SKOS, local_name

ROOT = Path(__file__).parents[1]
OAKMERE = ROOT / "examples/oakmere.yaml"
FIGURES = ROOT / "tests/queries/figures.csv"
Write = Callable[[str, str | bytes], Path]


@cache
def asked() -> Form:
    return form(knowledge_base.load())


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


def triples(plan: Plan) -> set[Any]:
    return {quad.triple for quad in plan.quads}


# Conversion

SEGMENT = "needs: {segments: [{name: S}]}\npartners: [{name: A}]\n"


@pytest.fixture(scope="module")
def in_each_format(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("formats")
    plan = read_plan(OAKMERE)
    for ending in FORMATS:
        (folder / f"oakmere{ending}").write_bytes(converted(plan, asked(), ending))
    return {ending: folder / f"oakmere{ending}" for ending in FORMATS}


@pytest.mark.parametrize(("start", "end"), [*permutations(FORMATS, 2)], ids=lambda ending: ending.strip("."))
def test_each_format_becomes_every_other_with_the_same_triples(
    in_each_format: dict[str, Path], write: Write, start: str, end: str
) -> None:
    plan = read_plan(in_each_format[start])
    content = converted(plan, asked(), end)
    assert triples(read_plan(write(f"plan{end}", content))) == triples(read_plan(OAKMERE))
    if start not in (".jsonld", ".ttl", ".nt"):  # which keep no order of entries with ids of their own
        assert content == in_each_format[end].read_bytes()


def test_convert_writes_by_the_ending_of_the_file_and_never_over_the_plan(mwkb: Mwkb, write: Write, tmp_path: Path) -> None:
    path = write("plan.yaml", "title: Ours\n")
    assert mwkb("convert", str(path), "-o", str(tmp_path / "plan.YML")).code == 0
    assert triples(read_plan(tmp_path / "plan.YML")) == triples(read_plan(path))
    for output, says in ((path, "would replace the plan"), (tmp_path / "plan.odt", "cannot be written as '.odt'")):
        done = mwkb("convert", str(path), "-o", str(output))
        assert done.code == 2 and says in done.err and len(done.err.splitlines()) == 1
    assert path.read_text(encoding="utf-8") == "title: Ours\n"


@pytest.mark.parametrize("ending", FORMATS)
def test_a_key_that_is_not_known_is_never_lost_in_silence(ending: str) -> None:
    plan = read_tree("title: x\nintervnetions: []\n", "plan.yaml")
    with pytest.raises(InputProblem, match=r"plan.yaml:2: 'intervnetions' is not known.*Did you mean interventions\?"):
        converted(plan, asked(), ending)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: ' x'", "plan.yaml:1: ' x' would not stay as it is"),
        ("title: ''", "plan.yaml:1: An empty text would be lost."),
        ("title: x\nneeds: {factors: []}", "plan.yaml:2: An entry that says nothing would be lost. Fill it in, or take it out."),
        ('title: "a\\rb"', "plan.yaml:1: 'a b' would not stay"),
        ("title: " + "x" * 40_000, "plan.yaml:1: A text of 40000 characters would not stay"),
        ("interventions: [{delivers: intervention-6iiii}]", "'intervention-6iiii' would not stay"),
        ("needs:\n  - factors: [{factor: risk-debt}]", "plan.yaml:2: 'needs/1' would not stay"),
        (f"{SEGMENT}interventions:\n- lead: needs/segments/1", "plan.yaml:4: 'needs/segments/1' would not stay"),
        ("interventions:\n- lead: nobody", "plan.yaml:2: 'nobody' would not stay"),
    ],
    ids=[
        *("blank at the end", "empty text", "empty entry", "carriage return", "longer than a cell", "unknown name"),
        *("list of one", "reference to another kind", "reference to nothing"),
    ],
)
def test_what_a_workbook_cannot_hold_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(InputProblem, match=re.escape(says)):
        converted(read_tree(text, "plan.yaml"), asked(), ".xlsx")


def test_what_only_rdf_can_say_stays_in_rdf(write: Write) -> None:
    text = OAKMERE.with_name("little-marsh.ttl").read_text(encoding="utf-8")
    plan = read_plan(write("plan.ttl", text + "\n<https://example.org/more> <https://example.org/says> 1 .\n"))
    for ending in (".ttl", ".nt", ".jsonld"):
        assert triples(read_plan(write(f"copy{ending}", converted(plan, asked(), ending)))) == triples(plan)
    for ending in (".xlsx", ".yaml", ".json"):
        with pytest.raises(InputProblem, match=r"no place for .* Convert to Turtle or JSON-LD instead\."):
            converted(plan, asked(), ending)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (f"<https://example.org/p> a <{MWKB}LocalityPlan>,\n <https://example.org/Pilot> .", "https://example.org/Pilot"),
        (f"<https://example.org/p> a <{MWKB}LocalityPlan> ; <{MWKB}hasPartner> <x:c> . <x:c> a\n <x:Friend> .", "x:Friend"),
    ],
    ids=["plan", "entry"],
)
def test_a_class_of_its_own_is_never_lost_in_silence(write: Write, said: str, says: str) -> None:
    for ending in (".xlsx", ".yaml", ".json"):
        with pytest.raises(InputProblem, match=rf"plan\.ttl:2: This format has no place for 'rdf:type {re.escape(says)}' of"):
            converted(read_plan(write("plan.ttl", said)), asked(), ending)


@pytest.mark.parametrize("ending", [".xlsx", ".yaml"])
def test_a_problem_of_the_copy_is_said_at_the_plan(write: Write, ending: str) -> None:
    path = write("plan.ttl", f"<urn:x:p> a <{MWKB}LocalityPlan> .")
    with pytest.raises(InputProblem) as raised:
        converted(read_plan(path), asked(), ending)
    assert str(raised.value) == f"{path}: 'urn:x:p' cannot be an id. Mend it, or convert to Turtle."


def test_the_same_triple_twice_is_one_entry(write: Write) -> None:
    link = f"<https://example.org/p> <{MWKB}hasPartner> <https://example.org/p/x> .\n"
    name = f'<https://example.org/p/x> <{SKOS}prefLabel> "X"@en-gb ; a <{MWKB}Partner> .\n'
    plan = read_plan(write("plan.ttl", f"<https://example.org/p> a <{MWKB}LocalityPlan> .\n" + link * 2 + name * 2))
    assert triples(read_plan(write("plan.yaml", converted(plan, asked(), ".yaml")))) == triples(plan)


@pytest.mark.parametrize("mark", ["\t", "\x7f", "\x85", "\u2028", "\ufeff"])
def test_marks_that_yaml_would_change_stay_in_json(write: Write, mark: str) -> None:
    title = f"a {mark} \\\\ b"
    plan = read_plan(write("plan.json", json.dumps({"title": title}, ensure_ascii=False).replace("\\t", "\t")))
    assert [quad.object.value for quad in plan.quads if quad.predicate.value.endswith("title")] == [title]
    assert triples(read_plan(write("plan.json", converted(plan, asked(), ".json")))) == triples(plan)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("plan.jsonld", "{", "This is not well-formed"),
        ("plan.jsonld", '{"@id": 5}', "This is not JSON-LD"),
        ("plan.jsonld", "{}", "holds no plan"),
        ("plan.nt", "<a> <b> <c> .", "This is not N-Triples"),
    ],
)
def test_rdf_that_cannot_be_read_is_refused(write: Write, name: str, content: str, says: str) -> None:
    with pytest.raises(InputProblem, match=says):
        read_plan(write(name, content))


def test_a_cell_that_begins_like_a_formula_is_text_in_a_table_too(mwkb: Mwkb, write: Write) -> None:
    path = write("plan.yaml", "title: x\npartners: [{name: '=1+1', sector: '=cmd'}]\n")
    rows = list(csv.reader(mwkb("assess", str(path), "--format", "csv").out.splitlines()))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


# The template in YAML


def commented() -> str:
    return template(asked(), ".yaml").decode()


def test_an_untouched_template_is_said_to_hold_no_plan(mwkb: Mwkb, write: Write) -> None:
    done = mwkb("validate", str(path := write("plan.yaml", commented())))
    assert (done.code, done.err) == (
        2,
        f"error: {path}: The file holds no plan: every line is a comment. "
        "Take away the '#' in front of each line that you fill in.\n",
    )


def test_every_field_can_be_uncommented_and_filled_in(write: Write, knowledge: Knowledge) -> None:
    values = {"choice": lambda f: f.choices[0].name, "date": lambda f: "2027-04-01", "year": lambda f: "2027"}
    kinds = {f.key: f for part in asked().parts for f in part.fields if f.kind != "part"}
    lines = []
    for line in commented().splitlines():
        found = re.fullmatch(r"#( *(?:- )?)([\w-]+):(.*)", line)
        if not found:
            lines.append(line)
            continue
        start, key, _ = found.groups()
        about = kinds.get(key) if key != "id" else None
        value = "" if about is None else values.get(about.kind, lambda f: "true" if f.kind == "yes-no" else "1")(about)
        lines.append(f"{start}{key}: {value}".rstrip())
    plan = read_plan(write("plan.yaml", "\n".join(lines)))
    assert plan.unknown_keys == ()
    written = {(local_name(q.subject.value), q.predicate.value) for q in plan.quads if q.predicate.value != RDF + "type"}  # type: ignore[union-attr]
    assert len(written) >= len([f for part in asked().parts for f in part.fields])
    assert {name.name for name in undefined_names(plan, knowledge.names)} <= {"1", "2"}  # references to what has another id


def test_one_field_can_be_uncommented_alone(write: Write) -> None:
    text = commented().replace("\n#title:", "\ntitle: Ours")
    assert [quad.object.value for quad in read_plan(write("plan.yaml", text)).quads if quad.predicate.value != RDF + "type"] == [
        "Ours"
    ]


def test_the_template_asks_for_every_field_once_and_says_its_versions() -> None:
    text = commented()
    assert f"Template {asked().version}, knowledge base {asked().knowledge_version}." in text
    asks = re.findall(r"(?m)^# *(?:- )?([\w-]+):", text)
    expected = [f.key for part in asked().parts for f in part.fields if f.kind != "part"]
    expected += [part.key for part in asked().parts if part.key != "plan"]
    assert sorted(asks) == sorted([*expected, "id"])


# A template for a real area


@pytest.mark.parametrize("ending", [".xlsx", ".yaml"])
def test_figures_of_an_area_fill_in_its_factors_with_what_shows_them(mwkb: Mwkb, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"plan{ending}"
    done = mwkb("template", "-o", str(path), "--area", "E99999901", "--indicators", str(FIGURES), "--skip-bad-rows")
    assert done.code == 0, done.err
    plan = read_plan(path)
    said: dict[str, dict[str, str]] = {}
    for quad in plan.quads:
        about = said.setdefault(getattr(quad.subject, "value", ""), {})
        about[local_name(quad.predicate.value)] = getattr(quad.object, "value", "")
    factors = [entry for entry in said.values() if "factor" in entry]
    assert {local_name(entry["factor"]) for entry in factors} == {
        "risk-unemployment",
        "risk-homelessness",
        "protective-employment-occupation",
    }
    for entry in factors:
        assert entry["factorStatus"].endswith("-present" if "risk-" in entry["factor"] else "-weak")
        assert re.fullmatch(r".+ [\d.]+ in 2021, rank 1 of 4 from the worst", entry["evidenceNote"])
    assert "E99999901" in {entry.get("gssCode") for entry in said.values()}


def test_a_template_with_factors_asks_for_every_field_of_one_all_the_same() -> None:
    factors = [{"factor": "risk-debt", "factor-status": "present"}]
    text = template(asked(), ".yaml", {"needs": {"factors": factors}}).decode()
    asks = set(re.findall(r"(?m)^# *(?:- )?([\w-]+):", text.partition("\n  factors:")[2].partition("groups:")[0]))
    assert {field.key for field in asked().part("factors").fields} <= asks


def test_a_template_may_end_in_yml(mwkb: Mwkb, tmp_path: Path) -> None:
    assert mwkb("template", "-o", str(path := tmp_path / "plan.yml")).code == 0
    assert path.read_text(encoding="utf-8") == commented()


def test_a_template_that_cannot_be_written_is_refused(mwkb: Mwkb, tmp_path: Path) -> None:
    for arguments, says in (
        (["-o", str(tmp_path / "plan.docx")], "There is no template as '.docx'. End the file in one of: .xlsx, .yaml."),
        (["-o", str(tmp_path / "plan.xlsx"), "--area", "E99999901"], "--area and --indicators go together."),
        (["-o", str(tmp_path / "none" / "plan.xlsx")], "no such folder"),
    ):
        done = mwkb("template", *arguments)
        assert done.code == 2 and says in done.err and len(done.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_what_is_filled_in_reads_as_yaml(tmp_path: Path) -> None:
    needs = {"needs": {"factors": [{"factor": "risk-debt", "factor-status": "present", "evidence": "a: b # c"}]}}
    assert yaml.safe_load(template(asked(), ".yaml", needs)) == needs
