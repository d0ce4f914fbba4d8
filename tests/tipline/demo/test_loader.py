"""Loading the demo county: whole, once, quickly, and with sign-ins that work."""

from __future__ import annotations

import asyncio
import base64
import json
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from evidence.tables import EvidenceItem, ItemState
from tests import make
from tests.platform import Platform, as_role, disconnect
from tipline.accounts.factors.errors import SecondFactorNeeded
from tipline.accounts.factors.keeping import FactorKey
from tipline.accounts.factors.proofs import prove_by_code
from tipline.accounts.factors.totp import code_at, step_of
from tipline.accounts.service import sign_in
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.tables import Case, Clearance
from tipline.dashboard.figures import count_all, figure_named, read_list, read_strip
from tipline.demo.county import CountyNotEmpty, load
from tipline.intake.tables import FileRole, Tip, TipFile
from tipline.settings import Role
from tipline.work.tables import Job, Work

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Loaded:
    """A platform into which the county was loaded, its sign-ins, and the seconds of work that it took."""

    platform: Platform
    accounts: list[dict[str, str]]
    seconds: float


@pytest.fixture(scope="module")
def loading(platform: Platform) -> Loaded:
    asyncio.run(platform.empty())
    as_role(platform, Role.OWNER)
    begin = time.process_time()
    accounts = asyncio.run(load(replace(platform.settings, second_factor_roles=frozenset({"administrator"})), NOW))
    return Loaded(platform, accounts, time.process_time() - begin)


@pytest.fixture
def loaded(loading: Loaded) -> Iterator[Loaded]:
    as_role(loading.platform, Role.OWNER)
    yield loading
    disconnect()


async def test_sign_ins_of_roles_with_a_second_factor_bring_the_secret_of_their_app(loaded: Loaded) -> None:
    secrets = {account["role"]: account.get("totp_secret", "") for account in loaded.accounts}

    administrator = next(account for account in loaded.accounts if account["role"] == "administrator")
    with pytest.raises(SecondFactorNeeded) as needed:
        await sign_in(administrator["username"], administrator["password"], NOW)
    code = code_at(base64.b32decode(secrets["administrator"]), step_of(NOW))

    assert {role for role, secret in secrets.items() if secret} == {"administrator"}
    key = FactorKey(loaded.platform.settings.secret("factor_key"))
    officer = await Officer.objects().get(Officer.username == administrator["username"])
    assert officer is not None
    assert await prove_by_code(needed.value.token, code, key=key, now=NOW) == officer.id


async def test_whole_county_is_there_within_twenty_seconds(loaded: Loaded) -> None:
    assert loaded.seconds < 20
    assert await Case.count() > 500
    assert await Clearance.count() > 400
    assert await Tip.count() > 300


async def test_every_role_gets_a_sign_in_that_works(loaded: Loaded) -> None:
    for account in loaded.accounts:
        if "totp_secret" not in account:
            assert await sign_in(account["username"], account["password"], NOW)

    assert sorted(account["role"] for account in loaded.accounts) == sorted(OfficerRole)
    assert len({account["password"] for account in loaded.accounts}) == len(loaded.accounts)


async def test_sign_ins_are_kept_for_the_owner_of_the_folder_alone(loaded: Loaded) -> None:
    kept = loaded.platform.folder.demo_accounts

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text(encoding="utf-8")) == loaded.accounts


async def test_officers_without_a_sign_in_have_no_password(loaded: Loaded) -> None:
    unable = await Officer.objects().where(Officer.password_hash == "!")

    assert len(unable) == await Officer.count() - len(loaded.accounts)
    assert len(unable) >= 8


async def test_new_tips_ask_for_suggestions_at_once(loaded: Loaded) -> None:
    asked = await Work.select(Work.subject).where(Work.job == Job.SUGGEST_CASES).output(as_list=True)

    assert len(asked) >= 18


async def test_media_of_tips_wait_for_sealing_like_anyones(loaded: Loaded) -> None:
    files = await TipFile.objects()
    asked = await Work.select(Work.subject).where(Work.job == Job.SEAL_ITEM).output(as_list=True)

    assert {file.role for file in files} == {FileRole.PHOTO, FileRole.VIDEO}
    assert sorted(asked) == sorted(file.item for file in files)
    assert not await EvidenceItem.exists().where(EvidenceItem.state != ItemState.CHECKING)


async def test_dashboard_shows_what_is_known_of_2021_and_nothing_else_moved_it(loaded: Loaded) -> None:
    counts = {name: count.number for name, count in (await count_all(2021)).items()}
    strip, in_a_row = await read_strip(2021)

    assert counts["cleared"] == 93
    assert counts["recorded_cleared_fatal"] == counts["recorded_fatal"] == counts["cleared_fatal"] > 0
    assert counts["recorded_cleared_serious_injury"] == counts["recorded_serious_injury"] > 0
    assert counts["criminal_detention"] == 8
    assert counts["administrative_detention"] == 18
    assert 0 < counts["cleared_by_tip"] < 93
    assert in_a_row == 7
    assert [year.year for year in strip] == list(range(2015, 2022))


@pytest.mark.parametrize(
    ("figure", "count"), [("cleared", 93), ("criminal_detention", 8), ("administrative_detention", 18)]
)
async def test_list_behind_a_figure_of_2021_is_as_long_as_the_figure(loaded: Loaded, figure: str, count: int) -> None:
    assert len(await read_list(figure_named(figure), 2021, of=make.READS_EVERY_CASE)) == count


async def test_figures_of_2021_carry_the_label_of_invented_data(loaded: Loaded) -> None:
    assert all(count.is_demo for count in (await count_all(2021)).values() if count.number)


async def test_county_is_never_mixed_with_real_cases(database: Platform) -> None:
    await make.case()

    with pytest.raises(CountyNotEmpty):
        await load(database.settings, NOW)

    assert await Case.count() == 1
    assert not await Officer.exists().where(Officer.is_demo.eq(True))
