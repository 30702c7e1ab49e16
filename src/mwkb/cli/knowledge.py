"""Commands about knowledge: show and search; and info about the program. The queries have a file of their own."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.options import FormatOption, OutputOption
from mwkb.cli.output import ROWS, Format, chosen, emit, table
from mwkb.problems import InputProblem, nearest

if TYPE_CHECKING:
    from mwkb.knowledge import Knowledge


def show(
    name: Annotated[str, typer.Argument(help="A short name, label or IRI: 6iii, 'fuel poverty', kb:risk-debt.")],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show everything that is known of a term or fact, its sources, and what links to it."""
    from mwkb import knowledge as knowledge_base
    from mwkb.card import card
    from mwkb.report.card import card_text

    picked = chosen(form, output, (Format.TEXT, Format.JSON))
    knowledge = knowledge_base.load()
    found = card(knowledge, knowledge.find(name))
    if picked is Format.JSON:
        from mwkb.report.structured import plain

        emit(json.dumps(plain(found), ensure_ascii=False, indent=2) + "\n", output)
    else:
        emit(card_text(found), output)


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="Words that stand in it.", show_default=False)],
    kind: Annotated[str, typer.Option(metavar="KIND", help="Only things of this kind, such as intervention.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many.")] = 20,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Find terms and facts by words in their names, definitions and statements."""
    from mwkb import knowledge as knowledge_base
    from mwkb import vocabulary
    from mwkb.report.structured import plain, table_csv
    from mwkb.search import hint
    from mwkb.search import search as find

    picked = chosen(form, output, ROWS)
    knowledge = knowledge_base.load()
    if kind:
        known = {knowledge.kind(iri) for iri in knowledge.names}
        if kind.casefold() not in {name.casefold() for name in known}:
            raise InputProblem(f"There is no kind '{kind}'.", remedy=nearest(kind, known) or "See the column 'kind' of a search.")
    wanted = " ".join(words)
    found = find(knowledge, wanted, kind)
    columns = ("name", "kind", "id", "text")
    rows = [(match.label, match.kind, vocabulary.compact(match.iri), match.text) for match in found[:limit]]
    if picked is Format.JSON:
        emit(json.dumps(plain(found[:limit]), ensure_ascii=False, indent=2) + "\n", output)
    elif picked is Format.CSV:
        emit(table_csv(columns, rows), output)
    elif found:
        # The name is not said twice where it is what matched.
        emit(table(columns, [(*row[:3], row[3] if row[3] != row[0] else "") for row in rows]), output)
    if not found:
        of_that_kind = f" of the kind '{kind}'" if kind else ""
        print(f"Nothing{of_that_kind} holds '{wanted}'. {hint(knowledge, wanted)}".rstrip(), file=sys.stderr)
    elif len(found) > limit:
        print(f"and {len(found) - limit} more; see --limit", file=sys.stderr)


def info(form: FormatOption = None, output: OutputOption = None) -> None:
    """Show versions, what the knowledge base holds and which parameters are in force."""
    from mwkb import knowledge as knowledge_base

    picked = chosen(form, output, (Format.TEXT, Format.JSON))
    content = _facts(knowledge_base.load())
    if picked is Format.JSON:
        emit(json.dumps(content, ensure_ascii=False, indent=2) + "\n", output)
    else:
        width = max(map(len, content))
        emit("".join(f"{key:<{width}}  {value}\n" for key, value in content.items()), output)


def _facts(knowledge: Knowledge) -> dict[str, str | int]:
    import platform
    from importlib.metadata import version

    from mwkb import __version__
    from mwkb.ask import catalogue
    from mwkb.parameters import in_force
    from mwkb.vocabulary import MWKB

    counted = (
        "Step",
        "CommissioningArea",
        "Intervention",
        "Outcome",
        "RiskFactor",
        "ProtectiveFactor",
        "PopulationGroup",
        "Statistic",
        "Reference",
        "Indicator",
        "MatrixCell",
    )
    return {
        "mwkb": __version__,
        "knowledge base": knowledge.version,
        "Python": platform.python_version(),
        **{f"engine {name}": version(name) for name in ("pyoxigraph", "pyshifty", "pyshacl", "rdflib")},
        **{knowledge.label(MWKB + name): len(knowledge.subjects("rdf:type", MWKB + name)) for name in counted},
        "rule": len(knowledge.rules),
        "query": len(catalogue()),
        "triple": len(knowledge.store),
        **{f"parameter {name}": value for name, value in in_force(knowledge).items()},
    }
