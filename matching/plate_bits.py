"""How strongly two readings of a plate speak for one and the same plate, place by place, in bits.

For each place: `log2( sum_c share(c) P(o1|c) P(o2|c) / (sum_c share(c) P(o1|c) * sum_c share(c) P(o2|c)) )`.
A rare character that agrees is worth more than a common one; an error costs what its likelihood says; a place not
seen is worth nothing. Province and city are one field, because 鲁 and P are not two coincidences.
Source: Fellegi and Sunter (1969) with an error channel for each character.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log2, prod
from typing import Final, TypeAlias

from matching.facts import PlateReading, PlateSource
from matching.plates import (
    CITY_LETTERS,
    PROVINCES,
    REGION_LENGTH,
    SERIAL_CHARACTERS,
    SERIAL_LENGTHS,
    SUFFIXES,
    UNKNOWN,
    Anchor,
    alignments,
)
from matching.reasons import Level
from matching.weights import WEIGHTS, Weights

# A character as seen, and the chance that it is wrong.
Seen: TypeAlias = tuple[str, float]
BLANK: Final[Seen] = (UNKNOWN, 0.0)
ALPHABET: Final = SERIAL_CHARACTERS + SUFFIXES
REGIONS: Final = tuple(province + city for province in PROVINCES for city in CITY_LETTERS)
# Confidences are rounded so that tables can be remembered; a hundredth is finer than any reader's calibration.
ERROR_DIGITS: Final = 2
ALMOST_NEVER: Final = 1e-7


@dataclass(frozen=True, slots=True)
class PlateAgreement:
    """The outcome of one comparison; `parts` names each place (`region`, `1` ... `6`, `other`) with its bits."""

    bits: float
    level: Level
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Laid:
    """The best way in which both serials lie on one plate."""

    left: tuple[Seen, ...]
    right: tuple[Seen, ...]
    weight: float


@lru_cache(maxsize=65_536)
def plate_agreement(left: PlateReading, right: PlateReading, weights: Weights = WEIGHTS) -> PlateAgreement:
    """Compare two readings; the same bits whichever comes first."""
    left_region, left_serial = _seen(left, weights)
    right_region, right_serial = _seen(right, weights)
    region_bits = _bits(*_region(weights, left_region, right_region))
    serial_bits, best = _serial_bits(left_serial, left.pattern.anchor, right_serial, right.pattern.anchor, weights)
    parts = [("region", region_bits)]
    length = len(best.left)
    for at, (one, other) in enumerate(zip(best.left, best.right, strict=True)):
        parts.append((str(at + 1), _bits(*_place(weights, _kind(at, length), one, other))))
    bits = region_bits + serial_bits
    parts.append(("other", bits - sum(part for _, part in parts)))
    pairs = [*zip(left_region, right_region, strict=True), *zip(best.left, best.right, strict=True)]
    is_full = left.pattern.is_full and right.pattern.is_full and len(left_serial) == len(right_serial)
    return PlateAgreement(bits, _level(pairs, weights, is_full=is_full), tuple(parts))


def _level(pairs: list[tuple[Seen, Seen]], weights: Weights, *, is_full: bool) -> Level:
    known = [(one[0], other[0]) for one, other in pairs if UNKNOWN not in (one[0], other[0])]
    if not known:
        return Level.NOT_STATED
    differing = [pair for pair in known if pair[0] != pair[1]]
    if not differing:
        return Level.PLATE_SAME if is_full and len(known) == len(pairs) else Level.PLATE_FITS_IN_PART
    if all(other in _alike(weights, one) for one, other in differing):
        return Level.PLATE_ALIKE
    return Level.PLATE_DIFFERS


def _seen(reading: PlateReading, weights: Weights) -> tuple[tuple[Seen, ...], tuple[Seen, ...]]:
    characters = reading.pattern.region + reading.pattern.serial
    usual = weights.plate_error[reading.source]
    errors = [1 - confidence for confidence in reading.confidences] or [usual] * len(characters)
    if reading.source is PlateSource.CAMERA:
        errors[0] = max(errors[0], weights.province_error_camera)
    places = tuple(
        BLANK
        if character == UNKNOWN
        else (character, round(min(max(error, weights.least_error), weights.most_error), ERROR_DIGITS + 1))
        for character, error in zip(characters, errors, strict=True)
    )
    return places[:REGION_LENGTH], places[REGION_LENGTH:]


def _serial_bits(
    left: tuple[Seen, ...], left_anchor: Anchor, right: tuple[Seen, ...], right_anchor: Anchor, weights: Weights
) -> tuple[float, _Laid]:
    joint = left_alone = right_alone = 0.0
    best = _Laid((), (), -1.0)
    for length, share in zip(SERIAL_LENGTHS, (1 - weights.new_energy_share, weights.new_energy_share), strict=True):
        left_ways = _ways(left, left_anchor, length, weights)
        right_ways = _ways(right, right_anchor, length, weights)
        left_alone += share * sum(weight * _alone(weights, way) for way, weight in left_ways)
        right_alone += share * sum(weight * _alone(weights, way) for way, weight in right_ways)
        if left_anchor is right_anchor is Anchor.WHOLE and len(left) != length != len(right):
            continue  # both told wrong in length, and alike: too rare to look for among thousands of cases
        for laid in _pairs(left_ways, right_ways, weights):
            joint += share * laid.weight
            if laid.weight > best.weight:
                best = laid
    if best.weight < 0:
        raise ValueError(f"{left} and {right} fit on no plate")
    return log2(joint / (left_alone * right_alone)), best


def _pairs(
    left_ways: tuple[tuple[tuple[Seen, ...], float], ...],
    right_ways: tuple[tuple[tuple[Seen, ...], float], ...],
    weights: Weights,
) -> Iterator[_Laid]:
    for left, left_weight in left_ways:
        for right, right_weight in right_ways:
            length = len(left)
            together = prod(
                _place(weights, _kind(at, length), one, other)[0]
                for at, (one, other) in enumerate(zip(left, right, strict=True))
            )
            yield _Laid(left, right, left_weight * right_weight * together)


@lru_cache(maxsize=16_384)
def _ways(
    seen: tuple[Seen, ...], anchor: Anchor, length: int, weights: Weights
) -> tuple[tuple[tuple[Seen, ...], float], ...]:
    merged: dict[tuple[Seen, ...], float] = {}
    for way, weight in alignments(seen, anchor, length, slip=weights.length_slip, blank=BLANK):
        merged[way] = merged.get(way, 0.0) + weight
    return tuple(merged.items())


@lru_cache(maxsize=65_536)
def _alone(weights: Weights, way: tuple[Seen, ...]) -> float:
    length = len(way)
    return prod(_place(weights, _kind(at, length), one, BLANK)[1] for at, one in enumerate(way))


def _kind(at: int, length: int) -> str:
    if at == 0:
        return f"first{length}"
    return "last" if at == length - 1 else "middle"


@lru_cache(maxsize=262_144)
def _place(weights: Weights, kind: str, left: Seen, right: Seen) -> tuple[float, float, float]:
    """Return the chance of both readings of one place, of the left alone and of the right alone."""
    shares = _shares(weights, kind)
    left_given, right_given = _given(weights, left), _given(weights, right)
    joint = sum(share * one * other for share, one, other in zip(shares, left_given, right_given, strict=True))
    alone = sum(share * one for share, one in zip(shares, left_given, strict=True))
    other_alone = sum(share * one for share, one in zip(shares, right_given, strict=True))
    return joint, alone, other_alone


@lru_cache(maxsize=4_096)
def _given(weights: Weights, seen: Seen) -> tuple[float, ...]:
    """Return the chance of this reading for each character that may truly stand there."""
    character, error = seen
    if character == UNKNOWN:
        return (1.0,) * len(ALPHABET)
    return tuple(_chance(weights, character, true, error) for true in ALPHABET)


def _chance(weights: Weights, read: str, true: str, error: float) -> float:
    if read == true:
        return 1 - error
    alike = _alike(weights, true)
    others = len(ALPHABET) - 1 - len(alike)
    if not alike:
        return error / others
    return (
        error * weights.confusable_share / len(alike)
        if read in alike
        else (error * (1 - weights.confusable_share) / others)
    )


@lru_cache(maxsize=256)
def _alike(weights: Weights, character: str) -> frozenset[str]:
    """Return the characters of similar shape: a relation between pairs with the first of a group, both ways."""
    groups = [group for group in weights.confusable if character in group]
    near = {other for group in groups for other in group if character == group[0] or other == group[0]}
    return frozenset(near & set(ALPHABET)) - {character}


@lru_cache(maxsize=64)
def _shares(weights: Weights, kind: str) -> tuple[float, ...]:
    """Return how common each character is in a place of the serial; sums to 1."""
    digits = weights.first_digit_share if kind == "first5" else weights.digit_share
    raw = {}
    for character in ALPHABET:
        if character in SUFFIXES:
            raw[character] = weights.suffix_share / len(SUFFIXES) if kind == "last" else ALMOST_NEVER
        elif kind == "first6":
            raw[character] = weights.first_new_energy_shares.get(character, 0.05 / len(ALPHABET))
        else:
            even = digits / 10 if character.isdigit() else (1 - digits) / len(CITY_LETTERS)
            raw[character] = even * weights.shunned.get(character, 1.0)
    total = sum(raw.values())
    return tuple(raw[character] / total for character in ALPHABET)


@lru_cache(maxsize=16_384)
def _region(weights: Weights, left: tuple[Seen, ...], right: tuple[Seen, ...]) -> tuple[float, float, float]:
    shares = _region_shares(weights)
    left_given, right_given = _region_given(left), _region_given(right)
    joint = sum(share * one * other for share, one, other in zip(shares, left_given, right_given, strict=True))
    alone = sum(share * one for share, one in zip(shares, left_given, strict=True))
    other_alone = sum(share * one for share, one in zip(shares, right_given, strict=True))
    return joint, alone, other_alone


@lru_cache(maxsize=4_096)
def _region_given(seen: tuple[Seen, ...]) -> tuple[float, ...]:
    (province, province_error), (city, city_error) = seen
    given_province = [_even(province, true, province_error, len(PROVINCES)) for true in PROVINCES]
    given_city = [_even(city, true, city_error, len(CITY_LETTERS)) for true in CITY_LETTERS]
    return tuple(one * other for one in given_province for other in given_city)


def _even(read: str, true: str, error: float, choices: int) -> float:
    if read == UNKNOWN:
        return 1.0
    return 1 - error if read == true else error / (choices - 1)


@lru_cache(maxsize=8)
def _region_shares(weights: Weights) -> tuple[float, ...]:
    rest = (1 - sum(weights.region_shares.values())) / (len(REGIONS) - len(weights.region_shares))
    return tuple(weights.region_shares.get(region, rest) for region in REGIONS)


def _bits(joint: float, left_alone: float, right_alone: float) -> float:
    return log2(joint / (left_alone * right_alone))
