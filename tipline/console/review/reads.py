"""What the review page shows of one file: frames, readings, markers, pieces and clocks, in eight queries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from evidence.tables import EvidenceItem, ItemState
from tipline.console.review.frames import FrameView, ReadingView, frames_of, readings_of
from tipline.console.rules import FileStatus, file_status
from tipline.console.tip_reads import SHOWN, problem_words
from tipline.intake.review.errors import FileNotFound
from tipline.intake.review.reads import clocks_of, corrections_of
from tipline.intake.review.rules import moment_words, plays_in_browsers
from tipline.intake.review.tables import Derivation, DerivationKind, DerivationState, FrameSeen, Marker
from tipline.intake.tables import ExaminationState, FileRole, TipFile
from tipline.web.labels import LABELS, label
from tipline.work.tables import Job, WorkState

USUAL_FRAME_RATE: Final = 25.0
_FILE: Final = """
SELECT f.id, f.tip, f.item, f.role, f.position, f.file_name, f.examination, f.problem, f.facts,
       i.state AS item_state, i.media_type, i.size_bytes, i.sha256, i.sm3, i.sealed_at,
       t.alias, t.is_demo, t.happened_from, t.happened_to, w.state AS work_state, w.problem AS work_problem
FROM tip_file f JOIN evidence_item i ON i.id = f.item JOIN tip t ON t.id = f.tip
LEFT JOIN LATERAL (
  SELECT w.state, w.problem FROM work w
  WHERE w.subject = f.item AND w.job = CASE WHEN i.state = 'checking' THEN {} ELSE {} END
  ORDER BY w.asked_at DESC LIMIT 1
) w ON true
WHERE {}"""
_SIBLINGS: Final = "SELECT id, role, position FROM tip_file WHERE tip = {} ORDER BY position"
_FRAMES: Final = """
SELECT d.id, d.label, mine.seen_at, (
  SELECT count(*) FROM frame_seen other WHERE other.frame = d.id AND other.officer <> {}) AS seen_by_others
FROM evidence_item d LEFT JOIN frame_seen mine ON mine.frame = d.id AND mine.officer = {}
WHERE d.parent = {} AND d.state = 'sealed' AND d.label LIKE 'frame:%' ORDER BY d.label"""
_HINTS: Final = """
SELECT id, frame, at_s, kind, value, confidence, box, reading, model FROM hint
WHERE tip_file = {} ORDER BY kind, confidence DESC, at_s NULLS FIRST, id"""
_MARKERS: Final = """
SELECT m.id, m.at_ms, m.note, m.made_at, o.full_name, d.state, d.problem, d.item, i.sha256
FROM marker m JOIN officer o ON o.id = m.made_by JOIN derivation d ON d.id = m.still
LEFT JOIN evidence_item i ON i.id = d.item WHERE m.tip_file = {} ORDER BY m.at_ms, m.made_at"""
_PIECES: Final = """
SELECT d.id, d.kind, d.label, d.parameters, d.state, d.problem, d.facts, d.asked_at, d.item, o.full_name,
       i.sha256, i.sm3, i.size_bytes, i.media_type, w.state AS work_state, w.problem AS work_problem
FROM derivation d JOIN officer o ON o.id = d.asked_by LEFT JOIN evidence_item i ON i.id = d.item
LEFT JOIN LATERAL (
  SELECT w.state, w.problem FROM work w WHERE w.subject = d.id AND w.job = {} ORDER BY w.asked_at DESC LIMIT 1
) w ON true
WHERE d.tip_file = {} ORDER BY d.asked_at DESC, d.label"""


class PieceStatus(StrEnum):
    """How far a derived item is, in one word."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    REFUSED = "refused"
    KEPT = "kept"


_STATUS: Final = {DerivationState.KEPT.value: PieceStatus.KEPT, DerivationState.REFUSED.value: PieceStatus.REFUSED}
_STATUS_OF_WORK: Final = {WorkState.RUNNING.value: PieceStatus.RUNNING, WorkState.FAILED.value: PieceStatus.FAILED}


@dataclass(frozen=True, slots=True)
class PieceView:
    """A derived item; `why` tells what failed or was refused."""

    row: dict[str, Any]
    status: PieceStatus
    why: str
    span: str
    facts: dict[str, Any]
    parameters: dict[str, int]


