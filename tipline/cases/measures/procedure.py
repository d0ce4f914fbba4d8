"""What must have been done with the case before a measure: its registration, its filing, its end. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    """受案: the case was registered under a number."""

    number: str
    registered_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """立案: the decision to investigate a crime, by the head of a county bureau.

    `ended_at` is when 撤案, 终止侦查 or 不起诉 ended it, None while it stands.
    """

    number: str
    decided_at: datetime
    authority: str
    ended_at: datetime | None = None

    def stands_at(self, moment: datetime) -> bool:
        """Tell whether the case is a criminal one at a moment."""
        return self.decided_at <= moment and (self.ended_at is None or moment < self.ended_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Procedure:
    """The procedure of a case as far as its measures ask for it; None where a step was not taken.

    `convicted_at` is when a court found the person guilty, None while none did.
    """

    registration: Registration | None = None
    filing: Filing | None = None
    convicted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """处罚前告知, as the rules ask for it."""

    informed_at: datetime
    statement: str = ""
    statement_answer: str = ""
    is_hearing_offered: bool = False
    is_hearing_asked: bool = False
    hearing_held_at: datetime | None = None
