"""Ask a SPARQL 1.1 endpoint: the one place from which mwkb reaches the network, and only where the user says."""

from __future__ import annotations

import json
import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from itertools import pairwise
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
)

from pyoxigraph import Store

from mwkb import __version__
from mwkb.ask import select
from mwkb.knowledge import Term
from mwkb.problems import InputProblem, Place
from mwkb.sparql import tokens
from mwkb.vocabulary import PREFIXES

LARGEST = 64 * 1024 * 1024
"""Bytes that an answer may have: far more than any question of the catalogue gives."""
_ELSEWHERE = "Check the address: many servers answer at /query or /sparql."

Answer = tuple[str, bytes]
"""The media type and the bytes of what an endpoint sent."""


def ask_endpoint(
    address: str, text: str, bound: Mapping[str, Term] | None = None, seconds: float = 60
) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of a SELECT from an endpoint, as ``ask`` gives them.

    Raises InputProblem if it is not a SELECT, or if the endpoint cannot be reached, does not answer in
    time, points elsewhere, or answers with anything but SPARQL results.
    """
    _check(address)
    select(Store(), text)
    sent = with_parameters(text, bound or {})
    try:
        kind, body = _within(seconds, lambda: _fetch(address, sent, seconds))
    except (OSError, HTTPException, UnicodeError) as error:
        raise _problem(address, error, seconds) from None
    try:
        return _table(json.loads(body))
    except (ValueError, LookupError, TypeError, RecursionError):
        what = f"is {kind}," if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) and "json" not in kind else "is broken or"
        raise InputProblem(f"The answer {what} not SPARQL results in JSON.", Place(address), _ELSEWHERE) from None


def with_parameters(text: str, bound: Mapping[str, Term]) -> str:
    """The text of a SELECT with the prefixes that it does not declare, and its parameters in a VALUES block.

    The block is the first thing in the outermost group, so that every condition there sees the values.
    """
    found = [token for token in tokens(text) if token.kind != "comment"]
    declared = {after.text for token, after in pairwise(found) if token.text.upper() == "PREFIX"}
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if f"{name}:" not in declared)
    values = f" VALUES ({' '.join(f'?{name}' for name in bound)}) {{ ({' '.join(map(str, bound.values()))}) }}" if bound else ""
    inside = _outermost_group(text)
    return prologue + text[:inside] + values + text[inside:]


def _outermost_group(text: str) -> int:
    """Where the inside of a SELECT's outermost group begins; what it selects may have groups in brackets."""
    depth = 0
    for token in tokens(text):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "{" and not depth:
            return token.end
    return len(text)


def _check(address: str) -> None:
    """Raise InputProblem unless it is an address of the web without a password in it."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not re.fullmatch(r"[!-~]+", address):
        raise InputProblem(
            "This is not the address of an endpoint.", Place(address), "Write it like http://localhost:7878/query."
        )
    if parts.username is not None:
        raise InputProblem("An address with a user name or a password is not used.", remedy="Leave them out.")


def _within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """What some work gives. Raises TimeoutError if it takes longer, whatever the work is waiting for."""
    outcome: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(work())
        except Exception as error:
            outcome.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        came = outcome.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(came, Exception):
        raise came
    return came


def _fetch(address: str, text: str, seconds: float) -> Answer:
    import SPARQLWrapper

    class Endpoint(SPARQLWrapper.SPARQLWrapper):
        """Sends what SPARQLWrapper writes by an opener that knows only http and https and follows no redirect."""

        def _query(self) -> tuple[HTTPResponse, str]:
            opener = OpenerDirector()
            for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
                opener.add_handler(handler())
            return opener.open(self._createRequest(), timeout=seconds), self.returnFormat

    endpoint = Endpoint(address, returnFormat=SPARQLWrapper.JSON, agent=f"mwkb/{__version__}")
    endpoint.setMethod(SPARQLWrapper.POST)
    endpoint.setOnlyConneg(True)
    endpoint.setQuery(text)
    # SPARQLWrapper takes the first word it knows for the kind of query, even if it stands in a comment.
    endpoint.queryType = SPARQLWrapper.SELECT
    deadline = time.monotonic() + seconds
    with closing(endpoint.query().response) as response:
        body = bytearray()
        while piece := response.read1(65536):
            body += piece
            if len(body) > LARGEST:
                raise InputProblem(
                    f"The answer has more than {LARGEST >> 20} MB.", Place(address), "Ask for less, as with LIMIT."
                )
            if time.monotonic() > deadline:
                raise TimeoutError
        return response.headers.get_content_type(), bytes(body)


def _table(document: Any) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of SPARQL results. Raises LookupError, TypeError or UnicodeError if it is anything else."""
    names, bindings = document["head"]["vars"], document["results"]["bindings"]
    if not isinstance(names, list) or not isinstance(bindings, list) or not all(isinstance(b, dict) for b in bindings):
        raise TypeError
    rows = [[binding[name]["value"] if name in binding else "" for name in names] for binding in bindings]
    for cell in (cell for row in (names, *rows) for cell in row):
        if not isinstance(cell, str):
            raise TypeError
        cell.encode()  # half of a character cannot be written, which is a UnicodeError
    return names, rows


def _problem(address: str, error: OSError | HTTPException | UnicodeError, seconds: float) -> InputProblem:
    """What to tell of an endpoint that gives no answer."""
    if isinstance(error, HTTPError):
        with closing(error):
            return _refusal(address, error)
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        what, remedy = f"There is no answer within {seconds:g} seconds.", "Wait longer with --timeout, or ask for less."
    elif isinstance(cause, socket.gaierror | UnicodeError):
        what, remedy = "There is no such host.", "Check the address."
    elif isinstance(cause, ConnectionRefusedError):
        what, remedy = "The connection is refused.", "Start the server, or check its host and port."
    elif isinstance(cause, OSError):
        what, remedy = f"The connection fails: {cause.strerror or cause}.", "Check the address."
    else:
        what, remedy = "What answers there does not speak HTTP.", "Check the address."
    return InputProblem(what, Place(address), remedy)


def _refusal(address: str, error: HTTPError) -> InputProblem:
    """What to tell of an answer that points elsewhere or says that something is wrong."""
    target = urljoin(address, error.headers.get("Location", ""))
    if 300 <= error.code < 400 and target != address and re.fullmatch(r"[!-~]{1,300}", target):
        remedy = "Give that address if you trust it." if target.startswith(("http://", "https://")) else _ELSEWHERE
        return InputProblem(f"The endpoint points to {target}, and mwkb does not follow.", Place(address), remedy)
    name = next((f" {status.phrase}" for status in HTTPStatus if status == error.code), "")
    remedy = {
        400: "The server does not take this query.",
        401: "It asks for a login, which mwkb does not send.",
        403: "It asks for a login, which mwkb does not send.",
        404: _ELSEWHERE,
        405: _ELSEWHERE,
    }.get(error.code, "Try again later, or ask for less.")
    return InputProblem(f"The endpoint answers with the error {error.code}{name}.", Place(address), remedy)
