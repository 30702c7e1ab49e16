"""What the rules found about a plan, as data a report can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from mwkb.problems import Place
from mwkb.source import Source
from mwkb.validate import Severity

Kind = OneOf["recommendation", "plan-gap", "data-gap", "toolkit-gap", "challenge"]
KINDS: dict[Kind, str] = {
    "recommendation": "Recommendation",
    "plan-gap": "PlanGap",
    "data-gap": "DataGap",
    "toolkit-gap": "ToolkitGap",
    "challenge": "Challenge",
}


@dataclass(frozen=True)
class Thing:
    """Something a sentence speaks of: its IRI, the name a person knows and its short code, if any."""

    iri: str
    label: str
    notation: str = ""


@dataclass(frozen=True)
class Observed:
    """A published figure with its place among all areas that have one; rank 1 is the worst."""

    indicator: Thing
    value: str
    unit: str
    year: str
    rank: int
    areas: int


@dataclass(frozen=True)
class Record:
    """The entry of the needs assessment behind a reason: where it stands and what it says."""

    iri: str
    evidence: str
    observations: tuple[Observed, ...]
    place: Place | None


@dataclass(frozen=True)
class Reason:
    """One ground for a finding, as one rule gives it."""

    rule: str
    says: str
    warrant: tuple[Source, ...]
    because: tuple[Thing, ...]
    record: Record | None


@dataclass(frozen=True)
class Interpretation:
    """A decision of the editors without which the finding would not stand."""

    iri: str
    label: str
    confidence: str
    alternative: str


@dataclass(frozen=True)
class Rating:
    """Evidence level, local priority, their product and the matrix category."""

    evidence: int
    priority: int
    score: int
    category: Thing
    symbol: str
    asks: str
    rank: int
    inherited: bool
    evidence_by: str


@dataclass(frozen=True)
class Rated:
    """An intervention with its rating in a plan, and whether the plan commissions it."""

    intervention: Thing
    rating: Rating
    commissioned: bool


@dataclass(frozen=True)
class GuidanceLink:
    """Guidance that bears on a recommendation, and what replaced it since the toolkit was printed."""

    guidance: Thing
    successors: tuple[Thing, ...]


@dataclass(frozen=True)
class Finding:
    """A conclusion about a plan. ``id`` names it within the plan and is stable.

    ``fits`` are the objectives of the plan to which a recommendation is the closer fit, and
    ``answers_needs`` the number of recorded needs that its intervention answers where that is a multiple gain.
    """

    id: str
    iri: str
    kind: Kind
    severity: Severity
    about: Thing
    reasons: tuple[Reason, ...]
    actions: tuple[str, ...] = ()
    rating: Rating | None = None
    evidence: int | None = None
    strength: str = ""
    question: str = ""
    answers: tuple[str, ...] = ()
    also_benefits: tuple[Thing, ...] = ()
    fits: tuple[Thing, ...] = ()
    answers_needs: int | None = None
    guidance: tuple[GuidanceLink, ...] = ()
    rests_on: tuple[Interpretation, ...] = ()
    place: Place | None = None
