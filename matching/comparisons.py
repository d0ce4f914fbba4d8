"""One comparison for each field of a tip and a case; each gives one reason in bits. What is unknown gives 0 bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import log2
from typing import Final

from matching.facts import Appearance, CaseFacts, Interval, PlateReading, PlateSource, TipFacts, VehicleFacts
from matching.plate_bits import PlateAgreement, plate_agreement
from matching.plates import UNKNOWN, Anchor, normalise
from matching.points import distance_m
from matching.reasons import Field, Level, Reason
from matching.weights import WEIGHTS, Weights

# Times below this length are exact for a table whose finest step is half an hour.
SHORTEST_STRETCH_MIN: Final = 1.0
OPEN_END_MINUTES: Final = 30 * 1440.0
# From here on a time or place is called fitting, not merely possible.
FITS_BITS: Final = 2.0
SHORTEST_CASE_NUMBER: Final = 6
COLOUR_LEVELS: Final = (Level.COLOUR_SAME, Level.COLOUR_ALIKE, Level.COLOUR_DIFFERS, Level.COLOUR_ALLOWED)
TYPE_LEVELS: Final = (Level.TYPE_SAME, Level.TYPE_ALIKE, Level.TYPE_DIFFERS, Level.TYPE_ALLOWED)
METRES_PER_MINUTE: Final = 1000 / 60


def compare_plates(
    readings: Sequence[PlateReading], case_plate: PlateReading | None, weights: Weights = WEIGHTS
) -> Reason:
    """Compare every plate of the tip with the case's.

    A tip's media show other cars too. So the readings are alternatives: one of them, or none, is the fleeing
    vehicle's; each counts by its source's share. Many strangers' plates therefore cost at most about one bit.
    """
    if case_plate is None or not readings:
        tip_text = " ".join(reading.pattern.text for reading in readings)
        return Reason(
            field=Field.PLATE,
            bits=0.0,
            level=Level.NOT_STATED,
            tip=tip_text,
            case=case_plate.pattern.text if case_plate else "",
        )
    distinct = _distinct(readings)
    agreements = [plate_agreement(reading, case_plate, weights) for reading in distinct]
    shares = [weights.reading_share[reading.source] for reading in distinct]
    none = min(weights.not_the_vehicle[reading.source] for reading in distinct)
    mixed = sum(share * 2**one.bits for share, one in zip(shares, agreements, strict=True)) / sum(shares)
    best = max(range(len(distinct)), key=lambda at: agreements[at].bits)
    told = agreements[best].level is not Level.NOT_STATED
    bits = log2(none + (1 - none) * mixed) if any(one.level is not Level.NOT_STATED for one in agreements) else 0.0
    return Reason(
        field=Field.PLATE,
        bits=bits,
        level=agreements[best].level,
        tip=distinct[best].pattern.text,
        case=case_plate.pattern.text,
        facts={"parts": _parts(agreements[best], bits), "readings": len(distinct)} if told else {},
    )


def compare_plates_that_stand(
    tip: TipFacts, case: CaseFacts, vehicle: VehicleFacts, weights: Weights = WEIGHTS
) -> Reason:
    """Compare the tip's plates with the vehicle's, leaving out those that are excluded for the case, and say so."""
    left_out = [one for one in tip.plates if any(_is_plate(one, plate) for plate in case.excluded_plates)]
    reason = compare_plates([one for one in tip.plates if one not in left_out], vehicle.plate, weights)
    if not left_out:
        return reason
    told = list(dict.fromkeys(one.pattern.text for one in left_out))
    facts = {**reason.facts, "excluded": told}
    if len(left_out) < len(tip.plates):
        return replace(reason, facts=facts)
    return replace(reason, level=Level.PLATE_EXCLUDED, tip=" ".join(told), facts=facts)


def compare_appearance(field: Field, tip: Appearance, case: Appearance, weights: Weights = WEIGHTS) -> Reason:
    """Compare colour or type: what may be, what was ruled out, and what is easily taken for the other."""
    if field is Field.COLOUR:
        told, ruled_out = (tip.colours, case.colours), (tip.not_colours, case.not_colours)
        same, alike, differs, allowed = COLOUR_LEVELS
    else:
        told, ruled_out = (tip.types, case.types), (tip.not_types, case.not_types)
        same, alike, differs, allowed = TYPE_LEVELS
    shares, _, groups = _appearance_numbers(weights, field)
    known = frozenset(shares)
    tip_given, case_given = (
        _appearance_given(said & known, denied & known, weights, field)
        for said, denied in zip(told, ruled_out, strict=True)
    )
    tip_text, case_text = (_said(said, denied) for said, denied in zip(told, ruled_out, strict=True))
    if tip_given is None or case_given is None:
        return Reason(field=field, bits=0.0, level=Level.NOT_STATED, tip=tip_text, case=case_text)
    total = sum(shares.values())
    joint = sum(share / total * tip_given[true] * case_given[true] for true, share in shares.items())
    tip_alone, case_alone = (
        sum(share / total * given[true] for true, share in shares.items()) for given in (tip_given, case_given)
    )
    if told[0] & told[1]:
        level = same
    elif told[0] & ruled_out[1] or told[1] & ruled_out[0]:
        level = differs
    elif not (told[0] and told[1]):
        level = allowed
    else:
        level = alike if any(told[0] & set(group) and told[1] & set(group) for group in groups) else differs
    bits = log2(joint / (tip_alone * case_alone))
    return Reason(field=field, bits=bits, level=level, tip=tip_text, case=case_text)


def compare_space_time(tip: TipFacts, case: CaseFacts, weights: Weights = WEIGHTS) -> Reason:
    """Compare when and where, as one: they depend on each other. Impossible speed gives the floor and says so."""
    metres = None if tip.point is None or case.point is None else distance_m(tip.point, case.point)
    if tip.happened is None and metres is None:
        return Reason(field=Field.SPACE_TIME, bits=0.0, level=Level.NOT_STATED, case=_shown(case.happened))
    facts: dict[str, float] = {}
    columns = range(len(weights.apart_metres))
    if metres is not None:
        facts["distance_m"] = round(metres)
        columns = range(*_bin(metres, weights.metres_edges))
    together, apart = _space_time_odds(tip.happened, case.happened, columns, weights)
    bits = min(max(log2(together / apart), weights.out_of_reach_bits), weights.space_time_most_bits)
    if tip.happened is not None:
        facts["minutes"] = round(_middle_minutes(tip.happened, case.happened))
    if metres is None:
        level = Level.TIME_FITS if bits >= FITS_BITS else Level.TIME_LOOSE
    elif tip.happened is None:
        level = Level.PLACE_FITS if bits >= FITS_BITS else Level.PLACE_LOOSE
    elif _is_out_of_reach(metres, tip.happened, case.happened, weights):
        bits, level = weights.out_of_reach_bits, Level.OUT_OF_REACH
    else:
        level = Level.TIME_AND_PLACE_FIT if bits >= FITS_BITS else Level.TIME_AND_PLACE_LOOSE
    return Reason(
        field=Field.SPACE_TIME,
        bits=bits,
        level=level,
        tip=_shown(tip.happened) if tip.happened else "",
        case=_shown(case.happened),
        facts=dict(facts),
    )


def compare_words(tip: TipFacts, case: CaseFacts, vehicle: VehicleFacts, weights: Weights = WEIGHTS) -> Reason:
    """Compare marks (damage, parts, features) and named places; capped, because words depend on each other.

    Named places count only where no distance could be measured; else they would say the same thing twice.
    """
    case_marks = case.marks | vehicle.marks
    marks = sorted(tip.marks & case_marks)
    is_measured = tip.point is not None and case.point is not None
    places = [] if is_measured else sorted(name for name in case.place_names if name in tip.text)
    bits = len(marks) * weights.shared_mark_bits + len(places) * weights.shared_place_bits
    level = Level.WORDS_SHARED if bits else Level.NOTHING_SHARED if tip.marks and case_marks else Level.NOT_STATED
    return Reason(
        field=Field.WORDS,
        bits=min(bits, weights.words_most_bits),
        level=level,
        tip="、".join(sorted(tip.marks)),
        case="、".join(sorted(case_marks | (set() if is_measured else case.place_names))),
        facts={"shared": [*marks, *places]} if bits else {},
    )


def compare_case_number(tip: TipFacts, case: CaseFacts, weights: Weights = WEIGHTS) -> Reason:
    """Say whether the tip's words name the case by its number."""
    number = normalise(case.number)
    named = len(number) >= SHORTEST_CASE_NUMBER and number in normalise(tip.text)
    return Reason(
        field=Field.CASE_NUMBER,
        bits=weights.case_number_bits if named else 0.0,
        level=Level.NUMBER_NAMED if named else Level.NOT_STATED,
        tip=case.number if named else "",
        case=case.number,
    )


