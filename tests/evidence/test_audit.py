"""The replay finds what was tampered with, names the first bad position, and finds nothing where nothing is wrong."""

from __future__ import annotations

import json

import pytest

from evidence import audit
from evidence.audit import AuditReport, FaultKind, TreeHead
from evidence.custody import Custody
from evidence.entries import append
from evidence.errors import LedgerDamaged
from evidence.ledger import Frontier, entry_hash
from evidence.storage import FileStorage
from evidence.streams import PART_BYTES
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem, LedgerHead
from tests.evidence.deposits import SEALED, THREE_PARTS, WORKER, file_of, overwrite, registered, sealed
from tests.platform import Platform


@pytest.fixture
async def ledger(database: Platform, custody: Custody) -> list[EvidenceItem]:
    """Three sealed originals at positions 0, 1 and 3, a derived item at 2, a view at 4, and one still checking."""
    first, second = await sealed(custody, THREE_PARTS), await sealed(custody, b"second")
    frame_id = await custody.keep_derived(
        first.id, "frame-1", b"a frame", media_type="image/jpeg", actor=WORKER, facts={"at_ms": 0}, now=SEALED
    )
    third = await sealed(custody, b"third")
    await custody.viewed(second.id, actor="110021", purpose="研判", now=SEALED)
    await registered(custody, b"not yet sealed")
    return [first, second, await custody.item(frame_id), third]


async def tamper(database: Platform, *statements: str) -> None:
    """Change rows as a superuser can: past the triggers."""
    admin = await database.admin()
    await admin.execute("SET session_replication_role = replica")
    for statement in statements:
        await admin.execute(statement)
    await admin.close()


def kinds(report: AuditReport) -> set[FaultKind]:
    return {fault.kind for fault in report.faults}


async def test_an_empty_ledger_is_whole(database: Platform) -> None:
    report = await audit.replay()

    assert (report.is_whole, report.size) == (True, 0)
    assert report.root_sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


async def test_an_untouched_ledger_is_whole_down_to_its_bytes(ledger: list[EvidenceItem], storage: FileStorage) -> None:
    head = await LedgerHead.objects().first()

    report = await audit.replay(storage, reads_bytes=True)

    assert head is not None
    assert report.is_whole
    assert (report.size, report.items_checked, report.root_sha256) == (5, 4, head.root_sha256)
    assert report.bytes_read == sum(item.size_bytes for item in ledger)
    assert report.first_bad_position is None


@pytest.mark.parametrize(
    ("statement", "kind", "position"),
    [
        ("UPDATE custody_entry SET record = replace(record, '研判', '查看') WHERE position = 4", "leaf_differs", 4),
        ("UPDATE custody_entry SET actor = '119999' WHERE position = 4", "record_differs", 4),
        ("UPDATE custody_entry SET act = 'viewed' WHERE position = 1", "record_differs", 1),
        (
            "UPDATE custody_entry SET happened_at = happened_at - interval '1 day' WHERE position = 0",
            "record_differs",
            0,
        ),
        ("UPDATE custody_entry SET salt = decode(repeat('00', 16), 'hex') WHERE position = 2", "leaf_differs", 2),
        ("UPDATE custody_entry SET salt = '' WHERE position = 2", "leaf_differs", 2),
        ("UPDATE custody_entry SET leaf_sha256 = repeat('0', 64) WHERE position = 3", "leaf_differs", 3),
        ("UPDATE custody_entry SET record = 'not json' WHERE position = 0", "leaf_differs", 0),
        ("DELETE FROM custody_entry WHERE position = 0", "position_missing", 0),
        ("DELETE FROM custody_entry WHERE position = 2", "position_missing", 2),
        ("DELETE FROM custody_entry WHERE position = 4", "head_differs", None),
        ("DELETE FROM custody_entry", "head_differs", None),
        ("UPDATE custody_entry SET position = 9 WHERE position = 4", "position_missing", 4),
        ("UPDATE ledger_head SET size = 4", "head_differs", None),
        ("UPDATE ledger_head SET root_sha256 = repeat('0', 64)", "head_differs", None),
        ("UPDATE ledger_head SET frontier = '[]'", "head_differs", None),
        ("DELETE FROM ledger_head", "head_differs", None),
        ("UPDATE evidence_item SET sha256 = repeat('0', 64) WHERE label <> ''", "item_differs", 2),
        ("UPDATE evidence_item SET sm3 = repeat('0', 64) WHERE size_bytes = 6", "item_differs", 1),
        ("UPDATE evidence_item SET media_type = 'video/mp4' WHERE size_bytes = 5", "item_differs", 3),
        ("UPDATE evidence_item SET deposit = gen_random_uuid() WHERE size_bytes = 5", "item_differs", 3),
        ("UPDATE evidence_item SET size_bytes = 4 WHERE size_bytes = 5", "item_differs", 3),
        ("DELETE FROM evidence_item WHERE size_bytes = 5", "item_differs", 3),
        (
            (
                "UPDATE evidence_item SET state = 'sealed', sha256 = repeat('1', 64), sm3 = repeat('1', 64),"
                " sealed_at = now() WHERE state = 'checking'"
            ),
            "item_without_entry",
            None,
        ),
        ("UPDATE evidence_item SET state = 'broken' WHERE size_bytes = 5", "item_without_entry", None),
    ],
)
async def test_a_tampered_row_is_found_and_its_position_named(
    ledger: list[EvidenceItem], database: Platform, statement: str, kind: str, position: int | None
) -> None:
    await tamper(database, statement)

    report = await audit.replay()

    assert FaultKind(kind) in kinds(report)
    assert report.first_bad_position == position


