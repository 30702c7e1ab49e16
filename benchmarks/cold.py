"""One plan from the command line: a process from start to exit, against the floor."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import PAIRS, ROOT, by_turns, mwkb, python
from mwkb import files, knowledge
from mwkb.form import form
from mwkb.plan import read_plan
from mwkb.submission import written

EXAMPLE = ROOT / "examples" / "oakmere.yaml"
FLOOR = """
import sys
from pyoxigraph import RdfFormat, Store
store = Store()
for path in sys.argv[1:]:
    store.bulk_load(path=path, format=RdfFormat.TURTLE)
"""

START, END = "start Python and import", "print and end"
STAGES = """
import gc, json, os, sys, time
from pathlib import Path
import mwkb.cli.plans
from mwkb.cli.main import COLLECT, SWITCH
gc.set_threshold(COLLECT)
sys.setswitchinterval(SWITCH)
from mwkb.opening import opened
from mwkb.timings import Timings
began, clock = time.time(), Timings()
knowledge, plan = opened(Path(sys.argv[1]), clock, "shifty")
from mwkb.assessment import assess
found = assess(plan, knowledge=knowledge, timings=clock, beside=True)
print(json.dumps([began, clock.spans]))
from mwkb.report import text
text.assessment(found)
sys.stdout.flush()
os._exit(0)
"""
"""What the command assess does, with a note of when."""


def spans() -> list[tuple[str, float, float]]:
    """Each stage of one cold run of ``mwkb assess``, from when to when, in seconds since it was begun."""
    begun = time.time()
    command = [sys.executable, "-c", STAGES, str(EXAMPLE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    ended = time.time() - begun
    began, found = json.loads(done.stdout)
    offset = began - begun
    shifted = [(name, first + offset, last + offset) for name, first, last in sorted(found, key=lambda span: span[1])]
    return [(START, 0.0, offset), *shifted, (END, max(last for _, _, last in shifted), ended)]


def measure(pairs: int) -> dict[str, Any]:
    """Seconds of each command, and the ratios that the goals speak of."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.ttl"
        plan.write_bytes(written(read_plan(EXAMPLE), form(knowledge.load()), ".ttl"))
        every = [*files.ontology_files(), *files.fact_files()]
        seconds = by_turns(
            {
                "floor": python(FLOOR, *map(str, every), str(plan)),
                "mwkb validate": mwkb("validate", str(EXAMPLE)),
                "mwkb assess": mwkb("assess", str(EXAMPLE)),
                "mwkb --help": mwkb("--help"),
                "import typer, rich": python("import typer, rich"),
            },
            pairs,
        )
    validate = seconds["mwkb validate"]
    return {
        "seconds": seconds,
        "spans": sorted((spans() for _ in range(PAIRS)), key=lambda run: run[-1][2])[PAIRS // 2],
        "ratios": {
            "validate / floor": validate / seconds["floor"],
            "assess / validate": seconds["mwkb assess"] / validate,
            "--help / import typer, rich": seconds["mwkb --help"] / seconds["import typer, rich"],
        },
    }