def _is_plate(reading: PlateReading, plate: str) -> bool:
    """Return whether a reading is this very plate; its serial must be whole, its region may be unknown in part."""
    read = reading.pattern.region + reading.pattern.serial
    return (
        reading.pattern.anchor is Anchor.WHOLE
        and UNKNOWN not in reading.pattern.serial
        and len(read) == len(plate)
        and all(seen in (UNKNOWN, true) for seen, true in zip(read, plate, strict=True))
    )


def _distinct(readings: Sequence[PlateReading]) -> list[PlateReading]:
    # The same plate in many frames is one reading, the surest of them: frames are not independent witnesses.
    best: dict[tuple[str, PlateSource], PlateReading] = {}
    for reading in readings:
        key = (reading.pattern.text, reading.source)
        if key not in best or sum(reading.confidences) > sum(best[key].confidences):
            best[key] = reading
    return list(best.values())


def _parts(agreement: PlateAgreement, bits: float) -> list[dict[str, str | float]]:
    parts = [(place, part) for place, part in agreement.parts if place != "other"]
    rest = bits - sum(part for _, part in parts)
    return [{"place": place, "bits": part} for place, part in (*parts, ("other", rest))]


@lru_cache(maxsize=4_096)
def _appearance_given(
    said: frozenset[str], denied: frozenset[str], weights: Weights, field: Field
) -> Mapping[str, float] | None:
    """Return the chance of this statement for each true value; None when nothing was stated."""
    if not said and not denied:
        return None
    shares, error, groups = _appearance_numbers(weights, field)
    given = {}
    for true in shares:
        alike = {value for group in groups if true in group for value in group} - {true}
        others = len(shares) - 1 - len(alike)
        spread = weights.alike_share if alike else 0.0
        read = {
            value: 1 - error
            if value == true
            else error * spread / len(alike)
            if value in alike
            else error * (1 - spread) / others
            for value in shares
        }
        stated = sum(read[value] for value in said) if said else 1.0
        given[true] = stated * (1 - sum(read[value] for value in denied))
    return given


