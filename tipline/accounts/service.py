"""Deeds of accounts: sign in and out, know the officer of a session, make an account, change a password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from asyncpg.exceptions import UniqueViolationError

from tipline.accounts.errors import AccountRefused, PasswordRefused, SignInRefused
from tipline.accounts.passwords import hash_password, is_password
from tipline.accounts.rules import (
    FAILURE_WINDOW,
    RIGHTS,
    SESSION_IDLES,
    SESSION_LASTS,
    Right,
    account_problems,
    delay_s,
    password_problems,
    roles_with,
)
from tipline.accounts.tables import Officer, OfficerRole, SignInFailure, StaffSession, Unit, UnitKind
from tipline.database import engine
from tipline.errors import Problem, SlowDown

SEEN_AT_MOST_EVERY: Final = timedelta(seconds=60)
OFFICER_OF_SESSION: Final = """
SELECT s.id AS session_id, s.seen_at, o.id, o.badge_number, o.full_name, o.role, o.unit
FROM staff_session s JOIN officer o ON o.id = s.officer
WHERE s.token_sha256 = {} AND s.revoked_at IS NULL AND s.expires_at > {} AND s.seen_at > {} AND o.is_active"""
LAST_SUCCESS: Final = "SELECT max(created_at) AS at FROM staff_session WHERE officer = {}"


@dataclass(frozen=True, slots=True)
class SignedInOfficer:
    """The officer behind a valid session."""

    id: UUID
    badge_number: str
    full_name: str
    role: str
    unit: UUID
    session_id: UUID

    @property
    def may(self) -> frozenset[str]:
        """What the officer's role allows (values of `Right`)."""
        return frozenset(RIGHTS[OfficerRole(self.role)])


async def sign_in(username: str, password: str, now: datetime) -> str:
    """Check name and password and open a session; return its token for the cookie.

    A try is counted before the password is looked at, so that a hundred tries at once are a hundred; a success makes
    the tries before it count no more.

    Raises:
        SignInRefused: they do not belong together, or the account is out of use; the same work either way.
        SlowDown: too many failures; nothing was checked.
    """
    name = username.strip().casefold()
    officer = await Officer.objects().where(Officer.username == name).first()
    await _count_try(_counted_name(name, officer), officer, now)
    is_right = await is_password(password, officer.password_hash if officer else None)
    if officer is None or not is_right or not officer.is_active:
        raise SignInRefused
    token = secrets.token_urlsafe(32)
    await StaffSession(
        id=uuid4(),
        token_sha256=_digest(token),
        officer=officer.id,
        created_at=now,
        seen_at=now,
        expires_at=now + SESSION_LASTS,
        revoked_at=None,
    ).save()
    return token


async def officer_of_session(token: str, *, now: datetime) -> SignedInOfficer | None:
    """Return the officer behind a session token; None when it is unknown, ended, idle too long or out of use."""
    rows: list[dict[str, Any]] = await StaffSession.raw(OFFICER_OF_SESSION, _digest(token), now, now - SESSION_IDLES)
    if not rows:
        return None
    row = rows[0]
    if now - row["seen_at"] > SEEN_AT_MOST_EVERY:
        await StaffSession.update({StaffSession.seen_at: now}).where(StaffSession.id == row["session_id"])
    return SignedInOfficer(
        id=row["id"],
        badge_number=row["badge_number"],
        full_name=row["full_name"],
        role=row["role"],
        unit=row["unit"],
        session_id=row["session_id"],
    )


async def sign_out(token: str, now: datetime) -> None:
    """End the session of `token`; an unknown or ended one is left as it is."""
    await StaffSession.update({StaffSession.revoked_at: now}).where(
        (StaffSession.token_sha256 == _digest(token)) & StaffSession.revoked_at.is_null()
    )


async def change_password(officer: SignedInOfficer, *, old: str, new: str, again: str, now: datetime) -> None:
    """Give `officer` a new password and end all sessions but this one.

    Raises:
        PasswordRefused: the old one is wrong, or the new one breaks the rules or was typed differently twice.
        SlowDown: the old one was wrong too often.
    """
    row = await Officer.objects().get(Officer.id == officer.id)
    if row is None:
        raise SignInRefused
    problems = password_problems("new", new, names=(row.username, row.badge_number))
    if new != again:
        problems.append(Problem("again", "passwords_differ"))
    if problems:
        raise PasswordRefused(*problems)
    await _count_try(_counted_name(row.username, row), row, now)
    if not await is_password(old, row.password_hash):
        raise PasswordRefused(Problem("old", "password_wrong"))
    fresh = await hash_password(new)
    async with engine().transaction():
        await Officer.update({Officer.password_hash: fresh}).where(Officer.id == row.id)
        await StaffSession.update({StaffSession.revoked_at: now}).where(
            (StaffSession.officer == row.id)
            & (StaffSession.id != officer.session_id)
            & StaffSession.revoked_at.is_null()
        )


