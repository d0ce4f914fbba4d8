from __future__ import annotations

import json
from uuid import UUID

from evidence.tables import ItemState
from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.staff import desk_of
from tipline.accounts.tables import OfficerRole
from tipline.cases.tables import LinkSuggestion
from tipline.intake.tables import ExaminationState, FileRole, HintKind
from tipline.settings import Role
from tipline.work.service import ask
from tipline.work.tables import Job, Work, WorkState

REASONS = [
    {"field": "prior", "bits": -5.0, "level": "open_cases", "tip": "", "case": "", "facts": {"open_cases": 32}},
    {"field": "plate", "bits": 9.25, "level": "plate_same", "tip": "鲁P39K51", "case": "鲁P39K51", "facts": {}},
    {"field": "colour", "bits": 2.5, "level": "colour_same", "tip": "white !black", "case": "white", "facts": {}},
    {
        "field": "space_time",
        "bits": 4.0,
        "level": "time_and_place_fit",
        "tip": "2021-06-01T04:00+00:00",
        "case": "2021-06-01T03:50+00:00/2021-06-01T04:10+00:00",
        "facts": {"minutes": 90, "distance_m": 1500},
    },
]


async def failed_work(item: UUID) -> None:
    await ask(Job.EXAMINE_ITEM, item, now=NOON)
    await Work.update(
        {Work.state: WorkState.FAILED, Work.problem: "StorageDown: no answer", Work.finished_at: NOON}
    ).where(Work.subject == item)


async def test_hints_are_drawn_as_boxes_over_the_frame_and_listed_with_their_confidence(database: Platform) -> None:
    officer = await make.officer()
    tip = await make.tip()
    video = await make.item(tip.id, media_type="video/mp4")
    frame = await make.derived(video, "frame:00004200")
    file = await make.tip_file(tip, video, role=FileRole.VIDEO, examination=ExaminationState.EXAMINED)
    await make.hint(file, frame)
    await make.hint(file, frame, "2021-06-01T12:00:30+08:00", kind=HintKind.CAPTURE_TIME, box=None)

    async with desk_of(database, officer) as desk:
        page = (await desk.get(f"/tips/{tip.id}")).text

    assert f'src="/media/{video.id}"' in page
    assert f'src="/media/{frame.id}"' in page
    assert "第4.2秒画面" in page
    assert '<rect x="250.0" y="281.2" width="200.0" height="56.2">' in page
    assert "88 %" in page
    assert "提示，非结论" in page
    assert "2021年6月1日 12:00" in page
    assert "reader-test" in page


async def test_every_state_of_a_file_has_its_name(database: Platform) -> None:
    officer = await make.officer()
    tip = await make.tip()
    await make.tip_file(tip, await make.item(tip.id, state=ItemState.CHECKING), position=1)
    failed = await make.item(tip.id)
    await make.tip_file(tip, failed, position=2)
    await failed_work(failed.id)
    await make.tip_file(
        tip,
        await make.item(tip.id),
        role=FileRole.VIDEO,
        position=3,
        examination=ExaminationState.UNREADABLE,
        problem="not_a_video",
    )
    await make.tip_file(
        tip, await make.item(tip.id), position=4, examination=ExaminationState.UNREADABLE, problem="a_newer_problem"
    )
    await make.tip_file(tip, await make.item(tip.id, state=ItemState.BROKEN), position=5)

    async with desk_of(database, officer) as desk:
        page = (await desk.get(f"/tips/{tip.id}")).text
        inbox = (await desk.get("/inbox")).text

    assert "正在校验封存" in page
    assert "StorageDown: no answer" in page
    assert "不是视频" in page
    assert "a_newer_problem" in page
    assert "存储内容与收到时不一致" in page
    assert "失败 1" in inbox


async def test_a_suggestion_shows_its_reasons_in_words_and_their_bits(database: Platform) -> None:
    officer = await make.officer()
    tip, case = await make.tip(), await make.case()
    suggestion = await make.suggestion(tip, case, match_weight=10.75)
    await LinkSuggestion.update({LinkSuggestion.reasons: json.dumps(REASONS)}).where(LinkSuggestion.id == suggestion.id)

    async with desk_of(database, officer) as desk:
        chinese = (await desk.get(f"/tips/{tip.id}")).text
        english = (await desk.get(f"/tips/{tip.id}?lang=en")).text

    for words in ("白色 / 非黑色", "32起未破案件", "晚1.5小时 · 相距1.5 km", "+9.2", "-5.0", "+10.8", case.number):
        assert words in chinese
    for words in ("White / not Black", "32 open cases", "1.5 h later · 1.5 km apart", "1 Jun 2021, 12:00 (UTC+8)"):
        assert words in english


async def test_the_tip_page_says_why_there_is_no_suggestion_yet(database: Platform) -> None:
    officer = await make.officer()
    tip = await make.tip()
    await ask(Job.SUGGEST_CASES, tip.id, now=NOON)

    async with desk_of(database, officer) as desk:
        page = (await desk.get(f"/tips/{tip.id}")).text

    assert "正在推算串并建议" in page


async def test_what_the_public_wrote_is_shown_as_text_and_never_as_markup(database: Platform) -> None:
    officer = await make.officer()
    tip = await make.tip("<img src=x onerror=alert(1)>")

    async with desk_of(database, officer) as desk:
        pages = [(await desk.get(address)).text for address in (f"/tips/{tip.id}", "/inbox")]

    for page in pages:
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


async def test_failed_work_is_shown_with_its_problem_and_asked_for_again(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    item = await make.item()
    await failed_work(item.id)
    work = await Work.select(Work.id).first()
    assert work is not None

    async with desk_of(database, officer) as desk:
        before = await desk.get("/work")
        asked = await desk.post(f"/work/{work['id']}/ask-again")
        twice = await desk.post(f"/work/{work['id']}/ask-again")
        after = await desk.get("/work")

    assert "StorageDown: no answer" in before.text
    assert "没有运行中的工作进程" in before.text
    assert asked.headers["location"] == "/work"
    assert twice.status_code == 409
    assert "没有失败的任务" in after.text
    as_role(database, Role.OWNER)
    assert await Work.select(Work.state).output(as_list=True) == [WorkState.WAITING]
