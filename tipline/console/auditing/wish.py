"""What an auditor looks for, read from an address. Pure: what cannot be understood asks for everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.clock import SHANGHAI

WORDS_MAXIMUM: Final = 60
SHOWN_AT_FIRST: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AuditWish:
    """Which entries are looked for; empty words, kinds and acts mean all. Days are whole, both ends included."""

    officer: str
    subject: str
    kind: str
    act: str
    first_day: date
    last_day: date

    @property
    def begins_at(self) -> datetime:
        """First moment of the first day, in Asia/Shanghai."""
        return datetime.combine(self.first_day, time(), SHANGHAI)

    @property
    def ends_before(self) -> datetime:
        """First moment after the last day."""
        return datetime.combine(self.last_day + timedelta(days=1), time(), SHANGHAI)

    @property
    def query(self) -> str:
        """The same wish as the query of an address."""
        return urlencode(self.facts)

    @property
    def facts(self) -> dict[str, str]:
        """The wish by the names of its fields, for an address and for the entry of an export."""
        return {
            "officer": self.officer,
            "subject": self.subject,
            "kind": self.kind,
            "act": self.act,
            "from": self.first_day.isoformat(),
            "to": self.last_day.isoformat(),
        }


def wish_from(asked: Mapping[str, str], *, now: datetime) -> AuditWish:
    """Return the wish of an address; without days the last thirty."""
    today = now.astimezone(SHANGHAI).date()
    last = _day(asked.get("to", ""), today)
    first = _day(asked.get("from", ""), last - SHOWN_AT_FIRST)
    kind, act = asked.get("kind", ""), asked.get("act", "")
    return AuditWish(
        officer=asked.get("officer", "").strip()[:WORDS_MAXIMUM],
        subject=asked.get("subject", "").strip()[:WORDS_MAXIMUM],
        kind=kind if kind in set(AuditSubject) else "",
        act=act if act in set(AuditAct) else "",
        first_day=min(first, last),
        last_day=max(first, last),
    )


def _day(text: str, otherwise: date) -> date:
    try:
        read = date.fromisoformat(text)
    except ValueError:
        return otherwise
    # The last day of all has no day after it.
    return read if date.min < read < date.max else otherwise
