"""The version of the knowledge base and what it owes to what changed, for a person."""

from __future__ import annotations

from collections.abc import Sequence

from mwkb.report.text import wrapped
from mwkb.report.words import numbered
from mwkb.revision.record import Record
from mwkb.revision.things import shortened
from mwkb.revision.version import Change, demanded

MANY = 8
"""Up to how many things that changed in the same way are all named."""


def version_text(version: str, record: Record | None, found: Sequence[Change]) -> str:
    """What the version is, what changed since the last release and which version that demands at least."""
    if record is None:
        return f"Version {version}. No version is recorded as released.\n"
    lines = [f"Version {version}, after {record.version}."]
    if not found:
        return f"{lines[0]}\nNothing is changed since {record.version}.\n"
    groups: dict[tuple[str, str, str], list[str]] = {}
    for change in found:
        groups.setdefault((change.level, change.how, change.kind), []).append(shortened(change.iri))
    lines += [f"Since {record.version}, {numbered(len(found), 'thing', 'things')} changed, which demands "
              f"{demanded(record.version, found[0].level)} at least:"]  # fmt: skip
    for (level, how, kind), names in groups.items():
        more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
        plural = "queries" if kind == "query" else f"{kind}s"
        lines.append(
            wrapped(f"{numbered(len(names), kind, plural)} {how} ({level}): {', '.join(names[:MANY])}{more}", "  ", "    ")
        )
    return "\n".join(lines) + "\n"
