"""Read a plan as it was submitted, and remember where each value stood."""

from mwkb.plan.document import Plan, UnknownKey
from mwkb.plan.limits import Limits
from mwkb.plan.read import FORMATS, read_plan

__all__ = ["FORMATS", "Limits", "Plan", "UnknownKey", "read_plan"]
