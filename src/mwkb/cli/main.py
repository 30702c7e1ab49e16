"""The ``mwkb`` program: its commands put together, and its errors shown."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper

import typer

from mwkb.cli.commands import SETTINGS, Commands
from mwkb.problems import InputProblem

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=SETTINGS,
    help="Check plans to commission mental wellbeing, recommend interventions, and explain every conclusion.",
    epilog="Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 bad usage or unreadable input.",
)


COLLECT = 200_000
"""Objects that are made before Python looks for some that nothing needs: a run is short."""
SWITCH = 0.0002
"""Seconds after which Python lets another thread go on: the usual 5 ms would have each file that is loaded wait as long."""


@app.callback()
def program() -> None:
    """What Typer wants of a program whose commands are not known before one is asked for."""


def main() -> None:
    """Run the program and end at once: Python would first take apart what it holds, for a tenth of the time of a validation."""
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(COLLECT)
    try:
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        code = 120  # as Python itself ends when the output cannot be written
    os._exit(code)


def run() -> None:
    """Run the program: one line for a problem, no traceback, 2 for bad input; Typer gives 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what a terminal cannot show is escaped; a closed stream is None
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except InputProblem as problem:
        _say(f"error: {problem}")
        sys.exit(2)
    except OSError as error:
        _say(f"error: {error.filename or 'The output'}: {error.strerror or error}")
        sys.exit(2)
    except MemoryError:
        _say("error: The input needs more memory than there is.")
        sys.exit(2)


def _say(text: str) -> None:
    print(text, file=sys.stderr)