@dataclass(frozen=True, slots=True)
class FileHead:
    """One file of a tip, its state, and what of it can be played."""

    row: dict[str, Any]
    facts: dict[str, Any]
    status: FileStatus
    problem: str
    plays: bool
    """The original itself plays in common browsers."""
    is_shown: bool
    """A photo that every browser draws."""

    @property
    def is_video(self) -> bool:
        """Whether it moves."""
        return bool(self.row["role"] == FileRole.VIDEO)

    @property
    def is_sealed(self) -> bool:
        """Whether its bytes are vouched for, so that they may be shown."""
        return bool(self.row["item_state"] == ItemState.SEALED)

    @property
    def frame_rate(self) -> float:
        """Frames a second, 25 where the file does not say."""
        return float(self.facts.get("frame_rate") or USUAL_FRAME_RATE)

    @property
    def address(self) -> str:
        """Of its review page."""
        return f"/tips/{self.row['tip']}/files/{self.row['position']}/review"


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything of the review page."""

    head: FileHead
    siblings: list[dict[str, Any]]
    frames: list[FrameView]
    readings: list[ReadingView]
    markers: list[dict[str, Any]]
    pieces: list[PieceView]
    clocks: list[dict[str, Any]]
    captured: list[datetime] = field(default_factory=list)
    """Times of capture that count, moved by the clock where it covers them."""

    @property
    def preview(self) -> PieceView | None:
        """The copy that browsers play, whatever its state."""
        return next((one for one in self.pieces if one.row["kind"] == DerivationKind.PREVIEW), None)

    @property
    def film(self) -> UUID | None:
        """The item a player plays: the original, else a preview of it; None when there are only frames."""
        if not self.head.is_video or not self.head.is_sealed:
            return None
        if self.head.plays:
            item: UUID = self.head.row["item"]
            return item
        kept: UUID | None = self.preview.row["item"] if self.preview else None
        return kept

    @property
    def is_moving(self) -> bool:
        """Whether something on the page is still to come by itself."""
        return any(one.status in {PieceStatus.WAITING, PieceStatus.RUNNING} for one in self.pieces)

    def neighbour(self, step: int) -> dict[str, Any] | None:
        """Return the file `step` places on in the tip."""
        place = next(n for n, one in enumerate(self.siblings) if one["id"] == self.head.row["id"]) + step
        return self.siblings[place] if 0 <= place < len(self.siblings) else None


async def read_head(tip_id: UUID, position: int) -> FileHead:
    """Return one file of a tip.

    Raises:
        FileNotFound: there is none.
    """
    rows = await TipFile.raw(
        _FILE.replace("WHERE {}", "WHERE f.tip = {} AND f.position = {}"),
        *(Job.SEAL_ITEM.value, Job.EXAMINE_ITEM.value, tip_id, position),
    )
    if not rows:
        raise FileNotFound(tip_id, position)
    return _head(rows[0])


async def read_heads(files: list[UUID]) -> dict[UUID, FileHead]:
    """Return files by their row ids; those that are not there are left out."""
    rows = await TipFile.raw(
        _FILE.replace("WHERE {}", "WHERE f.id = ANY({}::uuid[])"),
        *(Job.SEAL_ITEM.value, Job.EXAMINE_ITEM.value, files),
    )
    return {row["id"]: _head(row) for row in rows}


async def read_frames(head: FileHead, *, officer: UUID) -> list[FrameView]:
    """Return a file's frames with their hints and what of them this officer has seen, in order of time."""
    return (await _frames_and_readings(head, officer))[0]


async def read_review(head: FileHead, *, officer: UUID) -> ReviewView:
    """Return all that the review page shows of a file to `officer`."""
    file: UUID = head.row["id"]
    frames, readings = await _frames_and_readings(head, officer)
    clocks = await clocks_of(file)
    pieces = await Derivation.raw(_PIECES, Job.DERIVE_ITEM.value, file)
    return ReviewView(
        head=head,
        siblings=await TipFile.raw(_SIBLINGS, head.row["tip"]),
        frames=frames,
        readings=readings,
        markers=await Marker.raw(_MARKERS, file),
        pieces=[_piece(row) for row in pieces],
        clocks=clocks,
        captured=_captured(readings, clocks),
    )


async def _frames_and_readings(head: FileHead, officer: UUID) -> tuple[list[FrameView], list[ReadingView]]:
    file: UUID = head.row["id"]
    rows = await FrameSeen.raw(_FRAMES, officer, officer, head.row["item"])
    hints = await EvidenceItem.raw(_HINTS, file)
    corrections = await corrections_of(file)
    readings = readings_of(hints, corrections)
    return frames_of(rows, hints, readings, head.facts.get("sharpness", {})), readings


def _head(row: dict[str, Any]) -> FileHead:
    facts: dict[str, Any] = json.loads(row["facts"])
    return FileHead(
        row=row,
        facts=facts,
        status=file_status(
            ItemState(row["item_state"]),
            ExaminationState(row["examination"]),
            WorkState(row["work_state"]) if row["work_state"] else None,
        ),
        problem=problem_words(row["role"], row["problem"]),
        plays=row["role"] == FileRole.VIDEO and plays_in_browsers(row["media_type"], facts.get("codec", "")),
        is_shown=row["role"] == FileRole.PHOTO and row["media_type"] in SHOWN,
    )


def _piece(row: dict[str, Any]) -> PieceView:
    parameters = json.loads(row["parameters"])
    status = _STATUS.get(row["state"]) or _STATUS_OF_WORK.get(row["work_state"], PieceStatus.WAITING)
    ends = [parameters[name] for name in ("at_ms", "from_ms", "to_ms") if name in parameters]
    return PieceView(
        row=row,
        status=status,
        why=_why(row["problem"])
        if status == PieceStatus.REFUSED
        else (row["work_problem"] or "") * (status == PieceStatus.FAILED),
        span=" – ".join(moment_words(one) for one in ends),
        facts=json.loads(row["facts"]),
        parameters=parameters,
    )


def _why(code: str) -> str:
    for named in ("CutProblem", "VideoProblem", "PictureProblem"):
        if code in LABELS[named]:
            return label(named, code)
    return code


def _captured(readings: list[ReadingView], clocks: list[dict[str, Any]]) -> list[datetime]:
    found = []
    for one in readings:
        if one.moment is None:
            continue
        offset = clocks[0]["offset_s"] if clocks and clocks[0]["covers_file_time"] and not one.is_corrected else 0.0
        found.append(one.moment + timedelta(seconds=offset))
    return sorted(found)
