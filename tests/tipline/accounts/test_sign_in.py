from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.staff import LATER, staff_face
from tipline.accounts.errors import AccountRefused, PasswordRefused, SignInRefused
from tipline.accounts.service import SignedInOfficer, change_password, create_officer, officer_of_session, sign_in
from tipline.accounts.tables import Officer, OfficerRole, SignInFailure, StaffSession, Unit
from tipline.errors import SlowDown
from tipline.settings import Role
from tipline.web.guards import STAFF_SESSION_COOKIE

PASSWORD = "three white lorries asleep"


async def account(username: str = "li.ming", *, role: OfficerRole = OfficerRole.INVESTIGATOR) -> None:
    await create_officer(
        username=username,
        badge_number="1500777",
        full_name="李明",
        role=role,
        unit_name="事故科",
        password=PASSWORD,
        now=NOON,
    )


async def test_an_officer_made_by_the_command_line_signs_in_sees_the_inbox_and_signs_out(database: Platform) -> None:
    await account()

    async with staff_face(database) as desk:
        answer = await desk.post("/sign-in", {"username": " Li.Ming ", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        inbox = await desk.get("/inbox")
        left = await desk.post("/sign-out")
        after = await desk.get("/inbox")

    assert answer.status_code == 303
    assert STAFF_SESSION_COOKIE in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert inbox.status_code == 200
    assert "李明" in inbox.text
    assert left.headers["location"] == "/sign-in"
    assert (after.status_code, after.headers["location"]) == (302, "/sign-in")


async def test_the_session_cookie_is_secure_where_the_faces_are_reached_by_https(database: Platform) -> None:

    await account()
    settings = replace(database.settings, public_url="https://tips.example", staff_url="https://desk.example")

    async with staff_face(replace(database, settings=settings)) as desk:
        answer = await desk.post("/sign-in", {"username": "li.ming", "password": PASSWORD})

    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(("username", "password"), [("li.ming", "wrong but long enough"), ("nobody", PASSWORD)])
async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer_and_keep_the_name(
    database: Platform, username: str, password: str
) -> None:
    await account()

    async with staff_face(database) as desk:
        answer = await desk.post("/sign-in", {"username": username, "password": password})

    assert answer.status_code == 422
    assert f'value="{username}"' in answer.text
    assert password not in answer.text
    assert "用户名" in answer.text
    assert STAFF_SESSION_COOKIE not in answer.headers.get("set-cookie", "")


async def test_an_account_out_of_use_cannot_sign_in_and_its_session_ends(database: Platform) -> None:
    await account()
    token = await sign_in("li.ming", PASSWORD, NOON)
    await Officer.update({Officer.is_active: False}, force=True)

    session = await officer_of_session(token, now=NOON)
    with pytest.raises(SignInRefused):
        await sign_in("li.ming", PASSWORD, NOON)

    assert session is None


async def test_guessing_slows_down_but_never_locks_the_account(database: Platform) -> None:
    await account()
    as_role(database, Role.STAFF)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await sign_in("li.ming", "wrong but long enough", NOON)

    with pytest.raises(SlowDown) as slowed:
        await sign_in("li.ming", PASSWORD, NOON)
    token = await sign_in("li.ming", PASSWORD, NOON + timedelta(seconds=slowed.value.retry_after_s))

    assert slowed.value.retry_after_s == 2
    assert token


async def test_tries_made_all_at_once_are_counted_one_by_one(database: Platform) -> None:
    await account()
    as_role(database, Role.STAFF)

    answers = await asyncio.gather(
        *(sign_in("li.ming", "wrong but long enough", NOON) for _ in range(8)), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["SignInRefused"] * 5 + ["SlowDown"] * 3


async def test_the_sign_in_page_says_how_long_to_wait(database: Platform) -> None:
    await account()
    for _ in range(6):
        await SignInFailure(username="li.ming", failed_at=LATER).save()

    async with staff_face(database) as desk:
        answer = await desk.post("/sign-in", {"username": "li.ming", "password": PASSWORD})

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "4"


async def test_a_success_makes_the_failures_before_it_count_no_more(database: Platform) -> None:
    await account()
    for _ in range(4):
        with pytest.raises(SignInRefused):
            await sign_in("li.ming", "wrong but long enough", NOON)
    await sign_in("li.ming", PASSWORD, NOON + timedelta(seconds=1))

    for _ in range(4):
        with pytest.raises(SignInRefused):
            await sign_in("li.ming", "wrong but long enough", NOON + timedelta(seconds=2))

    assert await sign_in("li.ming", PASSWORD, NOON + timedelta(seconds=3))


async def test_a_password_typed_into_the_name_box_is_not_kept(database: Platform) -> None:
    with pytest.raises(SignInRefused):
        await sign_in(PASSWORD, "", NOON)

    kept = await SignInFailure.select(SignInFailure.username).output(as_list=True)
    assert kept == ["#" + hashlib.sha256(PASSWORD.encode()).hexdigest()[:39]]


async def test_a_session_ends_after_an_hour_unused_and_after_twelve_hours_in_any_case(database: Platform) -> None:
    await account()
    token = await sign_in("li.ming", PASSWORD, NOON)

    used = NOON
    while used - NOON < timedelta(hours=11, minutes=20):
        used += timedelta(minutes=50)
        assert await officer_of_session(token, now=used)
    over = await officer_of_session(token, now=NOON + timedelta(hours=12))
    idle = await officer_of_session(await sign_in("li.ming", PASSWORD, NOON), now=NOON + timedelta(minutes=60))

    assert over is None
    assert idle is None


async def test_the_database_holds_neither_token_nor_password(database: Platform) -> None:
    await account()
    token = await sign_in("li.ming", PASSWORD, NOON)

    row = await StaffSession.select().first()
    officer = await Officer.select().first()

    assert row is not None
    assert token not in str(row)
    assert officer is not None
    assert officer["password_hash"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_changing_the_password_ends_the_officers_other_sessions(database: Platform) -> None:
    await account()
    here = await sign_in("li.ming", PASSWORD, NOON)
    elsewhere = await sign_in("li.ming", PASSWORD, NOON)
    me = await officer_of_session(here, now=NOON)
    assert isinstance(me, SignedInOfficer)
    as_role(database, Role.STAFF)

    await change_password(me, old=PASSWORD, new="another long sentence", again="another long sentence", now=NOON)

    assert await officer_of_session(here, now=NOON)
    assert await officer_of_session(elsewhere, now=NOON) is None
    assert await sign_in("li.ming", "another long sentence", NOON + timedelta(seconds=1))


async def test_a_wrong_old_password_changes_nothing(database: Platform) -> None:
    await account()
    me = await officer_of_session(await sign_in("li.ming", PASSWORD, NOON), now=NOON)
    assert isinstance(me, SignedInOfficer)

    with pytest.raises(PasswordRefused) as refused:
        await change_password(me, old="not it", new="another long sentence", again="another long sentence", now=NOON)

    assert [problem.code for problem in refused.value.problems] == ["password_wrong"]
    assert await sign_in("li.ming", PASSWORD, NOON + timedelta(seconds=1))


async def test_a_taken_name_or_badge_number_is_refused_and_nothing_is_kept(database: Platform) -> None:
    await account()

    with pytest.raises(AccountRefused) as taken:
        await account("li.hong")
    with pytest.raises(AccountRefused) as weak:
        await create_officer(
            username="x",
            badge_number="1",
            full_name="王",
            role=OfficerRole.AUDITOR,
            unit_name="新单位",
            password="short",
            now=NOON,
        )

    assert [(problem.field, problem.code) for problem in taken.value.problems] == [("badge_number", "taken")]
    assert {problem.field for problem in weak.value.problems} == {"username", "password"}
    assert await Officer.count() == 1
    assert await Unit.count() == 1


async def test_a_stranger_cannot_slow_down_a_browser_that_has_signed_in_before(database: Platform) -> None:
    await account()
    as_role(database, Role.STAFF)
    await sign_in("li.ming", PASSWORD, NOON, device="the browser at the desk")
    later = NOON + timedelta(minutes=1)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await sign_in("li.ming", "wrong but long enough", later, device="a stranger")

    with pytest.raises(SlowDown):
        await sign_in("li.ming", PASSWORD, later, device="a stranger")
    with pytest.raises(SlowDown):
        await sign_in("li.ming", PASSWORD, later)

    assert await sign_in("li.ming", PASSWORD, later, device="the browser at the desk")


async def test_a_known_browser_is_counted_too(database: Platform) -> None:
    await account()
    await sign_in("li.ming", PASSWORD, NOON, device="stolen")
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await sign_in("li.ming", "wrong but long enough", NOON, device="stolen")

    with pytest.raises(SlowDown):
        await sign_in("li.ming", PASSWORD, NOON, device="stolen")


async def test_a_temporary_password_works_until_its_time(database: Platform) -> None:
    await account()
    await Officer.update({Officer.temporary_until: NOON + timedelta(hours=72)}, force=True)

    token = await sign_in("li.ming", PASSWORD, NOON)
    me = await officer_of_session(token, now=NOON)
    with pytest.raises(SignInRefused):
        await sign_in("li.ming", PASSWORD, NOON + timedelta(hours=72))

    assert me is not None
    assert me.duty == "/account/password"


async def test_sessions_and_failures_long_over_are_cleared_at_the_next_sign_in(database: Platform) -> None:
    await account()
    old = await sign_in("li.ming", PASSWORD, NOON)
    with pytest.raises(SignInRefused):
        await sign_in("someone", "else", NOON)
    as_role(database, Role.STAFF)

    await sign_in("li.ming", PASSWORD, NOON + timedelta(days=31), words="Firefox, Linux")

    assert await officer_of_session(old, now=NOON) is None
    assert await StaffSession.select(StaffSession.device_words).output(as_list=True) == ["Firefox, Linux"]
    assert await SignInFailure.count() == 0
