"""An endpoint that holds the export gives the same rows; one that is down, slow or answers nonsense gives one clear line."""

from __future__ import annotations

import csv
import io
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest
from pyoxigraph import Literal, NamedNode, Store

from conftest import Mwkb
from mwkb import export
from mwkb.ask import ask, bind, catalogue
from mwkb.assessment import derived
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.problems import InputProblem
from mwkb.remote import ask_endpoint, with_parameters
from mwkb.vocabulary import KB, XSD

ROOT = Path(__file__).parents[1]
OXIGRAPH = str(Path(sys.executable).with_name("oxigraph"))
OAKMERE = ROOT / "examples" / "oakmere.yaml"

Rows = tuple[list[str], list[list[str]]]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


# A real server


def questions() -> dict[str, tuple[str, list[str]]]:
    """Every query of the catalogue: as it is, with each of its example parameters, and with all of them."""
    found = {}
    for name, file in catalogue().items():
        examples = [f"{parameter.name}={parameter.example}" for parameter in file.parameters]
        for given in ([], *([one] for one in examples), examples):
            found[" ".join([name, *given])] = (name, given)
    return found


QUESTIONS = questions()


class Served(NamedTuple):
    address: str
    embedded: dict[str, Rows]
    """What the store in memory answers to each question."""


