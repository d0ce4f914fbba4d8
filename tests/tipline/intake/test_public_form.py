"""What a member of the public can send by the form, and what becomes of wrong input."""

from __future__ import annotations

from tests.platform import Platform
from tests.tipline.visitor import STORY, Visitor, code_in, photo, public_face, rows, video
from tipline.settings import Limits


async def test_a_tip_with_a_photo_and_a_video_is_kept_and_its_receipt_shown(
    database: Platform, visitor: Visitor
) -> None:
    files = [("photos", ("车头.jpg", photo(), "image/jpeg")), ("videos", ("a.mp4", video(), "video/mp4"))]

    answer = await visitor.send({"story": STORY, "plate_text": "鲁p·?8?2k", "vehicle_colour": "white"}, files)

    assert answer.status_code == 200, answer.text
    assert code_in(answer)
    assert "照片 1" in answer.text
    assert "视频 2" in answer.text
    tip = (await rows(database, "SELECT * FROM tip"))[0]
    assert tip["story"] == STORY
    assert tip["plate_text"] == "鲁P?8?2K"
    kept = await rows(database, "SELECT f.*, i.state, i.media_type, i.deposit FROM tip_file f JOIN evidence_item i ON i.id = f.item")
    assert {(one["role"], one["media_type"], one["state"]) for one in kept} == {
        ("photo", "image/jpeg", "checking"),
        ("video", "video/mp4", "checking"),
    }
    assert {one["deposit"] for one in kept} == {tip["id"]}
    asked = await rows(database, "SELECT job, subject FROM work")
    assert {(one["job"].rsplit(".", 1)[-1], one["subject"]) for one in asked} == {
        ("suggest_cases", tip["id"]),
        *(("seal_item", one["item"]) for one in kept),
    }
