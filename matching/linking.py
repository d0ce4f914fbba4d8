"""Proposes open cases for a tip, with the reasons of each. A proposal is a lead to look at, never an identification."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from matching.blocking import is_candidate
from matching.comparisons import (
    compare_appearance,
    compare_case_number,
    compare_plates_that_stand,
    compare_space_time,
    compare_words,
)
from matching.facts import CaseFacts, TipFacts, VehicleFacts
from matching.reasons import Field, Level, Reason, in_order, weight_of
from matching.weights import WEIGHTS, Weights


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One case for one tip.

    `weight` is in bits: the sum of the reasons, prior included; `probability` allows for "no open case", so that
    those of one tip sum to less than 1. `model` names the numbers that were used.
    """

    key: Hashable
    weight: float
    probability: float
    reasons: tuple[Reason, ...]
    model: str

    def reasons_json(self) -> list[dict[str, Any]]:
        """Return the stored form of the reasons, in the order shown."""
        return [reason.to_json() for reason in self.reasons]


def suggest(tip: TipFacts, cases: Sequence[CaseFacts], weights: Weights = WEIGHTS) -> list[Suggestion]:
    """Return the cases worth an officer's look, best first: at least `least_bits`, at most `most_suggestions`."""
    found = [one for one in rank(tip, cases, weights) if one.weight >= weights.least_bits]
    return found[: weights.most_suggestions]


def rank(tip: TipFacts, cases: Sequence[CaseFacts], weights: Weights = WEIGHTS) -> list[Suggestion]:
    """Return every comparable case with its weight, best first; ties stay in the order given.

    Args:
        tip: what the tip says.
        cases: all open cases; their number sets the prior.
        weights: the numbers to compare with.
    """
    prior = _prior(len(cases), weights)
    explained = [
        (case, in_order((prior, *_best_reasons(tip, case, weights))))
        for case in cases
        if is_candidate(tip, case, weights)
    ]
    odds = [2 ** weight_of(reasons) for _, reasons in explained]
    total, model = 1 + sum(odds), weights.model
    ranked = [
        Suggestion(
            key=case.key,
            weight=weight_of(reasons),
            probability=one / total,
            reasons=reasons,
            model=model,
        )
        for (case, reasons), one in zip(explained, odds, strict=True)
    ]
    return sorted(ranked, key=lambda one: -one.weight)


def _prior(open_cases: int, weights: Weights) -> Reason:
    bits = log2((1 - weights.no_case) / max(open_cases, weights.fewest_open_cases) / weights.no_case)
    return Reason(field=Field.PRIOR, bits=bits, level=Level.OPEN_CASES, facts={"open_cases": open_cases})


def _best_reasons(tip: TipFacts, case: CaseFacts, weights: Weights) -> list[Reason]:
    # A case may hold several descriptions of its vehicle; the tip is compared with the one that fits best.
    general = [compare_space_time(tip, case, weights), compare_case_number(tip, case, weights)]
    by_vehicle = [
        [
            compare_plates_that_stand(tip, case, vehicle, weights),
            compare_appearance(Field.COLOUR, tip.appearance, vehicle.appearance, weights),
            compare_appearance(Field.VEHICLE_TYPE, tip.appearance, vehicle.appearance, weights),
            compare_words(tip, case, vehicle, weights),
        ]
        for vehicle in case.vehicles or (VehicleFacts(),)
    ]
    return [*max(by_vehicle, key=weight_of), *general]
