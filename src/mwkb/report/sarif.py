"""An assessment as SARIF 2.1.0, for tools that show results of analysis beside the lines of a file."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from mwkb.assessment import Assessment
from mwkb.knowledge import Knowledge
from mwkb.problems import Place
from mwkb.report.faults import Fault, faults
from mwkb.validate import Severity
from mwkb.vocabulary import RULE, SHAPE, local_name

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
LEVELS: dict[Severity, str] = {"violation": "error", "warning": "warning", "info": "note"}


def assessment_sarif(found: Assessment, knowledge: Knowledge) -> str:
    """One run with a result for each fault, and the shapes and rules that they come from."""
    every = faults(found)
    rules = sorted({fault.rule for fault in every})
    driver = {
        "name": "mwkb",
        "version": found.mwkb_version,
        "informationUri": "https://w3id.org/mwkb/ontology",
        "rules": [_rule(rule, found, knowledge) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(fault, rules.index(fault.rule)) for fault in every],
        "properties": {"knowledgeVersion": found.knowledge_version, "parameters": dict(found.parameters)},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: str, found: Assessment, knowledge: Knowledge) -> dict[str, Any]:
    if RULE + rule in knowledge.rules_by_iri:
        known = knowledge.rules_by_iri[RULE + rule]
        title, text, warrant = known.file.title, known.file.description, "; ".join(map(str, knowledge.warrant(known)))
        level, iri = "warning", known.iri
    else:
        check = next(check for check in found.checks if local_name(check.shape) == rule)
        title, text, warrant, level, iri = check.name, check.message, check.warrant, LEVELS[check.severity], SHAPE + rule
    return {
        "id": rule,
        "shortDescription": {"text": title},
        "fullDescription": {"text": text},
        "help": {"text": f"Rests on: {warrant}." if warrant else text},
        "defaultConfiguration": {"level": level},
        "properties": {"iri": iri},
    }


def _result(fault: Fault, index: int) -> dict[str, Any]:
    key = "\x1f".join((fault.rule, *fault.key)).encode()
    return {
        "ruleId": fault.rule,
        "ruleIndex": index,
        "level": LEVELS[fault.severity],
        "message": {"text": f"{fault.title}: {fault.message}"},
        "locations": [_location(fault.place)],
        "partialFingerprints": {"mwkbFault/v1": hashlib.sha256(key).hexdigest()},
    }


def _location(place: Place) -> dict[str, Any]:
    """A file below the working folder is named relative to it, as services that know the checkout want it."""
    path = PurePath(place.file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    artifact = {"uri": path.as_uri()} if path.is_absolute() else {"uri": quote(os.fsencode(path)), "uriBaseId": "%SRCROOT%"}
    location = {
        "physicalLocation": {"artifactLocation": artifact, **({"region": {"startLine": place.line}} if place.line else {})}
    }
    return {**location, **({"logicalLocations": [{"fullyQualifiedName": place.cell}]} if place.cell else {})}
