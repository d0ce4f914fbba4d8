"""PostgreSQL itself keeps evidence rows: for the owner of the tables as for everyone else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from asyncpg.exceptions import (
    CheckViolationError,
    InsufficientPrivilegeError,
    IntegrityConstraintViolationError,
    UniqueViolationError,
)

from evidence import audit
from evidence.custody import Custody
from evidence.tables import CustodyEntry, EvidenceItem, ItemState, LedgerHead
from evidence.transactions import transaction
from tests import make
from tests.evidence.deposits import RECEIVED, SEALED, THREE_PARTS, WORKER, in_chunks, registered, sealed
from tests.platform import Platform, as_role
from tipline.intake.tables import Receipt
from tipline.settings import Role


@asynccontextmanager
async def connected(platform: Platform, role: Role) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(
        platform.settings.database_url, user=role.user, password=platform.settings.secret(f"database_{role}")
    )
    try:
        yield connection
    finally:
        await connection.close()


async def refuses(platform: Platform, role: Role, statement: str) -> bool:
    """Whether PostgreSQL denies the role this statement."""
    async with connected(platform, role) as connection:
        try:
            await connection.execute(statement)
        except InsufficientPrivilegeError:
            return True
    return False


@pytest.fixture
async def owner(database: Platform) -> AsyncIterator[asyncpg.Connection]:
    async with connected(database, Role.OWNER) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody_entry SET actor = 'somebody else'",
        "UPDATE custody_entry SET record = record",
        "DELETE FROM custody_entry",
        "DELETE FROM custody_entry WHERE false",
        "TRUNCATE custody_entry",
        "TRUNCATE custody_entry CASCADE",
        "UPDATE evidence_part SET sha256 = repeat('0', 64)",
        "DELETE FROM evidence_part",
        "TRUNCATE evidence_part",
        "DELETE FROM evidence_item",
        "TRUNCATE evidence_item CASCADE",
        "UPDATE evidence_item SET sha256 = repeat('0', 64)",
        "UPDATE evidence_item SET sm3 = NULL, state = 'broken'",
        "UPDATE evidence_item SET sealed_at = now()",
        "UPDATE evidence_item SET media_type = 'video/mp4'",
        "UPDATE evidence_item SET state = 'checking'",
        "UPDATE evidence_item SET object_key = 'another-object'",
        "UPDATE evidence_item SET deposit = gen_random_uuid()",
        "UPDATE evidence_item SET size_bytes = 1",
        "UPDATE evidence_item SET received_at = now()",
        "DELETE FROM ledger_head",
        "TRUNCATE ledger_head",
        "UPDATE ledger_head SET size = 0, frontier = '[]'",
        "UPDATE ledger_head SET root_sha256 = repeat('0', 64)",
    ],
)
async def test_even_the_owner_cannot_change_or_remove_evidence(
    owner: asyncpg.Connection, custody: Custody, statement: str
) -> None:
    item = await sealed(custody)

    with pytest.raises(IntegrityConstraintViolationError):
        await owner.execute(statement)

    assert (await custody.item(item.id)).to_dict() == item.to_dict()
    assert (await audit.replay()).is_whole


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("INSERT INTO ledger_head VALUES (2, 0, '', '[]')", CheckViolationError),
        ("UPDATE evidence_item SET state = 'sealed'", CheckViolationError),
        (
            (
                "INSERT INTO custody_entry SELECT 7, item, act, actor, happened_at, record, salt, leaf_sha256"
                " FROM custody_entry"
            ),
            UniqueViolationError,
        ),
    ],
)
async def test_rows_that_contradict_each_other_are_refused(
    owner: asyncpg.Connection, custody: Custody, statement: str, refusal: type[Exception]
) -> None:
    await sealed(custody)
    await registered(custody)

    with pytest.raises(refusal):
        await owner.execute(statement)


async def test_the_public_face_deposits_for_the_tip_it_opened(database: Platform, custody: Custody) -> None:
    tip = await make.tip()
    receipt = await Receipt.objects().where(Receipt.id == tip.receipt).first()
    assert receipt is not None
    received = await custody.receive(in_chunks(THREE_PARTS), limit_bytes=len(THREE_PARTS))
    as_role(database, Role.PUBLIC)

    async with transaction():
        await EvidenceItem.raw("SELECT open_own_tip({}, {})", receipt.id, receipt.verifier)
        item_id = await custody.register(received, deposit=tip.id, media_type="video/mp4", now=RECEIVED)

    as_role(database, Role.WORKER)
    assert (await custody.seal(item_id, actor=WORKER, now=SEALED)).state == ItemState.SEALED


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM custody_entry",
        "SELECT * FROM ledger_head",
        "SELECT sha256 FROM evidence_part",
        "SELECT object_key FROM evidence_item",
        "UPDATE evidence_item SET state = 'sealed'",
        "UPDATE ledger_head SET size = 9",
        "DELETE FROM evidence_item",
        "DELETE FROM evidence_part",
        "INSERT INTO custody_entry (position) VALUES (1)",
        (
            "INSERT INTO evidence_item (id, deposit, object_key, media_type, size_bytes, received_at, state)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), 'forged-key', 'image/jpeg', 1, now(), 'sealed')"
        ),
        (
            "INSERT INTO evidence_item (id, deposit, object_key, media_type, size_bytes, received_at, sha256)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), 'forged-key', 'image/jpeg', 1, now(), 'x')"
        ),
    ],
)
async def test_the_public_face_can_do_nothing_else(database: Platform, custody: Custody, statement: str) -> None:
    await sealed(custody)

    assert await refuses(database, Role.PUBLIC, statement)


async def test_the_public_face_neither_sees_nor_adds_to_the_deposit_of_another(
    database: Platform, custody: Custody
) -> None:
    seen = await sealed(custody)
    as_role(database, Role.PUBLIC)

    with pytest.raises(InsufficientPrivilegeError):
        await registered(custody, deposit=seen.deposit)

    async with connected(database, Role.PUBLIC) as public:
        assert await public.fetch("SELECT id, sha256 FROM evidence_item") == []


@pytest.mark.parametrize("role", [Role.STAFF, Role.WORKER])
async def test_staff_and_workers_keep_evidence(database: Platform, custody: Custody, role: Role) -> None:
    as_role(database, role)

    item = await sealed(custody)
    await custody.keep_derived(
        item.id, "redacted", b"blurred", media_type="image/jpeg", actor="110021", facts={}, now=SEALED
    )
    await custody.viewed(item.id, actor="110021", purpose="研判", now=SEALED)
    await custody.verify(item.id, actor=WORKER, now=SEALED)

    assert (await audit.replay()).size == 3


@pytest.mark.parametrize("role", [Role.STAFF, Role.WORKER])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody_entry SET actor = ''",
        "DELETE FROM custody_entry",
        "DELETE FROM evidence_item",
        "UPDATE evidence_item SET object_key = 'another-object'",
        "UPDATE evidence_part SET sha256 = ''",
        "DELETE FROM ledger_head",
        "TRUNCATE custody_entry",
    ],
)
async def test_staff_and_workers_cannot_undo_it(
    database: Platform, custody: Custody, role: Role, statement: str
) -> None:
    await sealed(custody)

    assert await refuses(database, role, statement)


async def test_eight_writers_at_once_leave_no_gap_and_no_fork(database: Platform, custody: Custody) -> None:
    as_role(database, Role.WORKER)
    item = await sealed(custody)

    async def write(writer: int) -> None:
        for turn in range(10):
            await custody.viewed(item.id, actor=f"officer-{writer}", purpose=f"turn {turn}", now=SEALED)

    await asyncio.gather(*(write(writer) for writer in range(8)))

    positions = await CustodyEntry.select(CustodyEntry.position).order_by(CustodyEntry.position).output(as_list=True)
    assert positions == list(range(81))
    report = await audit.replay()
    head = await LedgerHead.objects().first()
    assert report.is_whole
    assert head is not None
    assert (head.size, head.root_sha256) == (81, report.root_sha256)


async def test_verifying_and_viewing_one_item_at_once_does_not_lock_up(database: Platform, custody: Custody) -> None:
    items = [await registered(custody, f"photo {number}".encode()) for number in range(6)]
    seen = await sealed(custody)

    await asyncio.gather(
        *(custody.seal(item_id, actor=WORKER, now=SEALED) for item_id in items for _ in range(2)),
        *(custody.viewed(seen.id, actor="110021", purpose="研判", now=SEALED) for _ in range(6)),
    )

    assert await EvidenceItem.count().where(EvidenceItem.state == ItemState.SEALED) == 7
    assert (await audit.replay()).size == 13
