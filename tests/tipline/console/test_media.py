from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

from evidence.tables import CustodyAct, CustodyEntry
from tests import make
from tests.platform import Platform
from tests.tipline.staff import LATER, desk_of, session
from tipline.doors import open_custody

CLIP = bytes(range(256)) * 40


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def kept(platform: Platform, data: bytes = CLIP, *, media_type: str = "video/mp4") -> UUID:
    """Return the id of a sealed item with these bytes."""
    custody = open_custody(platform.settings)
    received = await custody.receive(chunks(data), limit_bytes=len(data))
    item = await custody.register(received, deposit=uuid4(), media_type=media_type, now=LATER)
    await custody.seal(item, actor="worker:seal_item", now=LATER)
    return item


async def viewers() -> list[str]:
    return (
        await CustodyEntry.select(CustodyEntry.actor).where(CustodyEntry.act == CustodyAct.VIEWED).output(as_list=True)
    )


async def test_a_video_is_given_whole_and_in_stretches(database: Platform) -> None:
    officer = await make.officer()
    item = await kept(database)

    async with desk_of(database, officer) as desk:
        whole = await desk.get(f"/media/{item}")
        part = await desk.get(f"/media/{item}", headers={"Range": "bytes=256-259"})
        behind = await desk.get(f"/media/{item}", headers={"Range": "bytes=99999-"})
        changed = await desk.get(f"/media/{item}", headers={"Range": "bytes=0-1", "If-Range": '"another"'})

    assert (whole.status_code, whole.content) == (200, CLIP)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["content-disposition"] == "inline"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cross-origin-resource-policy"] == "same-origin"
    assert whole.headers["content-length"] == str(len(CLIP))
    assert (part.status_code, part.content) == (206, CLIP[256:260])
    assert part.headers["content-range"] == f"bytes 256-259/{len(CLIP)}"
    assert (behind.status_code, behind.headers["content-range"]) == (416, f"bytes */{len(CLIP)}")
    assert changed.status_code == 200


async def test_looking_at_an_original_is_entered_once_an_hour_for_each_officer(database: Platform) -> None:
    officer, colleague = await make.officer(), await make.officer()
    item = await kept(database)
    other_token = await session(colleague)

    async with desk_of(database, officer) as desk:
        await asyncio.gather(
            *(desk.get(f"/media/{item}", headers={"Range": f"bytes={start}-"}) for start in range(0, 2000, 400))
        )
        desk.sign_in(other_token)
        await desk.get(f"/media/{item}")
    first_hour = await viewers()
    officer_again = await session(officer, at=LATER + timedelta(minutes=61))
    async with desk_of(database, officer, now=LATER + timedelta(minutes=61)) as desk:
        desk.sign_in(officer_again)
        await desk.get(f"/media/{item}")

    assert first_hour == [officer.badge_number, colleague.badge_number]
    assert await viewers() == [officer.badge_number, colleague.badge_number, officer.badge_number]


async def test_looking_at_a_frame_is_not_entered(database: Platform) -> None:
    officer = await make.officer()
    item = await kept(database)
    frame = await open_custody(database.settings).keep_derived(
        item,
        "frame:00000000",
        b"\xff\xd8\xff",
        media_type="image/jpeg",
        actor="worker:examine_item",
        facts={},
        now=LATER,
    )

    async with desk_of(database, officer) as desk:
        shown = await desk.get(f"/media/{frame}")

    assert (shown.status_code, shown.content) == (200, b"\xff\xd8\xff")
    assert await viewers() == []


async def test_what_is_not_sealed_or_not_there_is_not_shown(database: Platform) -> None:
    officer = await make.officer()
    custody = open_custody(database.settings)
    received = await custody.receive(chunks(CLIP), limit_bytes=len(CLIP))
    unsealed = await custody.register(received, deposit=uuid4(), media_type="video/mp4", now=LATER)

    async with desk_of(database, officer) as desk:
        early = await desk.get(f"/media/{unsealed}")
        unknown = await desk.get(f"/media/{uuid4()}")

    assert (early.status_code, unknown.status_code) == (409, 404)
    assert await viewers() == []


async def test_nothing_sent_in_can_run_in_the_officers_browser(database: Platform) -> None:
    officer = await make.officer()
    drawing = await kept(database, b"<svg onload='alert(1)'/>", media_type="image/svg+xml")
    text = await kept(database, b"<script>alert(1)</script>", media_type="text/html")

    async with desk_of(database, officer) as desk:
        answers = [await desk.get(f"/media/{item}") for item in (drawing, text)]

    for answer in answers:
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_lost_object_is_an_alarm_and_not_a_view(database: Platform) -> None:
    officer = await make.officer()
    lost = await make.item()

    async with desk_of(database, officer) as desk:
        answer = await desk.get(f"/media/{lost.id}")

    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert await viewers() == []
