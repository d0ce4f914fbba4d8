"""Loading the demo county: whole, once, quickly, and with sign-ins that work."""

from __future__ import annotations

import json
import stat
import time
from datetime import UTC, datetime

import pytest

from tests import make
from tests.platform import Platform
from tipline.accounts.service import sign_in
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.tables import Case, Clearance
from tipline.demo.county import CountyNotEmpty, load
from tipline.intake.tables import Tip
from tipline.work.tables import Job, Work

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


async def test_county_is_loaded_within_twenty_seconds(database: Platform) -> None:
    begin = time.monotonic()

    await load(database.settings, NOW)

    assert time.monotonic() - begin < 20
    assert await Case.count() > 500
    assert await Clearance.count() > 400
    assert await Tip.count() > 300


async def test_every_role_gets_a_sign_in_that_works_and_is_kept_for_the_owner_alone(database: Platform) -> None:
    accounts = await load(database.settings, NOW)

    for account in accounts:
        assert await sign_in(account["username"], account["password"], NOW)
    assert sorted(account["role"] for account in accounts) == sorted(OfficerRole)
    assert len({account["password"] for account in accounts}) == len(accounts)
    assert stat.S_IMODE(database.folder.demo_accounts.stat().st_mode) == 0o600
    assert json.loads(database.folder.demo_accounts.read_text(encoding="utf-8")) == accounts


async def test_officers_without_a_sign_in_cannot_sign_in(database: Platform) -> None:
    await load(database.settings, NOW)

    unable = await Officer.objects().where(Officer.password_hash == "!")

    assert len(unable) >= 8
    assert all(officer.username.startswith("demo") for officer in unable)


async def test_new_tips_ask_for_suggestions_at_once(database: Platform) -> None:
    await load(database.settings, NOW)

    asked = await Work.select(Work.subject).where(Work.job == Job.SUGGEST_CASES).output(as_list=True)

    assert len(asked) >= 18


async def test_county_is_never_mixed_with_real_cases(database: Platform) -> None:
    await make.case()

    with pytest.raises(CountyNotEmpty):
        await load(database.settings, NOW)

    assert await Case.count() == 1
    assert not await Officer.exists().where(Officer.is_demo.eq(True))