@contextmanager
def oxigraph(folder: Path, content: str) -> Iterator[str]:
    """``oxigraph serve`` on a free port of this machine, loaded with N-Quads."""
    file, place = folder / "kb.nq", str(folder / "store")
    file.write_text(content, encoding="utf-8")
    subprocess.run([OXIGRAPH, "load", "--location", place, "--file", str(file)], capture_output=True, check=True)
    for _ in range(5):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [OXIGRAPH, "serve", "--location", place, "--bind", f"127.0.0.1:{port}"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                if listens(server, port):
                    yield f"http://127.0.0.1:{port}/query"
                    return
            finally:
                server.kill()
    raise RuntimeError("oxigraph serve does not start")


def listens(server: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the server comes up; not if another program took the port first, so that it ended."""
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return server.poll() is None
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module", params=["no plan", "oakmere"])
def served(
    request: pytest.FixtureRequest, knowledge: Knowledge, figures: Plan, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """An endpoint that holds what the store in memory holds, with and without a plan and a profile."""

    def everything() -> tuple[str, dict[str, Rows]]:
        known = catalogue()
        answers = {
            key: ask(knowledge, known[name].text, bind(knowledge, known[name], given)) for key, (name, given) in QUESTIONS.items()
        }
        return export.nquads(knowledge), answers

    if request.param == "no plan":
        content, answers = everything()
    else:
        with knowledge.with_triples(figures.quads, figures.iri), derived(knowledge, read_plan(OAKMERE)):
            content, answers = everything()
        assert all(rows for key, (_, rows) in answers.items() if " " not in key), "a query without a row shows nothing"
    with oxigraph(tmp_path_factory.mktemp("oxigraph"), content) as address:
        yield Served(address, answers)


def test_every_question_gets_the_same_rows(served: Served, knowledge: Knowledge) -> None:
    known = catalogue()
    for key, (name, given) in QUESTIONS.items():
        found = ask_endpoint(served.address, known[name].text, bind(knowledge, known[name], given))
        assert found == served.embedded[key], key


def test_the_command_shows_the_same(served: Served, mwkb: Mwkb) -> None:
    columns, rows = served.embedded["interventions-of-area area=kb:area-06"]
    code, out, err = mwkb("query", "interventions-of-area", "--area", "6", "--endpoint", served.address, "--format", "csv")
    assert (code, err) == (0, "") and list(csv.reader(io.StringIO(out))) == [columns, *rows]
    assert len(rows) > 3


def test_a_select_of_ones_own_may_name_the_graph_of_a_rule(served: Served, mwkb: Mwkb, knowledge: Knowledge) -> None:
    count = "SELECT (COUNT(*) AS ?n) { GRAPH rule:R-12 { ?candidate a mwkb:Candidate } }"
    found = json.loads(mwkb("query", "-e", count, "--endpoint", served.address, "--format", "json").out)
    candidates = len(served.embedded["ranked-recommendations"][1])
    assert (int(found[0]["n"]) > 0) == (candidates > 0)


# How it is asked


@pytest.mark.parametrize(
    "term",
    [
        NamedNode(KB + "area-06"),
        Literal("4", datatype=NamedNode(XSD + "integer")),
        Literal('"); } } # \\" \n\t \u2028 \\u0022 é'),
        Literal("} SERVICE <http://localhost/> { ?s ?p ?o", language="en"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x {}",
        "SELECT ?x WHERE { BIND(1 AS ?y) } ORDER BY ?x",
        "# { in a comment\nSELECT ?x (EXISTS { ?a ?b ?c } AS ?any) ('{' AS ?brace) # {\n{ { SELECT ?y { } } }",
        "PREFIX kb: <http://localhost/> SELECT ?x { FILTER(COALESCE(?x, kb:none) != kb:none) }",
    ],
)
def test_a_parameter_is_a_term_and_never_text(text: str, term: NamedNode | Literal) -> None:
    found = list(Store().query(with_parameters(text, {"x": term})))
    assert [solution["x"] for solution in found] == [term]


def test_own_prefixes_are_kept_and_the_others_declared() -> None:
    text = with_parameters("PREFIX kb: <http://localhost/> SELECT ?a { BIND(kb:a AS ?a) BIND(mwkb:b AS ?b) }", {})
    assert text.count("PREFIX kb:") == 1
    assert [solution["a"] for solution in Store().query(text)] == [NamedNode("http://localhost/a")]


# A server that does not behave


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: str


class Misbehaving:
    """A server whose path says how it answers; it remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.released = threading.Event()
        answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
            "/slow": self.wait,
            "/trickle": self.trickle,
            "/endless": self.endless,
            "/closes": lambda handler: handler.connection.shutdown(socket.SHUT_RDWR),
            "/elsewhere": partial(self.point, target="http://localhost:1/"),
            "/beside": partial(self.point, target="/rows"),
            "/file": partial(self.point, target="file:///etc/passwd"),
            "/unreadable": partial(self.point, target="http://localhost/\x1b[31m"),
            "/rows": partial(self.send, body=b'{"head":{"vars":["a"]},"results":{"bindings":[]}}'),
            "/html": partial(self.send, body=b"<html>Welcome</html>", kind="text/html; charset=utf-8"),
            "/xml": partial(self.send, body=b"<sparql/>", kind="application/sparql-results+xml"),
            "/odd-type": partial(self.send, body=b"?", kind="\x1b[31mred"),
        }
        answers |= {f"/json-{number}": partial(self.send, body=body) for number, body in enumerate(NONSENSE)}
        answers |= {f"/{code}": partial(self.send, body=b"no", code=code) for code in (204, 304, 400, 401, 404, 500, 599)}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.asked.append(Asked(self.command, self.path, dict(self.headers), body))
                with suppress(OSError):
                    answers[self.path](self)

            def do_GET(self) -> None:
                outer.asked.append(Asked(self.command, self.path, dict(self.headers), ""))

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @staticmethod
    def send(
        handler: BaseHTTPRequestHandler, body: bytes, kind: str = "application/sparql-results+json", code: int = 200
    ) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", kind)
        handler.end_headers()
        handler.wfile.write(body)

    @staticmethod
    def point(handler: BaseHTTPRequestHandler, target: str) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.end_headers()

    def wait(self, handler: BaseHTTPRequestHandler) -> None:
        self.released.wait(60)

    def trickle(self, handler: BaseHTTPRequestHandler) -> None:
        self.send(handler, b"{")
        while not self.released.wait(0.02):
            handler.wfile.write(b" ")

    def endless(self, handler: BaseHTTPRequestHandler) -> None:
        self.send(handler, b"{")
        while not self.released.is_set():
            handler.wfile.write(b" " * 65536)

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"


NONSENSE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"head"',
    b"\xff\xfe{",
    b"[" * 100_000,
    b'{"head":{},"boolean":true}',
    b'{"head":{"vars":"a"},"results":{"bindings":[]}}',
    b'{"head":{"vars":["a"]},"results":{"bindings":{}}}',
    b'{"head":{"vars":["a"]},"results":{"bindings":[[]]}}',
    b'{"head":{"vars":[1]},"results":{"bindings":[]}}',
    b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":"b"}]}}',
    b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal"}}]}}',
    b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":1}}]}}',
    b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"\\ud800"}}]}}',
]


