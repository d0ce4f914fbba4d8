from __future__ import annotations

import asyncio
import base64
import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.accounts.factors import key_of, shown_at, with_app
from tests.tipline.accounts.test_sign_in import PASSWORD, account
from tests.tipline.staff import LATER, staff_face
from tipline.accounts.audit.tables import AuditEntry
from tipline.accounts.factors.errors import FactorRefused, ProofExpired, SecondFactorNeeded
from tipline.accounts.factors.proofs import prove_by_code
from tipline.accounts.factors.service import begin_totp, renew_codes, unfinished_totp
from tipline.accounts.factors.tables import RecoveryCode, TotpSecret
from tipline.accounts.factors.totp import code_at, step_of
from tipline.accounts.service import sign_in
from tipline.accounts.tables import Officer, OfficerRole
from tipline.errors import SlowDown
from tipline.settings import Role
from tipline.web.guards import STAFF_SESSION_COOKIE


async def officer_with_app(platform: Platform) -> Officer:
    await account()
    officer = await Officer.objects().first()
    assert officer is not None
    await with_app(platform, officer.id, since=NOON)
    return officer


async def waiting_token() -> str:
    with pytest.raises(SecondFactorNeeded) as needed:
        await sign_in("li.ming", PASSWORD, NOON)
    return needed.value.token


async def test_the_password_alone_opens_nothing_once_an_app_is_set_up(database: Platform) -> None:
    await officer_with_app(database)

    async with staff_face(database) as desk:
        answer = await desk.post("/sign-in", {"username": "li.ming", "password": PASSWORD})
        inbox = await desk.get("/inbox")
        wrong = await desk.post("/sign-in/second-factor", {"code": "000000"})
        right = await desk.post("/sign-in/second-factor", {"code": shown_at(LATER)})
        inside = await desk.get("/inbox")

    assert answer.headers["location"] == "/sign-in/second-factor"
    assert STAFF_SESSION_COOKIE not in answer.headers["set-cookie"]
    assert inbox.headers["location"] == "/sign-in"
    assert wrong.status_code == 422
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert inside.status_code == 200


async def test_a_code_works_once_even_when_it_is_sent_twice_at_the_same_moment(database: Platform) -> None:
    await officer_with_app(database)
    tokens = [await waiting_token() for _ in range(2)]
    as_role(database, Role.STAFF)

    answers = await asyncio.gather(
        *(prove_by_code(token, shown_at(NOON), key=key_of(database), now=NOON) for token in tokens),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["FactorRefused", "UUID"]


async def test_a_waiting_sign_in_is_used_once_and_ends_after_ten_minutes(database: Platform) -> None:
    await officer_with_app(database)
    token, late = await waiting_token(), await waiting_token()
    moment = NOON + timedelta(minutes=10)
    await prove_by_code(token, shown_at(NOON), key=key_of(database), now=NOON)

    with pytest.raises(ProofExpired):
        await prove_by_code(token, shown_at(NOON, steps=1), key=key_of(database), now=NOON)
    with pytest.raises(ProofExpired):
        await prove_by_code(late, shown_at(moment), key=key_of(database), now=moment)


async def test_guessing_codes_slows_down(database: Platform) -> None:
    await officer_with_app(database)
    token = await waiting_token()
    for _ in range(5):
        with pytest.raises(FactorRefused):
            await prove_by_code(token, "000000", key=key_of(database), now=NOON)

    with pytest.raises(SlowDown):
        await prove_by_code(token, shown_at(NOON), key=key_of(database), now=NOON)


async def test_a_recovery_code_opens_the_account_once(database: Platform) -> None:
    officer = await officer_with_app(database)
    as_role(database, Role.STAFF)
    codes = await renew_codes(officer.id, key=key_of(database), now=NOON)

    opened = await prove_by_code(await waiting_token(), codes[3].upper(), key=key_of(database), now=NOON)
    with pytest.raises(FactorRefused):
        await prove_by_code(await waiting_token(), codes[3], key=key_of(database), now=NOON)

    assert opened == officer.id
    stored = str(await RecoveryCode.select())
    assert [code for code in codes if code in stored] == []


async def test_new_recovery_codes_end_the_old_ones(database: Platform) -> None:
    officer = await officer_with_app(database)
    old = await renew_codes(officer.id, key=key_of(database), now=NOON)
    await renew_codes(officer.id, key=key_of(database), now=NOON)

    with pytest.raises(FactorRefused):
        await prove_by_code(await waiting_token(), old[0], key=key_of(database), now=NOON)


async def test_a_role_that_must_have_a_second_factor_can_do_nothing_before_it_is_set_up(database: Platform) -> None:
    await account(role=OfficerRole.COMMANDER)
    settings = replace(database.settings, second_factor_roles=frozenset({"commander"}))

    async with staff_face(replace(database, settings=settings)) as desk:
        await desk.post("/sign-in", {"username": "li.ming", "password": PASSWORD})
        inbox = await desk.get("/inbox")
        program = await desk.get("/inbox", headers={"Accept": "application/json"})
        duty = await desk.get("/account/second-factor")
        begun = await desk.post("/account/second-factor/totp")
        shown = await desk.get("/account/second-factor/totp")
        letters = re.search(r'id="secret">([A-Z2-7 ]+)<', shown.text)
        wrong = await desk.post("/account/second-factor/totp/confirm", {"code": "000000"})
        assert letters
        secret = base64.b32decode(letters[1].replace(" ", ""))
        done = await desk.post("/account/second-factor/totp/confirm", {"code": code_at(secret, step_of(LATER))})
        inside = await desk.get("/inbox")

    assert (inbox.status_code, inbox.headers["location"]) == (303, "/account/second-factor")
    assert program.status_code == 403
    assert "您的角色登录时必须进行二次验证" in duty.text
    assert begun.headers["location"] == "/account/second-factor/totp"
    assert "<svg" in shown.text
    assert wrong.status_code == 422
    assert len(re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", html.unescape(done.text))) == 10
    assert inside.status_code == 200
    assert {row["act"] for row in await AuditEntry.select()} == {"enrolled"}


async def test_taking_a_factor_off_asks_for_the_password(database: Platform) -> None:
    officer = await officer_with_app(database)

    async with staff_face(database) as desk:
        await desk.post("/sign-in", {"username": "li.ming", "password": PASSWORD})
        await desk.post("/sign-in/second-factor", {"code": shown_at(LATER)})
        refused = await desk.post("/account/second-factor/totp/remove", {"totp_password": "not the password"})
        still = await desk.get("/account/second-factor")
        done = await desk.post("/account/second-factor/totp/remove", {"totp_password": PASSWORD})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert "移除验证器应用" in still.text
    assert await sign_in("li.ming", PASSWORD, LATER)
    assert [(row["act"], row["subject"]) for row in await AuditEntry.select()] == [("removed", officer.id)]


async def test_the_database_holds_no_secret_of_the_app(database: Platform) -> None:
    officer = await make.officer()
    as_role(database, Role.STAFF)
    await begin_totp(officer.id, key=key_of(database), now=NOON)

    secret = await unfinished_totp(officer.id, key=key_of(database))
    row = await TotpSecret.objects().first()

    assert secret is not None
    assert row is not None
    assert secret not in row.sealed
