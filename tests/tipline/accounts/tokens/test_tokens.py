from __future__ import annotations

import re
from datetime import timedelta

from tests import make
from tests.platform import Platform
from tests.tipline.staff import LATER, desk_of, staff_face
from tipline.accounts.audit.tables import AuditEntry
from tipline.accounts.passwords import hash_password
from tipline.accounts.tables import Officer, OfficerRole
from tipline.accounts.tokens.rules import LONGEST_DAYS, scopes_for, token_problems
from tipline.accounts.tokens.service import officer_of_token
from tipline.accounts.tokens.tables import AccessToken, TokenScope

PASSWORD = "a sentence of one's own"


async def investigator() -> Officer:
    officer = await make.officer()
    await Officer.update({Officer.password_hash: await hash_password(PASSWORD)}).where(Officer.id == officer.id)
    return officer


def shown(page: str) -> str:
    found = re.search(r'id="access-token">([^<]+)<', page)
    assert found, page[:2000]
    return found[1]


def test_a_token_lasts_ninety_days_at_most_and_holds_only_scopes_of_its_role() -> None:
    role = OfficerRole.INTAKE_OFFICER

    fine = token_problems(name="x", scopes=["tips:read"], days=LONGEST_DAYS, role=role)
    long = token_problems(name="x", scopes=["tips:read"], days=LONGEST_DAYS + 1, role=role)
    wide = token_problems(name="", scopes=["cases:read"], days=None, role=role)

    assert fine == []
    assert [one.field for one in long] == ["days"]
    assert [one.field for one in wide] == ["name", "scopes", "days"]
    assert scopes_for(OfficerRole.ADMINISTRATOR) == ()
    assert set(scopes_for(OfficerRole.COMMANDER)) == set(TokenScope)


async def test_a_token_is_shown_once_kept_as_a_digest_and_ended_by_its_officer(database: Platform) -> None:
    officer = await investigator()
    form = {"name": "周报", "scopes": ["tips:read", "cases:read"], "days": "30"}

    async with desk_of(database, officer) as desk:
        wrong = await desk.post("/account/tokens", {**form, "password": "not this one at all"})
        made = await desk.post("/account/tokens", {**form, "password": PASSWORD})
        listed = await desk.get("/account/tokens")
    token = shown(made.text)
    row = await AccessToken.objects().first()
    assert row is not None
    known = await officer_of_token(token, now=LATER)
    async with desk_of(database, officer) as desk:
        ended = await desk.post(f"/account/tokens/{row.id}/end")
    gone = await officer_of_token(token, now=LATER)

    assert wrong.status_code == 422
    assert token.startswith("tls_")
    assert token not in listed.text
    assert row.token_sha256 != token
    assert row.expires_at == LATER + timedelta(days=30)
    assert known is not None
    assert known.scopes == {"tips:read", "cases:read"}
    assert ended.status_code == 303
    assert gone is None
    entries = await AuditEntry.select(AuditEntry.act).where(AuditEntry.purpose == "access_token").output(as_list=True)
    assert sorted(entries) == ["created", "revoked"]


async def test_a_token_ends_with_its_time_the_password_and_the_account(database: Platform) -> None:
    officer, admin = await investigator(), await make.officer(role=OfficerRole.ADMINISTRATOR)
    form = {"name": "x", "scopes": ["tips:read"], "days": "7", "password": PASSWORD}
    new = "another sentence, not the old"
    async with desk_of(database, officer) as desk:
        first = shown((await desk.post("/account/tokens", form)).text)
        await desk.post("/account/password", {"old": PASSWORD, "new": new, "again": new})
        second = shown((await desk.post("/account/tokens", {**form, "password": new})).text)
    after_password, standing = [await officer_of_token(one, now=LATER) for one in (first, second)]
    overdue = await officer_of_token(second, now=LATER + timedelta(days=7))

    async with desk_of(database, admin) as desk:
        await desk.post(f"/accounts/{officer.id}/sign-out")
    after_sign_out = await officer_of_token(second, now=LATER)

    assert overdue is None
    assert after_password is None
    assert standing is not None
    assert after_sign_out is None


async def test_a_token_opens_no_page(database: Platform) -> None:
    officer = await investigator()
    async with desk_of(database, officer) as desk:
        form = {"name": "x", "scopes": ["cases:read"], "days": "7", "password": PASSWORD}
        token = shown((await desk.post("/account/tokens", form)).text)

    async with staff_face(database) as desk:
        page = await desk.get("/cases", headers={"Authorization": f"Bearer {token}"})

    assert page.headers["location"] == "/sign-in"
