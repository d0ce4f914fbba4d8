"""Deeds on accounts: made, changed, put out of use and back, helped in again. One transaction and one entry each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from asyncpg.exceptions import UniqueViolationError

from tipline.accounts.administration.errors import AccountNotFound, LastAdministrator
from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.errors import AccountRefused
from tipline.accounts.factors.service import end_all_factors
from tipline.accounts.passwords import hash_password
from tipline.accounts.rules import account_problems
from tipline.accounts.sessions import end_sessions
from tipline.accounts.tables import Officer, OfficerRole, Unit
from tipline.accounts.tokens.endings import end_tokens
from tipline.accounts.tries import forget_devices
from tipline.database import engine
from tipline.errors import Problem

# A password that an administrator gives out must be changed at the first sign-in, and works this long.
TEMPORARY_LASTS: Final = timedelta(hours=72)
TEMPORARY_BYTES: Final = 12
_ADMINISTRATORS: Final = """
SELECT o.id FROM officer o WHERE o.role = 'administrator' AND o.is_active ORDER BY o.id FOR UPDATE"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What an administrator says of an officer."""

    badge_number: str
    full_name: str
    role: OfficerRole
    unit: UUID


async def open_account(username: str, account: Account, *, by: UUID, now: datetime) -> tuple[UUID, str]:
    """Make an account; return its id and a temporary password, which is shown once and stored nowhere.

    Raises:
        AccountRefused: a word breaks the rules, name or badge number are taken, or the unit is closed.
    """
    name = username.strip().casefold()
    await _refuse_wrong(name, account)
    password = secrets.token_urlsafe(TEMPORARY_BYTES)
    password_hash = await hash_password(password)
    officer = Officer(
        id=uuid4(),
        badge_number=account.badge_number,
        username=name,
        full_name=account.full_name.strip(),
        role=account.role,
        unit=account.unit,
        password_hash=password_hash,
        is_active=True,
        is_demo=False,
        created_at=now,
        temporary_until=now + TEMPORARY_LASTS,
        last_sign_in_at=None,
    )
    async with engine().transaction():
        try:
            await officer.save()
        except UniqueViolationError as problem:
            raise _taken(problem) from problem
        await _enter(AuditAct.CREATED, officer.id, by=by, now=now, facts={"username": name, **_facts(account)})
    return officer.id, password


async def change_account(officer_id: UUID, account: Account, *, by: UUID, now: datetime) -> None:
    """Change badge number, name, role or unit of an account; what changed is entered, old and new.

    Raises:
        AccountNotFound: there is none.
        AccountRefused: as for a new one.
        LastAdministrator: it is the last one's, and would be another role's.
    """
    async with engine().transaction():
        administrators = await _administrators_locked()
        before = await _locked(officer_id)
        await _refuse_wrong(before.username, account, stays_in=before.unit)
        if account.role != OfficerRole.ADMINISTRATOR and administrators == [officer_id]:
            raise LastAdministrator
        old = Account(
            badge_number=before.badge_number,
            full_name=before.full_name,
            role=OfficerRole(before.role),
            unit=before.unit,
        )
        was, now_is = _facts(old), _facts(account)
        changed = {name: [was[name], now_is[name]] for name in was if was[name] != now_is[name]}
        if not changed:
            return
        try:
            await Officer.update(
                {
                    Officer.badge_number: account.badge_number,
                    Officer.full_name: account.full_name.strip(),
                    Officer.role: account.role,
                    Officer.unit: account.unit,
                }
            ).where(Officer.id == officer_id)
        except UniqueViolationError as problem:
            raise _taken(problem) from problem
        await _enter(AuditAct.CHANGED, officer_id, by=by, now=now, facts=changed)


async def disable(officer_id: UUID, *, by: UUID, now: datetime) -> None:
    """Put an account out of use and end its sessions and tokens; one out of use already stays as it is.

    Raises:
        AccountNotFound: there is none.
        LastAdministrator: it is the last one's.
    """
    async with engine().transaction():
        administrators = await _administrators_locked()
        officer = await _locked(officer_id)
        if not officer.is_active:
            return
        if administrators == [officer_id]:
            raise LastAdministrator
        await Officer.update({Officer.is_active: False}).where(Officer.id == officer_id)
        ended = await end_sessions(officer_id, now=now)
        tokens = await end_tokens(officer_id, now=now)
        await _enter(
            AuditAct.DISABLED, officer_id, by=by, now=now, facts={"sessions_ended": ended, "tokens_ended": tokens}
        )


