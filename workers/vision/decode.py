"""What plate a recogniser's output spells: exact decoding under the grammar of Chinese plates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.plates import (
    CITY_LETTERS,
    NEW_ENERGY_LETTERS,
    PROVINCES,
    REGION_LENGTH,
    SERIAL_CHARACTERS,
    SUFFIXES,
    UNKNOWN,
)

DIGITS = "0123456789"
LAST = SERIAL_CHARACTERS + "".join(mark for mark in SUFFIXES if mark not in SERIAL_CHARACTERS)
TEMPLATES: tuple[tuple[str, ...], ...] = (
    (PROVINCES, CITY_LETTERS, *(SERIAL_CHARACTERS,) * 4, LAST),
    (PROVINCES, CITY_LETTERS, NEW_ENERGY_LETTERS, SERIAL_CHARACTERS, *(DIGITS,) * 4),  # small new energy vehicles
    (PROVINCES, CITY_LETTERS, *(DIGITS,) * 5, NEW_ENERGY_LETTERS),  # large ones
)
SYMBOLS = "".join(dict.fromkeys("".join("".join(template) for template in TEMPLATES)))
SEPARATORS = "·•・-.:'`,_ "
SAME = {"I": "1", "O": "0"}
NEVER = -1e9
STAYED, FROM_BLANK = -2, -1
LEAST_SERIAL = 4
LEAST_DIGITS = 3
LONGEST_RAW = 12
ALTERNATIVES = 3
LEAST_ALTERNATIVE = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a strip.

    `text` obeys the grammar; `raw` is what the recogniser said freely. `confidence` is the probability that the strip
    spells exactly `text`; `grammatical` that it spells any plate at all of that form. `characters` has, for each
    character, its posterior probability given that the strip spells a plate, `alternatives` the likeliest others.
    """

    text: str
    confidence: float
    grammatical: float
    characters: tuple[float, ...]
    alternatives: tuple[tuple[tuple[str, float], ...], ...]
    raw: str
    raw_confidence: float


def read_freely(probabilities: NDArray[np.float32], characters: tuple[str, ...]) -> tuple[str, float]:
    """Return the recogniser's own best path as text, and the mean probability of its characters (0 for no text)."""
    best = probabilities.argmax(axis=1)
    steps = [t for t in range(len(best)) if best[t] != 0 and (t == 0 or best[t] != best[t - 1])]
    if not steps:
        return "", 0.0
    text = "".join(characters[best[t]] for t in steps)
    return text, float(np.mean([probabilities[t, best[t]] for t in steps]))


def looks_like_a_plate(raw: str) -> bool:
    """Whether a free reading is worth decoding as a plate: enough of its characters could stand in a serial."""
    folded = [SAME.get(character, character) for character in raw.upper()]
    return sum(character in SERIAL_CHARACTERS for character in folded) >= LEAST_SERIAL and len(folded) <= LONGEST_RAW


def without_province(probabilities: NDArray[np.float32], characters: tuple[str, ...]) -> Reading | None:
    """Return the plate with `?` for its province where the strip freely spells all the rest and nothing else.

    Two characters before the dot mean that the first is a misread province. A badge or a shop sign can spell six
    letters too, so three digits are asked for.
    """
    raw, raw_confidence = read_freely(probabilities, characters)
    region, dot, _ = raw.partition("·")
    is_misread = bool(dot) and len(region) == REGION_LENGTH
    text = "".join(SAME.get(c, c) for c in raw.upper() if c not in SEPARATORS)[is_misread:]
    places = next((template[1:] for template in TEMPLATES if _fits(text, template[1:])), None)
    if places is None or sum(c in DIGITS for c in text) < LEAST_DIGITS:
        return None
    emitted, blank = _spoken(probabilities, characters)
    before = (SYMBOLS,) * is_misread
    posterior, total = _posterior(emitted, blank, _table((*before, *places)))
    return Reading(
        text=UNKNOWN + text,
        confidence=_probability(emitted, blank, (*before, *text)),
        grammatical=total,
        characters=(0.0, *_of(posterior[is_misread:], text)),
        alternatives=((), *_others(posterior[is_misread:], text)),
        raw=raw,
        raw_confidence=raw_confidence,
    )


