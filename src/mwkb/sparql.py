"""Rules, queries and hygiene checks: plain SPARQL 1.1 with a ``#+`` header in YAML.

A rule is a CONSTRUCT, a query or check a SELECT. Nothing is ever pasted into their text: parameters are
bound as terms, so that a file means the same to every engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mwkb.files import shown
from mwkb.problems import InputProblem, Place

# Terminals of the SPARQL 1.1 grammar, as far as telling them apart needs.
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\r\n]*)
      |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      |(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
                 |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
      |(?P<variable>[?$]\w+)
      |(?P<name>(?:[A-Za-z][\w.-]*)?:(?:[\w:%-](?:[\w.:%-]*[\w:%-])?)?|_:[\w.-]+)
      |(?P<number>\d+(?:\.\d+)?)
      |(?P<word>[@A-Za-z][\w-]*)
      |(?P<space>\s+)
      |(?P<mark>\^\^|&&|\|\||[!<>]=|.)""",
    re.VERBOSE | re.DOTALL,
)

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Token:
    """One terminal of a SPARQL text, with where it starts and ends."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """All terminals of a SPARQL text except white space; comments included."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match.group(), match.start(), match.end())


def names(text: str, prefixes: Mapping[str, str]) -> set[str]:
    """Every IRI in a SPARQL text, with prefixed names written out."""
    found = set()
    for token in tokens(text):
        if token.kind == "iri":
            found.add(token.text[1:-1])
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            found.add(prefixes.get(prefix, "") + local)
    return found


@dataclass(frozen=True)
class Parameter:
    """A typed parameter of a query. ``kind`` is iri, string, integer, decimal or boolean."""

    name: str
    kind: str
    description: str
    default: str | None = None
    example: str | None = None


@dataclass(frozen=True)
class SparqlFile:
    """A rule, query or hygiene check as its file states it."""

    path: Path
    id: str
    title: str
    description: str
    text: str
    sources: tuple[str, ...] = ()
    lines: str = ""
    says: str = ""
    action: str = ""
    theme: str = ""
    level: str = ""
    parameters: tuple[Parameter, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return Place(shown(self.path))


_COMMON = {"id", "title", "description"}
_RULE_KEYS = _COMMON | {"warrant", "says", "action"}
_QUERY_KEYS = _COMMON | {"theme", "parameters", "columns"}
_CHECK_KEYS = _COMMON | {"level", "action"}
LEVELS = ("ERROR", "WARN", "INFO")
"""How grave what a hygiene check finds is, from the gravest."""
_KINDS = {"iri", "string", "integer", "decimal", "boolean"}


def read_text(path: Path) -> str:
    """The text of a rule, query or check. Raises InputProblem if there is no such file or it is not UTF-8 text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputProblem(f"The file cannot be read: {error.strerror}.", path) from None
    except UnicodeDecodeError:
        raise InputProblem("The file is not UTF-8 text.", path, "Save it as UTF-8.") from None


def _header(path: Path, text: str) -> dict[str, Any]:
    lines = text.splitlines()
    block = [line[2:].removeprefix(" ") for line in lines if line.startswith("#+")]
    place = Place(shown(path), 1)
    if not block:
        raise InputProblem("There is no header.", place, "Begin the file with lines that start with '#+'.")
    first = next(number for number, line in enumerate(lines) if line.startswith("#+"))
    try:
        header = yaml.load("\n".join(block), Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first + 1 + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise InputProblem(
            f"The header cannot be read: {problem}.", Place(shown(path), line), "Put text with a colon in quotes."
        ) from None
    if not isinstance(header, dict):
        raise InputProblem("The header is not a list of 'key: value' lines.", place)
    return header


def _check_keys(path: Path, text: str, header: dict[str, Any], allowed: set[str], needed: set[str]) -> None:
    for key in header:
        if key not in allowed:
            line = next((n for n, t in enumerate(text.splitlines(), 1) if t.startswith(f"#+ {key}:")), 1)
            raise InputProblem(
                f"The header has an unknown key '{key}'.", Place(shown(path), line), f"Use one of: {', '.join(sorted(allowed))}."
            )
    missing = sorted(needed - header.keys())
    if missing:
        raise InputProblem(f"The header lacks {', '.join(missing)}.", Place(shown(path), 1))
    if header["id"] != path.stem:
        raise InputProblem(f"The header's id '{header['id']}' is not the file's name.", Place(shown(path), 1))


def _text(header: dict[str, Any], key: str) -> str:
    return str(header.get(key, "")).strip()


def read_rule(path: Path) -> SparqlFile:
    """Read a rule file. Raises InputProblem with file and line if its header is bad."""
    text = read_text(path)
    header = _header(path, text)
    _check_keys(path, text, header, _RULE_KEYS, _COMMON | {"warrant"})
    warrant = header["warrant"]
    if not isinstance(warrant, dict) or not warrant.get("sources") or not warrant.get("lines"):
        raise InputProblem("The warrant needs 'sources' and 'lines'.", Place(shown(path), 1))
    if not isinstance(warrant["sources"], list):
        raise InputProblem("The sources of the warrant are no list.", Place(shown(path), 1), "Write sources: [toolkit-figure-4].")
    return SparqlFile(
        path, _text(header, "id"), _text(header, "title"), _text(header, "description"), text,
        sources=tuple(str(source) for source in warrant["sources"]),
        lines=str(warrant["lines"]),
        says=_text(header, "says"),
        action=_text(header, "action"),
    )  # fmt: skip


def read_query(path: Path) -> SparqlFile:
    """Read a query file. Raises InputProblem with file and line if its header is bad."""
    text = read_text(path)
    header = _header(path, text)
    _check_keys(path, text, header, _QUERY_KEYS, _COMMON | {"theme", "columns"})
    parameters = []
    for name, about in (header.get("parameters") or {}).items():
        if not isinstance(about, dict) or about.get("type") not in _KINDS:
            raise InputProblem(
                f"Parameter '{name}' needs a type.", Place(shown(path), 1), f"Use one of: {', '.join(sorted(_KINDS))}."
            )
        default, example = about.get("default"), about.get("example")
        parameters.append(
            Parameter(
                name, about["type"], str(about.get("description", "")),
                None if default is None else str(default), None if example is None else str(example),
            )
        )  # fmt: skip
    return SparqlFile(
        path, _text(header, "id"), _text(header, "title"), _text(header, "description"), text,
        theme=_text(header, "theme"),
        parameters=tuple(parameters),
        columns={str(key): str(value) for key, value in header["columns"].items()},
    )  # fmt: skip


def read_check(path: Path) -> SparqlFile:
    """Read a hygiene check. Raises InputProblem with file and line if its header is bad."""
    text = read_text(path)
    header = _header(path, text)
    _check_keys(path, text, header, _CHECK_KEYS, _CHECK_KEYS)
    if header["level"] not in LEVELS:
        line = next(n for n, t in enumerate(text.splitlines(), 1) if t.startswith("#+ level:"))
        raise InputProblem(f"'{header['level']}' is not a level.", Place(shown(path), line), f"Use one of: {', '.join(LEVELS)}.")
    return SparqlFile(
        path, _text(header, "id"), _text(header, "title"), _text(header, "description"), text,
        level=header["level"],
        action=_text(header, "action"),
    )  # fmt: skip
