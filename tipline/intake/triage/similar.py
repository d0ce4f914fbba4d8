"""Finds the tips that are like one tip: a bounded look-up by indexes, then a careful comparison of the few found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from matching.points import wgs84_point
from tipline.intake.tables import Tip
from tipline.intake.triage.likeness import NEAR_TIME, Likeness, Told, likenesses, serial_pairs

SIMILAR_SHOWN: Final = 8
# A plate that the machine is less sure of says nothing here.
LEAST_CONFIDENCE: Final = 0.5
_TOLD: Final = """
SELECT t.id, t.happened_from, t.happened_to, t.latitude, t.longitude, t.datum, t.place_text, t.plate_text,
  ARRAY(SELECT DISTINCT h.value FROM standing_hint h JOIN tip_file f ON f.id = h.tip_file
        WHERE f.tip = t.id AND h.kind = 'plate' AND h.confidence >= {}) AS read_plates,
  ARRAY(SELECT i.sha256 FROM evidence_item i JOIN tip_file f ON f.item = i.id
        WHERE f.tip = t.id AND i.sha256 IS NOT NULL) AS digests
FROM tip t WHERE t.id = ANY({}::uuid[])"""
_CANDIDATES: Final = """
SELECT id FROM (
  (SELECT f.tip AS id FROM evidence_item i JOIN tip_file f ON f.item = i.id
   WHERE i.parent IS NULL AND i.sha256 = ANY({}::text[]) LIMIT 50)
  UNION
  (SELECT f.tip FROM standing_hint h JOIN tip_file f ON f.id = h.tip_file
   WHERE h.kind = 'plate' AND h.value = ANY({}::text[]) AND h.confidence >= {} LIMIT 50)
  UNION
  (SELECT id FROM tip WHERE plate_text <> '' AND character_pairs(plate_text) && {}::text[]
   ORDER BY received_at DESC LIMIT 120)
  UNION
  (SELECT id FROM tip WHERE happened_from BETWEEN {}::timestamptz AND {}::timestamptz
   ORDER BY received_at DESC LIMIT 120)
) found WHERE id <> {}"""
_SHOWN: Final = """
SELECT id, alias, state, received_at, happened_from, place_text, plate_text, left(story, 120) AS story_start, is_demo
FROM tip WHERE id = ANY({}::uuid[])"""
_STRENGTH: Final = {likeness: at for at, likeness in enumerate(Likeness)}


@dataclass(frozen=True, slots=True)
class SimilarTip:
    """A tip that is like another, as a row to show, and in what, the strongest likeness first."""

    row: dict[str, Any]
    likenesses: list[Likeness]


async def similar_tips(tip_id: UUID) -> list[SimilarTip]:
    """Return up to eight tips like this one, the most alike first; none for a tip that does not exist."""
    alike = await likenesses_of(tip_id)
    best = sorted(alike, key=lambda one: (_STRENGTH[alike[one][0]], -len(alike[one])))
    rows: list[dict[str, Any]] = await Tip.raw(_SHOWN, best) if best else []
    shown = [SimilarTip(row, alike[row["id"]]) for row in rows]
    shown.sort(key=lambda one: one.row["received_at"], reverse=True)
    shown.sort(key=lambda one: (_STRENGTH[one.likenesses[0]], -len(one.likenesses)))
    return shown[:SIMILAR_SHOWN]


async def likenesses_of(tip_id: UUID) -> dict[UUID, list[Likeness]]:
    """Return the tips like this one, some hundreds at most looked at, each with in what it is alike."""
    own = (await _told([tip_id])).get(tip_id)
    if own is None:
        return {}
    begin, end = own.happened_from or own.happened_to, own.happened_to or own.happened_from
    rows: list[dict[str, Any]] = await Tip.raw(
        _CANDIDATES,
        sorted(own.digests),
        sorted(own.plates),
        LEAST_CONFIDENCE,
        serial_pairs(own.plates),
        begin and begin - NEAR_TIME,
        end and end + NEAR_TIME,
        tip_id,
    )
    others = await _told([row["id"] for row in rows])
    found = {other: likenesses(own, told) for other, told in others.items()}
    return {other: alike for other, alike in found.items() if alike}


async def _told(tips: Sequence[UUID]) -> dict[UUID, Told]:
    if not tips:
        return {}
    rows: list[dict[str, Any]] = await Tip.raw(_TOLD, LEAST_CONFIDENCE, list(tips))
    return {row["id"]: _of_row(row) for row in rows}


def _of_row(row: dict[str, Any]) -> Told:
    has_point = row["latitude"] is not None and row["datum"] is not None
    return Told(
        happened_from=row["happened_from"],
        happened_to=row["happened_to"],
        point=wgs84_point(row["latitude"], row["longitude"], row["datum"]) if has_point else None,
        place_text=row["place_text"],
        plates=frozenset(text for text in (row["plate_text"], *row["read_plates"]) if text),
        digests=frozenset(row["digests"]),
    )
