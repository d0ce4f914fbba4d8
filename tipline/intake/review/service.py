"""What an officer says of a file: what a reading truly is, how far its clock is off, which frames were looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.database import engine
from tipline.errors import Invalid, Problem
from tipline.intake.review.asking import ReviewedFile
from tipline.intake.review.errors import NothingChanged, NotOfThisFile, ReadingCorrected, ReadingNotFound
from tipline.intake.review.reads import corrections_of
from tipline.intake.review.rules import Standing, corrected_value, standing_readings
from tipline.intake.review.tables import ClockOffset, CorrectionAct, FrameSeen, HintCorrection
from tipline.intake.tables import FileRole, Hint, HintKind
from tipline.work.service import ask
from tipline.work.tables import Job

REASON_MAXIMUM: Final = 200
# A recorder whose clock is further off than this was never set: its time tells nothing.
FARTHEST_CLOCK: Final = timedelta(days=366 * 30)
LARGEST_ERROR_S: Final = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What an officer says of a reading.

    `raw_value` is what the machine read, `seen` what stood on the page the officer decided on (empty: rejected),
    `value` what is typed, for `CORRECTED` only.
    """

    kind: HintKind
    raw_value: str
    act: CorrectionAct
    seen: str
    value: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockReading:
    """A recorder's clock at one moment of a file, as an officer reads it, and the true time there."""

    at_ms: int
    shown_at: datetime
    true_at: datetime
    error_s: float
    covers_file_time: bool
    reason: str


async def correct_hint(file: ReviewedFile, said: Correction, *, officer: UUID, now: datetime) -> None:
    """Write down what an officer says of a reading, beside the raw one, and ask for case suggestions anew.

    It goes for every hint of the file that reads the same. One transaction.

    Raises:
        Invalid: the typed value is none of this kind, or a reason is missing where one is needed.
        ReadingNotFound: the file has no such reading.
        ReadingCorrected: it stands otherwise than the officer saw.
        NothingChanged: it stands so already.
    """
    value = _value_of(said)
    async with engine().transaction():
        await _queue_at(file.id)
        hint = await (
            Hint.objects()
            .where((Hint.tip_file == file.id) & (Hint.kind == said.kind) & (Hint.value == said.raw_value))
            .order_by(Hint.confidence, ascending=False)
            .first()
        )
        known = standing_readings(await corrections_of(file.id)).get((said.kind, said.raw_value))
        if hint is None and known is None:
            raise ReadingNotFound(said.raw_value)
        standing = known.value if known else said.raw_value
        _refuse_overtaken(said, standing, known)
        if value == standing:
            raise NothingChanged
        row = HintCorrection(
            id=uuid4(),
            tip_file=file.id,
            kind=said.kind,
            raw_value=said.raw_value,
            reading=json.dumps(_told(hint), ensure_ascii=False),
            act=said.act,
            old_value=standing,
            new_value=value,
            reason=said.reason,
            corrected_by=officer,
            corrected_at=now,
        )
        await HintCorrection.insert(row)
        await ask(Job.SUGGEST_CASES, file.tip, now=now)


async def set_clock(file: ReviewedFile, read: ClockReading, *, officer: UUID, now: datetime) -> UUID:
    """Write down how far a file's clock is off and return the row's id; the newest of a file stands.

    Asks for case suggestions anew, since times of capture are counted corrected where the clock covers them.

    Raises:
        Invalid: times that are too far apart, an error that is none, a moment outside the file, or no reason.
    """
    problems = _clock_problems(file, read, now)
    if problems:
        raise Invalid(*problems)
    row = ClockOffset(
        id=uuid4(),
        tip_file=file.id,
        at_ms=read.at_ms if file.role == FileRole.VIDEO else 0,
        shown_at=read.shown_at,
        true_at=read.true_at,
        offset_s=(read.true_at - read.shown_at).total_seconds(),
        error_s=read.error_s,
        covers_file_time=read.covers_file_time,
        reason=read.reason,
        set_by=officer,
        set_at=now,
    )
    async with engine().transaction():
        await _queue_at(file.id)
        await ClockOffset.insert(row)
        await ask(Job.SUGGEST_CASES, file.tip, now=now)
    return row.id


async def note_seen(file: ReviewedFile, frame: UUID, *, officer: UUID, now: datetime) -> None:
    """Remember that an officer has looked at a frame of a file; the first look counts.

    Raises:
        NotOfThisFile: it is not a frame of this file.
    """
    known = await FrameSeen.raw(
        "SELECT 1 FROM evidence_item WHERE id = {} AND parent = {} AND label LIKE 'frame:%'", frame, file.item
    )
    if not known:
        raise NotOfThisFile(frame)
    await FrameSeen.raw(
        "INSERT INTO frame_seen (id, frame, officer, seen_at) VALUES ({}, {}, {}, {})"
        " ON CONFLICT (frame, officer) DO NOTHING",
        uuid4(),
        frame,
        officer,
        now,
    )


async def _queue_at(file_id: UUID) -> None:
    """Let what officers say of one file at once come one after the other."""
    await HintCorrection.raw("SELECT pg_advisory_xact_lock(hashtextextended({}, 0))", f"review {file_id}")


def _value_of(said: Correction) -> str:
    if len(said.reason) > REASON_MAXIMUM:
        raise Invalid(Problem("reason", "too_long", {"limit": REASON_MAXIMUM}))
    if said.act == CorrectionAct.RESTORED:
        return said.raw_value
    if said.act == CorrectionAct.REJECTED:
        if not said.reason:
            raise Invalid(Problem("reason", "required"))
        return ""
    value = corrected_value(said.kind, said.value)
    if value is None:
        raise Invalid(Problem("value", f"not_a_{said.kind.value}" if said.value.strip() else "required"))
    return value


def _refuse_overtaken(said: Correction, standing: str, known: Standing | None) -> None:
    if said.seen != standing and known is not None:
        raise ReadingCorrected(standing, known.full_name, known.corrected_at)


def _told(hint: Hint | None) -> dict[str, Any]:
    """The machine's reading as it stood: an examination done again may replace the row it came from."""
    if hint is None:
        return {}
    return {
        "at_s": hint.at_s,
        "box": json.loads(hint.box) if hint.box else None,
        "confidence": hint.confidence,
        "frame": str(hint.frame),
        "model": hint.model,
        "reading": json.loads(hint.reading),
        "value": hint.value,
    }


def _clock_problems(file: ReviewedFile, read: ClockReading, now: datetime) -> list[Problem]:
    problems = []
    if file.role == FileRole.VIDEO and file.duration_s is not None and read.at_ms > file.duration_s * 1000:
        problems.append(Problem("clock_at", "behind_the_end"))
    if abs(read.true_at - read.shown_at) > FARTHEST_CLOCK:
        problems.append(Problem("shown_at", "clock_too_far"))
    if read.true_at > now:
        problems.append(Problem("true_at", "in_the_future"))
    if not 0 <= read.error_s <= LARGEST_ERROR_S:  # refuses NaN too
        problems.append(Problem("error_s", "not_an_error"))
    if not read.reason:
        problems.append(Problem("clock_reason", "required"))
    elif len(read.reason) > REASON_MAXIMUM:
        problems.append(Problem("clock_reason", "too_long", {"limit": REASON_MAXIMUM}))
    return problems
