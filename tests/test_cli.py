"""The command line: exit codes, errors in one line, output whole and always the same, inputs left alone."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from conftest import Mwkb
from mwkb.cli.output import table
from mwkb.knowledge import Knowledge
from mwkb.report.structured import COLUMNS, table_csv
from mwkb.timings import Timings
from mwkb.vocabulary import KB

ROOT = Path(__file__).parents[1]
PROGRAM = str(Path(sys.executable).with_name("mwkb"))
OAKMERE = str(ROOT / "examples/oakmere.yaml")  # warnings
SMALL = str(ROOT / "examples/little-marsh.yaml")  # warnings; the smallest plan
CLEAN = str(ROOT / "tests/plans/clean.yaml")  # nothing for the shapes to say
MISTAKES = str(ROOT / "examples/mistakes.yaml")  # violations
FORMATS = ("text", "json", "csv", "turtle", "html", "sarif", "junit", "github")


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, env={**os.environ, **environment}, check=False)


@pytest.fixture(autouse=True)
def examples_are_unchanged() -> Iterator[None]:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (ROOT / "examples").iterdir()}
    yield
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (ROOT / "examples").iterdir()} == before


# The program as a process


@pytest.mark.parametrize(("plan", "code"), [(SMALL, 0), (MISTAKES, 1), ("missing.yaml", 2)])
def test_the_exit_code_says_what_came_out(plan: str, code: int) -> None:
    done = process("assess", plan)
    assert done.returncode == code
    assert bool(done.stdout) == (code != 2) and bool(done.stderr) == (code == 2)


def test_bad_usage_ends_with_2() -> None:
    assert [process(*words).returncode for words in (["asses", SMALL], ["assess", "--no-such-option", SMALL], ["assess"])] == [
        2,
        2,
        2,
    ]


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program at the moment at which it has opened its plan, a pipe, and waits for what is in it."""
    os.mkfifo(plan := tmp_path / "plan.yaml")
    with subprocess.Popen([PROGRAM, "assess", str(plan)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        with plan.open("wb") as pipe:
            program.pipe = pipe
            yield program
        program.kill()


def test_ctrl_c_ends_with_130_and_no_traceback(waiting: Any) -> None:
    waiting.send_signal(signal.SIGINT)
    _, err = waiting.communicate()
    assert waiting.returncode == 130
    assert b"Traceback" not in err


def test_a_reader_that_has_had_enough_is_no_error(waiting: Any) -> None:
    waiting.stdout.close()  # what head does
    waiting.pipe.write(Path(SMALL).read_bytes())
    waiting.pipe.close()
    assert (waiting.stderr.read(), waiting.wait()) == (b"", 0)


def test_head_shows_the_first_line() -> None:
    line = subprocess.run(f"'{PROGRAM}' assess '{OAKMERE}' --format json | head -1", shell=True, capture_output=True, check=True)
    assert (line.stdout, line.stderr) == (b"{\n", b"")


@pytest.mark.parametrize("form", FORMATS)
def test_two_runs_give_the_same_bytes_whatever_the_hash_seed(form: str) -> None:
    one, other = (process("assess", OAKMERE, "--format", form, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert one.stdout == other.stdout != b""


def test_a_proof_is_the_same_whatever_the_hash_seed() -> None:
    finding = f"{OAKMERE}#recommendation/intervention-10"
    one, other = (process("explain", finding, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert one.stdout == other.stdout != b""


HEAVY = ("rdflib", "pandas", "owlready2", "pyshacl")


@pytest.mark.parametrize(
    ("arguments", "late"),
    [(["--help"], (*HEAVY, "pyoxigraph", "shifty", "rich")), (["validate", SMALL], HEAVY), (["assess", SMALL], HEAVY)],
)
def test_what_is_heavy_is_imported_only_where_it_is_used(arguments: list[str], late: tuple[str, ...]) -> None:
    script = f"""
import sys
from mwkb.cli import run
sys.argv = ["mwkb", *{arguments}]
try:
    run()
except SystemExit as ended:
    assert not ended.code
print([name for name in {late} if name in sys.modules], file=sys.stderr)
"""
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stderr.split(b"\n")[-2] == b"[]"


# Exit codes by severity


@pytest.mark.parametrize("command", ["assess", "validate"])
@pytest.mark.parametrize(
    ("plan", "level", "code"),
    [
        (MISTAKES, "violation", 1), (MISTAKES, "warning", 1), (MISTAKES, "info", 1), (MISTAKES, "never", 0),
        (OAKMERE, "violation", 0), (OAKMERE, "warning", 1), (OAKMERE, "info", 1), (OAKMERE, "never", 0),
        (SMALL, "violation", 0), (SMALL, "warning", 1), (SMALL, "info", 1), (SMALL, "never", 0),
    ],
)  # fmt: skip
def test_fail_on_sets_what_counts(mwkb: Mwkb, command: str, plan: str, level: str, code: int) -> None:
    assert mwkb(command, plan, "--fail-on", level).code == code


def test_fail_on_counts_only_what_the_command_shows(mwkb: Mwkb) -> None:
    assert mwkb("recommend", OAKMERE, "--fail-on", "warning").code == 0
    assert mwkb("recommend", OAKMERE, "--fail-on", "info").code == 1
    assert mwkb("gaps", OAKMERE, "--fail-on", "warning").code == 1
    assert mwkb("validate", CLEAN, "--fail-on", "info").code == 0
    assert mwkb("assess", CLEAN, "--fail-on", "info").code == 1


def test_an_unknown_level_is_bad_usage(mwkb: Mwkb) -> None:
    assert mwkb("assess", SMALL, "--fail-on", "sometimes").code == 2


# Output


def test_each_format_is_what_it_says(mwkb: Mwkb) -> None:
    shown = {form: mwkb("assess", OAKMERE, "--format", form).out for form in FORMATS}
    assert shown["text"].startswith("Mental wellbeing plan for Oakmere 2027 to 2030\n")
    document = json.loads(shown["json"])
    rows = list(csv.DictReader(io.StringIO(shown["csv"])))
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows if row["kind"] != "validation"] == [finding["id"] for finding in document["findings"]]
    concluded = {triple.subject.value for triple in parse(shown["turtle"], format=RdfFormat.TURTLE)}
    assert {finding["iri"] for finding in document["findings"]} <= concluded


@pytest.mark.parametrize(
    ("ending", "form"), [(".txt", "text"), (".json", "json"), (".csv", "csv"), (".ttl", "turtle"), (".html", "html")]
)
def test_a_file_is_written_whole_in_the_format_of_its_ending(mwkb: Mwkb, tmp_path: Path, ending: str, form: str) -> None:
    target = tmp_path / f"report{ending}"
    target.write_text("old " * 100_000, encoding="utf-8")
    assert mwkb("assess", OAKMERE, "-o", str(target)) == (0, "", "")
    assert target.read_text(encoding="utf-8") == mwkb("assess", OAKMERE, "--format", form).out
    assert list(tmp_path.iterdir()) == [target]


def test_format_overrides_the_ending(mwkb: Mwkb, tmp_path: Path) -> None:
    target = tmp_path / "report.data"
    assert mwkb("assess", SMALL, "-o", str(target), "--format", "json").code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["conforms"] is True


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing/report.json", "There is no such folder to write to."),
        ("report.docx", "End it in one of .txt, .json, .csv, .ttl, .html, .pdf, .xlsx, .sarif, .xml, or use --format."),
        ("report", "There is no format for ''."),
        ("folder.json", "This is a folder"),
    ],
)
def test_output_that_cannot_be_written_is_refused_in_one_line(mwkb: Mwkb, tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder.json").mkdir()
    code, out, err = mwkb("assess", SMALL, "-o", str(tmp_path / name))
    assert (code, out) == (2, "")
    assert err.startswith("error: ") and says in err and err.count("\n") == 1


def test_output_goes_through_a_link_and_into_a_device(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    assert process("assess", SMALL, "-o", str(link)).returncode == 0
    assert link.is_symlink() and json.loads(target.read_text())["conforms"]
    assert process("assess", SMALL, "-o", "/dev/null", "--format", "json").returncode == 0
    assert Path("/dev/null").is_char_device()


def test_a_screen_that_cannot_show_a_letter_shows_its_number() -> None:
    shown = process("assess", SMALL, PYTHONIOENCODING="ascii")
    assert shown.returncode == 0 and b"Little Marsh \\xb7 plan version" in shown.stdout


def test_a_closed_output_is_said_to_be_so() -> None:
    done = subprocess.run(f"'{PROGRAM}' assess '{SMALL}' >&-", shell=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"error: The standard output is closed. Use --output FILE.\n")


@pytest.mark.parametrize("command", ["assess", "validate", "gaps"])
def test_a_plan_cannot_steer_the_terminal(mwkb: Mwkb, tmp_path: Path, command: str) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text('title: "A \\e[2J\\e]0;taken\\a plan"\n')
    assert "\x1b" not in mwkb(command, str(plan)).out


def test_a_narrow_screen_loses_nothing_of_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "10")
    shown = table([f"column {n}" for n in range(30)], [[f"value {n}" for n in range(30)], ["\x1b[2J"] * 30])
    assert all(f"column {n}" in shown and f"value {n}" in shown for n in range(30)) and "\x1b" not in shown


@pytest.mark.parametrize("command", ["assess", "recommend", "gaps"])
def test_output_never_replaces_the_plan(mwkb: Mwkb, tmp_path: Path, command: str) -> None:
    plan = tmp_path / "plan.ttl"
    plan.write_bytes(Path(SMALL).with_suffix(".ttl").read_bytes())
    assert "would replace" in mwkb(command, str(plan), "-o", str(plan)).err
    assert plan.read_bytes() == Path(SMALL).with_suffix(".ttl").read_bytes()


def test_a_cell_that_a_spreadsheet_would_run_is_defused(mwkb: Mwkb, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("title: x\n'=cmd|x': y\nversion: '@SUM(1)'\ninterventions: [{cost: '-1+2'}]\n", encoding="utf-8")
    cells = [cell for row in csv.reader(io.StringIO(mwkb("assess", str(plan), "--format", "csv").out)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]
    assert (
        table_csv(["a"], [["=1"], ["+1"], ["-1"], ["@a"], ["\t=1"], ["a=1"], [-1]]) == "a\n'=1\n'+1\n'-1\n'@a\n'\t=1\na=1\n-1\n"
    )


def test_a_table_shows_texts_as_they_are() -> None:
    assert "[red]x[/red]" in table(["[bold]a"], [["[red]x[/red]"]])


# Commands about plans


@pytest.mark.parametrize("command", ["assess", "validate", "recommend", "gaps"])
@pytest.mark.parametrize("plan", ["missing.yaml", "plan.docx", "."])
def test_what_cannot_be_read_is_said_in_one_line(mwkb: Mwkb, command: str, plan: str) -> None:
    code, out, err = mwkb(command, plan)
    assert (code, out, err.count("\n")) == (2, "", 1) and err.startswith(f"error: {plan}: ")


def test_an_unknown_key_is_said_even_where_nothing_is_validated(mwkb: Mwkb) -> None:
    misspelt = str(ROOT / "examples/misspelt-key.yaml")
    assert "Did you mean interventions?" in mwkb("recommend", misspelt).err
    assert "Did you mean interventions?" in mwkb("gaps", misspelt).err
    assert "Did you mean interventions?" in mwkb("validate", misspelt).out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("worst-shar=1", "Did you mean worst-share?"),
        ("worst share=1", "Did you mean worst-share?"),
        ("<>=1", "Use one of: evidence-policy, gradient-share,"),
        ("worst-share=many", "Give a number from 0 to 1."),
        ("worst-share=-1", "Give a number from 0 to 1."),
        ("worst-share=2", "Give a number from 0 to 1."),
        ("top-priority=9", "Give a whole number from 1 to 5."),
        ("multiple-gain=2.5", "Give a whole number of 2 or more."),
        ("evidence-policy=lax", "Use one of: policy-area-inherit, policy-strict."),
        ("worst-share", "Write NAME=VALUE"),
    ],
)
def test_a_parameter_must_be_known_and_its_value_possible(mwkb: Mwkb, given: str, says: str) -> None:
    code, out, err = mwkb("assess", SMALL, "-p", given)
    assert (code, out) == (2, "") and says in err


def test_a_parameter_by_two_of_its_names_has_one_value(knowledge: Knowledge) -> None:
    parameter, size = KB + "parameter-top-priority", len(knowledge.store)
    with knowledge.with_parameters({"top-priority": "1", "parameter-top-priority": "2"}):
        assert [value.value for value in knowledge.objects(parameter, "mwkb:parameterValue")] == ["2"]
    assert len(knowledge.store) == size


def test_a_parameter_in_force_is_shown(mwkb: Mwkb) -> None:
    in_force = json.loads(mwkb("assess", SMALL, "-p", "evidence-policy=area-inherit", "--format", "json").out)["parameters"]
    assert (in_force["evidence-policy"], in_force["worst-share"]) == ("policy-area-inherit", "0.25")


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess", SMALL],
        ["assess", SMALL, "--set", "priority:intervention-10=5"],
        ["recommend", SMALL],
        ["gaps", SMALL],
        ["explain", SMALL, "--why-not", "8d"],
        ["compare", SMALL, SMALL],
        ["query", "numbers", "--plan", SMALL],
        ["mend", SMALL],
        ["portfolio", OAKMERE, "--budget", "3000000"],
    ],
)
def test_timings_of_stages_and_rules_go_to_standard_error(mwkb: Mwkb, arguments: list[str]) -> None:
    plain, timed = mwkb(*arguments), mwkb(*arguments, "--timings")
    assert timed.out == plain.out
    *stages, last = [line for line in timed.err.removeprefix(plain.err).splitlines() if not line.startswith("  rule")]
    assert stages[0].startswith(("load", "read")) and last.startswith("together")
    assert "  rule R-05" in timed.err


def test_what_runs_side_by_side_is_timed_by_itself() -> None:
    clock = Timings()
    with clock.stage("one"), clock.stage("two"):
        pass
    with clock.stage("one"):
        pass
    assert list(clock.stages) == ["one", "two"]
    assert [name for name, _, _ in clock.spans] == ["two", "one", "one"]
    assert all(0 <= began <= ended <= clock.together for _, began, ended in clock.spans)


# explain


def test_a_finding_is_explained_by_the_line_that_a_report_prints(mwkb: Mwkb) -> None:
    line = next(line for line in mwkb("recommend", OAKMERE).out.splitlines() if "mwkb explain" in line)
    whole = line.split("'")[1]
    text = mwkb("explain", whole).out
    assert "R-07 Bright Blue" in text and f"[{OAKMERE}:" in text
    assert mwkb("explain", *whole.split("#")).out == text
    proof = json.loads(mwkb("explain", whole, "--format", "json").out)
    assert proof["finding"].endswith(whole.partition("#")[2]) and {step["rule"] for step in proof["proof"]} == {"R-07", "R-37"}


def test_why_not_names_the_condition_that_fails(mwkb: Mwkb) -> None:
    text = mwkb("explain", OAKMERE, "--why-not", "6iii").out
    assert "x fails: the plan does not commission the intervention already" in text
    failures = json.loads(mwkb("explain", OAKMERE, "--why-not", "6iii", "--format", "json").out)
    assert failures["finding"] == "recommendation/intervention-6iii" and failures["found"] is False
    assert {failure["condition"] for failure in failures["failures"]} == {"the plan does not commission the intervention already"}


def test_why_not_of_what_is_recommended_says_so(mwkb: Mwkb) -> None:
    assert "There is a finding recommendation/intervention-10" in mwkb("explain", OAKMERE, "--why-not", "10").out
    assert json.loads(mwkb("explain", OAKMERE, "--why-not", "10", "--format", "json").out)["found"] is True


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["#recommendation/intervention-11"], "Did you mean recommendation/intervention-10?"),
        (["#zzz"], "See mwkb assess for the findings there are."),
        (["--why-not", "6iiii"], "Did you mean 6iii?"),
        (["--why-not", "intervention-6iiii"], "Did you mean intervention-6iii?"),
        (["--why-not", "Debt counseling and advice"], "Did you mean debt counselling and advice?"),
        (["--why-not", "risk-debt"], "Write an intervention such as 3a, or an id such as plan-gap/risk-debt."),
        ([], "Say which finding, or use --why-not."),
        (["#recommendation/intervention-10", "--why-not", "6iii"], "Say which finding, or use --why-not."),
    ],
)
def test_what_cannot_be_explained_is_said_with_what_was_meant(mwkb: Mwkb, arguments: list[str], says: str) -> None:
    first = OAKMERE + (arguments.pop(0) if arguments and arguments[0].startswith("#") else "")
    code, out, err = mwkb("explain", first, *arguments)
    assert (code, out) == (2, "") and says.casefold() in err.casefold()


