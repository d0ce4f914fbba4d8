"""The review page over HTTP: what it shows, what its forms do, what it refuses, and what stands in the ledger after."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from evidence.streams import once
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem, ItemState
from tests import make
from tests.make import NOON
from tests.platform import Platform
from tests.tipline.staff import LATER, Desk, desk_of
from tipline.accounts.tables import Officer, OfficerRole
from tipline.doors import open_custody
from tipline.intake.review.tables import ClockOffset, Derivation, DerivationState, FrameSeen, HintCorrection, Marker
from tipline.intake.tables import ExaminationState, FileRole, HintKind, Tip, TipFile
from tipline.work.tables import Job, Work, WorkState

READ, TRUE = "鲁P39K51", "鲁P39K57"
FACTS = {
    "width_px": 1600, "height_px": 900, "duration_s": 10.0, "frame_rate": 15.0, "codec": "h264",
    "sharpness": {"0": 10.0, "2000": 90.0, "4000": 40.0},
}  # fmt: skip


async def video(
    platform: Platform, *, media_type: str = "video/mp4", facts: dict[str, Any] | None = None, is_sealed: bool = True
) -> tuple[Tip, TipFile, list[EvidenceItem]]:
    """Give a sealed video of a tip with three frames, a plate on the last of them."""
    tip = await make.tip()
    custody = open_custody(platform.settings)
    received = await custody.receive(once(b"film" * 100), limit_bytes=400)
    original = await custody.register(received, deposit=tip.id, media_type=media_type, now=NOON)
    if is_sealed:
        await custody.seal(original, actor="worker:seal_item", now=NOON)
    item = await custody.item(original)
    file = await make.tip_file(tip, item, role=FileRole.VIDEO, examination=ExaminationState.EXAMINED)
    await TipFile.update({TipFile.facts: json.dumps({**FACTS, **(facts or {})})}).where(TipFile.id == file.id)
    frames = [await make.derived(item, f"frame:{at_ms:08d}") for at_ms in (0, 2_000, 4_000)]
    await make.hint(file, frames[2], READ)
    return tip, file, frames


def address(tip: Tip, *rest: str) -> str:
    return "/".join((f"/tips/{tip.id}/files/1/review", *rest))


async def views() -> list[str]:
    rows = await CustodyEntry.select(CustodyEntry.record).where(CustodyEntry.act == CustodyAct.VIEWED)
    return [json.loads(row["record"])["detail"]["purpose"] for row in rows]


def order_of_frames(page: str, frames: list[EvidenceItem]) -> list[int]:
    places = {number: page.index(f'data-frame="{frame.id}"') for number, frame in enumerate(frames)}
    return sorted(places, key=lambda number: places[number])


async def test_frames_stand_by_interest_or_by_time_and_the_look_is_entered(database: Platform) -> None:
    officer = await make.officer()
    tip, _, frames = await video(database)

    async with desk_of(database, officer) as desk:
        telling = (await desk.get(address(tip))).text
        by_time = (await desk.get(address(tip) + "?order=time")).text

    assert order_of_frames(telling, frames) == [2, 1, 0]
    assert order_of_frames(by_time, frames) == [0, 1, 2]
    assert "有号牌识读的画面在前" in telling
    assert "提示，非结论" in telling
    assert "置信度88 %" in telling
    assert "<video" in telling
    assert await views() == ["media review"]


async def test_a_frame_chosen_without_scripts_is_shown_large_and_counts_as_seen(database: Platform) -> None:
    officer, colleague = await make.officer(), await make.officer()
    tip, _, frames = await video(database, media_type="video/x-msvideo", facts={"codec": "mjpeg"})
    await FrameSeen(frame=frames[0].id, officer=colleague.id, seen_at=NOON).save()

    async with desk_of(database, officer) as desk:
        page = (await desk.get(address(tip) + "?at=0:02.500")).text

    assert "浏览器不能播放这种视频" in page
    assert "<video" not in page
    assert f'data-still src="/media/{frames[1].id}"' in page
    assert "1名同事已看" in page
    (seen,) = await FrameSeen.objects().where(FrameSeen.officer == officer.id)
    assert (seen.frame, seen.seen_at) == (frames[1].id, LATER)


async def test_a_marker_a_clip_and_a_crop_are_asked_for_once(database: Platform) -> None:
    officer = await make.officer()
    tip, file, _ = await video(database)
    crop = {"crop_at": "4", "left": "25", "top": "50", "width": "12.5", "height": "10"}

    async with desk_of(database, officer) as desk:
        answers = [
            await desk.post(address(tip, "markers"), {"at": "0:04.000", "note": "车尾灯破损"}),
            await desk.post(address(tip, "clips"), {"from": "1.5", "to": "3"}),
            await desk.post(address(tip, "crops"), crop),
            await desk.post(address(tip, "crops"), crop),
            await desk.post(address(tip, "preview")),
        ]
        page = (await desk.get(address(tip))).text

    assert [answer.status_code for answer in answers] == [303] * 5
    labels = await Derivation.select(Derivation.label).order_by(Derivation.label).output(as_list=True)
    assert labels == [
        "clip:00001500-00003000", "crop:00004000:02500,05000,01250,01000", "preview", "still:00004000"
    ]  # fmt: skip
    (marker,) = await Marker.objects()
    assert (marker.tip_file, marker.at_ms, marker.note, marker.made_by) == (file.id, 4_000, "车尾灯破损", officer.id)
    assert await Work.count().where(Work.job == Job.DERIVE_ITEM) == 4
    assert "车尾灯破损" in page
    assert "等待中" in page


@pytest.mark.parametrize(
    ("form", "typed", "told"),
    [
        ("markers", {"at": "一分钟", "note": "无"}, "请按“分:秒”填写视频时刻"),
        ("markers", {"at": "4", "note": " "}, "请填写"),
        ("markers", {"at": "11", "note": "无"}, "该时刻视频已结束"),
        ("clips", {"from": "3", "to": "3"}, "终点必须在起点之后"),
        ("crops", {"crop_at": "4", "left": "95", "top": "0", "width": "10", "height": "10"}, "超出画面范围"),
        ("crops", {"crop_at": "4", "left": "nan", "top": "0", "width": "inf", "height": "10"}, "超出画面范围"),
        ("clock", {"clock_at": "1", "shown_at": "昨天", "true_at": "", "error_s": "x"}, "请输入有效的日期和时间"),
        ("corrections", {"kind": "plate", "raw_value": READ, "seen": READ, "act": "corrected", "value": "？"}, "号牌"),
        (
            "corrections",
            {"kind": "plate", "raw_value": READ, "seen": READ, "act": "rejected", "reading": "1"},
            "请填写",
        ),
    ],
)
async def test_what_does_not_hold_is_told_beside_what_was_typed(
    database: Platform, form: str, typed: dict[str, str], told: str
) -> None:
    officer = await make.officer()
    tip, _, _ = await video(database)

    async with desk_of(database, officer) as desk:
        answer = await desk.post(address(tip, form), typed)

    assert answer.status_code == 422
    assert told in answer.text
    assert await Derivation.count() + await HintCorrection.count() + await ClockOffset.count() == 0


async def test_a_corrected_plate_is_shown_beside_the_raw_one_and_the_slower_colleague_is_told(
    database: Platform,
) -> None:
    officer = await make.officer()
    tip, _, _ = await video(database)
    said = {"kind": "plate", "raw_value": READ, "seen": READ, "act": "corrected", "value": TRUE, "reason": "放大可辨"}

    async with desk_of(database, officer) as desk:
        first = await desk.post(address(tip, "corrections"), said)
        second = await desk.post(address(tip, "corrections"), {**said, "value": "鲁P39K5T"})
        page = (await desk.get(address(tip))).text
        tip_page = (await desk.get(f"/tips/{tip.id}")).text

    assert (first.status_code, second.status_code) == (303, 409)
    assert "人工更正" in tip_page
    assert TRUE in tip_page
    assert f"同事已先一步处理：{officer.full_name}" in second.text
    assert "人工更正" in page
    assert "机器识读：" in page
    assert page.count(READ) >= 2
    assert TRUE in page
    assert await Work.count().where((Work.job == Job.SUGGEST_CASES) & (Work.subject == tip.id)) == 1


async def test_the_clock_is_shown_with_its_error_and_moves_the_time_of_capture(database: Platform) -> None:
    officer = await make.officer()
    tip, file, frames = await video(database)
    await make.hint(file, frames[0], "2021-06-01T12:00:30+08:00", kind=HintKind.CAPTURE_TIME, box=None)
    read = {
        "clock_at": "0:02.000", "shown_at": "2021-06-01T12:00:32", "true_at": "2021-06-01T12:03:02", "error_s": "2",
        "covers_file_time": "1", "clock_reason": "与路口信号灯比对",
    }  # fmt: skip

    async with desk_of(database, officer) as desk:
        answer = await desk.post(address(tip, "clock"), read)
        page = (await desk.get(address(tip) + "?at=0:04.000")).text

    assert answer.status_code == 303
    assert "时钟慢150秒" in page
    assert "误差±2秒" in page
    assert "2021年6月1日 12:03:04" in page  # at 4 s
    assert "2021年6月1日 12:03:00" in page  # the time of capture, moved
    assert "2021年6月1日 12:00:30" in page  # as the machine read it


async def with_state(tip: Tip, file: TipFile, item: ItemState, work: WorkState | None, problem: str) -> None:
    if item == ItemState.BROKEN:
        await EvidenceItem.update({EvidenceItem.state: item}).where(EvidenceItem.id == file.item)
    if work is not None:
        await TipFile.update({TipFile.examination: ExaminationState.WAITING}).where(TipFile.id == file.id)
        await Work(
            job=Job.EXAMINE_ITEM, subject=file.item, state=work, asked_at=NOON, due_at=NOON, problem=problem
        ).save()
    elif problem:
        await TipFile.update({TipFile.examination: ExaminationState.UNREADABLE, TipFile.problem: problem}).where(
            TipFile.id == file.id
        )


@pytest.mark.parametrize(
    ("item", "work", "problem", "told"),
    [
        (ItemState.BROKEN, None, "", "已隔离"),
        (ItemState.CHECKING, WorkState.RUNNING, "", "正在校验封存"),
        (ItemState.SEALED, WorkState.FAILED, "StorageDown", "分析失败：StorageDown"),
        (ItemState.SEALED, None, "undecodable_video", "无法读取"),
        (ItemState.SEALED, WorkState.RUNNING, "", "分析后显示画面和提示"),
    ],
)
async def test_each_state_in_which_nothing_can_be_reviewed_is_named(
    database: Platform, item: ItemState, work: WorkState | None, problem: str, told: str
) -> None:
    officer = await make.officer()
    tip, file, _ = await video(database, is_sealed=item != ItemState.CHECKING)
    await with_state(tip, file, item, work, problem)

    async with desk_of(database, officer) as desk:
        page = await desk.get(address(tip))
        marker = await desk.post(address(tip, "markers"), {"at": "1", "note": "无"})

    assert page.status_code == 200
    assert told in page.text
    assert marker.status_code == (303 if item == ItemState.SEALED else 409)
    if item != ItemState.SEALED:
        assert "<video" not in page.text


async def test_what_failed_or_was_refused_is_named_and_what_is_kept_has_both_digests(database: Platform) -> None:
    officer = await make.officer()
    tip, file, _ = await video(database)
    made = await make.derived(await open_custody(database.settings).item(file.item), "clip:00000000-00001000")
    for label, state, problem, item in (
        ("clip:00000000-00001000", DerivationState.KEPT, "", made.id),
        ("clip:00000000-00002000", DerivationState.REFUSED, "cannot_be_copied", None),
        ("clip:00000000-00003000", DerivationState.ASKED, "", None),
    ):
        parameters = {"from_ms": 0, "to_ms": int(label[-8:])}
        row = Derivation(
            tip_file=file.id, kind="clip", label=label, parameters=json.dumps(parameters), asked_by=officer.id,
            badge_number=officer.badge_number, asked_at=NOON, state=state, item=item, facts="{}", problem=problem,
        )  # fmt: skip
        await row.save()
    failed = await Derivation.objects().get(Derivation.state == DerivationState.ASKED)
    assert failed is not None
    await Work(
        job=Job.DERIVE_ITEM, subject=failed.id, state=WorkState.FAILED, asked_at=NOON, due_at=NOON, problem="BoxStopped"
    ).save()

    async with desk_of(database, officer) as desk:
        page = (await desk.get(address(tip))).text

    assert f"SHA-256 {made.sha256}" in page
    assert f"SM3 {made.sm3}" in page
    assert "该编码不能直接截取为片段" in page
    assert "BoxStopped" in page


async def test_an_export_is_entered_each_time_and_gives_only_what_belongs_to_the_file(database: Platform) -> None:
    officer = await make.officer()
    tip, file, _ = await video(database)
    _, other, _ = await video(database)

    async with desk_of(database, officer) as desk:
        given = [await desk.get(address(tip, "export", str(file.item))) for _ in range(2)]
        strange = await desk.get(address(tip, "export", str(other.item)))

    assert [answer.content for answer in given] == [b"film" * 100] * 2
    assert given[0].headers["content-disposition"].startswith('attachment; filename="original-')
    assert strange.status_code == 404
    assert await views() == ["export", "export"]


async def test_two_files_lie_side_by_side_and_both_looks_are_entered(database: Platform) -> None:
    officer = await make.officer()
    first, left, _ = await video(database)
    second, right, frames = await video(database, media_type="video/mp2t")
    case = await make.case(lead=officer)
    for tip in (first, second):
        await make.link(tip, case, by=officer)

    async with desk_of(database, officer) as desk:
        alone = (await desk.get(f"/review/compare?left={left.id}")).text
        both = (await desk.get(f"/review/compare?left={left.id}&right={right.id}&right_at=0:02.000")).text
        nothing = await desk.get("/review/compare?left=nonsense")

    assert f'<option value="{right.id}"' in alone
    assert f'src="/media/{left.item}"' in both
    assert f'<img src="/media/{frames[1].id}"' in both
    assert nothing.status_code == 200
    assert await views() == ["comparison in the media review"] * 2


async def seen_by(desk: Desk, tip: Tip, frame: UUID) -> int:
    return (await desk.post(address(tip, "seen", str(frame)))).status_code


async def test_who_only_reads_tips_sees_no_forms_and_is_refused_their_deeds(database: Platform) -> None:
    auditor: Officer = await make.officer(role=OfficerRole.AUDITOR)
    tip, file, frames = await video(database)

    async with desk_of(database, auditor, now=LATER + timedelta(minutes=1)) as desk:
        page = (await desk.get(address(tip))).text
        refused = [
            (await desk.post(address(tip, name))).status_code
            for name in ("markers", "clips", "crops", "preview", "corrections", "clock")
        ]
        seen = [await seen_by(desk, tip, frames[0].id), await seen_by(desk, tip, file.item)]

    assert "标记与截取" not in page
    assert refused == [403] * 6
    assert seen == [204, 404]
