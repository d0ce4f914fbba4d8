"""Pieces asked for by officers: made in the box, sealed under their original, once in effect."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from evidence.streams import once
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem
from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.programs import ROOT
from tipline.intake.review.asking import By, ask_clip, ask_preview, mark, sealed_file
from tipline.intake.review.errors import DerivationNotFound
from tipline.intake.review.tables import Derivation, DerivationState, Marker
from tipline.intake.tables import ExaminationState, FileRole
from tipline.settings import Role
from tipline.supervisor.programs import environment_of
from workers.deriving import derive_item
from workers.doors import Doors, open_doors

# The worst moment: the item is kept and sealed, and its derivation does not know of it yet.
KILLED_AFTER_KEEPING = """
import asyncio, os, signal, sys
from tipline.database import connect_as
from tipline.settings import Role, Settings
from workers import deriving

async def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

connect_as(Settings.from_env(os.environ), Role.WORKER)
deriving.record_kept = killed
asyncio.run(deriving.derive_item(sys.argv[1]))
"""


@pytest.fixture
async def opened(database: Platform) -> AsyncIterator[Doors]:
    """Give the doors of a worker, on an emptied database."""
    yield open_doors(database.settings, now=lambda: NOON)
    as_role(database, Role.OWNER)


async def reviewed(doors: Doors, data: bytes, role: FileRole = FileRole.VIDEO) -> tuple[UUID, By]:
    """Keep and seal a file of a new tip; return the tip, and an officer."""
    tip, officer = await make.tip(), await make.officer()
    received = await doors.custody.receive(once(data), limit_bytes=len(data))
    item = await doors.custody.register(received, deposit=tip.id, media_type="video/mp4", now=NOON)
    await doors.custody.seal(item, actor="worker:seal_item", now=NOON)
    row = await EvidenceItem.objects().get(EvidenceItem.id == item)
    assert row is not None
    await make.tip_file(tip, row, role=role, examination=ExaminationState.EXAMINED)
    return tip.id, By(officer.id, officer.badge_number)


async def derivation_of(found: UUID) -> Derivation:
    row = await Derivation.objects().get(Derivation.id == found)
    assert row is not None
    return row


async def derived_acts() -> list[dict[str, Any]]:
    return await CustodyEntry.select(CustodyEntry.item, CustodyEntry.record).where(
        CustodyEntry.act == CustodyAct.DERIVED
    )


async def test_a_marked_frame_is_kept_as_a_picture_under_its_original(
    opened: Doors, database: Platform, rendered_clip: bytes
) -> None:
    tip, by = await reviewed(opened, rendered_clip)
    as_role(database, Role.STAFF)
    marker_id = await mark(await sealed_file(tip, 1), 1_234, "车尾", by=by, now=NOON)
    marker = await Marker.objects().get(Marker.id == marker_id)
    assert marker is not None

    as_role(database, Role.WORKER)
    await derive_item(str(marker.still))

    found = await derivation_of(marker.still)
    item = await EvidenceItem.objects().get(EvidenceItem.id == found.item)
    assert item is not None
    file = await sealed_file(tip, 1)
    assert (found.state, item.label, item.parent) == (DerivationState.KEPT, "still:00001234", file.item)
    assert item.media_type == "image/png"
    assert item.sha256
    kept = b"".join([block async for block in opened.custody.open(item.id)])
    assert kept.startswith(b"\x89PNG")
    (entry,) = await derived_acts()
    assert by.badge_number in entry["record"]
    assert '"at_ms":1234' in entry["record"]


async def test_a_job_killed_after_it_kept_the_piece_leaves_one_derived_item(
    opened: Doors, database: Platform, rendered_clip: bytes
) -> None:
    tip, by = await reviewed(opened, rendered_clip)
    original = (await sealed_file(tip, 1)).item
    before = await opened.custody.sealed_item(original)
    clip = await ask_clip(await sealed_file(tip, 1), 1_000, 2_000, by=by, now=NOON)
    as_role(database, Role.WORKER)

    killed = subprocess.run(  # noqa: ASYNC221  nothing else runs in this test's loop
        [sys.executable, "-c", KILLED_AFTER_KEEPING, str(clip)],
        cwd=ROOT,
        env=environment_of(database.settings, with_queue=True),
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -9, killed.stderr
    assert (await derivation_of(clip)).state == DerivationState.ASKED
    await derive_item(str(clip))
    await derive_item(str(clip))

    found = await derivation_of(clip)
    items = await EvidenceItem.objects().where(EvidenceItem.parent == original)
    assert [item.id for item in items] == [found.item]
    assert len(await derived_acts()) == 1
    after = await opened.custody.verify(original, actor="test", now=NOON)
    assert (after.sha256, after.sealed_at) == (before.sha256, before.sealed_at)


async def test_what_cannot_be_made_is_told_and_can_be_asked_for_again(opened: Doors, database: Platform) -> None:
    tip, by = await reviewed(opened, "这不是视频".encode() * 100)
    preview = await ask_preview(await sealed_file(tip, 1), by=by, now=NOON)
    as_role(database, Role.WORKER)

    await derive_item(str(preview))

    refused = await derivation_of(preview)
    assert (refused.state, refused.problem) == (DerivationState.REFUSED, "not_a_video")
    as_role(database, Role.STAFF)
    assert await ask_preview(await sealed_file(tip, 1), by=by, now=NOON) == preview
    again = await derivation_of(preview)
    assert (again.state, again.problem) == (DerivationState.ASKED, "")


async def test_a_piece_that_nobody_asked_for_is_not_made(opened: Doors) -> None:
    del opened

    with pytest.raises(DerivationNotFound):
        await derive_item("00000000-0000-4000-8000-000000000000")
