"""Measure by turns: what is compared is run in the same minutes on the same machine, and only ratios are claimed."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import median

from mwkb import knowledge
from mwkb.knowledge import Knowledge

ROOT = Path(__file__).parents[1]
PAIRS = 5
"""How often each of the things compared is run; the median counts."""


def by_turns(jobs: Mapping[str, Callable[[], object]], pairs: int = PAIRS, warm_up: bool = True) -> dict[str, float]:
    """The median seconds of each job, run one after the other in turn; a first turn that warms up does not count."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(0 if warm_up else 1, pairs + 1):
        for name, job in jobs.items():
            gc.collect()
            started = time.perf_counter()
            job()
            if turn:
                taken[name].append(time.perf_counter() - started)
    return {name: median(seconds) for name, seconds in taken.items()}


def process(*arguments: str) -> Callable[[], None]:
    """A command of its own, from start to exit, whose output goes nowhere; it may end with 0 or 1."""

    def run() -> None:
        done = subprocess.run(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.decode()[-500:]}")

    return run


def python(code: str, *arguments: str) -> Callable[[], None]:
    return process(sys.executable, "-c", code, *arguments)


def mwkb(*arguments: str) -> Callable[[], None]:
    return process(str(Path(sys.executable).with_name("mwkb")), *arguments)


def peak_memory(code: str, *arguments: str) -> int:
    """The bytes of memory that a Python program held at most."""
    child = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise RuntimeError(f"The program ended with status {status}.")
    return usage.ru_maxrss * 1024


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The power of the size that the time grows with: the slope of a straight line through the logarithms."""
    from math import log

    xs, ys = [log(size) for size in sizes], [log(max(second, 1e-9)) for second in seconds]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / sum((x - middle_x) ** 2 for x in xs)


@cache
def shared_knowledge() -> Knowledge:
    """The knowledge base, loaded once in a process."""
    return knowledge.load()
