"""How long the stages and rules of one run take; never part of a result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

Answer = TypeVar("Answer")


@dataclass
class Timings:
    """When each stage of a run began and ended, in seconds since ``started``, and the seconds of each rule.

    Stages may run side by side.
    """

    spans: list[tuple[str, float, float]] = field(default_factory=list)
    rules: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = self.together
        try:
            yield
        finally:
            self.spans.append((name, began, self.together))

    def timed(self, name: str, work: Callable[[], Answer]) -> Callable[[], Answer]:
        """Some work as a stage, whenever and wherever it is done."""

        def run() -> Answer:
            with self.stage(name):
                return work()

        return run

    def count(self, rules: Mapping[str, float]) -> None:
        """Add the seconds of some rules."""
        for rule, seconds in rules.items():
            self.rules[rule] = self.rules.get(rule, 0.0) + seconds

    @property
    def stages(self) -> dict[str, float]:
        """The seconds of each stage, in the order in which they began."""
        found: dict[str, float] = {}
        for name, began, ended in sorted(self.spans, key=lambda span: span[1]):
            found[name] = found.get(name, 0.0) + ended - began
        return found

    @property
    def together(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self.started
