"""Deeds on units: made, renamed, put under another, closed and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from asyncpg.exceptions import UniqueViolationError

from tipline.accounts.administration.errors import UnitInUse, UnitNotFound
from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.errors import AccountRefused
from tipline.accounts.rules import NAME_MAXIMUM
from tipline.accounts.tables import Unit, UnitKind
from tipline.database import engine
from tipline.errors import Problem

# Units are few: every change of the tree queues here, so that two cannot set a circle together.
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended('units', 0))"
_ABOVE: Final = """
WITH RECURSIVE above AS (
  SELECT u.id, u.parent FROM unit u WHERE u.id = {}
  UNION SELECT u.id, u.parent FROM unit u JOIN above a ON u.id = a.parent
) SELECT id FROM above"""
_IN_USE: Final = """
SELECT EXISTS (SELECT 1 FROM officer o WHERE o.unit = {} AND o.is_active)
    OR EXISTS (SELECT 1 FROM unit u WHERE u.parent = {} AND u.closed_at IS NULL) AS is_in_use"""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitDraft:
    """What an administrator says of a unit; `parent` None stands at the top."""

    name: str
    kind: UnitKind
    parent: UUID | None


async def open_unit(draft: UnitDraft, *, by: UUID, now: datetime) -> UUID:
    """Make a unit and return its id.

    Raises:
        AccountRefused: the name is missing or taken, or the unit above does not stand.
    """
    unit = Unit(
        id=uuid4(),
        name=draft.name.strip(),
        kind=draft.kind,
        parent=draft.parent,
        closed_at=None,
        is_demo=False,
    )
    async with engine().transaction():
        await Unit.raw(_ONE_AT_A_TIME)
        await _refuse_wrong(draft, of=None)
        try:
            await unit.save()
        except UniqueViolationError as problem:
            raise AccountRefused(Problem("name", "taken")) from problem
        await _enter(AuditAct.CREATED, unit.id, by=by, now=now, facts=_facts(draft))
    return unit.id


async def change_unit(unit_id: UUID, draft: UnitDraft, *, by: UUID, now: datetime) -> None:
    """Change name, kind or place of a unit; who reads which case follows at once.

    Raises:
        UnitNotFound: there is none.
        AccountRefused: as for a new one, or it would stand below itself.
    """
    async with engine().transaction():
        await Unit.raw(_ONE_AT_A_TIME)
        before = await _found(unit_id)
        await _refuse_wrong(draft, of=unit_id)
        was = _facts(UnitDraft(name=before.name, kind=UnitKind(before.kind), parent=before.parent))
        now_is = _facts(draft)
        changed = {name: [was[name], now_is[name]] for name in was if was[name] != now_is[name]}
        if not changed:
            return
        try:
            await Unit.update({Unit.name: draft.name.strip(), Unit.kind: draft.kind, Unit.parent: draft.parent}).where(
                Unit.id == unit_id
            )
        except UniqueViolationError as problem:
            raise AccountRefused(Problem("name", "taken")) from problem
        await _enter(AuditAct.CHANGED, unit_id, by=by, now=now, facts=changed)


async def close_unit(unit_id: UUID, *, by: UUID, now: datetime) -> None:
    """Let nobody be put into a unit any more; its cases stay where they are.

    Raises:
        UnitNotFound: there is none.
        UnitInUse: officers in use or open units belong to it.
    """
    async with engine().transaction():
        await Unit.raw(_ONE_AT_A_TIME)
        unit = await _found(unit_id)
        if unit.closed_at is not None:
            return
        [row] = await Unit.raw(_IN_USE, unit_id, unit_id)
        if row["is_in_use"]:
            raise UnitInUse
        await Unit.update({Unit.closed_at: now}).where(Unit.id == unit_id)
        await _enter(AuditAct.DISABLED, unit_id, by=by, now=now, facts={})


async def reopen_unit(unit_id: UUID, *, by: UUID, now: datetime) -> None:
    """Open a closed unit again; an open one stays as it is.

    Raises:
        UnitNotFound: there is none.
    """
    async with engine().transaction():
        await Unit.raw(_ONE_AT_A_TIME)
        unit = await _found(unit_id)
        if unit.closed_at is None:
            return
        await Unit.update({Unit.closed_at: None}).where(Unit.id == unit_id)
        await _enter(AuditAct.ENABLED, unit_id, by=by, now=now, facts={})


async def _found(unit_id: UUID) -> Unit:
    unit = await Unit.objects().get(Unit.id == unit_id)
    if unit is None:
        raise UnitNotFound
    return unit


async def _refuse_wrong(draft: UnitDraft, *, of: UUID | None) -> None:
    problems = []
    if not draft.name.strip():
        problems.append(Problem("name", "required"))
    elif len(draft.name.strip()) > NAME_MAXIMUM:
        problems.append(Problem("name", "too_long", {"limit": NAME_MAXIMUM}))
    if draft.parent is not None:
        above = [row["id"] for row in await Unit.raw(_ABOVE, draft.parent)]
        if not above:
            problems.append(Problem("parent", "not_a_choice"))
        elif of in above:
            problems.append(Problem("parent", "unit_below_itself"))
    if problems:
        raise AccountRefused(*problems)


def _facts(draft: UnitDraft) -> dict[str, str]:
    return {"name": draft.name.strip(), "kind": draft.kind.value, "parent": str(draft.parent or "")}


async def _enter(act: AuditAct, unit: UUID, *, by: UUID, now: datetime, facts: Mapping[str, object]) -> None:
    await enter(act, AuditSubject.UNIT, unit, by=by, purpose="administration", now=now, facts=facts)
