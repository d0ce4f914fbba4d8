"""What a member of the public can send by the form, and what becomes of wrong input."""

from __future__ import annotations

import asyncio
import re
from uuid import uuid4

import pytest

from tests.bombs import png_bomb
from tests.platform import Platform
from tests.tipline.visitor import STORY, Sender, Visitor, code_in, photo, public_face, rows, video
from tipline.settings import Limits

JPEG = ("photos", ("车头.jpg", photo(), "image/jpeg"))
MP4 = ("videos", ("a.mp4", video(), "video/mp4"))
FILES = (
    "SELECT f.*, i.state, i.media_type, i.deposit FROM tip_file f JOIN evidence_item i ON i.id = f.item"
    " ORDER BY f.position"
)


async def test_a_tip_with_a_photo_and_a_video_is_kept_and_its_receipt_shown(
    database: Platform, visitor: Visitor
) -> None:
    fields = {
        "story": STORY,
        "plate_text": "鲁p·?8?2k",
        "vehicle_colour": "white",
        "happened_from": "2021-06-01T11:30",
    }

    answer = await visitor.send(fields, [JPEG, MP4])

    assert answer.status_code == 200, answer.text
    assert code_in(answer)
    assert "照片 1" in answer.text
    assert "视频 2" in answer.text
    assert "待校验" in answer.text
    tip = (await rows(database, "SELECT * FROM tip"))[0]
    assert tip["story"] == STORY
    assert tip["plate_text"] == "鲁P?8?2K"
    assert tip["happened_from"].isoformat() == "2021-06-01T03:30:00+00:00"
    assert re.fullmatch(r"\w\w \w\w", tip["alias"])
    kept = await rows(database, FILES)
    assert [(one["role"], one["media_type"], one["state"], one["file_name"]) for one in kept] == [
        ("photo", "image/jpeg", "checking", "车头.jpg"),
        ("video", "video/mp4", "checking", "a.mp4"),
    ]
    assert {one["deposit"] for one in kept} == {tip["id"]}
    asked = await rows(database, "SELECT job, subject FROM work")
    assert {(one["job"].rsplit(".", 1)[-1], one["subject"]) for one in asked} == {
        ("suggest_cases", tip["id"]),
        *(("seal_item", one["item"]) for one in kept),
    }


async def test_the_code_is_in_no_row_and_the_cookie_in_none_either(database: Platform, visitor: Visitor) -> None:
    answer = await visitor.send()

    code = code_in(answer)
    token = answer.cookies["tl_public_session"]
    tables = await rows(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in (row["tablename"] for row in tables):
        dump = str(await rows(database, f"SELECT t::text AS row FROM {table} t"))  # noqa: S608  names of our own tables
        assert code not in dump
        assert code.replace("-", "") not in dump
        assert token not in dump


async def test_an_empty_form_is_shown_again_with_what_is_wrong(database: Platform, visitor: Visitor) -> None:
    answer = await visitor.send({"story": "  ", "vehicle_type": "unclear"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'href="#story"' in answer.text
    assert "请至少提供一项内容" in answer.text
    assert await rows(database, "SELECT * FROM tip") == []


async def test_what_was_typed_is_kept_when_something_is_wrong(database: Platform, visitor: Visitor) -> None:
    fields = {
        "story": "货车<b>",
        "place_text": "人和路",
        "vehicle_colour": "white",
        "happened_from": "2022-01-01T00:00",
        "happened_to": "gestern",
    }

    answer = await visitor.send(fields, [JPEG])

    assert answer.status_code == 422
    assert "货车&lt;b&gt;" in answer.text
    assert 'value="人和路"' in answer.text
    assert '<option value="white" selected>' in answer.text
    assert await rows(database, "SELECT * FROM evidence_item") == []


async def test_a_time_in_the_future_is_told_at_its_field(visitor: Visitor) -> None:
    answer = await visitor.send({"story": STORY, "happened_from": "2022-01-01T00:00"})

    assert answer.status_code == 422
    assert 'id="happened_from-problem"' in answer.text
    assert "该时间晚于现在" in answer.text


async def test_a_file_alone_makes_a_tip(database: Platform, visitor: Visitor) -> None:
    answer = await visitor.send({}, [JPEG])

    assert answer.status_code == 200
    assert len(await rows(database, FILES)) == 1


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("a.mp4", "这是一段文字".encode(), "video/mp4"), "不是可接收的照片或视频"),
        (("a.jpg", b"", "image/jpeg"), "文件是空的"),
        (
            ("bomb.png", png_bomb(), "image/png"),
            "百万像素",
        ),
    ],
)
async def test_a_refused_file_is_told_and_the_tip_and_its_other_files_are_kept(
    database: Platform, visitor: Visitor, file: tuple[str, bytes, str], told: str
) -> None:
    answer = await visitor.send(None, [("videos", file), JPEG])

    assert answer.status_code == 200
    assert code_in(answer)
    assert told in answer.text
    assert file[0] in answer.text
    assert len(await rows(database, "SELECT * FROM tip")) == 1
    assert [one["role"] for one in await rows(database, FILES)] == ["photo"]


