"""Repeatable chance: everything the demo county invents comes out of one seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

T = TypeVar("T")

DIGITS: Final = "0123456789"
# Every invented plate carries the letters YS (演示) next to each other, so that none passes for a real finding.
MARK: Final = "YS"


class Chance:
    """One stream of repeatable chance; two streams of the same seed give the same county."""

    def __init__(self, seed: int) -> None:
        self._stream = random.Random(seed)  # noqa: S311  invents demo data; nothing secret comes out of it
        self._plates: set[str] = set()

    def uuid(self) -> UUID:
        """Return the next row id, in the form of a version 4 UUID."""
        return UUID(int=self._stream.getrandbits(128), version=4)

    def octets(self, count: int) -> bytes:
        """Return `count` bytes."""
        return self._stream.randbytes(count)

    def happens(self, probability: float) -> bool:
        """Return True with the given probability (0 to 1)."""
        return self._stream.random() < probability

    def whole(self, least: int, most: int) -> int:
        """Return a whole number between both ends, ends included."""
        return self._stream.randint(least, most)

    def part(self, least: float, most: float) -> float:
        """Return a number between both ends."""
        return self._stream.uniform(least, most)

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices, each as likely as the others."""
        return self._stream.choice(choices)

    def weighed(self, choices: Sequence[tuple[T, float]]) -> T:
        """Return one of the choices by its weight."""
        values = [value for value, _ in choices]
        return self._stream.choices(values, [weight for _, weight in choices])[0]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """Return the values in another order."""
        return self._stream.sample(values, len(values))

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Return a moment between both, on a whole minute."""
        minutes = max(0, int((last - first).total_seconds() // 60))
        return first + timedelta(minutes=self.whole(0, minutes))

    def delay(self, middle_hours: float, *, least_hours: float, most_hours: float) -> timedelta:
        """Return a waiting time around `middle_hours`, long ones rare, on a whole minute."""
        hours = min(most_hours, max(least_hours, self._stream.lognormvariate(0, 1.1) * middle_hours))
        return timedelta(minutes=round(hours * 60))

    def plate(self, area: str = "鲁P") -> str:
        """Return an invented plate of five characters after `area`, with the mark 演示 in it; never the same twice."""
        while True:
            at = self.whole(0, 3)
            digits = [self.pick(DIGITS) for _ in range(3)]
            digits.insert(at, MARK)
            drawn = area + "".join(digits)
            if drawn not in self._plates:
                self._plates.add(drawn)
                return drawn


def part_way(begin: datetime, end: datetime, share: float) -> datetime:
    """Return the moment at `share` (0 to 1) of the way from begin to end, on a whole minute and not after the end."""
    minutes = int((end - begin).total_seconds() * share // 60)
    return begin + timedelta(minutes=minutes)
