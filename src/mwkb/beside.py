"""Work beside other work: what is written in Rust lets Python go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

Answer = TypeVar("Answer")


def begun(work: Callable[[], Answer]) -> Callable[[], Answer]:
    """Begin something in a thread; what comes back waits for it and gives its answer, or raises what it raised."""
    answers: list[Answer] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as failure:  # raised again where the answer is wanted
            failures.append(failure)

    thread = Thread(target=run, daemon=True)
    thread.start()

    def answer() -> Answer:
        thread.join()
        if failures:
            raise failures[0]
        return answers[0]

    return answer