async def create_officer(
    *,
    username: str,
    badge_number: str,
    full_name: str,
    role: OfficerRole,
    unit_name: str,
    password: str,
    now: datetime,
) -> UUID:
    """Make an account (needs the owner's role) and return its id; a unit not known yet is made as an accident section.

    Raises:
        AccountRefused: a word or the password breaks the rules, or name or badge number are taken.
    """
    name = username.strip().casefold()
    problems = account_problems(username=name, badge_number=badge_number, full_name=full_name, unit_name=unit_name)
    problems += password_problems("password", password, names=(name, badge_number))
    if problems:
        raise AccountRefused(*problems)
    password_hash = await hash_password(password)
    async with engine().transaction():
        unit = await Unit.objects().where(Unit.name == unit_name.strip()).first()
        if unit is None:
            brigades = await Unit.select(Unit.id).where(Unit.kind == UnitKind.BRIGADE).output(as_list=True)
            unit = Unit(
                id=uuid4(),
                name=unit_name.strip(),
                kind=UnitKind.ACCIDENT_SECTION,
                parent=brigades[0] if len(brigades) == 1 else None,
                closed_at=None,
                is_demo=False,
            )
            await unit.save()
        row = Officer(
            id=uuid4(),
            badge_number=badge_number,
            username=name,
            full_name=full_name.strip(),
            role=role,
            unit=unit.id,
            password_hash=password_hash,
            is_active=True,
            is_demo=False,
            created_at=now,
        )
        try:
            await row.save()
        except UniqueViolationError as problem:
            field = "badge_number" if "badge_number" in str(problem) else "username"
            raise AccountRefused(Problem(field, "taken")) from problem
    return row.id


async def list_officers() -> list[dict[str, Any]]:
    """Return every account with its unit's name, those in use first, without anything secret."""
    rows: list[dict[str, Any]] = await Officer.raw(
        "SELECT o.username, o.badge_number, o.full_name, o.role, o.is_active, o.is_demo, u.name AS unit_name,"
        " (SELECT max(s.created_at) FROM staff_session s WHERE s.officer = o.id) AS last_sign_in_at"
        " FROM officer o JOIN unit u ON u.id = o.unit ORDER BY o.is_active DESC, o.badge_number"
    )
    return rows


async def list_case_officers() -> list[dict[str, Any]]:
    """Return the officers who may lead a case, with their unit's id and name, by badge number."""
    rows: list[dict[str, Any]] = await Officer.raw(
        "SELECT o.id, o.badge_number, o.full_name, o.unit, u.name AS unit_name FROM officer o"
        " JOIN unit u ON u.id = o.unit WHERE o.is_active AND o.role = ANY({}) ORDER BY o.badge_number",
        [role.value for role in roles_with(Right.WRITE_CASES)],
    )
    return rows


async def _count_try(name: str, officer: Officer | None, now: datetime) -> None:
    async with engine().transaction():
        # Tries on one name queue here, so that parallel ones cannot all pass as the first.
        await SignInFailure.raw("SELECT pg_advisory_xact_lock(hashtextextended({}, 0))", name)
        since = now - FAILURE_WINDOW
        if officer is not None:
            [success] = await StaffSession.raw(LAST_SUCCESS, officer.id)
            since = max(since, success["at"] or since)
        failures = await (
            SignInFailure.select(SignInFailure.failed_at)
            .where((SignInFailure.username == name) & (SignInFailure.failed_at > since))
            .output(as_list=True)
        )
        wait_s = delay_s(failures, now)
        if wait_s:
            raise SlowDown(wait_s)
        await SignInFailure(id=uuid4(), username=name, failed_at=now).save()


def _counted_name(name: str, officer: Officer | None) -> str:
    # A name nobody has may be a password typed into the wrong box: only its digest is kept.
    return officer.username if officer else "#" + hashlib.sha256(name.encode()).hexdigest()[:39]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
