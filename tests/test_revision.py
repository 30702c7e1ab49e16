"""Revisions of the knowledge base: found by any name, compared thing by thing in words, and held to their version."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conftest import Mwkb
from mwkb import files
from mwkb.problems import InputProblem
from mwkb.revision import version as versions
from mwkb.revision.changes import changes
from mwkb.revision.opening import opened
from mwkb.revision.record import as_text, read_record, record_file, recorded
from mwkb.revision.things import layout, things_in
from mwkb.vocabulary import KB, MWKB, PREFIXES

FOLDER = Path(__file__).parent / "revision"
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "cases.yaml").read_text(encoding="utf-8"))
PREFIX = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

HEADER = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

<https://w3id.org/mwkb/ontology>
    a owl:Ontology ;
    dcterms:modified "2026-01-01"^^xsd:date ;
    dcterms:title "A small ontology"@en-GB ;
    owl:imports <https://w3id.org/mwkb/ontology/parts> ;
    owl:versionIRI <https://w3id.org/mwkb/ontology/0.1.0> ;
    owl:versionInfo "0.1.0" ;
.
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small knowledge base in a folder of its own, which is the one at work."""
    root = tmp_path / "small"
    write(root, "ontology/mwkb.ttl", HEADER)
    for name in ("form", "kb", "plan"):
        write(root, f"rules/shapes/{name}.ttl", HEADER.replace("/ontology", f"/shapes/{name}").replace("parts", "none"))
    for name in ("kb/facts.ttl", "queries/README", "rules/inference/README"):
        write(root, name, "")
    write(root, "kb/facts.ttl", PREFIX + 'kb:one a mwkb:RiskFactor ; skos:prefLabel "One"@en-gb ; skos:notation "1" .')
    monkeypatch.setenv("MWKB_ROOT", str(root))
    return root


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def git(root: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def committed(root: Path) -> str:
    if not (root / ".git").exists():
        git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "A revision")
    return git(root, "rev-parse", "HEAD")


# In words


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_change_is_told_in_words(tmp_path: Path, case: dict[str, Any]) -> None:
    for side in ("before", "after"):
        write(tmp_path, f"{side}/ontology/trial.ttl", PREFIX + case[side].get("turtle", ""))
        (tmp_path / side / "kb").mkdir()
        for name, text in case[side].items():
            if name != "turtle":
                write(tmp_path, f"{side}/{name}", text)
    with opened(str(tmp_path / "before")) as before, opened(str(tmp_path / "after")) as after:
        found = changes(before, after).things
    told = []
    for thing in found:
        told.append(f"{thing.kind} {thing.name}: {thing.how}")
        told += [f"{t.property} ({t.how}): {' + '.join(t.gone)} -> {' + '.join(t.came)}" for t in thing.turns]
    assert told == case["expect"]


def test_nothing_is_changed_between_a_revision_and_itself() -> None:
    with opened(None) as before, opened(str(files.root())) as after:
        assert changes(before, after).things == ()


@given(st.sampled_from(sorted((files.root() / "rules" / "inference").glob("*.rq"))), st.integers(0, 12), st.booleans())
def test_only_a_change_of_meaning_changes_the_layout(path: Path, spaces: int, comment: bool) -> None:
    text = path.read_text(encoding="utf-8")
    body = text[text.index("\n\n") :]
    again = body.replace("\n", "\n" + " " * spaces) + ("\n# a remark" if comment else "")
    assert layout(text) == layout(again)


# Finding a revision


def test_a_revision_is_found_by_any_name(small: Path, tmp_path: Path) -> None:
    first = committed(small)
    git(small, "tag", "v0.1.0")
    write(small, "kb/facts.ttl", PREFIX + 'kb:two a mwkb:RiskFactor ; skos:prefLabel "Two"@en-gb .')
    second = committed(small)
    git(small, "branch", "later")
    write(small, "kb/facts.ttl", "")
    write(tmp_path, "alone.ttl", PREFIX + 'kb:three skos:prefLabel "Three"@en-gb .')
    for name, fact in {
        "v0.1.0": "one", "0.1.0": "one", first: "one", "HEAD~1": "one",
        "later": "two", second[:8]: "two", "HEAD": "two",
        None: None, str(small): None, str(tmp_path / "alone.ttl"): "three",
    }.items():  # fmt: skip
        with opened(name) as found:
            assert [iri for iri in found.things if iri.startswith(KB)] == ([KB + fact] if fact else []), name