async def test_two_swapped_entries_are_found(ledger: list[EvidenceItem], database: Platform) -> None:
    await tamper(
        database,
        "UPDATE custody_entry SET position = 99 WHERE position = 1",
        "UPDATE custody_entry SET position = 1 WHERE position = 3",
        "UPDATE custody_entry SET position = 3 WHERE position = 99",
    )

    report = await audit.replay()

    assert report.first_bad_position == 1
    assert kinds(report) == {FaultKind.RECORD_DIFFERS, FaultKind.HEAD_DIFFERS}


async def test_a_forged_entry_at_the_end_is_found(ledger: list[EvidenceItem], database: Platform) -> None:
    await tamper(
        database,
        "INSERT INTO custody_entry SELECT 5, item, act, actor, happened_at, record, salt, leaf_sha256"
        " FROM custody_entry WHERE position = 4",
    )

    report = await audit.replay()

    assert report.first_bad_position == 5
    assert FaultKind.HEAD_DIFFERS in kinds(report)


async def test_a_ledger_rewritten_with_its_head_is_found_by_a_head_kept_elsewhere(
    ledger: list[EvidenceItem], database: Platform
) -> None:
    head = await LedgerHead.objects().first()
    assert head is not None
    kept = TreeHead(size=head.size, root_sha256=head.root_sha256)
    await rewrite_last_entry(database)

    alone = await audit.replay()
    with_memory = await audit.replay(known=[kept])

    assert alone.is_whole
    assert kinds(with_memory) == {FaultKind.HISTORY_DIFFERS}


async def rewrite_last_entry(database: Platform) -> None:
    """Change the purpose of the last view, and every hash that follows from it."""
    entries = await CustodyEntry.objects().order_by(CustodyEntry.position)
    last = entries[-1]
    record = last.record.replace("研判", "查看")
    leaf = entry_hash(bytes(last.salt), record.encode())
    frontier = Frontier()
    for entry in entries[:-1]:
        frontier = frontier.append(bytes.fromhex(entry.leaf_sha256))
    frontier = frontier.append(leaf)
    hashes = json.dumps([one.hex() for one in frontier.hashes])
    await tamper(
        database,
        f"UPDATE custody_entry SET record = '{record}', leaf_sha256 = '{leaf.hex()}' WHERE position = {last.position}",  # noqa: S608  a forger's hand
        f"UPDATE ledger_head SET root_sha256 = '{frontier.root().hex()}', frontier = '{hashes}'",  # noqa: S608  a forger's hand
    )


