"""What the machine saw is written down whole, once, and never without asking for suggestions."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.intake.hints import FileNotOfATip, NewHint, record_examination, record_unreadable
from tipline.intake.tables import ExaminationState, FileRole, Hint, HintKind, TipFile
from tipline.settings import Role
from tipline.work.tables import Job, Work


async def file_of_a_tip() -> TipFile:
    item = await make.item()
    row = TipFile(
        id=uuid4(), tip=(await make.tip()).id, item=item.id, role=FileRole.PHOTO, position=1, request_sha256=None,
        file_name="", facts="{}", examination=ExaminationState.WAITING, problem="",
    )  # fmt: skip
    await row.save()
    return row


def plate(frame: UUID, value: str = "鲁P8D3K5", confidence: float = 0.9) -> NewHint:
    return NewHint(
        frame=frame,
        at_s=None,
        kind=HintKind.PLATE,
        value=value,
        confidence=confidence,
        box=(0.1, 0.2, 0.3, 0.1),
        model="test",
        reading={"reading": value},
    )


async def examined(file: TipFile, *hints: NewHint, problem: str = "") -> None:
    await record_examination(file.item, facts={"width_px": 640}, hints=hints, problem=problem, now=NOON)


async def test_a_second_examination_replaces_the_first(database: Platform) -> None:
    file = await file_of_a_tip()
    as_role(database, Role.WORKER)
    await examined(file, plate(file.item), plate(file.item, "鲁PBD3K5"))

    await examined(file, plate(file.item, "冀E12345"))

    (hint,) = await Hint.objects()
    assert hint.value == "冀E12345"
    assert json.loads(hint.box) == [0.1, 0.2, 0.3, 0.1]
    assert await Work.count().where((Work.job == Job.SUGGEST_CASES) & (Work.subject == file.tip)) == 1


async def test_a_broken_off_file_is_examined_and_says_what_is_missing(database: Platform) -> None:
    file = await file_of_a_tip()
    as_role(database, Role.WORKER)

    await examined(file, problem="truncated_video")

    row = await TipFile.objects().get(TipFile.id == file.id)
    assert row is not None
    assert (row.examination, row.problem) == (ExaminationState.EXAMINED, "truncated_video")
    assert json.loads(row.facts) == {"width_px": 640}


async def test_an_unreadable_file_keeps_no_older_hints(database: Platform) -> None:
    file = await file_of_a_tip()
    as_role(database, Role.WORKER)
    await examined(file, plate(file.item))

    await record_unreadable(file.item, problem="not_a_picture", facts={}, now=NOON + timedelta(hours=1))

    row = await TipFile.objects().get(TipFile.id == file.id)
    assert row is not None
    assert (row.examination, row.problem) == (ExaminationState.UNREADABLE, "not_a_picture")
    assert await Hint.count() == 0


async def test_what_cannot_be_written_whole_is_not_written(database: Platform) -> None:
    file = await file_of_a_tip()
    as_role(database, Role.WORKER)

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await examined(file, plate(file.item), plate(uuid4()))

    row = await TipFile.objects().get(TipFile.id == file.id)
    assert row is not None
    assert row.examination == ExaminationState.WAITING
    assert await Hint.count() == 0
    assert await Work.count() == 0


async def test_an_item_of_no_tip_is_refused(database: Platform) -> None:
    item = await make.item()
    as_role(database, Role.WORKER)

    with pytest.raises(FileNotOfATip):
        await record_unreadable(item.id, problem="not_a_picture", facts={}, now=NOON)
