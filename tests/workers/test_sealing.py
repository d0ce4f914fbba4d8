"""The sealing of a file as its job does it, under the worker's role; custody itself has its own tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from evidence.errors import CustodyBroken
from evidence.storage import FileStorage
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem, ItemState
from tests import make
from tests.evidence.deposits import file_of, overwrite, registered
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.settings import Role
from tipline.work.tables import Job, Work
from workers.doors import Doors, open_doors
from workers.sealing import seal_item


@pytest.fixture
async def opened(database: Platform) -> AsyncIterator[Doors]:
    """Give the doors of a worker, on an emptied database."""
    yield open_doors(database.settings, now=lambda: NOON)
    as_role(database, Role.OWNER)


async def received(doors: Doors, platform: Platform) -> EvidenceItem:
    """Receive a file of a new tip, and take the worker's role."""
    item = await registered(doors.custody, deposit=(await make.tip()).id)
    as_role(platform, Role.WORKER)
    return await doors.custody.item(item)


async def acts(item: UUID) -> list[str]:
    return [row.act for row in await CustodyEntry.objects().where(CustodyEntry.item == item)]


async def test_sealing_twice_enters_the_item_once_and_asks_for_one_examination(
    opened: Doors, database: Platform
) -> None:
    item = await received(opened, database)

    await seal_item(str(item.id))
    await seal_item(str(item.id))

    assert (await opened.custody.item(item.id)).state == ItemState.SEALED
    assert await acts(item.id) == [CustodyAct.RECEIVED]
    assert await Work.count().where((Work.job == Job.EXAMINE_ITEM) & (Work.subject == item.id)) == 1


async def test_bytes_that_changed_are_found_broken_once_and_never_examined(opened: Doors, database: Platform) -> None:
    item = await received(opened, database)
    overwrite(await file_of(FileStorage(database.folder.objects), item), b"another")

    for _ in range(2):
        with pytest.raises(CustodyBroken):
            await seal_item(str(item.id))

    assert (await opened.custody.item(item.id)).state == ItemState.BROKEN
    assert await acts(item.id) == [CustodyAct.FOUND_BROKEN]
    assert await Work.count() == 0