def _appearance_numbers(
    weights: Weights, field: Field
) -> tuple[Mapping[str, float], float, tuple[tuple[str, ...], ...]]:
    if field is Field.COLOUR:
        return weights.colour_shares, weights.colour_error, weights.colour_alike
    return weights.type_shares, weights.type_error, weights.type_alike


def _said(said: frozenset[str], denied: frozenset[str]) -> str:
    return " ".join([*sorted(said), *(f"!{value}" for value in sorted(denied))])


def _space_time_odds(tip: Interval | None, case: Interval, columns: range, weights: Weights) -> tuple[float, float]:
    """Return how dense tips about this case, and unrelated tips, lie over the moments and distances possible."""
    scale = sum(map(sum, weights.together))
    total_minutes, total_metres = sum(weights.apart_minutes), sum(weights.apart_metres)
    apart_place = sum(weights.apart_metres[column] for column in columns) / total_metres
    if tip is None:
        return sum(row[column] for row in weights.together for column in columns) / scale, apart_place
    together = apart = 0.0
    edges = weights.minutes_edges
    for row, share in enumerate(_shares_of_bins(tip, case, edges)):
        # The open ends get a width, too, so that a long interval is averaged fairly.
        width = min(edges[row + 1] - edges[row], OPEN_END_MINUTES)
        together += share * sum(weights.together[row][column] for column in columns) / scale / width
        apart += share * weights.apart_minutes[row] / total_minutes * apart_place / width
    return together, apart


def _shares_of_bins(tip: Interval, case: Interval, edges: Sequence[float]) -> list[float]:
    """Return how likely "tip minus case" falls into each bin, both moments being anywhere in their intervals."""
    lengths = [(one.end - one.begin).total_seconds() / 60 for one in (tip, case)]
    earliest = (tip.begin - case.end).total_seconds() / 60
    below = [_share_below(edge - earliest, *lengths) for edge in edges]
    return [above - lower for lower, above in pairwise(below)]


def _share_below(minutes: float, tip_length: float, case_length: float) -> float:
    """Return the share of a trapezoid (the difference of two uniform moments) below `minutes` from its start."""
    longer, shorter = max(tip_length, case_length), min(tip_length, case_length)
    if minutes <= 0:
        return 0.0
    if minutes >= longer + shorter or longer < SHORTEST_STRETCH_MIN:
        return 1.0
    if shorter < SHORTEST_STRETCH_MIN:
        return min(minutes / longer, 1.0)
    triangles = ((0.0, 1), (longer, -1), (shorter, -1))
    area = sum(sign * max(minutes - begin, 0.0) ** 2 / 2 for begin, sign in triangles)
    return area / (longer * shorter)


def _bin(value: float, edges: Sequence[float]) -> tuple[int, int]:
    """Return the index of the value's bin and the next; the last bin is open."""
    at = next((at for at in range(len(edges) - 1) if edges[at] <= value < edges[at + 1]), len(edges) - 2)
    return at, at + 1


def _is_out_of_reach(metres: float, tip: Interval, case: Interval, weights: Weights) -> bool:
    most_time = max(abs((tip.end - case.begin).total_seconds()), abs((tip.begin - case.end).total_seconds())) / 60
    reach = (most_time + weights.time_tolerance_min) * weights.fastest_kmh * METRES_PER_MINUTE
    return metres - weights.place_tolerance_m > reach


def _middle_minutes(tip: Interval, case: Interval) -> float:
    middles = [one.begin + (one.end - one.begin) / 2 for one in (tip, case)]
    return (middles[0] - middles[1]).total_seconds() / 60


def _shown(interval: Interval) -> str:
    begin, end = (moment.isoformat(timespec="minutes") for moment in (interval.begin, interval.end))
    return begin if begin == end else f"{begin}/{end}"
