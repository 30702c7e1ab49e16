"""Many plans, each assessed alone: cost per plan as there are more, one process against two, memory."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from benchmarks.measure import peak_memory, shared_knowledge
from benchmarks.plans import plan_text
from mwkb.assessment import assess
from mwkb.plan.tree import read_tree

CHUNK = 25
"""The plans that a worker takes at once."""
WORKER = "import sys; sys.path.insert(0, '.'); from benchmarks.many import assess_range; assess_range(0, int(sys.argv[1]))"


def assess_range(first: int, last: int) -> int:
    """Read and assess the plans with these numbers; how many findings there are, so that nothing is left out."""
    know = shared_knowledge()
    return sum(
        len(assess(read_tree(plan_text(number), f"plan-{number}.json"), knowledge=know).findings) for number in range(first, last)
    )


def measure(sizes: tuple[int, ...], throughput_of: int) -> dict[str, Any]:
    """Seconds per plan at each size, the throughput of two processes against one, and memory."""
    assess_range(0, 5)
    per_plan = {}
    for size in sizes:
        started = time.perf_counter()
        assess_range(0, size)
        per_plan[size] = (time.perf_counter() - started) / size
    least, most = min(per_plan.values()), max(per_plan.values())
    processes = {count: _throughput(count, throughput_of) for count in (1, 2)}
    memory = {size: peak_memory(WORKER, str(size)) for size in sizes if size <= 1_000}
    return {
        "seconds per plan": per_plan,
        "spread": most / least,
        "plans per second": processes,
        "two processes / one": processes[2] / processes[1],
        "memory of a worker": memory,
    }


def _throughput(count: int, plans: int) -> float:
    """Plans per second, once the workers are up."""
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        list(pool.map(assess_range, [0] * count * 2, [2] * count * 2))  # all have the knowledge base
        started = time.perf_counter()
        chunks = range(0, plans, CHUNK)
        list(pool.map(assess_range, chunks, [min(first + CHUNK, plans) for first in chunks]))
        return plans / (time.perf_counter() - started)
