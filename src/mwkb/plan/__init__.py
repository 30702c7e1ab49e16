"""Read a plan as it was submitted, and remember where each value stood."""

from mwkb.plan.document import Plan, UnknownKey
from mwkb.plan.read import FORMATS, read_plan

__all__ = ["FORMATS", "Plan", "UnknownKey", "read_plan"]
