"""What people call the choices of a list and the entries of a plan: looked up, and guessed where it is misspelt."""

from __future__ import annotations

from collections.abc import Iterable

from mwkb.problems import closest
from mwkb.undefined import FEW


def folded(text: str) -> str:
    """A text by which two that look the same are the same: in any case, with blanks of any kind and number."""
    return " ".join(text.split()).casefold()


class Names:
    """Labels that people write, each for the name that a plan writes. The names themselves may be written too.

    A label comes before a name: a number of a row is one, and an id may look like it. Other labels under
    which a thing is known, ``also``, come after the first.
    """

    def __init__(
        self, called: Iterable[tuple[str, str]], names: Iterable[str] = (), also: Iterable[tuple[str, str]] = ()
    ) -> None:
        called = list(called)
        self.labels = list(dict.fromkeys(label for label, _ in called))
        self._names = {*names, *(name for _, name in called)}
        self._meant: dict[str, set[str]] = {}
        for label, name in called:
            self._meant.setdefault(folded(label), set()).add(name)
        first = set(self._meant)
        self._others = [(label, name) for label, name in also if folded(label) not in first]
        for label, name in self._others:
            self._meant.setdefault(folded(label), set()).add(name)

    def find(self, text: str) -> str | None:
        """What a label or name means; None if it means nothing or several things."""
        meant = self._meant.get(folded(text), set())
        if meant:
            return next(iter(meant)) if len(meant) == 1 else None
        return text if text in self._names else None

    def is_of_several(self, text: str) -> bool:
        return len(self._meant.get(folded(text), ())) > 1

    def hint(self, text: str) -> str:
        """The label that was meant, with its number or without, or all labels if they are few."""
        written = {label.casefold(): label for label, _ in self._others}
        written |= {label.partition(" ")[2].casefold(): label for label in self.labels if label[:1].isdigit()}
        written |= {name: label for label in self.labels for name in self._meant[folded(label)]}
        written |= {label.casefold(): label for label in self.labels}
        near = closest(text.casefold(), written)
        if near:
            return f"Did you mean {written[near]}?"
        return f"Use one of: {', '.join(self.labels)}." if 0 < len(self.labels) <= FEW else ""