@pytest.fixture
def misbehaving() -> Iterator[Misbehaving]:
    made = Misbehaving()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.released.set()
    made.server.shutdown()
    made.server.server_close()
    thread.join()


ANY = "SELECT ?a { ?a a mwkb:Intervention }"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/slow", "There is no answer within 0.5 seconds. Wait longer with --timeout, or ask for less."),
        ("/trickle", "There is no answer within 0.5 seconds."),
        ("/closes", "The connection fails"),
        (
            "/elsewhere",
            "The endpoint points to http://localhost:1/, and mwkb does not follow. Give that address if you trust it.",
        ),
        ("/beside", "/rows, and mwkb does not follow. Give that address if you trust it."),
        ("/file", "The endpoint points to file:///etc/passwd, and mwkb does not follow. Check the address"),
        ("/unreadable", "The endpoint answers with the error 302 Found."),
        ("/304", "The endpoint answers with the error 304 Not Modified."),
        ("/html", "The answer is text/html, not SPARQL results in JSON. Check the address"),
        ("/xml", "The answer is application/sparql-results+xml, not SPARQL results in JSON."),
        ("/odd-type", "The answer is text/plain, not SPARQL results in JSON."),
        ("/204", "The answer is broken or not SPARQL results in JSON."),
        ("/400", "The endpoint answers with the error 400 Bad Request. The server does not take this query."),
        ("/401", "401 Unauthorized. It asks for a login, which mwkb does not send."),
        ("/404", "404 Not Found. Check the address: many servers answer at /query or /sparql."),
        ("/500", "500 Internal Server Error. Try again later, or ask for less."),
        ("/599", "The endpoint answers with the error 599. Try again later"),
        *((f"/json-{number}", "The answer is broken or not SPARQL results in JSON.") for number in range(len(NONSENSE))),
    ],
)
def test_a_server_that_does_not_behave_gives_one_clear_line(misbehaving: Misbehaving, mwkb: Mwkb, path: str, says: str) -> None:
    started = time.monotonic()
    timeout = "0.5" if path in ("/slow", "/trickle") else "30"
    code, out, err = mwkb("query", "-e", ANY, "--endpoint", misbehaving.address(path), "--timeout", timeout)
    assert (code, out, err[-1]) == (2, "", "\n") and err[:-1].isprintable()
    assert err.startswith(f"error: {misbehaving.address(path)}: ") and says in err
    assert [(asked.method, asked.path) for asked in misbehaving.asked] == [("POST", path)]
    assert time.monotonic() - started < 20


