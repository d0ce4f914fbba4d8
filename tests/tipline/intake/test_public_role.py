"""What a hole in the public face could reach: its database role, tried by hand."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.database import engine
from tipline.settings import Role

REFUSED = asyncpg.InsufficientPrivilegeError


@pytest.fixture
async def hole(database: Platform) -> AsyncIterator[asyncpg.Connection]:
    """Give a raw connection as the public role, over a database with two tips, a case and an officer."""
    await make.case()
    as_role(database, Role.PUBLIC)
    connection = await asyncpg.connect(**engine().config)
    yield connection
    await connection.close()


async def two_tips(platform: Platform) -> tuple[dict[str, bytes | UUID], dict[str, bytes | UUID]]:
    """Make two tips as the owner and return receipt, verifier, tip and item of each."""
    as_role(platform, Role.OWNER)
    found = []
    admin = await platform.admin()
    for story in ("我的线索", "别人的线索"):
        tip = await make.tip(story)
        item = await make.item(tip.id)
        await admin.execute(
            "INSERT INTO tip_file (id, tip, item, role, position, file_name, examination, problem, facts)"
            " VALUES ($1, $2, $3, 'photo', 1, 'a.jpg', 'waiting', '', '{}')",
            uuid4(),
            tip.id,
            item.id,
        )
        verifier = await admin.fetchval("SELECT verifier FROM receipt WHERE id = $1", tip.receipt)
        found.append({"receipt": tip.receipt, "verifier": verifier, "tip": tip.id, "item": item.id})
    await admin.close()
    as_role(platform, Role.PUBLIC)
    return found[0], found[1]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM case_file",
        "SELECT id FROM officer",
        "SELECT * FROM custody_entry",
        "INSERT INTO custody_entry (position) VALUES (0)",
        "SELECT lo_create(0)",
        "SELECT size FROM ledger_head",
        "SELECT story FROM tip",
        "SELECT file_name FROM tip_file",
        "SELECT object_key FROM evidence_item",
        "SELECT * FROM evidence_part",
        "SELECT * FROM hint",
        "SELECT salt FROM receipt",
        "SELECT id FROM receipt",
        "INSERT INTO receipt (id) VALUES (gen_random_uuid())",
        "SELECT * FROM public_session",
        "SELECT * FROM try_budget",
        "SELECT subject FROM work",
        "UPDATE tip SET state = 'accepted'",
        "DELETE FROM tip",
        "DELETE FROM tip_file",
        "TRUNCATE tip CASCADE",
        "UPDATE evidence_item SET state = 'sealed'",
        "ALTER TABLE tip DISABLE ROW LEVEL SECURITY",
        "SET ROLE tipline_staff",
        "CREATE TABLE mine (id int)",
    ],
)
async def test_the_public_role_is_refused(hole: asyncpg.Connection, query: str) -> None:
    with pytest.raises(REFUSED):
        await hole.execute(query)


async def test_without_a_code_no_tip_file_or_item_is_seen(database: Platform, hole: asyncpg.Connection) -> None:
    await two_tips(database)

    for table in ("tip", "tip_file", "evidence_item"):
        assert await hole.fetch(f"SELECT id FROM {table}") == []  # noqa: S608  names written above


async def test_the_code_shows_its_own_tip_and_only_within_its_transaction(
    database: Platform, hole: asyncpg.Connection
) -> None:
    mine, _ = await two_tips(database)

    async with hole.transaction():
        is_open = await hole.fetchval("SELECT open_own_tip($1, $2)", mine["receipt"], mine["verifier"])
        tips = await hole.fetch("SELECT id, state FROM tip")
        items = await hole.fetch("SELECT i.id FROM tip_file f JOIN evidence_item i ON i.id = f.item")
    afterwards = await hole.fetch("SELECT id FROM tip")

    assert is_open is True
    assert [row["id"] for row in tips] == [mine["tip"]]
    assert [row["id"] for row in items] == [mine["item"]]
    assert afterwards == []


async def test_a_wrong_verifier_opens_nothing(database: Platform, hole: asyncpg.Connection) -> None:
    mine, other = await two_tips(database)

    async with hole.transaction():
        is_open = await hole.fetchval("SELECT open_own_tip($1, $2)", mine["receipt"], other["verifier"])
        tips = await hole.fetch("SELECT id FROM tip")

    assert is_open is False
    assert tips == []


@pytest.mark.parametrize("forged", ["{receipt}", "{receipt}:", "{receipt}:00", "{tip}:{tip}", ":", "x' OR true --"])
async def test_forging_the_setting_gains_nothing(database: Platform, hole: asyncpg.Connection, forged: str) -> None:
    _, other = await two_tips(database)

    await hole.execute("SELECT set_config('tipline.own', $1, false)", forged.format(**other))

    assert await hole.fetch("SELECT id FROM tip") == []
    assert await hole.fetchval("SELECT own_receipt()") is None


async def test_nothing_can_be_put_into_another_tip(database: Platform, hole: asyncpg.Connection) -> None:
    mine, other = await two_tips(database)
    add_item = (
        "INSERT INTO evidence_item (id, deposit, label, object_key, media_type, size_bytes, received_at)"
        " VALUES ($1, $2, '', $3, 'image/jpeg', 1, $4)"
    )
    add_file = (
        "INSERT INTO tip_file (id, tip, item, role, position, examination) VALUES ($1, $2, $3, 'photo', 2, 'waiting')"
    )
    add_part = (
        "INSERT INTO evidence_part (id, item, number, offset_bytes, size_bytes, sha256) VALUES ($1, $2, 1, 0, 1, 'x')"
    )

    async with hole.transaction():
        await hole.execute("SELECT open_own_tip($1, $2)", mine["receipt"], mine["verifier"])
        fresh = uuid4()
        await hole.execute(add_item, fresh, mine["tip"], f"test/{fresh}", NOON)
        await hole.execute(add_part, uuid4(), fresh)
        for query, values in (
            (add_item, (uuid4(), other["tip"], "test/other", NOON)),
            (add_part, (uuid4(), other["item"])),
            (add_part, (uuid4(), mine["item"])),  # its own, but sealed
            (
                add_file,
                (uuid4(), other["tip"], fresh),
            ),
        ):
            with pytest.raises(REFUSED):
                async with hole.transaction():
                    await hole.execute(query, *values)


async def test_a_tip_cannot_be_born_accepted(database: Platform, hole: asyncpg.Connection) -> None:
    receipt = uuid4()
    verifier = secrets.token_bytes(32)
    born = (
        "INSERT INTO tip (id, receipt, alias, channel, language, received_at, state)"
        " VALUES ($1, $2, '青松 明月', $3, 'zh-CN', $4, $5)"
    )

    async with hole.transaction():
        await hole.execute(
            "SELECT file_receipt($1, '1234', $2, $3, $4, $5)", receipt, b"0" * 16, verifier, "a" * 64, NOON
        )
        await hole.execute("SELECT open_own_tip($1, $2)", receipt, verifier)
        for channel, state in (("web", "accepted"), ("phone", "received")):
            with pytest.raises(REFUSED):
                async with hole.transaction():
                    await hole.execute(born, uuid4(), receipt, channel, NOON, state)
        await hole.execute(born, uuid4(), receipt, "web", NOON, "received")


async def test_a_session_needs_an_open_tip_and_opens_that_one(database: Platform, hole: asyncpg.Connection) -> None:
    mine, _ = await two_tips(database)
    until = NOON + timedelta(minutes=30)

    without = await hole.fetchval("SELECT begin_public_session('t1', $1, $2)", NOON, until)
    async with hole.transaction():
        await hole.execute("SELECT open_own_tip($1, $2)", mine["receipt"], mine["verifier"])
        begun = await hole.fetchval("SELECT begin_public_session('t2', $1, $2)", NOON, until)
    async with hole.transaction():
        resumed = await hole.fetchval("SELECT resume_public_session('t2', $1, $2)", NOON, until)
        tips = await hole.fetch("SELECT id FROM tip")
    late = await hole.fetchval("SELECT resume_public_session('t2', $1, $1)", until + timedelta(seconds=1))

    assert (without, begun, resumed, late) == (False, True, True, False)
    assert [row["id"] for row in tips] == [mine["tip"]]


async def test_officers_and_workers_cannot_open_receipts_or_change_what_was_told(database: Platform) -> None:
    await make.tip()
    for role in (Role.STAFF, Role.WORKER):
        as_role(database, role)
        connection = await asyncpg.connect(**engine().config)
        try:
            for query in (
                "SELECT salt FROM receipt",
                "SELECT receipt_candidates('1234')",
                "UPDATE tip SET story = ''",
                "DELETE FROM tip",
                "UPDATE tip_file SET file_name = ''",
                "DELETE FROM tip_file",
            ):
                with pytest.raises(REFUSED):
                    await connection.execute(query)
            assert len(await connection.fetch("SELECT * FROM tip")) == 1
            # An officer who writes down what he is told shows the receipt that he has just made; he can read none.
            opening = "SELECT open_own_tip((SELECT receipt FROM tip), '')"
            if role == Role.STAFF:
                assert await connection.fetchval(opening) is False
            else:
                with pytest.raises(REFUSED):
                    await connection.execute(opening)
        finally:
            await connection.close()