def read_as_plate(probabilities: NDArray[np.float32], characters: tuple[str, ...]) -> Reading:
    """Return the likeliest plate that a strip spells, however unlikely it is.

    Args:
        probabilities: shape (steps, classes), class 0 is CTC's blank, each row sums to 1.
        characters: what each class stands for.

    Source: Graves et al., Connectionist Temporal Classification (2006): the best path and the forward-backward sums,
    both over the automaton "position in the plate, character there".
    """
    raw, raw_confidence = read_freely(probabilities, characters)
    emitted, blank = _spoken(probabilities, characters)
    best_text, best_score, allowed = "", -np.inf, _table(TEMPLATES[0])
    for template in TEMPLATES:
        text, score = _best_path(emitted, blank, _table(template))
        if score > best_score:
            best_text, best_score, allowed = text, score, _table(template)
    posterior, total = _posterior(emitted, blank, allowed)
    return Reading(
        text=best_text,
        confidence=_probability(emitted, blank, best_text),
        grammatical=total,
        characters=_of(posterior, best_text),
        alternatives=_others(posterior, best_text),
        raw=raw,
        raw_confidence=raw_confidence,
    )


def _of(posterior: NDArray[np.float64], text: str) -> tuple[float, ...]:
    return tuple(min(1.0, float(posterior[place, SYMBOLS.index(symbol)])) for place, symbol in enumerate(text))


def _others(posterior: NDArray[np.float64], text: str) -> tuple[tuple[tuple[str, float], ...], ...]:
    order = np.argsort(-posterior, axis=1)[:, : ALTERNATIVES + 1]
    return tuple(
        tuple(
            (SYMBOLS[other], float(posterior[place, other]))
            for other in order[place]
            if SYMBOLS[other] != symbol and posterior[place, other] >= LEAST_ALTERNATIVE
        )
        for place, symbol in enumerate(text)
    )