def test_an_endless_answer_is_cut_off(misbehaving: Misbehaving, mwkb: Mwkb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwkb.remote.LARGEST", 1 << 20)
    code, out, err = mwkb("query", "-e", ANY, "--endpoint", misbehaving.address("/endless"))
    assert (code, out) == (2, "") and "The answer has more than 1 MB. Ask for less, as with LIMIT." in err


def test_what_is_sent_is_a_query_whatever_words_it_holds(misbehaving: Misbehaving) -> None:
    text = "# INSERT, DELETE and LOAD\nSELECT ?a { ?a a mwkb:Intervention }"
    assert ask_endpoint(misbehaving.address("/rows"), text, {"a": NamedNode(KB + "intervention-1")}) == (["a"], [])
    (asked,) = misbehaving.asked
    sent = parse_qs(asked.body)
    assert sent.keys() == {"query"}
    assert f"VALUES (?a) {{ (<{KB}intervention-1>) }}" in sent["query"][0]
    assert "application/sparql-results+json" in asked.headers["Accept"] and asked.headers["User-Agent"].startswith("mwkb/")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ASK {}", "Only a SELECT"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "This is not SPARQL"),
        ("SELECT ?a {", "This is not SPARQL"),
        ("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "SERVICE and FROM"),
        ("SELECT * { # a comment\rSERVICE <http://localhost/> { ?s ?p ?o } }", "SERVICE and FROM"),
    ],
)
def test_only_a_select_leaves_the_machine(misbehaving: Misbehaving, text: str, says: str) -> None:
    with pytest.raises(InputProblem, match=says):
        ask_endpoint(misbehaving.address("/rows"), text)
    assert not misbehaving.asked


@pytest.mark.parametrize(
    ("address", "says"),
    [
        *((bad, "This is not the address of an endpoint.") for bad in (
            "", "localhost:7878", "ftp://localhost/", "file:///etc/passwd", "http://", "http:///query", "http://localhost:0/",
            "http://localhost:99999/", "http://localhost:x/", "http://[::1/", "http://local host/", "http://localhost/é", "http://a\nb/",
        )),
        ("http://me:secret@localhost/", "user name or a password"),
    ],
)  # fmt: skip
def test_only_an_address_of_the_web_is_asked(address: str, says: str) -> None:
    with pytest.raises(InputProblem, match=says) as caught:
        ask_endpoint(address, ANY)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_down_is_told_from_a_host_that_is_not_there(mwkb: Mwkb) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    down = mwkb("query", "light-blue", "--endpoint", f"http://127.0.0.1:{port}/query")
    assert down.code == 2 and "The connection is refused. Start the server, or check its host and port." in down.err
    for host in ("no-such-host.invalid", "a" * 64 + ".invalid", "a..invalid"):
        missing = mwkb("query", "light-blue", "--endpoint", f"http://{host}/query", "--timeout", "30")
        assert missing.code == 2 and "There is no such host. Check the address." in missing.err


def test_what_is_no_web_server_is_said(mwkb: Mwkb) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        found = mwkb("query", "light-blue", "--endpoint", f"http://127.0.0.1:{server.getsockname()[1]}/query")
        thread.join(10)
    assert found.code == 2 and "What answers there does not speak HTTP." in found.err


# The command


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["light-blue", "--plan", str(OAKMERE)], "--plan and --endpoint do not go together"),
        (["light-blu"], "Did you mean light-blue?"),
        (["interventions-of-area", "--area", "risk-debt"], "is not a commissioning area"),
        (["-e", "SELECT * {}", "--area", "6"], "A SELECT of your own has no parameters."),
        ([], "Give either the name of a query or --expression."),
    ],
)
def test_a_question_that_cannot_be_asked_is_not_sent(
    misbehaving: Misbehaving, mwkb: Mwkb, arguments: list[str], says: str
) -> None:
    code, out, err = mwkb("query", *arguments, "--endpoint", misbehaving.address("/rows"))
    assert (code, out, err.count("\n")) == (2, "", 1) and says in err
    assert not misbehaving.asked


def test_what_waits_for_an_answer_does_not_keep_the_program_alive(misbehaving: Misbehaving) -> None:
    program = Path(sys.executable).with_name("mwkb")
    command = [str(program), "query", "light-blue", "--endpoint", misbehaving.address("/slow"), "--timeout", "0.5"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 2 and "There is no answer within 0.5 seconds." in done.stderr