async def test_a_refused_file_alone_makes_no_tip(database: Platform, visitor: Visitor) -> None:
    answer = await visitor.send({}, [("videos", ("a.mp4", b"text", "video/mp4"))])

    assert answer.status_code == 422
    assert "不是可接收的照片或视频" in answer.text
    assert await rows(database, "SELECT * FROM tip") == []


async def test_a_file_over_the_limit_is_refused_and_nothing_of_it_kept(database: Platform) -> None:
    before = set(database.folder.objects.rglob("*"))
    async with public_face(database, limits=Limits(file_bytes=100_000)) as visitor:
        answer = await visitor.send(None, [("videos", ("big.mp4", video(100_001), "video/mp4")), JPEG])

    assert answer.status_code == 200
    assert "文件超过上限 97.7 KB" in answer.text
    assert [one["role"] for one in await rows(database, FILES)] == ["photo"]
    kept = [one for one in set(database.folder.objects.rglob("*")) - before if one.is_file()]
    assert [one.stat().st_size for one in kept] == [len(JPEG[1][1])]


async def test_more_files_than_the_limit_are_refused(database: Platform) -> None:
    async with public_face(database, limits=Limits(files_per_tip=2)) as visitor:
        files = [("photos", (f"{shade}.jpg", photo(shade), "image/jpeg")) for shade in (10, 20, 30)]
        answer = await visitor.send(None, files)

    assert answer.status_code == 200
    assert "最多可附 2 个文件" in answer.text
    assert len(await rows(database, FILES)) == 2


async def test_a_form_longer_than_a_tip_may_be_keeps_the_words(database: Platform) -> None:
    limits = Limits(file_bytes=1_000_000, tip_bytes=1_000_000)
    async with public_face(database, limits=limits) as visitor:
        answer = await visitor.send(None, [("videos", ("big.mp4", video(2_500_000), "video/mp4"))])

    assert answer.status_code == 200
    assert code_in(answer)
    assert "合计最多" in answer.text
    assert await rows(database, FILES) == []


async def test_the_same_form_sent_twice_is_one_tip_with_one_code(database: Platform, visitor: Visitor) -> None:
    form = await visitor.open_form()

    first = await visitor.send(None, [JPEG, MP4], form=form)
    second = await visitor.send(None, [JPEG, MP4], form=form)

    assert code_in(first) == code_in(second)
    assert len(await rows(database, "SELECT * FROM tip")) == 1
    assert len(await rows(database, FILES)) == 2
    assert len(await rows(database, "SELECT * FROM evidence_item")) == 2


async def test_a_form_sent_twice_at_the_same_moment_is_one_tip(database: Platform, visitor: Visitor) -> None:
    form = await visitor.open_form()

    answers = await asyncio.gather(*(visitor.send(None, [JPEG], form=form) for _ in range(4)))

    assert len({code_in(answer) for answer in answers}) == 1
    assert len(await rows(database, "SELECT * FROM tip")) == 1
    assert len(await rows(database, FILES)) == 1


async def test_the_same_form_with_other_words_is_asked_about_and_the_first_tip_stays(
    database: Platform, visitor: Visitor
) -> None:
    form = await visitor.open_form()
    await visitor.send({"story": "第一次"}, form=form)

    answer = await visitor.send({"story": "第二次"}, form=form)

    assert answer.status_code == 409
    assert "此前已提交过" in answer.text
    assert "第二次" in answer.text
    assert form[1] not in answer.text  # a fresh key: sent again, it is another tip
    assert [row["story"] for row in await rows(database, "SELECT story FROM tip")] == ["第一次"]


async def test_a_broken_off_upload_keeps_the_tip_and_comes_again_under_the_same_code(
    database: Platform, visitor: Visitor
) -> None:
    action, key = await visitor.open_form()
    head = (
        f'--b\r\nContent-Disposition: form-data; name="form_key"\r\n\r\n{key}\r\n'
        f'--b\r\nContent-Disposition: form-data; name="story"\r\n\r\n{STORY}\r\n'
        '--b\r\nContent-Disposition: form-data; name="videos"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\n'
    ).encode()

    broken = await visitor.client.post(
        action, content=head + video(50_000), headers={"Content-Type": "multipart/form-data; boundary=b"}
    )

    assert broken.status_code == 200
    assert "表单没有完整送达" in broken.text
    assert len(await rows(database, "SELECT * FROM tip")) == 1
    assert await rows(database, FILES) == []
    again = await visitor.send(None, [("videos", ("a.mp4", video(50_000), "video/mp4"))], form=(action, key))
    assert code_in(again) == code_in(broken)
    assert len(await rows(database, FILES)) == 1


