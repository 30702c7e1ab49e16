"""What published figures show of an area's needs, as a plan records it."""

from __future__ import annotations

from typing import Any

from mwkb.assessment import derived
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.vocabulary import local_name


def recorded_needs(knowledge: Knowledge, profile: Plan) -> dict[str, Any]:
    """The area and its risk and protective factors as the keys of a plan, each with the figures that show it.

    ``profile`` is what ``indicators.profile`` gives. The rules decide which figures show a factor.
    """
    with derived(knowledge, profile):
        locality = knowledge.value(profile.iri, "mwkb:locality") or ""
        code = knowledge.value(locality, "mwkb:gssCode") or ""
        factors = [
            _factor(knowledge, record.value)
            for needs in knowledge.objects(profile.iri, "mwkb:needsAssessment")
            for record in knowledge.objects(needs.value, "mwkb:recordsFactor")
        ]
    return {"locality": {"gss": code}, "needs": {"factors": sorted(factors, key=lambda f: f["factor"])}}


def _factor(knowledge: Knowledge, record: str) -> dict[str, str]:
    status = local_name(knowledge.value(record, "mwkb:factorStatus") or "").removeprefix("factor-status-")
    shown = [_figure(knowledge, observation.value) for observation in knowledge.objects(record, "mwkb:observation")]
    return {
        "factor": local_name(knowledge.value(record, "mwkb:factor") or ""),
        "factor-status": status,
        "evidence": "; ".join(shown),
    }


def _figure(knowledge: Knowledge, observation: str) -> str:
    said = {
        name: knowledge.value(observation, f"mwkb:{name}") or "" for name in ("observedValue", "observedYear", "rankFromWorst")
    }
    indicator = knowledge.label(knowledge.value(observation, "mwkb:indicator") or "")
    areas = knowledge.value(observation, "mwkb:rankedAmong")
    return (
        f"{indicator} {said['observedValue']} in {said['observedYear']}, rank {said['rankFromWorst']} of {areas} from the worst"
    )
