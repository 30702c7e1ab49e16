"""mwkb: a knowledge base and rules engine for commissioning mental wellbeing.

>>> import mwkb
>>> assessment = mwkb.assess("plan.yaml")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mwkb.assessment import Assessment, assess
    from mwkb.problems import InputProblem

__version__ = "0.2.0"
__all__ = ["Assessment", "InputProblem", "assess"]


def __getattr__(name: str) -> Any:
    # Late, so that "mwkb --help" loads neither the store nor the engines.
    if name in ("Assessment", "assess"):
        from mwkb import assessment as module

        return getattr(module, name)
    if name == "InputProblem":
        from mwkb.problems import InputProblem

        return InputProblem
    raise AttributeError(f"module 'mwkb' has no attribute '{name}'")
