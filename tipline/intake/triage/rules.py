"""Pure rules of triage: what can be taken back, what a tag is, when a snooze ends, which tips are alike."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from tipline.clock import SHANGHAI
from tipline.intake.triage.tables import TipDeed
from tipline.texts import clean

SIMPLE_TO_UNDO: Final = frozenset(
    {TipDeed.ACCEPTED, TipDeed.DECLINED, TipDeed.MARKED_DUPLICATE, TipDeed.SNOOZED, TipDeed.ASSIGNED}
)
UNDOABLE: Final = SIMPLE_TO_UNDO | {TipDeed.LINKED}
TAG_MAXIMUM: Final = 40
NOTE_MAXIMUM: Final = 4_000
SEARCH_NAME_MAXIMUM: Final = 40
SEARCHES_MAXIMUM: Final = 12
MORNING: Final = time(8, 30)


class Snooze(StrEnum):
    """Until when a tip is put off, as an officer says it."""

    ONE_HOUR = "one_hour"
    FOUR_HOURS = "four_hours"
    TOMORROW = "tomorrow"
    THREE_DAYS = "three_days"
    ONE_WEEK = "one_week"


def snoozed_until(wish: Snooze, now: datetime) -> datetime:
    """Return the moment at which a tip comes up again; days end at 08:30 in Asia/Shanghai."""
    hours = {Snooze.ONE_HOUR: 1, Snooze.FOUR_HOURS: 4}
    if wish in hours:
        return now + timedelta(hours=hours[wish])
    days = {Snooze.TOMORROW: 1, Snooze.THREE_DAYS: 3, Snooze.ONE_WEEK: 7}[wish]
    return datetime.combine(now.astimezone(SHANGHAI).date() + timedelta(days=days), MORNING, SHANGHAI)


def tag_name(text: str) -> str:
    """Return a tag as it is kept: without blanks around it and without a leading #; empty when nothing is left."""
    return " ".join(clean(text).lstrip("#＃").split())
