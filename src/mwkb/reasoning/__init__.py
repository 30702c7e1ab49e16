"""Reasoning over ontology and facts: whether they can be true together, what follows, and whether they are OWL 2 DL."""

from mwkb.reasoning.reason import Explanation, Inference, Reasoned, Unsatisfiable, reason
from mwkb.reasoning.violation import Violation

__all__ = ["Explanation", "Inference", "Reasoned", "Unsatisfiable", "Violation", "reason"]
