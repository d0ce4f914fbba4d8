"""Reads of the media review: corrections, clocks, and the hints that count once officers have spoken."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tipline.intake.review.rules import standing_readings
from tipline.intake.review.tables import ClockOffset, CorrectionAct, HintCorrection
from tipline.intake.tables import HintKind, TipFile

# What an officer corrected counts as read by an officer: as sure as matching takes one to be.
CORRECTED: Final = "officer"
_CORRECTIONS: Final = """
SELECT c.*, o.full_name, o.badge_number FROM hint_correction c JOIN officer o ON o.id = c.corrected_by
WHERE c.tip_file = ANY({}::uuid[]) ORDER BY c.corrected_at, c.id"""
_CLOCKS: Final = """
SELECT c.*, o.full_name FROM clock_offset c JOIN officer o ON o.id = c.set_by
WHERE c.tip_file = ANY({}::uuid[]) ORDER BY c.set_at DESC, c.id"""
# A tip speaks with the media of its duplicates too; a file that was left aside says nothing.
_FILES: Final = """
WITH RECURSIVE told AS (SELECT {}::uuid AS id UNION SELECT d.id FROM tip d JOIN told ON d.duplicate_of = told.id)
SELECT f.id FROM tip_file f WHERE f.tip IN (SELECT id FROM told) AND f.decision <> 'declined'"""
_HINTS: Final = """
SELECT tip_file, kind, value, confidence, reading FROM hint
WHERE tip_file = ANY({}::uuid[]) ORDER BY confidence DESC, id"""
# The worker knows officers by no name: these ask for none.
_FILE_CORRECTIONS: Final = """
SELECT tip_file, kind, raw_value, new_value, act, reason, corrected_at, '' AS full_name
FROM hint_correction WHERE tip_file = ANY({}::uuid[]) ORDER BY corrected_at, id"""
_FILE_CLOCKS: Final = """
SELECT DISTINCT ON (tip_file) tip_file, offset_s, covers_file_time
FROM clock_offset WHERE tip_file = ANY({}::uuid[]) ORDER BY tip_file, set_at DESC, id"""


async def corrections_of(file_id: UUID) -> list[dict[str, Any]]:
    """Return the corrections of a file's readings with the officer's name, oldest first."""
    rows: list[dict[str, Any]] = await HintCorrection.raw(_CORRECTIONS, [file_id])
    return rows


async def corrections_of_files(files: list[UUID]) -> list[dict[str, Any]]:
    """Return the corrections of several files with the officer's name, oldest first."""
    rows: list[dict[str, Any]] = await HintCorrection.raw(_CORRECTIONS, files)
    return rows


async def clocks_of(file_id: UUID) -> list[dict[str, Any]]:
    """Return the clock readings of a file with the officer's name; the first one, the newest, stands."""
    rows: list[dict[str, Any]] = await ClockOffset.raw(_CLOCKS, [file_id])
    return rows


async def hints_that_count(tip_id: UUID) -> list[dict[str, Any]]:
    """Return the hints of a tip, and of its duplicates, that count for suggestions, the surest first.

    Rejected ones are left out, corrected ones have the officer's value. Rows have `kind`, `value`, `confidence`,
    `reading` (JSON text) and `source` (`officer` where corrected, else `machine`). A corrected reading counts once,
    even when a later examination reads otherwise. Times of capture are moved by the file's clock where it covers them.
    """
    files = [row["id"] for row in await TipFile.raw(_FILES, tip_id)]
    corrections: dict[UUID, list[dict[str, Any]]] = {}
    for row in await HintCorrection.raw(_FILE_CORRECTIONS, files):
        corrections.setdefault(row["tip_file"], []).append(row)
    standing = {file: standing_readings(rows) for file, rows in corrections.items()}
    offsets = {
        row["tip_file"]: timedelta(seconds=row["offset_s"])
        for row in await ClockOffset.raw(_FILE_CLOCKS, files)
        if row["covers_file_time"]
    }
    counting = [
        {"kind": kind, "value": one.value, "confidence": 1.0, "reading": "{}", "source": CORRECTED}
        for readings in standing.values()
        for (kind, _), one in readings.items()
        if one.act == CorrectionAct.CORRECTED
    ]
    for hint in await TipFile.raw(_HINTS, files):
        known = standing.get(hint["tip_file"], {}).get((hint["kind"], hint["value"]))
        if known is not None and known.act != CorrectionAct.RESTORED:
            continue
        value = hint["value"]
        if hint["kind"] == HintKind.CAPTURE_TIME and hint["tip_file"] in offsets:
            value = moved(value, offsets[hint["tip_file"]])
        counting.append({**hint, "value": value, "source": "machine"})
    return counting


def moved(value: str, offset: timedelta) -> str:
    """Return an ISO 8601 time moved by a clock's offset; one that cannot be read is returned as it is."""
    try:
        return (datetime.fromisoformat(value) + offset).isoformat()
    except (ValueError, OverflowError):
        return value


def raw_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the machine's reading that stands beside a correction."""
    told: dict[str, Any] = json.loads(row["reading"])
    return told