async def enable(officer_id: UUID, *, by: UUID, now: datetime) -> None:
    """Put an account into use again; one in use stays as it is.

    Raises:
        AccountNotFound: there is none.
    """
    async with engine().transaction():
        officer = await _locked(officer_id)
        if officer.is_active:
            return
        await Officer.update({Officer.is_active: True}).where(Officer.id == officer_id)
        await _enter(AuditAct.ENABLED, officer_id, by=by, now=now, facts={})


async def reset_password(officer_id: UUID, *, by: UUID, now: datetime) -> str:
    """Give an account a temporary password, end its sessions and tokens, know its browsers no more.

    Returns the password, which is shown once.

    Raises:
        AccountNotFound: there is none.
    """
    password = secrets.token_urlsafe(TEMPORARY_BYTES)
    password_hash = await hash_password(password)
    async with engine().transaction():
        await _locked(officer_id)
        until = now + TEMPORARY_LASTS
        await Officer.update({Officer.password_hash: password_hash, Officer.temporary_until: until}).where(
            Officer.id == officer_id
        )
        ended = await end_sessions(officer_id, now=now)
        tokens = await end_tokens(officer_id, now=now)
        await forget_devices(officer_id, now)
        facts = {"what": "password", "sessions_ended": ended, "tokens_ended": tokens, "works_until": until.isoformat()}
        await _enter(AuditAct.RESET, officer_id, by=by, now=now, facts=facts)
    return password


async def reset_factors(officer_id: UUID, *, by: UUID, now: datetime) -> None:
    """Take every second factor off an account whose owner lost them, and end its sessions and tokens.

    Raises:
        AccountNotFound: there is none.
    """
    async with engine().transaction():
        await _locked(officer_id)
        await end_all_factors(officer_id, now=now)
        ended = await end_sessions(officer_id, now=now)
        tokens = await end_tokens(officer_id, now=now)
        facts = {"what": "second_factor", "sessions_ended": ended, "tokens_ended": tokens}
        await _enter(AuditAct.RESET, officer_id, by=by, now=now, facts=facts)


async def sign_out_everywhere(officer_id: UUID, *, by: UUID, now: datetime) -> int:
    """End every session and token of an account; return how many sessions there were.

    Raises:
        AccountNotFound: there is none.
    """
    async with engine().transaction():
        await _locked(officer_id)
        ended = await end_sessions(officer_id, now=now)
        tokens = await end_tokens(officer_id, now=now)
        await _enter(
            AuditAct.REVOKED, officer_id, by=by, now=now, facts={"sessions_ended": ended, "tokens_ended": tokens}
        )
    return ended


async def _locked(officer_id: UUID) -> Officer:
    row = await Officer.objects().where(Officer.id == officer_id).lock_rows("UPDATE").first()
    if row is None:
        raise AccountNotFound
    return row


async def _administrators_locked() -> list[UUID]:
    """Return the administrators in use, locked in one order before any other row.

    Two who disable each other can neither both succeed nor wait for one another in a circle.
    """
    return [row["id"] for row in await Officer.raw(_ADMINISTRATORS)]


async def _refuse_wrong(username: str, account: Account, *, stays_in: UUID | None = None) -> None:
    problems = account_problems(
        username=username, badge_number=account.badge_number, full_name=account.full_name, unit_name="-"
    )
    unit = await Unit.select(Unit.closed_at).where(Unit.id == account.unit).first()
    if unit is None or (unit["closed_at"] is not None and account.unit != stays_in):
        problems.append(Problem("unit", "not_a_choice"))
    if problems:
        raise AccountRefused(*problems)


def _taken(problem: UniqueViolationError) -> AccountRefused:
    return AccountRefused(Problem("badge_number" if "badge_number" in str(problem) else "username", "taken"))


def _facts(account: Account) -> dict[str, str]:
    return {
        "badge_number": account.badge_number,
        "full_name": account.full_name.strip(),
        "role": account.role.value,
        "unit": str(account.unit),
    }


async def _enter(act: AuditAct, officer: UUID, *, by: UUID, now: datetime, facts: Mapping[str, object]) -> None:
    await enter(act, AuditSubject.OFFICER, officer, by=by, purpose="administration", now=now, facts=facts)
