"""The changelog, where it lies beside the knowledge base: its versions with what changed in each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from mwkb import files


@dataclass(frozen=True)
class Version:
    name: str
    changes: tuple[Markup, ...]


def changes() -> tuple[Version, ...]:
    """The versions of CHANGELOG.md from the newest; none where there is no such file, as in a wheel."""
    path = files.root() / "CHANGELOG.md"
    if not path.is_file():
        return ()
    found: list[tuple[str, list[str]]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("## "):
            found.append((line[3:].strip(), []))
        elif line.startswith("- ") and found:
            found[-1][1].append(line[2:].strip())
        elif line.strip() and found and found[-1][1]:
            found[-1][1][-1] += " " + line.strip()
    return tuple(Version(name, tuple(map(_marked, items))) for name, items in found)


def _marked(text: str) -> Markup:
    """A text of Markdown whose code is set as such, and whose links are their words."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
