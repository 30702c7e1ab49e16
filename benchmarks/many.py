"""Many plans, each assessed alone: cost per plan as there are more, one process against two, memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, shared_knowledge
from benchmarks.plans import plan_text
from mwkb.assessment import assess
from mwkb.plan.tree import read_tree

CHUNK = 25
"""The plans that a worker takes at once."""
WORKER = "import sys; sys.path.insert(0, '.'); from benchmarks.many import one_after_another as run; run(*map(int, sys.argv[1:]))"


def assess_range(first: int, last: int) -> int:
    """Read and assess the plans with these numbers; how many findings there are, so that nothing is left out."""
    know = shared_knowledge()
    return sum(
        len(assess(read_tree(plan_text(number), f"plan-{number}.json"), knowledge=know).findings) for number in range(first, last)
    )


def one_after_another(*sizes: int) -> None:
    """Assess plan after plan in one process; print, once there are as many as each size, seconds and bytes of memory."""
    assess_range(0, 5)
    done, seconds = 0, 0.0
    for size in sizes:
        started = time.perf_counter()
        assess_range(done, size)
        done, seconds = size, seconds + time.perf_counter() - started
        print(json.dumps([size, seconds / size, _memory()]), flush=True)


def _memory() -> int:
    """The bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def measure(sizes: Sequence[int], throughput_of: int) -> dict[str, Any]:
    """Seconds per plan and memory at each size of one run, and the throughput of two processes against one."""
    command = [sys.executable, "-c", WORKER, *map(str, sizes)]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    per_plan = {size: seconds for size, seconds, _ in found}
    processes = {count: _throughput(count, throughput_of) for count in (1, 2)}
    return {
        "seconds per plan": per_plan,
        "spread": max(per_plan.values()) / min(per_plan.values()),
        "plans per second": processes,
        "two processes / one": processes[2] / processes[1],
        "memory of a worker": {size: memory for size, _, memory in found},
    }


def _throughput(count: int, plans: int) -> float:
    """Plans per second, once the workers are up."""
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        list(pool.map(assess_range, [0] * count * 2, [2] * count * 2))  # all have the knowledge base
        started = time.perf_counter()
        chunks = range(0, plans, CHUNK)
        list(pool.map(assess_range, chunks, [min(first + CHUNK, plans) for first in chunks]))
        return plans / (time.perf_counter() - started)
