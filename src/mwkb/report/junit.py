"""An assessment as JUnit XML, for services that show the results of tests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as Xml

from mwkb.assessment import Assessment
from mwkb.problems import Place
from mwkb.report.faults import conclusion, gaps_and_questions, said
from mwkb.report.words import TITLES, named
from mwkb.shapebook import Check
from mwkb.validate import SEVERITIES, Breach, Result, Severity
from mwkb.vocabulary import local_name

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def assessment_junit(found: Assessment, fail_on: Severity | None) -> str:
    """Two suites: a case for each check of the plan, and one for each gap and question.

    A case fails at or above ``fail_on``, so that a service shows red where the command exits with 1;
    what lies below is said in the case's output. A check with nothing to look at is skipped.
    """
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on else ()
    checked = Xml.Element("testsuite", name=f"Validation of {found.file}")
    for check in found.checks:
        _checked(checked, found, check, failing)
    concluded = Xml.Element("testsuite", name=f"Gaps and questions in {found.file}")
    for suite in (checked, concluded):
        _versions(suite, found)
    for finding in gaps_and_questions(found):
        name = f"{named(finding.about)} ({finding.id})"
        case = _case(concluded, TITLES[finding.kind][0], name, finding.place)
        _say(case, finding.severity, [(finding.place, conclusion(finding))], failing)
    root = Xml.Element("testsuites", name="mwkb")
    for suite in (checked, concluded):
        if suite.find("testcase") is not None:
            root.append(suite)
            _count(suite, suite)
    _count(root, root)
    return _text(root)


def _checked(suite: Xml.Element, found: Assessment, check: Check, failing: Sequence[Severity]) -> None:
    broken = {Breach(check.shape, focus) for focus in check.found}
    results = [result for result in found.validation if not broken.isdisjoint(result.breaches)]
    case = _case(suite, check.part, f"{check.name} ({local_name(check.shape)})", results[0].place if results else None)
    if results:
        _say(case, check.severity, [(r.place, _titled(r)) for r in results], failing)
    elif not check.looked_at:
        Xml.SubElement(case, "skipped", message="The plan has no such entry.")


def _versions(suite: Xml.Element, found: Assessment) -> None:
    properties = Xml.SubElement(suite, "properties")
    for name, value in (("mwkb", found.mwkb_version), ("knowledge base", found.knowledge_version)):
        Xml.SubElement(properties, "property", name=name, value=value)


def _titled(result: Result) -> str:
    return f"{result.about}: {said(result)}" if result.about else said(result)


def _case(suite: Xml.Element, group: str, name: str, place: Place | None) -> Xml.Element:
    where = {"file": place.file, **({"line": str(place.line)} if place.line else {})} if place else {}
    return Xml.SubElement(suite, "testcase", {"classname": group, "name": name, "time": "0", **where})


def _say(case: Xml.Element, severity: Severity, items: Sequence[tuple[Place | None, str]], failing: Sequence[Severity]) -> None:
    lines = [f"{place}: {text}" if place else text for place, text in items]
    if severity in failing:
        Xml.SubElement(case, "failure", type=severity, message=items[0][1]).text = "\n".join(lines)
    else:
        Xml.SubElement(case, "system-out").text = "\n".join(f"{severity}: {line}" for line in lines)


def _count(element: Xml.Element, within: Xml.Element) -> None:
    counts: Mapping[str, str] = {"tests": "testcase", "failures": "failure", "skipped": "skipped"}
    for attribute, tag in counts.items():
        element.set(attribute, str(sum(1 for _ in within.iter(tag))))
    element.set("errors", "0")


def _text(root: Xml.Element) -> str:
    for element in root.iter():
        element.text = element.text and _ILLEGAL.sub("\ufffd", element.text)
        element.attrib.update({name: _ILLEGAL.sub("\ufffd", value) for name, value in element.attrib.items()})
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"
