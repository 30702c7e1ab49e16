"""One plan from the command line: a process from start to exit, against the floor."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, by_turns, mwkb, python
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
        "ratios": {
            "validate / floor": validate / seconds["floor"],
            "assess / validate": seconds["mwkb assess"] / validate,
            "--help / import typer, rich": seconds["mwkb --help"] / seconds["import typer, rich"],
        },
    }