async def test_a_connection_that_breaks_off_in_a_file_keeps_the_tip(database: Platform, visitor: Visitor) -> None:
    action, key = await visitor.open_form()
    phone = Sender(
        [
            f'--b\r\nContent-Disposition: form-data; name="form_key"\r\n\r\n{key}\r\n'.encode(),
            f'--b\r\nContent-Disposition: form-data; name="story"\r\n\r\n{STORY}\r\n'.encode(),
            b'--b\r\nContent-Disposition: form-data; name="videos"; filename="a.mp4"\r\n\r\n',
            video(200_000),
        ],
        breaks_off=True,
    )
    cookie = f"tl_public_csrf={visitor.client.cookies['tl_public_csrf']}"

    status, _ = await phone.post(
        visitor.app, action, {"Content-Type": "multipart/form-data; boundary=b", "Cookie": cookie}
    )

    assert status == 400  # a visitor who left is no failure of ours
    assert [row["story"] for row in await rows(database, "SELECT story FROM tip")] == [STORY]
    assert await rows(database, FILES) == []


async def test_a_form_from_elsewhere_is_refused_before_its_body_is_read(visitor: Visitor) -> None:
    action, _ = await visitor.open_form()
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    cookie = {"Cookie": f"tl_public_csrf={visitor.client.cookies['tl_public_csrf']}"}

    for address, headers in ((action, form), ("/tips", form | cookie), (action[:-1] + "x", form | cookie)):
        body = Sender([bytes(65_536)] * 100)
        status, told = await body.post(visitor.app, address, headers)

        assert status == 422
        assert "页面打开时间过长或来源异常" in told.decode()
        assert body.taken == 0


@pytest.mark.parametrize("form_key", ["", "not-a-uuid"])
async def test_a_form_without_a_key_still_counts(visitor: Visitor, form_key: str) -> None:
    action, _ = await visitor.open_form()

    answer = await visitor.send(form=(action, form_key))

    assert answer.status_code == 200


async def test_the_form_speaks_english_when_asked(visitor: Visitor) -> None:
    shown = await visitor.get("/tips/new?lang=en")

    answer = await visitor.send({}, form=await visitor.open_form())

    assert "What happened?" in shown.text
    assert answer.status_code == 422
    assert "Tell us something: words" in answer.text
    assert not re.search(r"请|您", answer.text)


@pytest.mark.parametrize("address", ["/", "/tips/new", "/follow-up", "/privacy"])
async def test_every_public_page_opens_in_both_languages(visitor: Visitor, address: str) -> None:
    chinese = await visitor.get(address)
    english = await visitor.get(f"{address}?lang=en")

    assert chinese.status_code == english.status_code == 200
    assert '<html lang="zh-CN"' in chinese.text
    assert '<html lang="en"' in english.text
    words = re.sub(r"<[^>]*>", " ", english.text).replace("中文", "").replace("鲁P?8?2K", "")
    assert not re.search(r"[\u4e00-\u9fff]", words)


async def test_own_tip_is_followed_and_added_to_without_typing_the_code_again(
    database: Platform, visitor: Visitor
) -> None:
    await visitor.send()

    page = await visitor.get("/tips/mine")
    added = await visitor.send({}, [JPEG], form=await visitor.open_form("/tips/mine"))
    fragment = await visitor.get("/tips/mine/files")

    assert page.status_code == 200
    assert "已收到" in page.text
    assert "尚无照片或视频" in page.text
    assert added.status_code == 303
    assert added.headers["location"] == "/tips/mine"
    assert "照片 1" in fragment.text
    assert STORY not in page.text
    assert len(await rows(database, FILES)) == 1


async def test_a_refused_further_file_is_told_on_the_page_of_the_tip(visitor: Visitor) -> None:
    await visitor.send()

    answer = await visitor.send(
        {}, [("photos", ("a.jpg", b"", "image/jpeg"))], form=await visitor.open_form("/tips/mine")
    )

    assert answer.status_code == 422
    assert "文件是空的" in answer.text


async def test_leaving_closes_the_tip_in_this_browser(visitor: Visitor) -> None:
    await visitor.send()
    token = visitor.client.cookies["tl_public_session"]
    shown = await visitor.get("/tips/mine")
    action = re.search(r'action="(/tips/mine/leave\?csrf=[0-9a-f]+)"', shown.text)
    assert action

    left = await visitor.client.post(action[1], follow_redirects=False)

    assert left.status_code == 303
    visitor.client.cookies.set("tl_public_session", token)
    assert (await visitor.get("/tips/mine")).headers["location"] == "/follow-up"


async def test_a_strange_session_cookie_opens_nothing(visitor: Visitor) -> None:
    visitor.client.cookies.set("tl_public_session", str(uuid4()))

    assert (await visitor.get("/tips/mine")).status_code == 303
    assert (await visitor.get("/tips/mine/files")).status_code == 404
    assert "重新输入查询码" in (await visitor.get("/follow-up")).text