def test_a_version_without_a_tag_is_its_last_commit(small: Path) -> None:
    committed(small)
    write(small, "kb/facts.ttl", PREFIX + "kb:two a mwkb:RiskFactor .")
    committed(small)
    for path in versions.headers():
        path.write_text(path.read_text().replace("0.1.0", "0.2.0"))
    committed(small)
    with opened("0.1.0") as found, opened("0.2.0") as later:
        assert (found.version, later.version) == ("0.1.0", "0.2.0")
        assert KB + "two" in found.things


@pytest.mark.parametrize("name", ["nowhere", "9.9.9", "--output=/tmp/x", "-h", "HEAD~99", ""])
def test_a_name_of_nothing_is_refused(small: Path, name: str) -> None:
    committed(small)
    with pytest.raises(InputProblem, match="no file, folder, version or revision of git"), opened(name):
        pass


def test_a_repository_without_commits_or_with_few_says_so(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(small, "init", "-q")
    with pytest.raises(InputProblem, match="There is no commit yet"), opened("HEAD"):
        pass
    committed(small)
    committed_again = tmp_path / "shallow"
    write(small, "kb/facts.ttl", "")
    committed(small)
    git(small, "clone", "-q", "--depth", "1", small.as_uri(), str(committed_again))
    monkeypatch.setenv("MWKB_ROOT", str(committed_again))
    with pytest.raises(InputProblem, match="git fetch --unshallow"), opened("HEAD~1"):
        pass


def test_without_git_there_are_files_and_folders(small: Path) -> None:
    with pytest.raises(InputProblem, match="no checkout of git"), opened("HEAD"):
        pass


def test_a_commit_without_a_knowledge_base_is_refused(small: Path) -> None:
    committed(small)
    git(small, "rm", "-rq", "--cached", "kb")
    git(small, "commit", "-qm", "A revision")
    with pytest.raises(InputProblem, match="no knowledge base in the commit"), opened("HEAD"):
        pass


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ttl", b"this is not Turtle", r"a.ttl:1: This cannot be read: "),
        ("a.ttl", b"\xff\xfe", r"a.ttl:1: This cannot be read: "),
        ("a.rdf", b"<rdf/>", r"'.rdf' is not read. Use one of: .ttl, .nt, .nq, .jsonld."),
        ("a.jsonld", b'{"@context": "https://example.org/", "@id": "x"}', r"This cannot be read: "),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputProblem, match=message), opened(str(tmp_path / name)):
        pass


# The command


def test_the_command_tells_what_a_change_does_to_a_plan(tmp_path: Path, mwkb: Mwkb) -> None:
    after = tmp_path / "after"
    for folder in files.FOLDERS:
        shutil.copytree(files.root() / folder, after / folder)
    rule = after / "rules" / "inference" / "G-01.rq"
    rule.write_text(rule.read_text(encoding="utf-8").replace("mwkb:severity sh:Warning", "mwkb:severity sh:Violation"))
    plan = str(files.root() / "examples" / "oakmere.yaml")
    code, out, err = mwkb("diff", str(files.root()), str(after), "--plan", plan)
    assert (code, err) == (0, "")
    assert "- **A commissioning area without an intervention** `rule:G-01` changed" in out
    assert "    -mwkb:severity sh:Warning ;\n    +mwkb:severity sh:Violation ;" in out
    assert "stays, on other grounds: violation · 10 Community empowerment and environments · gap in the plan \\[G-01\\]" in out
    found = json.loads(mwkb("diff", str(files.root()), str(after), "--plan", plan, "--format", "json").out)
    assert [thing["iri"] for thing in found["things"]] == ["https://w3id.org/mwkb/rule/G-01"]
    assert [altered.rpartition("/")[2] for altered in found["plans"][0]["altered"]] == ["area-10"]


def test_a_plan_that_cannot_be_read_is_no_reason_to_stop(tmp_path: Path, mwkb: Mwkb, small: Path) -> None:
    write(tmp_path, "plan.yaml", "- not a plan")
    committed(small)
    write(small, "kb/facts.ttl", "")
    code, out, _ = mwkb("diff", "HEAD", "--plan", str(tmp_path / "plan.yaml"))
    assert code == 0
    assert "It can be assessed neither before nor after. " in out


