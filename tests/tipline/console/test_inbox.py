from __future__ import annotations

from tests import make
from tests.platform import Platform
from tests.tipline.staff import desk_of
from tipline.accounts.tables import OfficerRole


async def test_the_inbox_shows_a_new_tip_and_opens_its_page(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    tip = await make.tip("一辆白色货车撞人后逃逸")

    async with desk_of(database, officer) as desk:
        inbox = await desk.get("/inbox")
        opened = await desk.get(f"/tips/{tip.id}")

    assert inbox.status_code == 200, inbox.text
    assert str(tip.id) in inbox.text
    assert opened.status_code == 200, opened.text
    assert "一辆白色货车撞人后逃逸" in opened.text
