from __future__ import annotations

import base64
import io
import re
from typing import Any

import asyncpg
import pytest
from httpx import Response
from pypdf import PdfReader

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.staff import LATER, Desk, desk_of
from tests.tipline.visitor import CODE, STORY, photo, public_face, rows
from tipline.accounts.tables import OfficerRole
from tipline.database import engine
from tipline.settings import Role

FIELDS = {"channel": "phone", "told_at": "2021-06-01T13:30", "story": STORY, "wants_secrecy": "1"}
JPEG = ("photos", ("微信图片.jpg", photo(), "image/jpeg"))


async def enter(desk: Desk, fields: dict[str, str], files: list[Any] | None = None, key: str = "") -> Response:
    """Fill in the officer's form and send it, as a browser does."""
    shown = (await desk.get("/desk/tips/new")).text
    action = re.search(r'action="(/desk/tips\?csrf=[0-9a-f]+)"', shown)
    form_key = re.search(r'name="form_key" value="([0-9a-f-]{36})"', shown)
    assert action is not None
    assert form_key is not None
    return await desk.client.post(
        action[1],
        data={"form_key": key or form_key[1], **fields},
        files=files or [("photos", ("", b"", "application/octet-stream"))],
        follow_redirects=False,
    )


def code_of(answer: Response) -> str:
    found = CODE.search(answer.text)
    assert found, answer.text[:3000]
    return found[0]


async def test_a_tip_told_by_telephone_goes_the_way_of_every_tip_and_its_code_opens_it(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)

    async with desk_of(database, officer) as desk:
        answer = await enter(desk, FIELDS, [JPEG])

    [tip] = await rows(database, "SELECT * FROM tip")
    [entry] = await rows(database, "SELECT * FROM tip_entry")
    [file] = await rows(database, "SELECT f.role, i.state FROM tip_file f JOIN evidence_item i ON i.id = f.item")
    work = await rows(database, "SELECT job FROM work ORDER BY job")
    audit = await rows(database, "SELECT act, subject FROM audit_entry WHERE act = 'created'")
    assert answer.status_code == 200
    assert (tip["channel"], tip["story"], tip["received_at"]) == ("phone", STORY, LATER)
    assert (entry["tip"], entry["entered_by"], entry["wants_secrecy"]) == (tip["id"], officer.id, True)
    assert entry["told_at"].isoformat() == "2021-06-01T05:30:00+00:00"
    assert (file["role"], file["state"]) == ("photo", "checking")
    assert [one["job"] for one in work] == ["workers.linking.suggest_cases", "workers.sealing.seal_item"]
    assert [(one["act"], one["subject"]) for one in audit] == [("created", tip["id"])]
    async with public_face(database) as visitor:
        own = await visitor.own(code_of(answer))
    assert own.status_code == 200
    assert len(own.json()["files"]) == 1


async def test_the_code_stands_in_no_row_and_no_later_page(database: Platform) -> None:
    officer = await make.officer()

    async with desk_of(database, officer) as desk:
        code = code_of(await enter(desk, FIELDS))
        [tip] = await rows(database, "SELECT id FROM tip")
        page = (await desk.get(f"/tips/{tip['id']}")).text
        again = await desk.get("/desk/tips")

    names = await rows(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    kept = {
        one["tablename"]
        for one in names
        if await rows(
            database,
            f"SELECT 1 FROM {one['tablename']} t WHERE t::text LIKE ANY($1)",  # noqa: S608  PostgreSQL's own names
            [f"%{code}%", f"%{code.replace('-', '')}%"],
        )
    }
    assert kept == set()
    assert code not in page
    assert "要求保密" in page
    assert again.headers["location"] == "/desk/tips/new"


async def test_the_same_form_sent_twice_is_one_tip_with_one_code(database: Platform) -> None:
    officer = await make.officer()
    key = "7d5ab7a4-5b0f-4a63-9d1e-1f6a4a1f0001"

    async with desk_of(database, officer) as desk:
        first = await enter(desk, FIELDS, key=key)
        second = await enter(desk, FIELDS, key=key)
        other = await enter(desk, FIELDS | {"story": "别的内容"}, key=key)

    assert code_of(first) == code_of(second)
    assert other.status_code == 409
    assert len(await rows(database, "SELECT id FROM tip")) == len(await rows(database, "SELECT id FROM tip_entry")) == 1


async def test_what_does_not_hold_is_told_and_nothing_is_kept(database: Platform) -> None:
    officer = await make.officer()

    async with desk_of(database, officer) as desk:
        no_time = await enter(desk, FIELDS | {"told_at": ""}, [JPEG])
        no_words = await enter(desk, {"channel": "desk", "told_at": "2021-06-01T13:30"})
        web = await enter(desk, FIELDS | {"channel": "web"})

    assert [one.status_code for one in (no_time, no_words, web)] == [422, 422, 422]
    assert STORY in no_time.text
    assert await rows(database, "SELECT id FROM tip") == []
    assert await rows(database, "SELECT id FROM evidence_item") == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT salt FROM receipt",
        "SELECT * FROM receipt_candidates('0000')",
        "INSERT INTO receipt (id) VALUES (gen_random_uuid())",
        "SELECT secret_sha256 FROM upload",
        "UPDATE tip_entry SET wants_secrecy = false",
        "DELETE FROM tip_entry",
        # no receipt was shown in this transaction
        "INSERT INTO tip (id, receipt, channel) SELECT gen_random_uuid(), receipt, 'phone' FROM tip",
        "INSERT INTO tip_file (id, tip, item) SELECT gen_random_uuid(), tip, gen_random_uuid() FROM tip_entry",
    ],
)
async def test_the_staff_role_opens_no_receipt_and_adds_to_no_tip_unshown(database: Platform, query: str) -> None:
    officer = await make.officer()
    async with desk_of(database, officer) as desk:
        assert (await enter(desk, FIELDS)).status_code == 200
    as_role(database, Role.STAFF)
    connection = await asyncpg.connect(**engine().config)

    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(query)
    finally:
        await connection.close()


async def test_the_receipt_can_be_saved_as_pdf_from_the_one_answer_that_shows_the_code(database: Platform) -> None:
    officer = await make.officer()

    async with desk_of(database, officer) as desk:
        answer = await enter(desk, FIELDS)

    link = re.search(r'href="data:application/pdf;base64,([A-Za-z0-9+/=]+)" download', answer.text)
    assert link
    pdf = base64.b64decode(link[1])
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert code_of(answer) in text
    assert "不是受案回执" in text
    assert officer.full_name not in text
