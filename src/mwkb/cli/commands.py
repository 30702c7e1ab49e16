"""The commands of the program: where each lies, so that only the one that is asked for is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS = {"help_option_names": ["-h", "--help"]}

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "Plans": {
        "assess": "plans",
        "validate": "plans",
        "recommend": "plans",
        "gaps": "plans",
        "explain": "explain",
        "compare": "compare",
        "mend": "choose",
        "portfolio": "choose",
        "template": "submission",
        "convert": "submission",
    },
    "Knowledge": {"query": "query", "queries": "query", "show": "knowledge", "search": "knowledge"},
    "Ontology engineering": {
        "report": "engineering",
        "fmt": "engineering",
        "export": "export",
        "rules": "rules",
        "docs": "docs",
    },
    "Service": {"info": "knowledge"},
}
"""By what they are for: each command with the module that has it as a function, or as a Typer of further commands."""


class Commands(TyperGroup):
    """The commands in the order of the table."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for panel in COMMANDS.values() for name in panel]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        module = next((panel[cmd_name] for panel in COMMANDS.values() if cmd_name in panel), None)
        if module is None:
            return None
        found = getattr(import_module(f"mwkb.cli.{module}"), cmd_name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=SETTINGS)
            alone.command(cmd_name)(found)
            found = alone
        return typer.main.get_command(found)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for panel, names in COMMANDS.items():
            with formatter.section(panel):
                formatter.write_dl([(name, self.get_command(ctx, name).get_short_help_str(limit=200)) for name in names])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        self.commands = dict.fromkeys(self.list_commands(ctx), self)  # what Typer looks for a similar name in
        return super().resolve_command(ctx, args)
