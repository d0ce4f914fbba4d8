"""Which open cases are compared with a tip at all: everything but what cannot belong together."""

from __future__ import annotations

from datetime import timedelta

from matching.comparisons import compare_case_number, compare_plates_that_stand
from matching.facts import CaseFacts, TipFacts
from matching.weights import WEIGHTS, Weights


def is_candidate(tip: TipFacts, case: CaseFacts, weights: Weights = WEIGHTS) -> bool:
    """Return whether the case is worth a comparison.

    It is, when the tip's time lies in a wide window around the accident; outside it, only when a plate speaks for
    it or the tip names the case. A tip without a time is taken for any moment before it was received.
    """
    return (
        _is_in_window(tip, case, weights)
        or compare_case_number(tip, case, weights).bits > 0
        or any(compare_plates_that_stand(tip, case, vehicle, weights).bits > 0 for vehicle in case.vehicles)
    )


def _is_in_window(tip: TipFacts, case: CaseFacts, weights: Weights) -> bool:
    early = timedelta(hours=weights.earliest_before_h)
    if tip.happened is None:
        return tip.received_at >= case.happened.begin - early
    late = timedelta(hours=weights.latest_after_h)
    return tip.happened.end >= case.happened.begin - early and tip.happened.begin <= case.happened.end + late
