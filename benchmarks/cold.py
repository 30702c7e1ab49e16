"""One plan from the command line: a process from start to exit, against pySHACL and against the floor."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, by_turns, mwkb, process, python
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


def measure(pairs: int, slow_pairs: int) -> dict[str, Any]:
    """Seconds of each command, and the ratios that the goals speak of."""
    with tempfile.TemporaryDirectory() as folder:
        plan, base = Path(folder) / "plan.ttl", Path(folder) / "knowledge.ttl"
        plan.write_bytes(written(read_plan(EXAMPLE), form(knowledge.load()), ".ttl"))
        every = [*files.ontology_files(), *files.fact_files()]
        base.write_text("\n".join(path.read_text(encoding="utf-8") for path in every), encoding="utf-8")
        both = Path(folder) / "all.ttl"
        both.write_text(base.read_text(encoding="utf-8") + "\n" + plan.read_text(encoding="utf-8"), encoding="utf-8")
        shapes = str(files.shape_file("plan"))
        program = str(Path(sys.executable).with_name("pyshacl"))

        def pyshacl(*options: str) -> Any:
            return process(program, "-s", shapes, *options, str(both))

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
        # The slow ones in turn with the fast one, so that their ratio is of the same minutes.
        slow = by_turns(
            {
                "mwkb validate": mwkb("validate", str(EXAMPLE)),
                "pyshacl": pyshacl(),
                "pyshacl -a -i rdfs": pyshacl("-a", "-i", "rdfs"),
                "pyshacl -a -i owlrl": pyshacl("-a", "-i", "owlrl"),
            },
            slow_pairs,
        )
    validate = seconds["mwkb validate"]
    return {
        "seconds": seconds | {name: value for name, value in slow.items() if name != "mwkb validate"},
        "ratios": {
            "pyshacl -a -i owlrl / validate": slow["pyshacl -a -i owlrl"] / slow["mwkb validate"],
            "pyshacl -a -i rdfs / validate": slow["pyshacl -a -i rdfs"] / slow["mwkb validate"],
            "pyshacl / validate": slow["pyshacl"] / slow["mwkb validate"],
            "validate / floor": validate / seconds["floor"],
            "assess / validate": seconds["mwkb assess"] / validate,
            "--help / import typer, rich": seconds["mwkb --help"] / seconds["import typer, rich"],
        },
    }