def _spoken(
    probabilities: NDArray[np.float32], characters: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log probabilities of each symbol and of silence at each step."""
    spoken = np.log(np.maximum(probabilities.astype(np.float64) @ _folding(characters), 1e-12))
    return spoken[:, :-1], spoken[:, -1]


def _fits(text: str, places: tuple[str, ...]) -> bool:
    return len(text) == len(places) and all(c in allowed for c, allowed in zip(text, places, strict=True))


@cache
def _folding(characters: tuple[str, ...]) -> NDArray[np.float64]:
    """Which classes say which symbol, shape (classes, symbols + 1); the last column is silence.

    Lower case speaks for upper case; plates know neither I nor O, so these speak for 1 and 0; the dot after the
    letter, and what a screw or a rivet is taken for, is silence.
    """
    table = np.zeros((len(characters), len(SYMBOLS) + 1))
    for number, character in enumerate(characters):
        symbol = SAME.get(character.upper(), character.upper())
        if number == 0 or character in SEPARATORS:
            table[number, -1] = 1.0
        elif len(symbol) == 1 and symbol in SYMBOLS:
            table[number, SYMBOLS.index(symbol)] = 1.0
    return table


@lru_cache(maxsize=64)
def _table(places: tuple[str, ...]) -> NDArray[np.float64]:
    """A table (places, symbols): 0 where the symbol may stand, else a very negative number."""
    table = np.full((len(places), len(SYMBOLS)), NEVER)
    for place, symbols in enumerate(places):
        table[place, [SYMBOLS.index(symbol) for symbol in symbols]] = 0.0
    return table


def _best_path(
    emitted: NDArray[np.float64], blank: NDArray[np.float64], allowed: NDArray[np.float64]
) -> tuple[str, float]:
    """The likeliest single path through the automaton (Viterbi), as its text and log probability.

    For each step and state is kept what came before: the same symbol, a blank, or else the number of another symbol.
    """
    steps, positions = len(emitted), len(allowed)
    symbols = np.arange(allowed.shape[1])
    on = np.full((positions, len(symbols)), NEVER)  # the last step was this symbol
    off = np.full(positions + 1, NEVER)  # the last step was a blank, after so many symbols
    off[0] = 0.0
    came_on = np.zeros((steps, positions, len(symbols)), dtype=np.int32)
    came_off = np.zeros((steps, positions + 1), dtype=np.int32)
    for t in range(steps):
        first, second, best = _two_best(on)
        before = np.full_like(on, NEVER)
        source = np.full(on.shape, FROM_BLANK, dtype=np.int32)
        before[1:] = np.where(symbols[None] == best[:-1, None], second[:-1, None], first[:-1, None])
        runner_up = np.where(symbols[None] == best[:, None], NEVER, on).argmax(axis=1)
        source[1:] = np.where(symbols[None] == best[:-1, None], runner_up[:-1, None], best[:-1, None])
        from_blank = np.broadcast_to(off[:-1, None], on.shape)
        source = np.where(from_blank >= before, FROM_BLANK, source)
        entering = np.maximum(from_blank, before)
        source = np.where(on >= entering, STAYED, source)
        blank_source = np.full(positions + 1, FROM_BLANK, dtype=np.int32)
        stays = off.copy()
        blank_source[1:] = np.where(first > off[1:], best, -1)
        stays[1:] = np.maximum(off[1:], first)
        on = np.maximum(on, entering) + emitted[t] + allowed
        off = stays + blank[t]
        came_on[t], came_off[t] = source, blank_source
    last = int(on[-1].argmax())
    score = max(float(on[-1, last]), float(off[-1]))
    place, symbol = (positions, -1) if off[-1] >= on[-1, last] else (positions, last)
    text: list[int] = []
    for t in range(steps - 1, -1, -1):
        if symbol < 0:
            symbol = int(came_off[t, place])
            continue
        source_here = int(came_on[t, place - 1, symbol])
        if source_here == STAYED:
            continue
        text.append(symbol)
        place, symbol = place - 1, source_here
    return "".join(SYMBOLS[s] for s in reversed(text)), score


def _two_best(on: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    best = on.argmax(axis=1)
    rows = np.arange(len(on))
    without = on.copy()
    without[rows, best] = NEVER
    return on[rows, best], without.max(axis=1), best


def _forward(
    emitted: NDArray[np.float64], blank: NDArray[np.float64], allowed: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities (not logs) of having come so far: by symbol, by blank, and of entering a symbol at each step."""
    steps, positions = len(emitted), len(allowed)
    mask = (allowed == 0).astype(np.float64)
    says, silent = np.exp(emitted), np.exp(blank)
    on = np.zeros((steps + 1, positions, allowed.shape[1]))
    off = np.zeros((steps + 1, positions + 1))
    entering = np.zeros((steps, positions, allowed.shape[1]))
    off[0, 0] = 1.0
    for t in range(steps):
        sums = on[t].sum(axis=1)
        entering[t] = off[t, :-1, None]
        entering[t, 1:] += sums[:-1, None] - on[t, :-1]
        entering[t] *= mask
        on[t + 1] = (on[t] + entering[t]) * says[t]
        off[t + 1] = off[t] * silent[t]
        off[t + 1, 1:] += sums * silent[t]
    return on, off, entering


def _posterior(
    emitted: NDArray[np.float64], blank: NDArray[np.float64], allowed: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """For each position the probability of each symbol, and the probability of all plates of this form."""
    steps, positions = len(emitted), len(allowed)
    mask = (allowed == 0).astype(np.float64)
    says, silent = np.exp(emitted), np.exp(blank)
    on, off, entering = _forward(emitted, blank, allowed)
    total = on[steps, -1].sum() + off[steps, -1]
    later_on = np.zeros((positions, allowed.shape[1]))
    later_off = np.zeros(positions + 1)
    later_on[-1], later_off[-1] = 1.0, 1.0
    share = np.zeros((positions, allowed.shape[1]))
    for t in range(steps - 1, -1, -1):
        share += entering[t] * says[t] * later_on
        spoken = later_on * says[t] * mask
        onward = np.zeros_like(spoken)
        onward[:-1] = spoken[1:].sum(axis=1)[:, None] - spoken[1:]
        earlier_on = later_on * says[t] + later_off[1:, None] * silent[t] + onward
        earlier_off = later_off * silent[t]
        earlier_off[:-1] += spoken.sum(axis=1)
        later_on, later_off = earlier_on, earlier_off
    return share / max(total, 1e-300), float(total)


def _probability(emitted: NDArray[np.float64], blank: NDArray[np.float64], places: Sequence[str]) -> float:
    """The probability, over all alignments, that the strip spells one of the symbols of each place and nothing else."""
    on, off, _ = _forward(emitted, blank, _table(tuple(places)))
    return float(on[-1, -1].sum() + off[-1, -1])