def test_a_revision_that_this_program_cannot_run_says_what_it_lacks(tmp_path: Path, mwkb: Mwkb) -> None:
    for folder in files.FOLDERS:
        shutil.copytree(files.root() / folder, tmp_path / "old" / folder)
    (tmp_path / "old" / "queries" / "areas-by-life-stage.rq").unlink()
    plan = str(files.root() / "examples" / "little-marsh.yaml")
    out = mwkb("diff", str(tmp_path / "old"), "--plan", plan).out
    assert "This mwkb cannot assess it as it was before. queries/areas-by-life-stage.rq: The file cannot be read: " in out
    assert "tmp" not in out.partition("What it does to plans")[2]


# Versions


def test_what_ships_owes_its_version_nothing() -> None:
    record, things = read_record(), things_in(files.root())
    assert record is not None
    assert list(versions.problems(record, things)) == []


@pytest.mark.parametrize(
    ("released", "level", "least"),
    [
        ("0.1.0", "patch", "0.1.1"), ("0.1.4", "minor", "0.2.0"), ("0.1.4", "major", "0.2.0"),
        ("1.2.3", "patch", "1.2.4"), ("1.2.3", "minor", "1.3.0"), ("1.2.3", "major", "2.0.0"),
    ],
)  # fmt: skip
def test_a_change_demands_a_version(released: str, level: str, least: str) -> None:
    assert versions.demanded(released, level) == least


FACT = 'kb:one a mwkb:RiskFactor ; skos:prefLabel "One"@en-gb ; skos:notation "1" .'
TERM = 'mwkb:Risk a owl:Class ; rdfs:label "risk"@en-gb .'


@pytest.mark.parametrize(
    ("facts", "terms", "how", "level"),
    [
        (FACT.replace('"One"', '"The one"'), TERM, "changed in wording", "patch"),
        (FACT.replace('"1"', '"2"'), TERM, "changed in meaning", "minor"),
        (FACT + " kb:two a mwkb:RiskFactor .", TERM, "added", "minor"),
        (FACT + " kb:one owl:deprecated true .", TERM, "deprecated", "minor"),
        ("", TERM, "removed", "major"),
        (FACT, TERM.replace("owl:Class", "owl:ObjectProperty"), "changed in meaning", "major"),
        (FACT, TERM.replace('"risk"', '"peril"'), "changed in wording", "patch"),
    ],
)
def test_a_change_is_of_a_level(small: Path, facts: str, terms: str, how: str, level: str) -> None:
    write(small, "kb/facts.ttl", PREFIX + FACT)
    write(small, "ontology/terms.ttl", HEADER.replace("ontology>", "ontology/terms>") + PREFIX + TERM)
    record = recorded(things_in(small), "0.1.0")
    assert versions.changes(record, things_in(small)) == ()
    write(small, "kb/facts.ttl", PREFIX + facts)
    write(small, "ontology/terms.ttl", HEADER.replace("ontology>", "ontology/terms>") + PREFIX + terms)
    assert [(change.how, change.level) for change in versions.changes(record, things_in(small))] == [(how, level)]


@pytest.fixture
def released(small: Path) -> Callable[[], list[str]]:
    """The small knowledge base, released as 0.1.0; what is wrong with it now."""
    record_file().write_text(as_text(recorded(things_in(small), "0.1.0")))
    return lambda: [str(problem) for problem in versions.problems(read_record(), things_in(small))]


def test_a_changed_meaning_without_another_version_fails(small: Path, released: Callable[[], list[str]], mwkb: Mwkb) -> None:
    assert released() == []
    write(small, "kb/facts.ttl", PREFIX + FACT.replace('"1"', '"2"'))
    assert released() == [
        "ontology/mwkb.ttl: kb:one is changed in meaning since version 0.1.0; the version is still 0.1.0. Run mwkb version 0.2.0."
    ]
    assert mwkb("version").code == 1
    assert mwkb("version", "0.1.1").code == 0
    assert "the version is still 0.1.1. Run mwkb version 0.2.0." in released()[0]
    assert mwkb("version", "0.2.0").code == 0
    assert released() == []


