"""What officers say of media: kept beside the machine's word, one after the other, never rewritten."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from evidence.errors import NotSealed
from evidence.tables import ItemState
from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.errors import Invalid
from tipline.intake.review.asking import By, ReviewedFile, ask_clip, ask_crop, mark, sealed_file
from tipline.intake.review.errors import FileNotFound, NothingChanged, NotOfThisFile, ReadingCorrected, ReadingNotFound
from tipline.intake.review.reads import clocks_of, hints_that_count
from tipline.intake.review.service import ClockReading, Correction, correct_hint, note_seen, set_clock
from tipline.intake.review.tables import ClockOffset, CorrectionAct, Derivation, FrameSeen, HintCorrection
from tipline.intake.tables import FileRole, Hint, HintKind, TipFile
from tipline.settings import Role
from tipline.work.tables import Job, Work

READ, TRUE = "鲁P39K51", "鲁P39K57"


async def reviewed(platform: Platform, role: FileRole = FileRole.VIDEO) -> tuple[ReviewedFile, By]:
    """Give a file with one plate read off two frames and a time of capture, and an officer at the staff face."""
    tip, officer = await make.tip(), await make.officer()
    item = await make.item(tip.id, media_type="video/mp4")
    row = await make.tip_file(tip, item, role=role)
    await TipFile.update({TipFile.facts: json.dumps({"duration_s": 10.0})}).where(TipFile.id == row.id)
    for label in ("frame:00000000", "frame:00002000"):
        await make.hint(row, await make.derived(item, label), READ)
    await make.hint(
        row, await make.derived(item, "frame:00004000"), NOON.isoformat(), kind=HintKind.CAPTURE_TIME, box=None
    )
    file = await sealed_file(tip.id, 1)
    as_role(platform, Role.STAFF)
    return file, By(officer.id, officer.badge_number)


def corrected(value: str = TRUE, *, seen: str = READ, raw_value: str = READ) -> Correction:
    return Correction(
        kind=HintKind.PLATE,
        raw_value=raw_value,
        act=CorrectionAct.CORRECTED,
        seen=seen,
        value=value,
        reason="放大后可辨",
    )


def clock(**wishes: object) -> ClockReading:
    told = {
        "at_ms": 2_000,
        "shown_at": NOON - timedelta(minutes=3),
        "true_at": NOON,
        "error_s": 2.0,
        "covers_file_time": True,
        "reason": "与路口信号灯比对",
    }
    return ClockReading(**{**told, **wishes})  # type: ignore[arg-type]  # the test's own words


async def counting(tip: UUID, kind: HintKind = HintKind.PLATE) -> list[tuple[str, str]]:
    return [(row["value"], row["source"]) for row in await hints_that_count(tip) if row["kind"] == kind]


async def test_a_corrected_reading_counts_once_and_the_raw_one_is_kept(database: Platform) -> None:
    file, by = await reviewed(database)

    await correct_hint(file, corrected("鲁p·39k57"), officer=by.officer, now=NOON)

    (row,) = await HintCorrection.objects()
    assert (row.raw_value, row.old_value, row.new_value, row.reason) == (READ, READ, TRUE, "放大后可辨")
    assert json.loads(row.reading)["confidence"] == pytest.approx(0.875)
    assert [hint.value for hint in await Hint.objects().where(Hint.kind == HintKind.PLATE)] == [READ, READ]
    assert await Work.count().where((Work.job == Job.SUGGEST_CASES) & (Work.subject == file.tip)) == 1
    as_role(database, Role.WORKER)
    assert await counting(file.tip) == [(TRUE, "officer")]
    standing = await HintCorrection.raw("SELECT value, raw_value, is_corrected FROM standing_hint WHERE kind = 'plate'")
    assert standing == [{"value": TRUE, "raw_value": READ, "is_corrected": True}] * 2


async def test_a_corrected_reading_outlives_another_examination(database: Platform) -> None:
    file, by = await reviewed(database)
    await correct_hint(file, corrected(), officer=by.officer, now=NOON)
    as_role(database, Role.WORKER)

    await Hint.delete().where(Hint.kind == HintKind.PLATE)

    assert await counting(file.tip) == [(TRUE, "officer")]


async def test_a_rejected_reading_does_not_count_until_it_is_restored(database: Platform) -> None:
    file, by = await reviewed(database)
    rejected = Correction(kind=HintKind.PLATE, raw_value=READ, act=CorrectionAct.REJECTED, seen=READ, reason="是广告牌")
    restored = Correction(kind=HintKind.PLATE, raw_value=READ, act=CorrectionAct.RESTORED, seen="")

    await correct_hint(file, rejected, officer=by.officer, now=NOON)
    without = await counting(file.tip)
    assert await HintCorrection.raw("SELECT id FROM standing_hint WHERE kind = 'plate'") == []
    await correct_hint(file, restored, officer=by.officer, now=NOON + timedelta(minutes=1))

    assert without == []
    assert await counting(file.tip) == [(READ, "machine"), (READ, "machine")]


async def test_of_two_officers_who_correct_at_once_the_second_is_told_by_whom_and_when(database: Platform) -> None:
    file, by = await reviewed(database)

    ends = await asyncio.gather(
        *(correct_hint(file, corrected(value), officer=by.officer, now=NOON) for value in (TRUE, "鲁P39K5T")),
        return_exceptions=True,
    )

    (told,) = [end for end in ends if end is not None]
    assert isinstance(told, ReadingCorrected)
    assert told.corrected_at == NOON
    assert await HintCorrection.count() == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (corrected("看不清"), Invalid),
        (corrected(""), Invalid),
        (corrected(READ), NothingChanged),
        (corrected(raw_value="冀E12345", seen="冀E12345"), ReadingNotFound),
        (Correction(kind=HintKind.PLATE, raw_value=READ, act=CorrectionAct.REJECTED, seen=READ), Invalid),
    ],
    ids=["no plate", "nothing", "the same", "not read", "rejected without a reason"],
)
async def test_what_says_nothing_is_refused(database: Platform, said: Correction, error: type[Exception]) -> None:
    file, by = await reviewed(database)

    with pytest.raises(error):
        await correct_hint(file, said, officer=by.officer, now=NOON)

    assert await HintCorrection.count() == 0


async def test_the_newest_clock_stands_and_moves_the_time_of_capture(database: Platform) -> None:
    file, by = await reviewed(database)
    await set_clock(file, clock(error_s=30.0), officer=by.officer, now=NOON)

    await set_clock(
        file, clock(shown_at=NOON - timedelta(minutes=4)), officer=by.officer, now=NOON + timedelta(hours=1)
    )

    newest, older = await clocks_of(file.id)
    assert (newest["offset_s"], newest["error_s"], older["offset_s"]) == (240.0, 2.0, 180.0)
    assert await counting(file.tip, HintKind.CAPTURE_TIME) == [((NOON + timedelta(minutes=4)).isoformat(), "machine")]


async def test_a_clock_that_does_not_cover_the_files_time_leaves_it(database: Platform) -> None:
    file, by = await reviewed(database)

    await set_clock(file, clock(covers_file_time=False), officer=by.officer, now=NOON)

    assert await counting(file.tip, HintKind.CAPTURE_TIME) == [(NOON.isoformat(), "machine")]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"at_ms": 20_000}, "clock_at"),
        ({"true_at": NOON + timedelta(hours=1)}, "true_at"),
        ({"shown_at": NOON - timedelta(days=366 * 31)}, "shown_at"),
        ({"error_s": float("nan")}, "error_s"),
        ({"error_s": -1.0}, "error_s"),
        ({"reason": ""}, "clock_reason"),
    ],
)
async def test_a_clock_that_tells_nothing_is_refused(database: Platform, wish: dict[str, object], field: str) -> None:
    file, by = await reviewed(database)

    with pytest.raises(Invalid) as refused:
        await set_clock(file, clock(**wish), officer=by.officer, now=NOON)

    assert [problem.field for problem in refused.value.problems] == [field]
    assert await ClockOffset.count() == 0


async def test_two_markers_at_one_moment_share_one_picture(database: Platform) -> None:
    file, by = await reviewed(database)

    await mark(file, 1_500, "车尾灯破损", by=by, now=NOON)
    await mark(file, 1_500, "车厢有字", by=by, now=NOON)

    (still,) = await Derivation.objects()
    assert still.label == "still:00001500"
    assert await Work.count().where((Work.job == Job.DERIVE_ITEM) & (Work.subject == still.id)) == 1


async def test_a_moment_behind_the_end_is_refused(database: Platform) -> None:
    file, by = await reviewed(database)

    for asked in (
        mark(file, 10_001, "无", by=by, now=NOON),
        ask_clip(file, 10_001, 11_000, by=by, now=NOON),
        ask_crop(file, 10_001, (0, 0, 5_000, 5_000), by=by, now=NOON),
    ):
        with pytest.raises(Invalid):
            await asked

    assert await Derivation.count() == 0


async def test_a_photo_has_no_clips_and_one_moment(database: Platform) -> None:
    file, by = await reviewed(database, FileRole.PHOTO)

    await ask_crop(file, 7_000, (0, 0, 5_000, 5_000), by=by, now=NOON)
    with pytest.raises(Invalid):
        await ask_clip(file, 0, 1_000, by=by, now=NOON)

    (crop,) = await Derivation.objects()
    assert crop.label == "crop:00000000:00000,00000,05000,05000"


async def test_a_frame_is_seen_by_each_officer_once(database: Platform) -> None:
    file, by = await reviewed(database)
    frame = (await Hint.objects().first()).frame  # type: ignore[union-attr]  # made above

    await note_seen(file, frame, officer=by.officer, now=NOON)
    await note_seen(file, frame, officer=by.officer, now=NOON + timedelta(hours=1))
    with pytest.raises(NotOfThisFile):
        await note_seen(file, file.item, officer=by.officer, now=NOON)

    (seen,) = await FrameSeen.objects()
    assert seen.seen_at == NOON


async def test_only_a_sealed_file_that_is_there_is_reviewed(database: Platform) -> None:
    tip = await make.tip()
    await make.tip_file(tip, await make.item(tip.id, state=ItemState.CHECKING))
    as_role(database, Role.STAFF)

    with pytest.raises(NotSealed):
        await sealed_file(tip.id, 1)
    with pytest.raises(FileNotFound):
        await sealed_file(tip.id, 2)


async def test_nothing_an_officer_said_can_be_rewritten(database: Platform) -> None:
    file, by = await reviewed(database)
    await correct_hint(file, corrected(), officer=by.officer, now=NOON)
    as_role(database, Role.OWNER)

    with pytest.raises(asyncpg.RaiseError, match="hint_correction is append-only"):
        await HintCorrection.update({HintCorrection.new_value: READ}, force=True)
    with pytest.raises(asyncpg.RaiseError, match="hint_correction is append-only"):
        await HintCorrection.delete(force=True)
