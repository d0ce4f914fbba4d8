"""The open alarms as one officer sees them: what every staff page shows on top."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tipline.accounts.service import SignedInOfficer
from tipline.accounts.tables import OfficerRole, UnitKind
from tipline.intake.alarms.rules import PATIENCE, Call, is_called
from tipline.intake.alarms.tables import CallKind, DeskAlarm

SHOWN: Final = 5
_OPEN: Final = """
SELECT a.id, a.tip, a.raised_at, t.alias, t.place_text, t.plate_text, t.is_demo,
       (SELECT count(*) FROM desk_alarm x WHERE x.acknowledged_at IS NULL) AS open_alarms,
       (SELECT kind FROM unit WHERE id = {}) AS unit_kind,
       (SELECT patience_s FROM alarm_patience ORDER BY set_at DESC, id LIMIT 1) AS patience_s,
       coalesce((SELECT json_agg(json_build_object('kind', c.kind, 'officer', c.officer, 'name', o.full_name)
                                 ORDER BY c.number)
                 FROM alarm_call c LEFT JOIN officer o ON o.id = c.officer WHERE c.alarm = a.id), '[]') AS calls
FROM desk_alarm a JOIN tip t ON t.id = a.tip WHERE a.acknowledged_at IS NULL ORDER BY a.raised_at DESC, a.id LIMIT {}"""


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An alarm nobody has answered. `called` tells who was called so far; `is_mine` that it calls the one who looks."""

    id: UUID
    tip: UUID
    raised_at: datetime
    alias: str
    place_text: str
    plate_text: str
    is_demo: bool
    called: tuple[tuple[CallKind, str], ...]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class OpenAlarms:
    """The newest open alarms, and how many more there are."""

    shown: tuple[OpenAlarm, ...] = ()
    more: int = 0


async def open_alarms(officer: SignedInOfficer, *, now: datetime) -> OpenAlarms:
    """Return the open alarms as `officer` sees them, newest first, in one query."""
    rows: list[dict[str, Any]] = await DeskAlarm.raw(_OPEN, officer.unit, SHOWN)
    if not rows:
        return OpenAlarms()
    is_command = officer.role == OfficerRole.COMMANDER or rows[0]["unit_kind"] == UnitKind.COMMAND_CENTRE
    return OpenAlarms(
        tuple(_alarm(row, officer.id, is_command=is_command, now=now) for row in rows),
        max(0, rows[0]["open_alarms"] - SHOWN),
    )


def _alarm(row: dict[str, Any], officer: UUID, *, is_command: bool, now: datetime) -> OpenAlarm:
    calls = json.loads(row["calls"]) if isinstance(row["calls"], str) else row["calls"]
    made = [Call(CallKind(one["kind"]), UUID(one["officer"]) if one["officer"] else None) for one in calls]
    patience = timedelta(seconds=row["patience_s"]) if row["patience_s"] else PATIENCE
    return OpenAlarm(
        id=row["id"],
        tip=row["tip"],
        raised_at=row["raised_at"],
        alias=row["alias"],
        place_text=row["place_text"],
        plate_text=row["plate_text"],
        is_demo=row["is_demo"],
        called=tuple((CallKind(one["kind"]), one["name"] or "") for one in calls),
        is_mine=is_called(
            made, officer=officer, is_command=is_command, raised_at=row["raised_at"], patience=patience, now=now
        ),
    )
