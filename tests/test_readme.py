"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.testing import CliRunner

from mwkb import files
from mwkb.cli import app

README = (files.root() / "README.md").read_text(encoding="utf-8")
BLOCKS = [block for block in re.findall(r"(?m)(?:^(?: {4}.*)?\n)+", README) if block.lstrip().startswith("$ mwkb")]


def test_there_are_transcripts() -> None:
    assert len(BLOCKS) >= 2


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.strip().splitlines()[0])
def test_every_line_of_a_transcript_is_printed_in_that_order(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files.root())
    command, *lines = (line[4:].rstrip() for line in block.strip("\n").splitlines())
    printed = iter(CliRunner().invoke(app, shlex.split(command.removeprefix("$ mwkb "))).stdout.splitlines())
    for line in lines:
        if line and line != "...":
            assert line in printed, f"not printed, or not in this place: {line}"


def test_every_link_to_a_file_leads_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (files.root() / target).exists(), target
