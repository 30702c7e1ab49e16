"""An assessment as workflow commands of GitHub Actions, which annotate the lines of a plan."""

from __future__ import annotations

from mwkb.assessment import Assessment
from mwkb.problems import printable
from mwkb.report.faults import Fault, faults
from mwkb.report.words import versions
from mwkb.validate import Severity

COMMANDS: dict[Severity, str] = {"violation": "error", "warning": "warning", "info": "notice"}


def assessment_github(found: Assessment) -> str:
    """A command for each fault, the gravest first, since only so many are shown; then what they were found by."""
    made = versions(found.mwkb_version, found.knowledge_version)
    return "".join(line + "\n" for line in (*map(_command, faults(found)), made))


def _command(fault: Fault) -> str:
    given = {
        "file": fault.place.file,
        "line": str(fault.place.line or ""),
        "title": f"{fault.title} ({fault.rule})" + (f", {fault.place.cell}" if fault.place.cell else ""),
    }
    properties = ",".join(f"{name}={_property(value)}" for name, value in given.items() if value)
    return f"::{COMMANDS[fault.severity]} {properties}::{_data(fault.message)}"


def _data(text: str) -> str:
    """A text in which no line ends, so that nothing in a plan can begin another command, and that steers no terminal."""
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
