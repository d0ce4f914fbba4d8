"""The examination of a tip's files: from sealed bytes to frames and hints, on the real database, store and box."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from evidence.errors import NotSealed
from evidence.streams import once
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem
from tests import make
from tests.bombs import png_bomb
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.workers.conftest import PLATE
from tipline.intake.hints import FileNotOfATip
from tipline.intake.tables import ExaminationState, FileRole, Hint, HintKind, TipFile
from tipline.settings import Role
from tipline.work.tables import Job, Work
from workers import media
from workers.doors import Doors, open_doors
from workers.media import BoxStopped, examine_item, look_in_a_box


@pytest.fixture
async def opened(database: Platform) -> AsyncIterator[Doors]:
    """Give the doors of a worker, on an emptied database; jobs run as the worker's role."""
    yield open_doors(database.settings, now=lambda: NOON)
    as_role(database, Role.OWNER)


async def file_of_tip(doors: Doors, platform: Platform, data: bytes, role: FileRole, *, is_sealed: bool = True) -> UUID:
    """Receive and seal a file of a new tip, and take the worker's role; return the item."""
    tip = await make.tip()
    received = await doors.custody.receive(once(data), limit_bytes=len(data))
    item = await doors.custody.register(received, deposit=tip.id, media_type="application/octet-stream", now=NOON)
    row = TipFile(
        id=uuid4(), tip=tip.id, item=item, role=role, position=1, request_sha256=None, file_name="", facts="{}",
        examination=ExaminationState.WAITING, problem="",
    )  # fmt: skip
    await row.save()
    as_role(platform, Role.WORKER)
    if is_sealed:
        await doors.custody.seal(item, actor="worker:seal_item", now=NOON)
    return item


async def state_of(item: UUID) -> tuple[TipFile, list[Hint]]:
    file = await TipFile.objects().get(TipFile.item == item)
    assert file is not None
    hints = await Hint.objects().where(Hint.tip_file == file.id).order_by(Hint.at_s)
    return file, hints


async def asked_for_suggestions(file: TipFile) -> int:
    return int(await Work.count().where((Work.job == Job.SUGGEST_CASES) & (Work.subject == file.tip)))


async def test_a_video_becomes_frames_and_hints(opened: Doors, database: Platform, rendered_clip: bytes) -> None:
    item = await file_of_tip(opened, database, rendered_clip, FileRole.VIDEO)

    await examine_item(str(item))

    file, hints = await state_of(item)
    frames = await EvidenceItem.objects().where(EvidenceItem.parent == item).order_by(EvidenceItem.label)
    assert file.examination == ExaminationState.EXAMINED
    assert file.problem == ""
    assert json.loads(file.facts)["duration_s"] == 4.0
    assert [frame.label for frame in frames][:1] == ["frame:00000000"]
    assert len(frames) == 8
    plates = [hint for hint in hints if hint.kind == HintKind.PLATE]
    assert {hint.value for hint in plates} == {PLATE}
    assert {hint.frame for hint in plates} <= {frame.id for frame in frames}
    assert min(hint.confidence for hint in plates) > 0.8
    assert [hint.value for hint in hints if hint.kind == HintKind.PLATE_COLOUR] == ["blue"]
    assert [hint.value for hint in hints if hint.kind == HintKind.CAPTURE_TIME] == ["2026-11-20T10:03:00+00:00"]
    assert await asked_for_suggestions(file) == 1


async def test_a_plate_hint_keeps_its_box_and_its_raw_reading(
    opened: Doors, database: Platform, rendered_photo: bytes
) -> None:
    item = await file_of_tip(opened, database, rendered_photo, FileRole.PHOTO)

    await examine_item(str(item))

    _, hints = await state_of(item)
    (plate,) = [hint for hint in hints if hint.kind == HintKind.PLATE]
    raw: dict[str, Any] = json.loads(plate.reading)
    left, top, width, height = json.loads(plate.box)
    assert plate.value == raw["reading"] == PLATE
    assert plate.at_s is None
    assert len(raw["characters"]) == len(PLATE)
    assert 0 < left < left + width < 1
    assert 0 < top < top + height < 1
    assert plate.model == "PP-OCRv6_det_small+PP-OCRv4_rec"


