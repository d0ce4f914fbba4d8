"""Asking for derived items, and writing down what became of them: one row for each original and piece."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from evidence.errors import NotSealed
from evidence.tables import ItemState
from tipline.database import engine
from tipline.errors import Invalid, Problem
from tipline.intake.review.errors import DerivationNotFound, FileNotFound
from tipline.intake.review.rules import LONGEST_FILE_MS, Piece, clip_problems, crop_problems
from tipline.intake.review.tables import Derivation, DerivationKind, DerivationState, Marker
from tipline.intake.tables import FileRole, TipFile
from tipline.work.service import ask
from tipline.work.tables import Job

NOTE_MAXIMUM: Final = 400
_FILE: Final = """
SELECT f.id, f.tip, f.item, f.role, f.position, f.facts, i.state AS item_state, i.media_type, i.sha256
FROM tip_file f JOIN evidence_item i ON i.id = f.item WHERE f.tip = {} AND f.position = {}"""
_ORDER: Final = """
SELECT d.id, d.kind, d.label, d.parameters, d.state, d.badge_number, f.item, f.role
FROM derivation d JOIN tip_file f ON f.id = d.tip_file WHERE d.id = {}"""


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """A sealed file of a tip, as far as reviewing it needs to know."""

    id: UUID
    tip: UUID
    item: UUID
    role: FileRole
    duration_s: float | None


@dataclass(frozen=True, slots=True)
class By:
    """Who asks: the row and the badge number under which the ledger names them."""

    officer: UUID
    badge_number: str


@dataclass(frozen=True, slots=True)
class Order:
    """A derived item to be made: from which original, what, and for whom."""

    id: UUID
    original: UUID
    role: FileRole
    piece: Piece
    label: str
    is_kept: bool
    asked_by: str


async def sealed_file(tip_id: UUID, position: int) -> ReviewedFile:
    """Return a file of a tip whose bytes are vouched for.

    Raises:
        FileNotFound: the tip has no such file.
        NotSealed: it is still being checked, or damaged in store.
    """
    rows = await TipFile.raw(_FILE, tip_id, position)
    if not rows:
        raise FileNotFound(tip_id, position)
    row = rows[0]
    if row["item_state"] != ItemState.SEALED:
        raise NotSealed(row["item"], row["item_state"])
    facts = json.loads(row["facts"])
    return ReviewedFile(row["id"], row["tip"], row["item"], FileRole(row["role"]), facts.get("duration_s"))


async def ask_clip(file: ReviewedFile, from_ms: int, to_ms: int, *, by: By, now: datetime) -> UUID:
    """Ask for a stretch of a video as a derived item and return the derivation's id; the original stays as it is.

    Raises:
        Invalid: the ends do not hold, or the file is a photo.
    """
    problems = clip_problems(from_ms, to_ms, duration_s=file.duration_s)
    if file.role != FileRole.VIDEO:
        problems = [Problem("from", "not_of_a_photo")]
    if problems:
        raise Invalid(*problems)
    return await _ask(file, Piece(DerivationKind.CLIP, {"from_ms": from_ms, "to_ms": to_ms}), by, now)


async def ask_crop(file: ReviewedFile, at_ms: int, sides: tuple[int, int, int, int], *, by: By, now: datetime) -> UUID:
    """Ask for a part of one frame (or of a photo) as a derived item and return the derivation's id.

    Args:
        file: a sealed file.
        at_ms: which frame; of a photo always the one picture.
        sides: left, top, width, height in ten-thousandths of the upright picture.
        by: who asks.
        now: timezone-aware.

    Raises:
        Invalid: the part does not lie within the picture, or the moment not within the video.
    """
    problems = [*_moment_problems(file, at_ms, "crop_at"), *crop_problems(*sides)]
    if problems:
        raise Invalid(*problems)
    parameters = dict(zip(("left", "top", "width", "height"), sides, strict=True))
    return await _ask(file, Piece(DerivationKind.CROP, {"at_ms": _moment(file, at_ms), **parameters}), by, now)


async def ask_preview(file: ReviewedFile, *, by: By, now: datetime) -> UUID:
    """Ask for a copy of a video that browsers play, as a derived item, and return the derivation's id.

    Raises:
        Invalid: the file is a photo.
    """
    if file.role != FileRole.VIDEO:
        raise Invalid(Problem("", "not_of_a_photo"))
    return await _ask(file, Piece(DerivationKind.PREVIEW, {}), by, now)


async def mark(file: ReviewedFile, at_ms: int, note: str, *, by: By, now: datetime) -> UUID:
    """Mark one moment of a file with a note, ask for its exact frame as a derived item, and return the marker's id.

    Raises:
        Invalid: no note, one longer than 400 characters, or a moment behind the end.
    """
    problems = _moment_problems(file, at_ms, "at")
    if not note:
        problems.append(Problem("note", "required"))
    elif len(note) > NOTE_MAXIMUM:
        problems.append(Problem("note", "too_long", {"limit": NOTE_MAXIMUM}))
    if problems:
        raise Invalid(*problems)
    moment = _moment(file, at_ms)
    async with engine().transaction():
        still = await _ask(file, Piece(DerivationKind.STILL, {"at_ms": moment}), by, now)
        marker = Marker(
            id=uuid4(), tip_file=file.id, at_ms=moment, note=note, still=still, made_by=by.officer, made_at=now
        )
        await Marker.insert(marker)
    return marker.id


async def order_of(derivation_id: UUID) -> Order:
    """Return what a worker is to make.

    Raises:
        DerivationNotFound: nobody asked for it.
    """
    rows = await Derivation.raw(_ORDER, derivation_id)
    if not rows:
        raise DerivationNotFound(derivation_id)
    row = rows[0]
    return Order(
        id=row["id"],
        original=row["item"],
        role=FileRole(row["role"]),
        piece=Piece(DerivationKind(row["kind"]), json.loads(row["parameters"])),
        label=row["label"],
        is_kept=row["state"] == DerivationState.KEPT,
        asked_by=row["badge_number"],
    )


async def record_kept(derivation_id: UUID, item: UUID, *, facts: Mapping[str, Any], now: datetime) -> None:
    """Write down which derived item came of it; safe to repeat, the first item stands."""
    await Derivation.raw(
        "UPDATE derivation SET state = 'kept', item = {}, facts = {}, problem = '', settled_at = {}"
        " WHERE id = {} AND state <> 'kept'",
        item,
        json.dumps(facts),
        now,
        derivation_id,
    )


async def record_refused(derivation_id: UUID, *, problem: str, now: datetime) -> None:
    """Write down that it cannot be made and why; safe to repeat, what is kept stays kept."""
    await Derivation.raw(
        "UPDATE derivation SET state = 'refused', problem = {}, settled_at = {} WHERE id = {} AND state <> 'kept'",
        problem,
        now,
        derivation_id,
    )


async def _ask(file: ReviewedFile, piece: Piece, by: By, now: datetime) -> UUID:
    """Ask once for each piece: a second ask finds the first one, and has what failed or was refused tried again."""
    async with engine().transaction():
        rows = await Derivation.raw(
            "INSERT INTO derivation (id, tip_file, kind, label, parameters, asked_by, badge_number, asked_at, state,"
            " facts, problem) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, 'asked', {}, '')"
            " ON CONFLICT (tip_file, label) DO UPDATE SET problem = '',"
            " state = CASE derivation.state WHEN 'kept' THEN 'kept' ELSE 'asked' END,"
            " settled_at = CASE derivation.state WHEN 'kept' THEN derivation.settled_at END"
            " RETURNING id, state",
            uuid4(),
            file.id,
            piece.kind.value,
            piece.label,
            json.dumps(piece.parameters),
            by.officer,
            by.badge_number,
            now,
            "{}",
        )
        derivation: UUID = rows[0]["id"]
        if rows[0]["state"] != DerivationState.KEPT:
            await ask(Job.DERIVE_ITEM, derivation, now=now)
    return derivation


def _moment(file: ReviewedFile, at_ms: int) -> int:
    return at_ms if file.role == FileRole.VIDEO else 0


def _moment_problems(file: ReviewedFile, at_ms: int, name: str) -> list[Problem]:
    if file.role != FileRole.VIDEO:
        return []
    end_ms = LONGEST_FILE_MS if file.duration_s is None else file.duration_s * 1000
    return [] if 0 <= at_ms <= end_ms else [Problem(name, "behind_the_end")]
