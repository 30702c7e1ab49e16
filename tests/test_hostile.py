"""Files that are broken or made to harm: one clear line or results, in bounded time and memory, and nothing is fetched.

Each command runs in a process of its own with a limit on memory, so that neither a crash of a parser
nor a file that never ends can pass unseen.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import load_workbook

from mwkb.plan import Limits, read_plan
from mwkb.problems import InputProblem
from mwkb.vocabulary import KB, MWKB
from mwkb.workbook.layout import FIRST
from workbooks import empty_template, put, with_part

SECONDS = 90
"""How long a command may take: three times what 10,000 entries take, and far below what is not bounded."""
MEMORY = 1_500_000_000
KEEPER = f"""
import json, os, resource, signal, sys, time
from mwkb import knowledge
loaded = knowledge.load()
knowledge.load = lambda: loaded
from mwkb.cli import run
for line in sys.stdin:
    job = json.loads(line)
    if not (child := os.fork()):
        resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
        signal.alarm({SECONDS})
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(job["folder"] + "/" + name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.argv = ["mwkb", *job["arguments"]]
        code = 70
        try:
            run()
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException:
            import traceback
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""A program that loads the knowledge base once and then runs each command it is given in a process of its own."""


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def keeper() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", KEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        yield started
        assert started.stdin
        started.stdin.close()


@pytest.fixture
def run(keeper: subprocess.Popen[str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("output")

    def command(*arguments: str) -> Ran:
        assert keeper.stdin and keeper.stdout
        print(json.dumps({"arguments": arguments, "folder": str(folder)}), file=keeper.stdin, flush=True)
        code = int(keeper.stdout.readline())
        out, err = ((folder / name).read_bytes().decode() for name in ("out", "err"))
        assert "Traceback" not in err, err
        assert code in (0, 1, 2), f"ended with {code}: 70 for an error that is not caught, negative for a signal, -14 for time"
        assert all(c.isprintable() or c == "\n" for c in out + err)
        return Ran(code, out, err)

    return command


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and what it was asked."""
    paths: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_POST = do_HEAD = do_GET  # noqa: N815

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


P = "https://example.org/p"
A = f"<{P}> a <{MWKB}LocalityPlan> "
NT = f"<{P}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{MWKB}LocalityPlan> .\n"
TITLE = "<http://purl.org/dc/terms/title>"
LD = f'{{"@id": "{P}", "@type": "{MWKB}LocalityPlan",\n'
ELSEWHERE = "lies elsewhere and is not fetched"
DEEP, LONG = "nested too deeply", "more than 100,000 letters"
TERM = f'{{"t": "x:{"t" * 1_200_000}"}}'
CHAIN = json.dumps({"t0": "x:/", **{f"t{n}": f"t{n - 1}:{'t' * 900}" for n in range(1, 100)}})
NO_XML = "RDF/XML is not read; convert it to Turtle."
ENTITIES = (
    '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "SERVER/x">]>\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;&x;</rdf:RDF>\n'
)

REFUSED: list[tuple[str, str | bytes, int | None, str]] = [
    # A context that lies elsewhere
    ("http.jsonld", LD + '"@context": "SERVER/c"}', 2, ELSEWHERE),
    ("file.jsonld", LD + '"@context": "FILE"}', 2, ELSEWHERE),
    ("beside.jsonld", LD + '"@context": "plan-context.jsonld"}', 2, ELSEWHERE),
    ("in-a-list.jsonld", LD + '"@context": [{},\n"SERVER/c"]}', 3, ELSEWHERE),
    ("escaped.jsonld", LD + '"\\u0040context": "SERVER/c"}', 2, ELSEWHERE),
    ("import.jsonld", LD + '"@context": {"@version": 1.1,\n"@import": "SERVER/c"}}', 3, ELSEWHERE),
    ("in-a-term.jsonld", LD + '"@context": {"t": {"@id": "x:t",\n"@context": "FILE"}}}', 3, ELSEWHERE),
    ("in-a-node.jsonld", LD + '"x:/a": {"x:/b":\n{"@context": ["SERVER/c"]}}}', 3, ELSEWHERE),
    ("true.jsonld", LD + '"@context": true}', 2, ELSEWHERE),
    # JSON-LD
    ("named-graph.jsonld", f'{{"@id": "x:g", "@graph": [{LD}"x:/a": 1}}]}}', 1, "one graph, not a named one"),
    ("deep.jsonld", LD + '"x:/a":\n' + '{"x:/a":' * 100_000 + "1" + "}" * 100_001, 3, DEEP),
    ("deep-lists.jsonld", LD + '"x:/a": ' + "[" * 100_000 + "]" * 100_000 + "}", 2, DEEP),
    ("unclosed.jsonld", LD + '"x:/a":\n' + '{"x:/a":' * 100_000, 3, DEEP),
    ("space.jsonld", LD + '"x:/a": {"@id": "https://example.org/a b"}}', 2, "'https://example.org/a b' is not an IRI"),
    ("language.jsonld", LD + '"x:/a": {"@value": "x", "@language": "no language"}}', 2, "'no language' is not an IRI or the tag"),
    ("twice.jsonld", LD + '"x:/a": 1,\n"x:/a": 2}', 3, "'x:/a' is given twice"),
    ("half-a-character.jsonld", LD + '"x:/a": "\\ud800"}', 2, "not well-formed"),
    ("escape.jsonld", LD + '"x:/a": "\\q"}', 2, "not well-formed"),
    ("escape-of-yaml.jsonld", LD + '"x:/a": "\\x41"}', 2, "not JSON"),
    ("infinite.jsonld", LD + '"x:/a":\n1e999999}', 3, "'1e999999' is not a number"),
    ("nan.jsonld", LD + '"x:/a": NaN}', 2, "'NaN' is not a number"),
    ("digits.jsonld", LD + f'"x:/a": {"9" * 5000}}}', None, "too many digits"),
    ("comment.jsonld", LD + '"x:/a": 1} # yes', 2, "not JSON"),
    ("yaml.jsonld", "title: x", 1, "not JSON"),
    ("nothing.jsonld", "null", None, "no plan"),
    ("term-bomb.jsonld", LD + f'"@context": {TERM},\n"x:/a": [' + '{"t": 1},' * 20_000 + "1]}", 2, "context is too long"),
    ("chain-bomb.jsonld", LD + f'"@context": {CHAIN},\n"x:/a": [' + '{"t99:x": 1},' * 20_000 + "1]}", 2, "context is too long"),
    ("long-iri.jsonld", LD + f'"x:/{"t" * 1_010}": 1}}', 2, "An IRI has more than 1,000 letters"),
    ("long-text.jsonld", LD + f'"x:/a": "{"t" * 200_000}"}}', 2, LONG),
    ("vocabulary-of-rules.jsonld", LD + f'"{MWKB}commissions": {{"@id": "{KB}intervention-1"}}}}', 2, "for rules to conclude"),
    # N-Triples
    ("relative.nt", NT + "<a> <b> <c> .", 2, "not N-Triples"),
    ("quotes.nt", NT + f'<{P}> {TITLE} "a "quoted" word" .', 2, "not N-Triples"),
    ("single-quotes.nt", NT + f"<{P}> {TITLE} 'a' .", 2, "not N-Triples"),
    ("unclosed.nt", NT + f'<{P}> {TITLE} "a .\n', 2, "not N-Triples"),
    ("two-lines.nt", NT + f'<{P}> {TITLE} "a\nb" .', 2, "not N-Triples"),
    ("escape.nt", NT + f'<{P}> {TITLE} "\\u12" .', 2, "not N-Triples"),
    ("half-a-character.nt", NT + f'<{P}> {TITLE} "\\ud800" .', 2, "not N-Triples"),
    ("beyond-unicode.nt", NT + f'<{P}> {TITLE} "\\UFFFFFFFF" .', 2, "not N-Triples"),
    ("carriage-returns.nt", NT.replace("\n", "\r") + "\r<a> .", 3, "not N-Triples"),
    ("prefix.nt", "@prefix a: <x:a> .\n" + NT, 1, "not N-Triples"),
    ("number.nt", NT + f"<{P}> {TITLE} 1 .", 2, "not N-Triples"),
    ("statement.nt", NT + f"<{P}> {TITLE} " + "<<( <x:a> <x:b> " * 50_000, 2, "statement about a statement"),
    ("long-text.nt", NT + f'<{P}> {TITLE} "{"x" * 200_000}" .', 2, LONG),
    ("long-iri.nt", NT + f"<{P}> <x:{'x' * 2_000}> <x:a> .", 2, "An IRI has more than 1,000 letters"),
    ("chain.nt", NT + "".join(f"_:a{n} <x:a> _:a{n + 1} .\n" for n in range(50_000)), 14, DEEP),
    ("many.nt", NT + "<x:a> <x:b> <x:c> .\n" * 110_000, 2, "more than 100,000 triples"),
    # Turtle
    ("deep-brackets.ttl", A + ";\n<x:a> " + "[ <x:a> " * 200_000 + "]" * 200_000 + ".", 2, DEEP),
    ("deep-lists.ttl", A + ";\n<x:a> " + "(" * 200_000 + ")" * 200_000 + ".", 2, DEEP),
    ("deep-statements.ttl", A + ";\n<x:a> " + "<<( <x:a> <x:b> " * 50_000, 2, "statement about a statement"),
    ("deep-annotations.ttl", A + "{| <x:a> <<( <x:a> <x:b> <x:c> )>> |} .", 1, "statement about a statement"),
    ("long-list.ttl", A + ";\n<x:a> (" + "1 " * 10_000 + ").", 2, DEEP),
    ("prefix-bomb.ttl", f"@prefix p: <x:{'x' * 1_200_000}> .\n{A}; p:a " + "p:," * 300_000 + "p: .", 2, "more than 1,000"),
    ("base-bomb.ttl", f"@base <x:/{'x' * 1_200_000}> .\n{A}; <x:a> " + "<>," * 300_000 + "<> .", 2, "more than 1,000"),
    ("long-text.ttl", A + f';\n{TITLE} """{"x" * 200_000}""" .', 2, LONG),
    ("space.ttl", A + ";\n<x:a b> 1 .", 2, "not Turtle"),
    ("quotes.ttl", A + f';\n{TITLE} "a "quoted" word" .', 2, "not Turtle"),
    ("unclosed-texts.ttl", A + f";\n{TITLE} " + '"""\\"' * 300_000, 2, "not Turtle"),
    ("open-brackets.ttl", A + ";\n<x:a> " + "<x " * 800_000, 2, "not Turtle"),
    ("escape.ttl", A + f';\n{TITLE} "\\q" .', 2, "not Turtle"),
    ("half-a-character.ttl", A + f';\n{TITLE} "\\uD83D" .', 2, "not Turtle"),
    ("nul.ttl", A + ";\n\0<x:a> 1 .", 2, "not Turtle"),
    ("graph.ttl", f"<x:g> {{ {A} }}", 1, "not Turtle"),
    ("utf-16.ttl", A.encode("utf-16"), 1, "not UTF-8"),
    ("latin-1.nt", NT.replace("\n", "\r").encode() + "# Müller".encode("latin-1"), 2, "not UTF-8"),
    ("latin-1.jsonld", LD.encode() + '"x:/a": "Müller"}'.encode("latin-1"), 2, "not UTF-8"),
    ("overlong.nt", NT.encode() + b"# \xc0\x80", 2, "not UTF-8"),
    # XML
    ("entities.rdf", ENTITIES, None, NO_XML),
    ("entities.xml", ENTITIES, None, NO_XML),
    ("entities.owl", ENTITIES, None, NO_XML),
    *((f"entities{ending}", ENTITIES, None, NO_XML) for ending in (".ttl", ".nt", ".jsonld", ".json", ".yaml")),
    ("document.ttl", "\ufeff\n<rdf:RDF/>", None, NO_XML),
    # YAML and JSON
    ("python.yaml", "title: x\nversion: !!python/object/apply:os.system ['touch CANARY']\n", 2, "A tag"),
    ("binary.yaml", "title: !!binary aGE=\n", 1, "A tag"),
    ("tag-directive.yaml", "%TAG ! tag:example.org,2026:\n---\ntitle: !x y\n", 3, "A tag"),
    ("version.yaml", "%YAML 9.9\n---\ntitle: x\n", 1, "not well-formed"),
    ("merge.yaml", "a: &a {title: x}\n<<: *a\n", 1, "anchor or alias"),
    ("laughs.yaml", "a: &a [ha]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(1000)), 1, "anchor or alias"),
    ("itself.yaml", "title: x\nneeds: &a [*a]\n", 2, "anchor or alias"),
    ("values.yaml", "title: x\nfor-groups: [" + "a," * 1_200_000 + "]", 2, "more than 100,000 values"),
    ("values.json", '{"title":\n[' + "1," * 1_200_000 + "1]}", 2, "more than 100,000 values"),
    ("groups.yaml", "needs: {factors: [" + "{}," * 800_000 + "]}", 1, "more than 100,000 values"),
    ("long-text.yaml", f"version: 1\ntitle: {'x' * 200_000}\n", 2, LONG),
    ("long-id.yaml", f"id: {'x ' * 50_000}\n", 1, "cannot be an id"),
    ("control.yaml", "title: x\nid: \"a\\e[2Jb\\nc\\u202Ed\"\n", 2, "cannot be an id"),
    ("delete.yaml", "title: a\x7fb", None, "not well-formed"),
    ("half-a-character.yaml", 'title: "\\ud800"\n', 1, "not well-formed"),
    ("escape.json", '{"title":\n"\\u12"}', 2, "not well-formed"),
    ("half-a-character.json", '{"title":\n"\\ud83d \\ude00"}', 2, "not well-formed"),
    # Nothing there
    *((f"empty{ending}", b"", None, "The file is empty") for ending in (".yaml", ".json", ".ttl", ".nt", ".jsonld")),
    *((f"mark{ending}", "\ufeff\r\n", None, "The file is empty") for ending in (".yaml", ".json", ".ttl", ".nt", ".jsonld")),
    *((f"comments{ending}", "# a\r# b\r\n#c", None, "no plan") for ending in (".yaml", ".ttl", ".nt", ".jsonld")),
    ("size.nt", NT + "#" * 2_500_000, None, "larger than 2.5 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "line", "says"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_cannot_be_read_is_refused_in_one_line(
    run: Run, asked: tuple[str, list[str]], tmp_path: Path, name: str, content: str | bytes, line: int | None, says: str
) -> None:
    server, paths = asked
    os.mkfifo(pipe := tmp_path / "context.jsonld")  # to read it would take for ever
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    for word, address in (("SERVER", server), ("FILE", pipe.as_uri()), ("CANARY", str(tmp_path / "canary"))):
        text = text.replace(word, address)
    path = tmp_path / name
    path.write_bytes(text.encode("latin-1" if isinstance(content, bytes) else "utf-8"))
    place = f"{path}:{line}" if line else f"{path}"
    for command in ("validate", "assess"):
        code, out, err = run(command, str(path))
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"error: {place}: ") and says in err and len(err) < 1_000
    assert paths == [] and not (tmp_path / "canary").exists()


LINE = "\u2028"
COST = f"; <{MWKB}plansIntervention> <x:i> .\n<x:i> a <{MWKB}PlannedIntervention> ;\n <{MWKB}plannedCost> 1e999999 ."
COST_NT = f'_:i a <{MWKB}PlannedIntervention> .\n_:i <{MWKB}plannedCost> "{"9" * 5000}" .'.replace(
    " a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
)
MISSPELT = "".join(f"  - {{delivers: intervention-{n}x}}\n" for n in range(1_000))
READABLE: list[tuple[str, str, int, str]] = [
    ("cost.yaml", "title: x\ninterventions:\n  - delivers: intervention-1\n    cost: 1e999999\n", 4, "1e999999"),
    ("cost.json", '{"title": "x", "interventions": [{"delivers": "intervention-1",\n"cost": 1e999999}]}', 2, "1e999999"),
    ("cost.ttl", A + COST, 3, "Cost"),
    ("cost.nt", NT + f'<{P}> <{MWKB}plansIntervention> _:i .\n' + COST_NT, 4, "Cost"),
    ("date.yaml", "title: x\nsubmitted: 2027-02-31\n", 2, "2027-02-31"),
    ("date.ttl", A + f';\r\n <{MWKB}dateSubmitted> "2027-02-31"^^<http://www.w3.org/2001/XMLSchema#date> .', 2, "2027-02-31"),
    ("year.nt", NT + f'<{P}> <{MWKB}dateSubmitted> "{"9" * 500}-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .', 2, "9999"),
    ("control.yaml", 'title: "a\\0b\\e[2Jc\\u202Ed\\u2066"\ngsss: "a\\0\\e[2J"\n', 2, "[2J"),
    ("control.jsonld", LD + f'"{MWKB}gsss": 1, "http://purl.org/dc/terms/title": "a\\u0000\\u001b[2J\\u202e"}}', 2, "[2J"),
    ("control.ttl", A + f';\n <{MWKB}gsss> 1; {TITLE} "a\\u0000\\u001B[2J\u202e" .', 2, "[2J"),
    ("carriage-returns.ttl", A + f';\r<{MWKB}gsss> "a" .', 2, "gss"),
    ("carriage-returns.yaml", "title: x\rgsss: a\r", 2, "gsss"),
    ("separators.nt", NT + f'<{P}> {TITLE} "a{LINE}b\x0bc\x85d" .\n<{P}> <{MWKB}gsss> "a" .', 3, "gsss"),
    ("separators.ttl", A + f';\n{TITLE} """a{LINE}\n""" ;\n<{MWKB}gsss> "a" .', 4, "gsss"),
    ("mark.nt", "\ufeff" + NT + f'<{P}> <{MWKB}gsss> "a" .', 2, "gsss"),
    ("strings.ttl", A + f';\n{TITLE} """a ;\n<{MWKB}gsss> "1" . \\""" # " """ ; # "\n<{MWKB}gsss> \'b"\' .', 4, "gsss"),
    ("relative.ttl", f"@base <{P}> .\n<> a <{MWKB}LocalityPlan> ;\n <{MWKB}gsss> <#a>, <../..> .", 3, "gsss"),
    ("unknown.jsonld", LD + '"gsss": "SERVER",\n"@context": {"gss": "x:gss"}}', 2, "Did you mean gss?"),
    ("prefix.jsonld", LD + '"mwbk:gss": "x"}', 2, "'mwbk:gss' is not a name"),
    ("type.jsonld", LD + '"x:/a": {"@type": "Plan"}}', 2, "'Plan' is not a name"),
    ("null.jsonld", LD + '"@context": [null, {"gss": null}], "gss": "a",\n"gsss": 1}', 3, "'gsss' is not a name"),
    ("imports.ttl", A + f';\n <http://www.w3.org/2002/07/owl#imports> <SERVER/x>, <FILE> ; <{MWKB}gsss> 1 .', 2, "gsss"),
    ("one-line.ttl", A + "; <x:a> 1 . " + "".join(f"<x:{n}> <x:p{n}> <x:{n + 1}> . " for n in range(30_000)), 1, "violation"),
    ("properties.ttl", A + "".join(f";\n<x:p{n}> 1" for n in range(30_000)) + ".", 1, "violation"),
    ("nameless.ttl", A + f"; <{MWKB}plansIntervention> " + ", ".join(["[]"] * 10_000) + ".", 1, "violation"),
    ("entries.yaml", "title: x\ninterventions:\n" + "  - {delivers: intervention-1, cost: 1}\n" * 2_000, 3, "violation"),
    ("misspelt.yaml", "title: x\ninterventions:\n" + MISSPELT, 3, "violation"),
    ("keys.yaml", "title: x\n" + "".join(f"key-{n}: x\n" for n in range(10_000)), 2, "violation"),
    ("same-key.jsonld", LD + '"a": [' + '{"b": 1},' * 10_000 + "1]}", 2, "violation"),
    ("partners.nt", NT + "".join(f"<{P}> <{MWKB}hasPartner> <x:p{n}> .\n" for n in range(10_000)), 2, "violation"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "line", "says"), READABLE, ids=[case[0] for case in READABLE])
def test_what_can_be_read_gives_results_at_its_line(
    run: Run, asked: tuple[str, list[str]], tmp_path: Path, name: str, content: str, line: int, says: str
) -> None:
    server, paths = asked
    os.mkfifo(pipe := tmp_path / "imported.ttl")
    path = tmp_path / name
    path.write_bytes(content.replace("SERVER", server).replace("FILE", pipe.as_uri()).encode())
    code, out, err = run("validate", str(path))
    assert (code, err) == (1, "")
    assert says in re.sub(r"\s*\n\s*", " ", out) or says.casefold() in out.casefold()
    assert re.search(rf"{re.escape(str(path))}:{line}\s", out)
    if len(content) < 100_000:
        assert run("assess", str(path)).code == 1
    if name == "imports.ttl":
        assert run("validate", str(path), "--engine", "pyshacl").code == 1
    assert paths == []


def test_what_cannot_be_a_plan_is_refused_before_it_is_understood(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.nt").mkdir()
    (tmp_path / "endless.jsonld").symlink_to("/dev/zero")
    (tmp_path / "itself.yaml").symlink_to("itself.yaml")
    for name, says in (
        ("folder.nt", "This is a folder, not a plan."),
        ("missing.jsonld", "There is no such file."),
        ("missing\n\x1b[2J.nt", "There is no such file."),
        ("endless.jsonld", "The file is larger than 2.5 MB."),
        ("itself.yaml", "There is no such file."),
        (f"{'x' * 300}.yaml", "The file cannot be opened: File name too long."),
    ):
        code, out, err = run("validate", str(tmp_path / name))
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert says in err


AFTER_CELLS = b"</sheetData>"
WIDE = b'ref="A4:XFD1048576"'
SWOLLEN = {
    "merged cells": (AFTER_CELLS, AFTER_CELLS + b"<mergeCells><mergeCell " + WIDE + b"/></mergeCells>"),
    "link": (b"<pageMargins", b"<hyperlinks><hyperlink " + WIDE + b' location="x"/></hyperlinks><pageMargins'),
    "empty cells": (AFTER_CELLS, b'<row r="9000">' + b"<c/>" * 10_000_000 + b"</row>" + AFTER_CELLS),
    "empty rows": (AFTER_CELLS, b"<row/>" * 7_000_000 + AFTER_CELLS),
    "areas": (AFTER_CELLS, AFTER_CELLS + b'<conditionalFormatting sqref="' + b"A4 " * 9_000_000 + b'"/>'),
}


@pytest.mark.parametrize(("old", "new"), SWOLLEN.values(), ids=SWOLLEN)
def test_a_small_workbook_that_would_grow_is_refused_before_it_does(run: Run, tmp_path: Path, old: bytes, new: bytes) -> None:
    (path := tmp_path / "plan.xlsx").write_bytes(with_part("xl/worksheets/sheet5.xml", lambda part: part.replace(old, new)))
    assert path.stat().st_size < 200_000
    code, out, err = run("validate", str(path))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: {path}: The workbook holds more than 1,000,000 cells, merged and empty ones among them.")


def test_a_workbook_with_many_misspelt_references_is_read_in_bounded_time(run: Run, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(empty_template()))
    for number in range(2_000):
        put(book, "partners", "name", f"Partner number {number}", FIRST + number)
        put(book, "interventions", "lead", f"Partner nmuber {number}", FIRST + number)
    book.save(path := tmp_path / "plan.xlsx")
    code, out, err = run("validate", str(path))
    assert (code, err) == (1, "")
    assert "Did you mean Partner number" in " ".join(out.split())


E = "https://example.org/p/"
CHAIN_OF_ENTRIES = "".join(
    f"<{E}i{n}> a <{MWKB}PlannedIntervention> ; <{MWKB}plansIntervention> <{E}i{n + 1}> .\n" for n in range(3_000)
)
ROUND = {
    "entry": f"<{P}> <{MWKB}plansIntervention> <{E}i> .\n<{E}i> <{MWKB}plansIntervention> <{E}i> .",
    "plan": f"<{P}> <{MWKB}hasPartner> <{P}> .",
    "shared": f"<{P}> <{MWKB}plansIntervention> <{E}i>, <{E}j> .\n<{E}i> <{MWKB}plansIntervention> <{E}j> .",
    "chain": f"<{P}> <{MWKB}plansIntervention> <{E}i0> .\n" + CHAIN_OF_ENTRIES,
}


@pytest.mark.parametrize("said", ROUND.values(), ids=ROUND)
def test_a_plan_that_leads_in_circles_is_refused_by_what_cannot_say_so(run: Run, tmp_path: Path, said: str) -> None:
    (path := tmp_path / "plan.ttl").write_text(f"{A} .\n{said}")
    for ending in (".yaml", ".xlsx"):
        code, _, err = run("convert", str(path), "-o", str(tmp_path / f"copy{ending}"))
        assert (code, err.count("\n")) == (2, 1)
        assert re.search(r"(stands in two places|nested too deeply).* Convert to Turtle or JSON-LD instead\.", err)
    assert run("assess", str(path), "-o", str(tmp_path / "found.xlsx")).code == 1


SMALL = {
    ".yaml": "title: A plan\nneeds: {factors: []}\n",
    ".nt": NT + f'<{P}> {TITLE} "A plan" .\n',
    ".ttl": A + "; <x:a> [ <x:a> [] ] .",
    ".jsonld": LD + '"@context": {"t": "x:t"}, "t": [1, 2]}',
}


@pytest.mark.parametrize(
    ("ending", "narrow", "wide", "says"),
    [
        (".yaml", Limits(bytes=30), Limits(bytes=40), "larger than"),
        (".yaml", Limits(depth=2), Limits(depth=3), "nested too deeply"),
        (".yaml", Limits(values=8), Limits(values=20), "more than 8 values"),
        (".yaml", Limits(letters=5), Limits(letters=6), "more than 5 letters"),
        (".nt", Limits(values=1), Limits(values=2), "more than 1 triples"),
        (".nt", Limits(name=20), Limits(name=50), "more than 20 letters"),
        (".ttl", Limits(depth=1), Limits(depth=2), "nested too deeply"),
        (".jsonld", Limits(expanded=10), Limits(expanded=500), "context is too long"),
    ],
)
def test_each_limit_is_a_parameter_of_reading(tmp_path: Path, ending: str, narrow: Limits, wide: Limits, says: str) -> None:
    path = tmp_path / f"plan{ending}"
    path.write_text(SMALL[ending])
    assert read_plan(path, wide).quads
    with pytest.raises(InputProblem, match=says):
        read_plan(path, narrow)
