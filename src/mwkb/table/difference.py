"""What a table says that the knowledge base does not: changed facts and new ones, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from mwkb.knowledge import Knowledge, Term
from mwkb.problems import InputProblem, Place
from mwkb.table.called import Called, Named
from mwkb.table.columns import Column
from mwkb.table.homes import Homes, can_be_new, links
from mwkb.table.ids import Ids
from mwkb.table.kind import Kind
from mwkb.table.read import Cell, Read, Row
from mwkb.table.values import lines, parsed, shown
from mwkb.vocabulary import KB, RDF, SKOS, local_name
from mwkb.workbook.names import folded

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME, _NUMBER = SKOS + "prefLabel", SKOS + "notation"


@dataclass(frozen=True)
class Edit:
    """The values of one property that come and go."""

    column: Column
    place: Place
    gone: tuple[Term, ...]
    come: tuple[Term, ...]


@dataclass(frozen=True)
class FactChange:
    """A fact that is changed or new; ``types`` are those of a new one, ``places`` the cell of each property."""

    iri: str
    kind: Kind
    name: str
    file: str
    edits: tuple[Edit, ...]
    types: tuple[str, ...]
    place: Place
    places: Mapping[str, Place]

    @property
    def come(self) -> list[Triple]:
        node, kinds = NamedNode(self.iri), [NamedNode(kind) for kind in self.types]
        said = [(NamedNode(edit.column.iri), value) for edit in self.edits for value in edit.come]
        return [Triple(node, term, value) for term, value in [*((NamedNode(RDF + "type"), kind) for kind in kinds), *said]]

    @property
    def gone(self) -> list[Triple]:
        return [Triple(NamedNode(self.iri), NamedNode(e.column.iri), value) for e in self.edits for value in e.gone]


@dataclass(frozen=True)
class Difference:
    """The facts that change, in the order of the table; those that the table leaves out; and what is refused."""

    changes: tuple[FactChange, ...]
    absent: tuple[tuple[Kind, tuple[str, ...]], ...]
    refused: tuple[InputProblem, ...]
    called: Called


def difference(knowledge: Knowledge, table: Read) -> Difference:
    """Compare a table with the knowledge base."""
    return _Comparison(knowledge, table).difference()


class _Comparison:
    def __init__(self, knowledge: Knowledge, table: Read) -> None:
        self.knowledge, self.table = knowledge, table
        self.columns, self.homes, self.ids = table.asked, Homes(knowledge), Ids(knowledge)
        self.refused = list(table.refused)
        self.before = Called(knowledge)

    def difference(self) -> Difference:
        rows = list(self._identified())
        self.after = Called(self.knowledge, [self._named(iri, row) for iri, row in rows])
        edited = [(iri, row, tuple(self._edits(iri, row))) for iri, row in rows]
        placed = [each for each in edited if self._may_stand(each[0], each[1])]
        new = [each for each in placed if each[0] not in self.knowledge.names]
        said = [Triple(NamedNode(i), NamedNode(e.column.iri), value) for i, _, edits in edited for e in edits for value in e.come]
        files = self._files(new, said)
        changes = tuple(
            self._change(iri, row, edits, files.get(iri) or self.homes.of(iri))
            for iri, row, edits in edited
            if edits or iri not in self.knowledge.names
        )
        there = {iri for iri, _ in rows}
        absent = ((kind, tuple(fact for fact in kind.facts if fact not in there | kind.deprecated)) for kind in self.table.kinds)
        return Difference(changes, tuple((k, facts) for k, facts in absent if facts), tuple(self.refused), self.after)

    def _refuse(self, what: str, place: Place, remedy: str = "") -> None:
        self.refused.append(InputProblem(what, place, remedy))

    def _identified(self) -> Iterator[tuple[str, Row]]:
        """The rows, each with the IRI of its fact; those that cannot be told are refused."""
        taken: dict[str, Place] = {}
        written = {KB + row.id.text.removeprefix(KB).removeprefix("kb:") for row in self.table.rows if row.id.text}
        for row in self.table.rows:
            name = row.cells[_NAME].text if _NAME in row.cells else ""
            iri = KB + row.id.text.removeprefix(KB).removeprefix("kb:") if row.id.text else self.ids.made(row)
            local = iri.removeprefix(KB)
            if not row.id.text and not local:
                self._refuse("The row has neither id nor name.", row.id.place, "Write the name of the fact, or take the row out.")
            elif not _ID.fullmatch(local):
                remedy = "Use small letters, digits and single hyphens between them, or leave it empty."
                self._refuse(f"'{row.id.text}' cannot be an id.", row.id.place, remedy)
            elif iri in self.knowledge.names and iri not in row.kind.facts:
                what = f"{local} is of the kind {self.knowledge.kind(iri)}, and not {row.kind.label}."
                self._refuse(what, row.id.place, "Give the fact an id of its own.")
            elif iri in self.knowledge.names and not row.id.text:
                what = f"There is a fact {local} already: {self.before.name(iri)}."
                self._refuse(what, row.id.place, "Write its id if you mean it, or give the new fact another name or an id.")
            elif iri in taken:
                self._refuse(
                    f"The id {local} is given twice.", row.id.place, f"It stands in {taken[iri].cell} too. Keep one row."
                )
            elif iri not in self.knowledge.names and (old := self._renamed(row, name, written)):
                what = f"The id of '{name}' is {local_name(old)}, and an id never changes."
                self._refuse(what, row.id.place, "Write it here again; the name may change.")
            else:
                taken[iri] = row.id.place
                yield iri, row

    def _renamed(self, row: Row, name: str, written: set[str]) -> str:
        """The fact of the same kind and name that has no row, if a row with another id stands for it."""
        same = (fact for fact in row.kind.facts if folded(self.knowledge.label(fact)) == folded(name))
        return next((fact for fact in same if fact not in written), "")

    def _named(self, iri: str, row: Row) -> Named:
        label = row.cells[_NAME].text if _NAME in row.cells else self.knowledge.label(iri)
        printed = any(self.knowledge.number_printed(fact) for fact in row.kind.facts)
        number = row.cells[_NUMBER].text if printed and _NUMBER in row.cells else ""
        return Named(iri, label, row.kind.iri, number)

    def _edits(self, iri: str, row: Row) -> Iterator[Edit]:
        for term, cell in row.cells.items():
            column = self.table.columns[row.kind.iri][term]
            values = self.columns.said(iri, term)
            stood = shown(self.before, column, values)
            if cell.text.strip() == "\n".join(stood).strip():
                continue
            kept = list(self._read(column, cell, stood))
            gone = tuple(value for value in values if value not in kept)
            come = tuple(value for value in dict.fromkeys(kept) if value not in values)
            if None not in kept and (gone or come):
                yield Edit(column, cell.place, gone, tuple(value for value in come if value is not None))

    def _read(self, column: Column, cell: Cell, stood: Mapping[str, Sequence[Term]]) -> Iterator[Term | None]:
        """The values of a cell; a line that stood there stays the very value, and None stands for one that is refused."""
        for line in lines(column, cell.text):
            if line in stood:
                yield from stood[line]
                continue
            try:
                yield parsed(self.after, column, line)
            except InputProblem as problem:
                self._refuse(problem.what, cell.place, problem.remedy)
                yield None

    def _may_stand(self, iri: str, row: Row) -> bool:
        """Whether a fact may stand in the file that its row names, if it names one; else it is refused."""
        file, there = row.file.text, self.homes.of(iri)
        if there and file and file != there:
            self._refuse(f"The fact stands in {there}, and stays there.", row.file.place, "Write that file here again.")
        elif file and file not in self.homes.all and not can_be_new(file):
            remedy = "Write one that the column names, or that of a new one in the same folders, such as later-work.ttl."
            self._refuse(f"'{file}' cannot be a file of facts.", row.file.place, remedy)
        else:
            return True
        return False

    def _files(self, new: Sequence[tuple[str, Row, Sequence[Edit]]], said: Sequence[Triple]) -> dict[str, str]:
        """In which file each new fact goes: beside what it is linked to, among new facts too; else it is refused."""
        found: dict[str, str] = {}
        waiting = list(new)
        while waiting:
            left = []
            for iri, row, edits in waiting:
                ends = [link for triple in said for link in links(triple, iri)]
                possible = [row.file.text] if row.file.text else self.homes.new(row.kind.facts, ends)
                if len(possible) == 1:
                    found[iri] = possible[0]
                    self.homes.settle(iri, possible[0])
                else:
                    left.append((iri, row, edits))
            if len(left) == len(waiting):
                break
            waiting = left
        else:
            left = []
        for _, row, _ in left:
            where = ", ".join(self.homes.new(row.kind.facts, ()))
            self._refuse("It is not clear in which file the new fact goes.", row.file.place, f"Write one here: {where}.")
        return found

    def _change(self, iri: str, row: Row, edits: tuple[Edit, ...], file: str) -> FactChange:
        types: tuple[str, ...] = ()
        if iri not in self.knowledge.names:
            each = [{kind.value for kind in self.knowledge.objects(fact, "rdf:type")} for fact in row.kind.usual]
            types = tuple(sorted({row.kind.iri, *set.intersection(*each)}))
        places = {term: cell.place for term, cell in row.cells.items()}
        return FactChange(iri, row.kind, self.after.name(iri), file, edits, types, row.id.place, places)