# Commands about knowledge


def test_a_query_is_asked_by_name_with_its_parameter_in_any_form(mwkb: Mwkb) -> None:
    answers = {
        mwkb("query", "interventions-of-area", "--param", f"area={area}", "--format", "csv").out
        for area in ("6", "area-06", "kb:area-06")
    }
    assert len(answers) == 1
    rows = list(csv.DictReader(io.StringIO(answers.pop())))
    assert {row["notation"] for row in rows} == {"6i", "6ii", "6iii", "6iv"}
    assert json.loads(mwkb("query", "interventions-of-area", "--param", "area=6", "--format", "json").out) == rows


def test_a_query_can_be_about_a_plan(mwkb: Mwkb) -> None:
    rows = json.loads(mwkb("query", "uncovered-areas", "--plan", OAKMERE, "--format", "json").out)
    assert "https://w3id.org/mwkb/kb/area-10" in {value for row in rows for value in row.values()}
    assert mwkb("query", "uncovered-areas", "--format", "json").out == "[]\n"


def test_a_select_of_ones_own_needs_no_prefixes(mwkb: Mwkb) -> None:
    asked = mwkb("query", "-e", "SELECT (COUNT(?i) AS ?n) { ?i a mwkb:CommissioningArea }", "--format", "csv")
    assert asked == (0, "n\n10\n", "")
    assert "kb:area-06" in mwkb("query", "-e", "SELECT ?a { ?a skos:notation '6' }").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Give either the name of a query or --expression."),
        (["uncovered-areas", "-e", "SELECT * {}"], "Give either the name of a query or --expression."),
        (["uncoverd-areas"], "Did you mean uncovered-areas?"),
        (["zzz"], "See mwkb queries for the names."),
        (["interventions-of-area", "--param", "aera=6"], "Did you mean area?"),
        (["interventions-of-area", "--param", "area"], "Write NAME=VALUE."),
        (["interventions-of-area", "--param", "area=zzz"], "Nothing is known as 'zzz'."),
        (["interventions-by-risk-factors-addressed", "--param", "atLeast=many"], "Give an integer."),
        (["-e", "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }"], "SERVICE and FROM would reach outside"),
        (["-e", "select * { service silent ?x { ?s ?p ?o } }"], "SERVICE and FROM would reach outside"),
        (["-e", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"], "SERVICE and FROM would reach outside"),
        (["-e", "What is new?"], "This is not SPARQL"),
        (["-e", ""], "This is not SPARQL"),
        (["-e", "INSERT DATA { <a:b> <a:b> <a:b> }"], "This is not SPARQL"),
        (["-e", "ASK {}"], "Only a SELECT can be asked here."),
        (["-e", "CONSTRUCT WHERE { ?s ?p ?o }"], "Only a SELECT can be asked here."),
        (["-e", "SELECT * {}", "--format", "turtle"], "Use one of: text, json, csv."),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(mwkb: Mwkb, arguments: list[str], says: str) -> None:
    code, out, err = mwkb("query", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and says in err


def test_a_text_that_names_service_is_no_service(mwkb: Mwkb) -> None:
    assert mwkb("query", "-e", "SELECT ('SERVICE' AS ?a) {} # FROM here", "--format", "csv").out == "a\nSERVICE\n"


def test_the_catalogue_lists_every_query_with_its_parameters(mwkb: Mwkb) -> None:
    listed = json.loads(mwkb("queries", "--format", "json").out)
    assert {row["name"] for row in listed} == {path.stem for path in (ROOT / "queries").glob("*.rq")}
    assert all(row["theme"] and row["question"] for row in listed)
    assert "area (iri)" in next(row["parameters"] for row in listed if row["name"] == "interventions-of-area")
    assert len(list(csv.reader(io.StringIO(mwkb("queries", "--format", "csv").out)))) == len(listed) + 1


def test_info_tells_versions_counts_and_parameters(mwkb: Mwkb) -> None:
    told = json.loads(mwkb("info", "--format", "json").out)
    assert told["commissioning area"] == 10 and told["rule"] == len(list((ROOT / "rules/inference").glob("*.rq")))
    assert told["parameter evidence-policy"] == "policy-strict" and told["mwkb"] and told["engine pyoxigraph"]
    assert set(told) == {line.split("  ")[0] for line in mwkb("info").out.splitlines()}


# Canonical Turtle

TURTLE = "@prefix kb: <https://w3id.org/mwkb/kb/> .\nkb:b kb:c 2, 1 . kb:a a kb:d .\n"


def test_fmt_checks_without_changing_and_says_how_to_mend(mwkb: Mwkb, tmp_path: Path) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(TURTLE, encoding="utf-8")
    checked = mwkb("fmt", "--check", str(file))
    assert checked == (1, "", f"not canonical: {file}\nTo mend: mwkb fmt {file}\n")
    assert file.read_text(encoding="utf-8") == TURTLE
    assert mwkb("fmt", str(file)).code == 0
    assert mwkb("fmt", "--check", str(file)) == (0, "", "")
    assert set(parse(file.read_bytes(), format=RdfFormat.TURTLE)) == set(parse(TURTLE, format=RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"# why\n", ":1: A comment would be lost"),
        (b"\n<a> <b> .\n", ":2: This is not Turtle: "),
        (
            b"PREFIX kb: <https://w3id.org/mwkb/kb/>\nkb:a a kb:B ;\n  owl:c 1 ;\n  kb:d 2 .\n",
            ":3: This is not Turtle: The prefix owl:",
        ),
        (b"\xff\xfe", ": The file is not UTF-8 text."),
        (b"\xef\xbb\xbfPREFIX kb: <https://w3id.org/mwkb/kb/>\n", "byte order mark."),
    ],
)
def test_fmt_refuses_what_it_cannot_keep(mwkb: Mwkb, tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "facts.ttl"
    file.write_bytes(content)
    code, out, err = mwkb("fmt", str(file))
    assert (code, out, err.count("\n")) == (2, "", 1) and err.startswith(f"error: {file}:") and says in err
    assert file.read_bytes() == content


def test_fmt_mends_the_ends_of_lines(mwkb: Mwkb, tmp_path: Path) -> None:
    (file := tmp_path / "facts.ttl").write_text(TURTLE, encoding="utf-8")
    mwkb("fmt", str(file))
    canonical = file.read_bytes()
    file.write_bytes(canonical.replace(b"\n", b"\r\n"))
    assert mwkb("fmt", "--check", str(file)).code == 1
    assert mwkb("fmt", str(file)).code == 0 and file.read_bytes() == canonical


def test_a_file_is_laid_out_by_name_whatever_links_to_what(mwkb: Mwkb, tmp_path: Path) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(
        "PREFIX : <https://w3id.org/mwkb/kb/>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        ":item-10 a :Item ; :part 2 ; skos:prefLabel 'ten' . :item-2 :after :item-1 , :item-10 . :item-1 a :Item .\n"
        "<https://example.org/last> a <http://www.w3.org/2002/07/owl#Ontology> .\n",
        encoding="utf-8",
    )
    assert mwkb("fmt", str(file)).code == 0
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith(("<", "kb:"))] == [
        "<https://example.org/last>",
        "kb:item-1",
        "kb:item-2",
        "kb:item-10",
    ]
    assert [line.split()[0] for line in lines[lines.index("kb:item-10") + 1 : -1]] == ["a", "skos:prefLabel", "kb:part"]


def test_all_that_mwkb_keeps_is_canonical(mwkb: Mwkb) -> None:
    assert mwkb("fmt", "--check") == (0, "", "")


def test_validate_tells_the_same_coverage_as_assess(mwkb: Mwkb) -> None:
    """What a plan commissions does not depend on whether the rules have run."""
    plan = str(ROOT / "examples" / "oakmere.yaml")
    checked, assessed = (json.loads(mwkb(command, plan, "--format", "json").out) for command in ("validate", "assess"))
    assert checked["coverage"] == assessed["coverage"]
    assert sum(area["commissioned"] for area in checked["coverage"]) > 10


@pytest.mark.parametrize("form", ["text", "json", "csv", "turtle", "html", "sarif", "junit", "github", "xlsx"])
def test_every_report_says_by_which_versions_it_was_made(mwkb: Mwkb, knowledge: Knowledge, tmp_path: Path, form: str) -> None:
    out = tmp_path / "report"
    assert mwkb("assess", OAKMERE, "--format", form, "-o", str(out), "--fail-on", "never").code == 0
    text = (out.read_bytes() if form != "xlsx" else _sheets(out)).decode()
    assert re.search("knowledge.?(base|version)", text, re.IGNORECASE)
    assert knowledge.version in text


def _sheets(path: Path) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(path.read_bytes()))
    return " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row).encode()


@pytest.mark.parametrize(
    "command",
    [
        ["compare", OAKMERE, OAKMERE],
        ["explain", f"{OAKMERE}#plan-gap/area-10"],
        ["explain", OAKMERE, "--why-not", "8d"],
        ["portfolio", OAKMERE, "--budget", "3000000", "--where-possible"],
        ["mend", OAKMERE, "--close", "plan-gap/area-10"],
        ["assess", OAKMERE, "--drop", "8d"],
    ],
    ids=lambda command: command[0],
)
def test_every_answer_says_by_which_versions_it_was_made(mwkb: Mwkb, knowledge: Knowledge, command: list[str]) -> None:
    assert f"mwkb {knowledge.versions['mwkb_version']} · knowledge base {knowledge.version}\n" in mwkb(*command).out
    assert f'"knowledge_version": "{knowledge.version}"' in mwkb(*command, "--format", "json").out
