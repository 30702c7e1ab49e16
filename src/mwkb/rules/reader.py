"""Read rule files: split the SPARQL of each into head and conditions, and refuse what a proof could not show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mwkb import files
from mwkb.problems import InputProblem, Place
from mwkb.rules.rule import RDF_TYPE, Condition, Pattern, Rule
from mwkb.sparql import SparqlFile, Token, read_rule, tokens

_STARTERS = {"FILTER", "BIND", "VALUES", "OPTIONAL", "{", "MINUS", "GRAPH", "SERVICE", "SELECT"}


def parse(file: SparqlFile) -> Rule:
    """The structure of a rule. Raises InputProblem with file and line."""
    return _Reader(file).rule()


def load(paths: Sequence[Path] | None = None) -> tuple[Rule, ...]:
    """All rules that ship with mwkb, or those in ``paths``."""
    return tuple(parse(read_rule(path)) for path in (paths if paths is not None else files.rule_files()))


class _Reader:
    """Splits the text of one rule into head and conditions."""

    def __init__(self, file: SparqlFile) -> None:
        self.file, self.text = file, file.text
        self.tokens = list(tokens(file.text))
        self.prefixes: dict[str, str] = {}

    def problem(self, what: str, token: Token, remedy: str = "") -> InputProblem:
        line = self.text.count("\n", 0, token.start) + 1
        return InputProblem(what, Place(files.shown(self.file.path), line), remedy)

    def rule(self) -> Rule:
        plain = [t for t in self.tokens if t.kind != "comment"]
        words = [t.text.upper() for t in plain]
        for position, word in enumerate(words):
            if word == "PREFIX":
                self.prefixes[plain[position + 1].text] = plain[position + 2].text[1:-1]
        if "CONSTRUCT" not in words or "WHERE" not in words:
            raise self.problem("A rule is a CONSTRUCT with a WHERE.", plain[0] if plain else Token("", "", 0, 0))
        construct, where = plain[words.index("CONSTRUCT")], plain[words.index("WHERE")]
        prologue = "\n".join(
            line for line in self.text[: construct.start].splitlines() if line.strip() and not line.startswith("#")
        )
        head_block = self._block(self._position(construct) + 1)
        body_block = self._block(self._position(where) + 1)
        head = tuple(self._triples(head_block))
        rule = Rule(self.file, prologue, head, tuple(self._conditions(body_block)))
        self._check(rule, construct)
        return rule

    def _check(self, rule: Rule, at: Token) -> None:
        positive = [p for c in rule.conditions for p in (*c.needed, *c.optional)]
        bound = {part for pattern in positive for part in pattern.parts} | rule.assigned.keys()
        for pattern in rule.head:
            for part in pattern.parts:
                if part.startswith("?") and part not in bound:
                    raise self.problem(f"The head uses {part}, which no condition binds.", at)
        for pattern in (*rule.head, *positive, *(p for c in rule.conditions for p in (*c.absent, *c.gathered))):
            if pattern.predicate.startswith("?"):
                raise self.problem(f"The variable {pattern.predicate} stands for a property.", at, "Name the property.")
            if pattern.has_variable_class and not rule.assigned.get(pattern.object):
                raise self.problem(
                    f"The variable {pattern.object} stands for a class.",
                    at,
                    f"List the classes it may be: VALUES {pattern.object} {{ ... }}.",
                )

    def _position(self, token: Token) -> int:
        return self.tokens.index(token)

    def _block(self, position: int) -> list[Token]:
        """The tokens between the brace at ``position`` and its partner."""
        return self._enclosed(self.tokens, position)[0]

    def _enclosed(self, items: Sequence[Token], position: int) -> tuple[list[Token], int]:
        opening = items[position].text
        closing = {"{": "}", "(": ")"}.get(opening)
        if closing is None:
            raise self.problem("A '{' or '(' is expected here.", items[position])
        depth = 0
        for index in range(position, len(items)):
            if items[index].kind == "mark":
                depth += (items[index].text == opening) - (items[index].text == closing)
            if depth == 0:
                return list(items[position + 1 : index]), index + 1
        raise self.problem(f"A '{opening}' is not closed.", items[position])

    def _conditions(self, block: list[Token]) -> Iterator[Condition]:
        words: list[str] = []
        gathered: list[Condition] = []
        position = 0
        while position < len(block):
            token = block[position]
            if token.text == ".":
                position += 1
                continue
            if token.kind == "comment":
                if gathered:
                    yield self._joined(words, gathered)
                    words, gathered = [], []
                words.append(token.text.lstrip("# ").strip())
                position += 1
                continue
            condition, position = self._element(block, position)
            gathered.append(condition)
        if gathered:
            yield self._joined(words, gathered)

    @staticmethod
    def _joined(words: list[str], parts: list[Condition]) -> Condition:
        return Condition(
            " ".join(words),
            "\n".join(part.text for part in parts),
            tuple(p for part in parts for p in part.needed),
            tuple(p for part in parts for p in part.optional),
            tuple(p for part in parts for p in part.absent),
            "\n".join(part.absent_text for part in parts if part.absent_text),
            tuple(p for part in parts for p in part.gathered),
            "\n".join(part.gathered_text for part in parts if part.gathered_text),
            tuple(pair for part in parts for pair in part.assigned),
        )

    def _element(self, block: list[Token], start: int) -> tuple[Condition, int]:
        token = block[start]
        keyword = token.text.upper()
        following = block[start + 1].text.upper() if start + 1 < len(block) else ""
        if keyword == "FILTER" and following in ("NOT", "EXISTS"):
            if following == "EXISTS":
                raise self.problem("FILTER EXISTS is not used in rules.", token, "State the pattern itself.")
            inner, end = self._enclosed(block, start + 3)
            text = self.text[block[start + 3].start + 1 : block[end - 1].start]
            return Condition("", self._span(block, start, end), absent=tuple(self._every(inner)), absent_text=text), end
        if keyword in ("FILTER", "BIND"):
            opening = next(i for i in range(start + 1, len(block)) if block[i].text == "(")
            end = self._enclosed(block, opening)[1]
            if any(t.text.upper() == "EXISTS" for t in block[start:end]):
                raise self.problem("EXISTS inside an expression hides what the rule reads.", token)
            if any(block[i].text == "!" and block[i + 1].text.upper() == "BOUND" for i in range(start, end - 1)):
                raise self.problem("!BOUND hides that the rule asks for an absence.", token, "Write FILTER NOT EXISTS { ... }.")
            name = [t.text for t in block[start:end] if t.kind == "variable"][-1:] if keyword == "BIND" else []
            return Condition("", self._span(block, start, end), assigned=tuple((n, ()) for n in name)), end
        if keyword == "VALUES":
            inner, end = self._enclosed(block, next(i for i in range(start, len(block)) if block[i].text == "{"))
            listed = tuple(self._term(inner, i)[0] for i, t in enumerate(inner) if t.kind in ("iri", "name"))
            return Condition("", self._span(block, start, end), assigned=((block[start + 1].text, listed),)), end
        if keyword == "OPTIONAL":
            inner, end = self._enclosed(block, start + 1)
            return self._maybe(list(self._conditions(inner)), self._span(block, start, end)), end
        if token.text == "{":
            return self._gathering(block, start) if following == "SELECT" else self._alternatives(block, start)
        if keyword in ("MINUS", "GRAPH", "SERVICE", "SELECT"):
            raise self.problem(f"{keyword} is not used in rules.", token, "Write plain patterns and FILTER NOT EXISTS.")
        end = start
        while end < len(block) and block[end].kind != "comment" and block[end].text.upper() not in _STARTERS:
            end += 1
        if end == start:
            raise self.problem(f"'{token.text}' is not expected here.", token)
        return Condition("", self._span(block, start, end), needed=tuple(self._triples(block[start:end]))), end

    def _alternatives(self, block: list[Token], start: int) -> tuple[Condition, int]:
        branches: list[Condition] = []
        position = start
        while True:
            inner, position = self._enclosed(block, position)
            branches += self._conditions(inner)
            if position < len(block) and block[position].text.upper() == "UNION":
                position += 1
                continue
            return self._maybe(branches, self._span(block, start, position)), position

    def _gathering(self, block: list[Token], start: int) -> tuple[Condition, int]:
        """A subquery that counts or sums: what it selects, and the patterns that it gathers over."""
        inner, end = self._enclosed(block, start)
        words = [t.text.upper() for t in inner]
        if "WHERE" not in words or "GROUP" not in words:
            raise self.problem(
                "A subquery of a rule counts or sums.", block[start], "Write SELECT ... WHERE { ... } GROUP BY ..."
            )
        where = words.index("WHERE")
        body, _ = self._enclosed(inner, where + 1)
        given = [i for i in range(where) if (inner[i].kind == "variable" and words[i + 1] != ")") or words[i - 1] == "AS"]
        text = self.text[body[0].start : body[-1].end] if body else ""
        names: list[tuple[str, tuple[str, ...]]] = [("?" + inner[i].text[1:], ()) for i in given]
        names += [pair for part in self._conditions(body) for pair in part.assigned if pair[1]]
        return (
            Condition(
                "",
                self._span(block, start, end),
                gathered=tuple(self._every(body)),
                gathered_text=text,
                assigned=tuple(names),
            ),
            end,
        )

    @staticmethod
    def _maybe(parts: Sequence[Condition], text: str) -> Condition:
        """A condition whose patterns hold in some rows only."""
        return Condition(
            "",
            text,
            optional=tuple(p for part in parts for p in (*part.needed, *part.optional)),
            absent=tuple(p for part in parts for p in part.absent),
            gathered=tuple(p for part in parts for p in part.gathered),
            gathered_text="\n".join(part.gathered_text for part in parts if part.gathered_text),
            assigned=tuple(pair for part in parts for pair in part.assigned),
        )

    def _every(self, inner: list[Token]) -> Iterator[Pattern]:
        for part in self._conditions(inner):
            yield from (*part.needed, *part.optional, *part.absent, *part.gathered)

    def _span(self, block: list[Token], start: int, end: int) -> str:
        return self.text[block[start].start : block[end - 1].end]

    def _triples(self, block: Sequence[Token]) -> Iterator[Pattern]:
        """The triples of a block of patterns with ``;`` and ``,`` written out."""
        items = [t for t in block if t.kind != "comment"]
        position = 0
        while position < len(items):
            subject, position = self._term(items, position)
            while True:
                predicate, position = self._term(items, position, verb=True)
                while True:
                    value, position = self._term(items, position)
                    yield Pattern(subject, predicate, value)
                    mark = items[position] if position < len(items) else None
                    position += 1
                    if mark is None or mark.text != ",":
                        break
                while mark is not None and mark.text == ";" and position < len(items) and items[position].text == ";":
                    position += 1
                if mark is None or mark.text == "." or position >= len(items):
                    break
                if mark.text != ";":
                    raise self.problem(f"'{mark.text}' is not expected in a pattern.", mark, "Use plain triples.")
                if items[position].text == ".":
                    position += 1
                    break

    def _term(self, items: Sequence[Token], position: int, verb: bool = False) -> tuple[str, int]:
        if position >= len(items):
            raise self.problem("A triple is not finished.", items[-1])
        token = items[position]
        if verb and token.text == "a":
            return RDF_TYPE, position + 1
        if token.kind == "variable":
            return "?" + token.text[1:], position + 1
        if token.kind == "iri":
            return token.text[1:-1], position + 1
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix + ":" not in self.prefixes:
                raise self.problem(f"The prefix '{prefix}:' is not declared.", token)
            return self.prefixes[prefix + ":"] + local, position + 1
        if token.kind == "string":
            end = position + 1
            if end < len(items) and items[end].text.startswith("@"):
                end += 1
            elif end < len(items) and items[end].text == "^^":
                end += 2
            return self._span(list(items), position, end), end
        if token.kind == "number" or token.text in ("true", "false"):
            return token.text, position + 1
        raise self.problem(f"'{token.text}' is not expected in a pattern.", token, "Use plain triples.")
