"""The decoder against brute force, and on readings a recogniser would give."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from numpy.typing import NDArray

from workers.vision import decode

CHARACTERS = ("", *decode.SYMBOLS, "O", "I", "·", "电", "p", " ")


def spoken(text: str, *, sure: float = 0.9) -> NDArray[np.float32]:
    """What a recogniser says for `text`: each character for two steps, blanks between them."""
    rows = []
    for character in text:
        for said in (character, character, ""):
            row = np.full(len(CHARACTERS), (1 - sure) / (len(CHARACTERS) - 1))
            row[CHARACTERS.index(said)] = sure
            rows.append(row)
    return np.array(rows, dtype=np.float32)


@pytest.mark.parametrize(
    "plate", ["鲁P8D3K5", "鲁PD12345", "京A12345F", "沪A1234警", "粤Z1234港", "鲁P1234学", "冀E1234挂", "鲁P11111"]
)
def test_every_form_of_plate_is_read_as_it_stands(plate: str) -> None:
    reading = decode.read_as_plate(spoken(plate), CHARACTERS)

    assert reading.text == plate
    assert len(reading.characters) == len(plate)
    assert min(reading.characters) > 0.9


@pytest.mark.parametrize(
    ("said", "plate"), [("鲁P·8D3K5", "鲁P8D3K5"), ("鲁P8OI23", "鲁P80123"), ("鲁p8D3K5", "鲁P8D3K5")]
)
def test_dots_are_silence_and_what_plates_lack_is_folded(said: str, plate: str) -> None:
    reading = decode.read_as_plate(spoken(said, sure=0.999), CHARACTERS)

    assert reading.text == plate
    assert reading.raw == said
    assert reading.confidence > 0.9


def test_a_character_no_plate_has_costs_confidence_and_is_kept_in_the_raw_reading() -> None:
    reading = decode.read_as_plate(spoken("电A99879", sure=0.99), CHARACTERS)

    assert reading.text[1:] == "A99879"
    assert reading.raw == "电A99879"
    assert reading.grammatical < 0.05


def test_an_unsure_character_names_its_alternative() -> None:
    probabilities = spoken("鲁P8D3K5")
    for step in (6, 7):
        probabilities[step, CHARACTERS.index("8")] = 0.5
        probabilities[step, CHARACTERS.index("B")] = 0.4

    reading = decode.read_as_plate(probabilities, CHARACTERS)

    assert reading.characters[2] < 0.9 < reading.characters[3]
    assert reading.alternatives[2][0][0] == "B"
    assert not reading.alternatives[3]


@pytest.mark.parametrize(("said", "text"), [("P8D3K5", "?P8D3K5"), ("MR·35779", "?R35779"), ("PD12345", "?PD12345")])
def test_a_plate_without_its_province_is_told_as_such(said: str, text: str) -> None:
    characters = (*CHARACTERS, "M") if "M" not in CHARACTERS else CHARACTERS

    reading = decode.without_province(spoken(said), characters)

    assert reading is not None
    assert reading.text == text
    assert len(reading.characters) == len(text)


@pytest.mark.parametrize("said", ["SUZUKA", "P8D3K", "8D3K56", "FRLAND0", "PR12345"])
def test_words_and_numbers_are_no_plates_without_province(said: str) -> None:
    assert decode.without_province(spoken(said), CHARACTERS) is None


def test_the_sums_equal_brute_force() -> None:
    generator = np.random.default_rng(7)
    places = ("鲁京", "PA", "8B")
    steps = generator.dirichlet(np.ones(len(decode.SYMBOLS) + 1), size=5)
    emitted, blank = np.log(steps[:, :-1]), np.log(steps[:, -1])
    wanted: dict[str, float] = {}
    kept = [decode.SYMBOLS.index(symbol) for symbol in "".join(places)]
    for path in product([-1, *kept], repeat=5):
        text = "".join(decode.SYMBOLS[now] for before, now in pairwise((-1, *path)) if now not in (-1, before))
        if len(text) == 3 and all(c in allowed for c, allowed in zip(text, places, strict=True)):
            weight = np.prod([steps[t, symbol] for t, symbol in enumerate(path)])
            wanted[text] = wanted.get(text, 0.0) + float(weight)

    posterior, total = decode._posterior(emitted, blank, decode._table(places))  # noqa: SLF001  the sums themselves
    exact = decode._probability(emitted, blank, "鲁P8")  # noqa: SLF001

    assert total == pytest.approx(sum(wanted.values()))
    assert exact == pytest.approx(wanted["鲁P8"])
    share = sum(weight for text, weight in wanted.items() if text[1] == "P") / total
    assert posterior[1, decode.SYMBOLS.index("P")] == pytest.approx(share)
    assert posterior.sum(axis=1) == pytest.approx(np.ones(3))


def test_the_best_path_equals_brute_force() -> None:
    generator = np.random.default_rng(11)
    places = ("鲁京", "PA", "PA")
    for _ in range(20):
        steps = generator.dirichlet(np.ones(len(decode.SYMBOLS) + 1) * 0.3, size=5)
        emitted, blank = np.log(steps[:, :-1] + 1e-9), np.log(steps[:, -1] + 1e-9)
        best, wanted = -np.inf, ""
        kept = sorted({decode.SYMBOLS.index(symbol) for symbol in "".join(places)})
        for path in product([-1, *kept], repeat=5):
            text = "".join(decode.SYMBOLS[now] for before, now in pairwise((-1, *path)) if now not in (-1, before))
            if len(text) == 3 and all(c in allowed for c, allowed in zip(text, places, strict=True)):
                score = sum(blank[t] if symbol < 0 else emitted[t, symbol] for t, symbol in enumerate(path))
                best, wanted = max((best, wanted), (score, text))

        text, score = decode._best_path(emitted, blank, decode._table(places))  # noqa: SLF001  the search itself

        assert text == wanted
        assert score == pytest.approx(best)
