"""Turtle and SPARQL as markup: coloured lightly, with each name that has a page as a link to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape
from pyoxigraph import BlankNode, Literal, NamedNode

from mwkb.site.links import prefixes_of
from mwkb.site.statements import Node, Statements
from mwkb.site.things import Thing
from mwkb.sparql import tokens
from mwkb.vocabulary import RDF, RDFS, SH, SKOS, XSD

_FIRST = (RDF + "type", RDFS + "label", SKOS + "prefLabel", SKOS + "notation", SKOS + "definition")
_PLAIN = {XSD + "integer", XSD + "decimal", XSD + "boolean"}
_QUERIES = (SH + "select", SH + "ask")


class Notation:
    """Writes texts of a page that lies ``root`` below the site's own folder."""

    def __init__(self, things: Mapping[str, Thing], statements: Statements, root: str = "../") -> None:
        self._things, self._statements, self._root = things, statements, root

    def turtle(self, subject: str) -> Markup:
        """All that is stated of a thing, its prefixes first."""
        used: set[str] = set()
        body = self._named(subject, used) + self._pairs(subject, used, "    ") + "\n."
        lines = [
            f'<span class="k">PREFIX</span> {escape(p)}: <span class="i">&lt;{escape(self._statements.prefixes[p])}&gt;</span>'
            for p in sorted(used)
        ]
        return Markup("\n".join([*lines, "", body]))

    def _pairs(self, subject: str, used: set[str], indent: str) -> str:
        grouped: dict[str, list[Node]] = {}
        for predicate, value in self._statements.of(subject):
            grouped.setdefault(predicate, []).append(value)
        order = sorted(grouped, key=lambda p: (_FIRST.index(p) if p in _FIRST else len(_FIRST), self._statements.shorten(p)))
        lines = []
        for predicate in order:
            name = '<span class="k">a</span>' if predicate == RDF + "type" else self._named(predicate, used)
            values = [self._value(value, used, indent, predicate) for value in grouped[predicate]]
            parted = f" ,\n{indent}    ".join(values)
            lines.append(f"\n{indent}{name}" + (f"\n{indent}    " if len(values) > 1 else " ") + parted + " ;")
        return "".join(lines)

    def _value(self, value: Node, used: set[str], indent: str, predicate: str) -> str:
        if isinstance(value, NamedNode):
            return self._named(value.value, used)
        if isinstance(value, BlankNode):
            items = self._list(value)
            if items is not None:
                return "( " + " ".join(self._value(item, used, indent, predicate) for item in items) + " )"
            return "[" + self._pairs(str(value), used, indent + "    ") + f"\n{indent}]"
        if not isinstance(value, Literal):
            return str(escape(str(value)))
        if predicate in _QUERIES:
            return f'<span class="s">"""</span>{self.sparql(value.value, self._statements.prefixes)}<span class="s">"""</span>'
        if value.datatype.value in _PLAIN:
            return f'<span class="s">{escape(value.value)}</span>'
        quoted = str(Literal(value.value))
        if value.language:
            return f'<span class="s">{escape(quoted)}@{escape(_tag(value.language))}</span>'
        kind = "" if value.datatype.value == XSD + "string" else "^^" + self._named(value.datatype.value, used)
        return f'<span class="s">{escape(quoted)}</span>{kind}'

    def _list(self, node: BlankNode) -> list[Node] | None:
        """The items of an RDF list, or None if the node is none."""
        items: list[Node] = []
        current: Node = node
        while isinstance(current, BlankNode):
            said = dict(self._statements.of(str(current)))
            if RDF + "first" not in said:
                return None
            items.append(said[RDF + "first"])
            current = said[RDF + "rest"]
        return items

    def _named(self, iri: str, used: set[str]) -> str:
        short = self._statements.shorten(iri)
        if short != iri:
            used.add(short.partition(":")[0])
        return self._link(iri, escape(short if short != iri else f"<{iri}>"))

    def _link(self, iri: str, text: Markup) -> str:
        thing = self._things.get(iri)
        return f'<a href="{self._root}{thing.path}">{text}</a>' if thing else f'<span class="i">{text}</span>'

    def sparql(self, text: str, prefixes: Mapping[str, str] | None = None) -> Markup:
        """A SPARQL text without the header of its file."""
        text = re.sub(r"^#\+.*\n?", "", text, flags=re.MULTILINE).strip("\n")
        known = prefixes_of(text) if prefixes is None else prefixes
        parts: list[str] = []
        end = 0
        for token in tokens(text):
            parts.append(text[end : token.start])
            end = token.end
            written = escape(token.text)
            if token.kind == "name":
                prefix, _, local = token.text.partition(":")
                parts.append(self._link(known.get(prefix, "") + local, written))
            elif token.kind == "iri":
                parts.append(self._link(token.text[1:-1], written))
            elif letter := {"comment": "c", "string": "s", "number": "s", "variable": "v", "word": "k"}.get(token.kind):
                parts.append(f'<span class="{letter}">{written}</span>')
            else:
                parts.append(str(written))
        return Markup("".join(parts))


def _tag(language: str) -> str:
    """A language tag as it is written: the store keeps it in lower case, and a country is in capitals."""
    return re.sub(r"-[a-z]{2}$", lambda country: country.group().upper(), language)