async def test_the_kept_frame_of_a_photo_has_no_metadata(
    opened: Doors, database: Platform, rendered_photo: bytes
) -> None:
    item = await file_of_tip(opened, database, rendered_photo, FileRole.PHOTO)

    await examine_item(str(item))

    frame = await EvidenceItem.objects().get(EvidenceItem.parent == item)
    assert frame is not None
    kept = b"".join([block async for block in opened.custody.open(frame.id)])
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (1600, 900)
        assert not image.getexif()


async def test_examining_twice_changes_nothing(opened: Doors, database: Platform, rendered_photo: bytes) -> None:
    item = await file_of_tip(opened, database, rendered_photo, FileRole.PHOTO)
    await examine_item(str(item))
    _, first = await state_of(item)

    await examine_item(str(item))

    file, second = await state_of(item)
    assert sorted((hint.kind, hint.value, hint.frame) for hint in second) == sorted(
        (hint.kind, hint.value, hint.frame) for hint in first
    )
    assert await EvidenceItem.count().where(EvidenceItem.parent == item) == 1
    assert await CustodyEntry.count().where(CustodyEntry.act == CustodyAct.DERIVED) == 1
    assert await asked_for_suggestions(file) == 1


@pytest.mark.parametrize(
    ("role", "content", "problem"),
    [
        (FileRole.PHOTO, png_bomb(), "too_many_pixels"),
        (FileRole.PHOTO, b"\xff\xd8\xff\xe0 and nothing more", "not_a_picture"),
        (FileRole.VIDEO, "一段文字,改名为视频".encode(), "not_a_video"),
        (FileRole.VIDEO, b"\x00\x00\x00\x18ftypmp42" + bytes(3000), "truncated_video"),
    ],
    ids=["bomb", "empty picture", "text", "head of a video"],
)
async def test_what_cannot_be_read_is_recorded_and_the_tip_goes_on(
    opened: Doors, database: Platform, role: FileRole, content: bytes, problem: str
) -> None:
    item = await file_of_tip(opened, database, content, role)

    await examine_item(str(item))

    file, hints = await state_of(item)
    assert (file.examination, file.problem) == (ExaminationState.UNREADABLE, problem)
    assert hints == []
    assert await asked_for_suggestions(file) == 1


async def test_an_item_that_is_not_sealed_is_not_looked_at(
    opened: Doors, database: Platform, rendered_photo: bytes
) -> None:
    item = await file_of_tip(opened, database, rendered_photo, FileRole.PHOTO, is_sealed=False)

    with pytest.raises(NotSealed):
        await examine_item(str(item))

    file, _ = await state_of(item)
    assert file.examination == ExaminationState.WAITING


async def test_an_item_of_no_tip_is_refused(opened: Doors) -> None:
    del opened

    with pytest.raises(FileNotOfATip):
        await examine_item(str(uuid4()))


async def test_a_file_that_takes_too_long_is_too_heavy(tmp_path: Path, rendered_clip: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(rendered_clip)

    report = await look_in_a_box(path, FileRole.VIDEO, tmp_path, patience_s=0.2)

    assert report == {"problem": "too_heavy"}


async def test_a_box_that_finds_no_file_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(BoxStopped) as stopped:
        await look_in_a_box(tmp_path / "gone.jpg", FileRole.PHOTO, tmp_path / "gone")

    assert stopped.value.status == 1


async def test_a_box_ends_when_its_parent_has_died(tmp_path: Path, rendered_clip: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(rendered_clip)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers.box", str(path), "video", str(tmp_path)),
        cwd=media.ROOT,
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin is not None

    process.stdin.close()

    assert await asyncio.wait_for(process.wait(), 10) == 3


async def test_the_box_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIPLINE_SECRETS_DIR", "/somewhere")

    environment = media._bare_environment(tmp_path)  # noqa: SLF001  what the box is given

    assert sorted(environment) == ["HOME", "LANG", "PATH", "TMPDIR"]