async def test_heads_kept_earlier_are_all_passed_through(ledger: list[EvidenceItem], custody: Custody) -> None:
    kept = []
    for _ in range(5):
        head = await LedgerHead.objects().first()
        assert head is not None
        kept.append(TreeHead(size=head.size, root_sha256=head.root_sha256))
        await custody.viewed(ledger[1].id, actor="110021", purpose="研判", now=SEALED)

    report = await audit.replay(known=[TreeHead(0, Frontier().root().hex()), *kept])

    assert report.is_whole
    assert report.size == 10


async def test_a_ledger_shorter_than_a_head_kept_elsewhere_is_found(ledger: list[EvidenceItem]) -> None:
    report = await audit.replay(known=[TreeHead(size=6, root_sha256="0" * 64)])

    assert kinds(report) == {FaultKind.HISTORY_DIFFERS}


async def test_changed_bytes_are_found_only_when_they_are_read(
    ledger: list[EvidenceItem], storage: FileStorage
) -> None:
    overwrite(await file_of(storage, ledger[0]), b"tampered", offset=PART_BYTES + 100)

    without, with_bytes = await audit.replay(), await audit.replay(storage, reads_bytes=True)

    assert without.is_whole
    assert kinds(with_bytes) == {FaultKind.BYTES_DIFFER}
    assert with_bytes.first_bad_position == 0
    assert "sha256 of part 2" in with_bytes.faults[0].what


async def test_bytes_changed_together_with_their_parts_are_found(
    ledger: list[EvidenceItem], storage: FileStorage, database: Platform
) -> None:
    overwrite(await file_of(storage, ledger[3]), b"THIRD")
    digest = "encode(sha256('THIRD'), 'hex')"
    await tamper(
        database,
        f"UPDATE evidence_part SET sha256 = {digest} WHERE item = '{ledger[3].id}'",  # noqa: S608  a forger's hand
    )

    report = await audit.replay(storage, reads_bytes=True)

    assert kinds(report) == {FaultKind.BYTES_DIFFER}
    assert report.first_bad_position == 3


async def test_a_lost_object_is_found_when_bytes_are_read(ledger: list[EvidenceItem], storage: FileStorage) -> None:
    await storage.remove(ledger[1].object_key)

    report = await audit.replay(storage, reads_bytes=True)

    assert [(fault.kind, fault.position, fault.item) for fault in report.faults] == [
        (FaultKind.BYTES_MISSING, 1, ledger[1].id)
    ]


async def test_a_broken_item_that_the_ledger_knows_of_is_no_fault(
    ledger: list[EvidenceItem], custody: Custody, storage: FileStorage
) -> None:
    """The store lost bytes; the ledger, which says so, is whole."""
    await storage.remove(ledger[1].object_key)
    with pytest.raises(Exception, match="missing"):
        await custody.verify(ledger[1].id, actor="worker:fixity", now=SEALED)

    report = await audit.replay(storage, reads_bytes=True)

    assert report.is_whole
    assert report.size == 6


async def test_a_damaged_head_takes_no_more_entries(ledger: list[EvidenceItem], database: Platform) -> None:
    await tamper(database, "UPDATE ledger_head SET root_sha256 = repeat('0', 64)")

    with pytest.raises(LedgerDamaged):
        await append(ledger[0], CustodyAct.VIEWED, actor="110021", happened_at=SEALED, detail={})

    assert await CustodyEntry.count() == 5


async def test_the_report_reads_as_json(ledger: list[EvidenceItem], database: Platform) -> None:
    await tamper(database, "UPDATE custody_entry SET actor = '119999' WHERE position = 4")

    told = json.loads(json.dumps((await audit.replay()).as_json()))

    assert (told["is_whole"], told["size"], told["first_bad_position"], told["fault_count"]) == (False, 5, 4, 1)
    assert told["faults"] == [
        {
            "kind": "record_differs",
            "position": 4,
            "item": str(ledger[1].id),
            "what": "columns that differ from the record: actor",
        }
    ]
