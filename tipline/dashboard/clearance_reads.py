"""Case events out of the database, as histories known at a moment; and what lists say of a case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.access import Reader, visible_cases
from tipline.cases.tables import CaseEvent, Severity
from tipline.dashboard.figures import hidden
from tipline.dashboard.histories import ENTRIES, CaseKey, Event, EventType, History, histories_known

CHANGES_SEVERITY: Final = ENTRIES | {EventType.RECLASSIFIED}

# Events of one moment stand in the order in which they were entered, an entry first.
# A case that was closed before `since`, never reopened, and had no event from then on counts in no figure from then on.
_EVENTS: Final = """
WITH known AS (
  SELECT e.id, e."case", e.type, e.severity, e.happened_at, e.known_at
  FROM case_event e WHERE e.known_at <= {}
), bearing AS (
  SELECT k."case" FROM known k GROUP BY k."case"
  HAVING max(k.happened_at) >= {}
      OR NOT bool_or(k.type IN ('cleared', 'cleared_exceptionally', 'unfounded', 'transferred_out'))
      OR bool_or(k.type = 'reopened')
)
SELECT k."case" AS case_id, k.type, k.severity, k.happened_at, k.known_at, c.is_demo
FROM known k JOIN bearing b ON b."case" = k."case" JOIN case_file c ON c.id = k."case"
ORDER BY k.happened_at, k.known_at, k.type NOT IN ('recorded', 'transferred_in'), k.id"""
_CASES: Final = """
SELECT c.id AS case_id, c.number, c.severity, c.happened_from, c.place_text, c.is_demo, u.name AS unit_name,
       {} AS is_readable
FROM case_file c JOIN unit u ON u.id = c.unit WHERE c.id = ANY({})"""


@dataclass(frozen=True, slots=True)
class Records:
    """The histories that bear on a time, and whether invented (demo) cases are among them.

    `faults` are the cases without a history, for their events contradict each other, with the event that does not fit.
    """

    histories: tuple[History, ...]
    faults: Mapping[UUID, EventType]
    is_demo: bool


async def read_records(*, since: datetime, as_of: datetime) -> Records:
    """Return the histories of every case that can count in figures from `since` on, as known at `as_of`."""
    rows = await CaseEvent.raw(_EVENTS, as_of, since)
    events = [
        Event(
            line,
            row["case_id"],
            EventType(row["type"]),
            Severity(row["severity"]),
            row["happened_at"],
            row["known_at"],
        )
        for line, row in enumerate(rows, start=1)
    ]
    known = histories_known(_with_severity(events), as_of=as_of)
    faults = {rows[fault.line - 1]["case_id"]: events[fault.line - 1].type for _, fault in known.faults}
    return Records(known.histories, faults, is_demo=any(row["is_demo"] for row in rows))


def _with_severity(events: Sequence[Event]) -> Iterator[Event]:
    """Give each event the severity that its case had when it happened: of its record, or of the latest change before.

    A row bears what was known when it was entered; a death that became known later dates back to when it happened.
    """
    standing: dict[CaseKey, Severity] = {}
    for event in events:
        if event.type in CHANGES_SEVERITY or event.case not in standing:
            standing[event.case] = event.severity
        yield replace(event, severity=standing[event.case])


async def read_cases(cases: Collection[UUID], *, of: Reader) -> dict[UUID, dict[str, Any]]:
    """Return number, severity, time, place, unit, `is_demo` and `is_readable` of cases, by their ids.

    Number and place of a case that is not `of`'s to read are empty.
    """
    rows = await CaseEvent.raw(_CASES, visible_cases(of), list(cases))
    return {row["case_id"]: row if row["is_readable"] else row | hidden(row) for row in rows}