def test_setting_a_version_touches_nothing_but_the_headers(small: Path, released: Callable[[], list[str]], mwkb: Mwkb) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in small.rglob("*") if path.is_file()}
    assert mwkb("version", "0.2.0").code == 0
    assert mwkb("fmt", "--check").code == 1, "the small facts are not laid out, but"
    header = (small / "ontology" / "mwkb.ttl").read_text(encoding="utf-8")
    for line in (
        "owl:versionIRI <https://w3id.org/mwkb/ontology/0.2.0> ;", 'owl:versionInfo "0.2.0" ;',
        "owl:priorVersion <https://w3id.org/mwkb/ontology/0.1.0> ;",
        "owl:backwardCompatibleWith <https://w3id.org/mwkb/ontology/0.1.0> ;",
    ):  # fmt: skip
        assert line in header
    assert mwkb("fmt", "--check", *(str(path) for path in versions.headers())).code == 0, "the headers are"
    changed = {path for path, text in before.items() if path.read_text(encoding="utf-8") != text}
    assert changed == set(versions.headers())


def test_a_version_that_breaks_what_was_is_not_called_compatible(
    small: Path, released: Callable[[], list[str]], mwkb: Mwkb
) -> None:
    write(small, "kb/facts.ttl", "")
    assert mwkb("version", "0.2.0").code == 0
    assert "backwardCompatibleWith" not in (small / "ontology" / "mwkb.ttl").read_text(encoding="utf-8")


def test_a_released_fact_is_never_deleted(small: Path, released: Callable[[], list[str]]) -> None:
    write(small, "kb/facts.ttl", "")
    assert released()[0].startswith("kb:one is in version 0.1.0 and no longer defined. Put it back, and deprecate it: ")


def test_no_version_is_set_without_a_header(small: Path, mwkb: Mwkb) -> None:
    (small / "ontology" / "mwkb.ttl").unlink()
    code, out, err = mwkb("version", "0.3.0")
    assert (code, out) == (2, "") and "ontology/mwkb.ttl: There is no header of the ontology." in err


def test_headers_state_one_version(small: Path, released: Callable[[], list[str]]) -> None:
    write(
        small, "rules/shapes/kb.ttl", HEADER.replace("/ontology", "/shapes/kb").replace("parts", "none").replace("0.1.0", "0.1.1")
    )
    assert released() == [
        "rules/shapes/kb.ttl:11: This states the version '0.1.1', and ontology/mwkb.ttl '0.1.0'. Run mwkb version 0.1.0."
    ]


@pytest.mark.parametrize("wanted", ["0.1.0", "0.0.9", "1", "next", "01.2.3", "1.2.3-beta"])
def test_no_other_version_can_be_set(small: Path, released: Callable[[], list[str]], mwkb: Mwkb, wanted: str) -> None:
    code, _, err = mwkb("version", wanted)
    assert code == 2 and ("is no version" in err or "is released already" in err)
    assert (small / "ontology" / "mwkb.ttl").read_text(encoding="utf-8") == HEADER


def test_a_release_is_recorded_once_it_owes_nothing(small: Path, released: Callable[[], list[str]], mwkb: Mwkb) -> None:
    write(small, "kb/facts.ttl", PREFIX + FACT + " kb:two a mwkb:RiskFactor .")
    assert mwkb("version", "--release").code == 1
    assert mwkb("version", "0.2.0").code == 0
    assert mwkb("version", "--release").code == 0
    record = read_record()
    assert record is not None and record.version == "0.2.0" and KB + "two" in record.digests
    assert mwkb("version").out == "Version 0.2.0, after 0.2.0.\nNothing is changed since 0.2.0.\n"


def test_the_record_comes_back_as_it_was_written() -> None:
    record = read_record()
    assert record is not None
    assert as_text(record) == record_file().read_text(encoding="utf-8")
    assert MWKB + "Intervention" in record.digests


@pytest.mark.parametrize("text", ["", "something else\n", "version\t0.1.0\t\nkb:one\n", "version\t0.1.0\t\nkb:one\ta\tb\tgone\n"])
def test_a_record_that_is_none_is_refused_with_its_line(small: Path, text: str) -> None:
    record_file().write_text(text)
    with pytest.raises(InputProblem, match=r"ontology/released.tsv:[12]: "):
        read_record()
