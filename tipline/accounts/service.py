"""Deeds of accounts: sign in and out, know the officer of a session, make an account, change a password."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from asyncpg.exceptions import UniqueViolationError

from tipline.accounts.errors import AccountRefused, PasswordRefused, SignInRefused
from tipline.accounts.factors.errors import SecondFactorNeeded
from tipline.accounts.factors.proofs import begin_proof, has_factor
from tipline.accounts.passwords import hash_password, is_password
from tipline.accounts.rules import (
    RIGHTS,
    SESSION_IDLES,
    Right,
    account_problems,
    duty_of,
    password_problems,
    roles_with,
)
from tipline.accounts.sessions import end_sessions, open_session
from tipline.accounts.tables import Officer, OfficerRole, StaffSession, Unit, UnitKind
from tipline.accounts.tokens.endings import end_tokens
from tipline.accounts.tries import count_try, counted_name, digest_of, forget_tries, source_of
from tipline.database import engine
from tipline.errors import Problem

SEEN_AT_MOST_EVERY: Final = timedelta(seconds=60)
OFFICER_OF_SESSION: Final = """
SELECT s.id AS session_id, s.seen_at, o.id, o.badge_number, o.full_name, o.role, o.unit, o.temporary_until,
       EXISTS (SELECT 1 FROM totp_secret t WHERE t.officer = o.id AND t.confirmed_at IS NOT NULL
               AND t.ended_at IS NULL)
       OR EXISTS (SELECT 1 FROM passkey p WHERE p.officer = o.id AND p.ended_at IS NULL) AS has_factor
FROM staff_session s JOIN officer o ON o.id = s.officer
WHERE s.token_sha256 = {} AND s.revoked_at IS NULL AND s.expires_at > {} AND s.seen_at > {} AND o.is_active"""


@dataclass(frozen=True, slots=True)
class SignedInOfficer:
    """The officer behind a valid session."""

    id: UUID
    badge_number: str
    full_name: str
    role: str
    unit: UUID
    session_id: UUID
    duty: str = ""

    @property
    def may(self) -> frozenset[str]:
        """What the officer's role allows (values of `Right`)."""
        return frozenset(RIGHTS[OfficerRole(self.role)])


async def sign_in(username: str, password: str, now: datetime, *, device: str = "", words: str = "") -> str:
    """Check name and password and open a session; return its token for the cookie.

    A try is counted before the password is looked at, so that a hundred tries at once are a hundred; a success makes
    the tries before it count no more.

    Args:
        username: as typed.
        password: as typed.
        now: when.
        device: token of the browser's device cookie, which is known from now on; empty for a program.
        words: browser and system, for the officer's list of sessions.

    Raises:
        SignInRefused: they do not belong together, or the account is out of use; the same work either way.
        SlowDown: too many failures; nothing was checked.
        SecondFactorNeeded: they belong together, and the officer has a second factor to show.
    """
    name = username.strip().casefold()
    officer = await Officer.objects().where(Officer.username == name).first()
    counted, source = counted_name(name, officer), await source_of(device, officer, now)
    await count_try(counted, source, now)
    is_right = await is_password(password, officer.password_hash if officer else None)
    if officer is None or not is_right or not officer.is_active or _is_past(officer.temporary_until, now):
        raise SignInRefused
    await forget_tries(counted, source)
    if await has_factor(officer.id):
        raise SecondFactorNeeded(await begin_proof(officer.id, now))
    return await open_session(officer.id, device=device, words=words, now=now)


async def officer_of_session(
    token: str, *, now: datetime, factor_roles: Collection[str] = (), is_used: bool = True
) -> SignedInOfficer | None:
    """Return the officer behind a session token; None when it is unknown, ended, idle too long or out of use.

    Officers of `factor_roles` without a second factor have the duty to set one up. What a page does by itself, and not
    its officer, is no use of the session (`is_used`): it idles on.
    """
    rows: list[dict[str, Any]] = await StaffSession.raw(OFFICER_OF_SESSION, digest_of(token), now, now - SESSION_IDLES)
    if not rows:
        return None
    row = rows[0]
    if is_used and now - row["seen_at"] > SEEN_AT_MOST_EVERY:
        await StaffSession.update({StaffSession.seen_at: now}).where(StaffSession.id == row["session_id"])
    return SignedInOfficer(
        id=row["id"],
        badge_number=row["badge_number"],
        full_name=row["full_name"],
        role=row["role"],
        unit=row["unit"],
        session_id=row["session_id"],
        duty=duty_of(
            has_own_password=row["temporary_until"] is None,
            lacks_factor=row["role"] in factor_roles and not row["has_factor"],
        ),
    )


async def sign_out(token: str, now: datetime) -> None:
    """End the session of `token`; an unknown or ended one is left as it is."""
    await StaffSession.update({StaffSession.revoked_at: now}).where(
        (StaffSession.token_sha256 == digest_of(token)) & StaffSession.revoked_at.is_null()
    )


async def change_password(officer: SignedInOfficer, *, old: str, new: str, again: str, now: datetime) -> None:
    """Give `officer` a new password and end all sessions but this one, and all tokens.

    Raises:
        PasswordRefused: the old one is wrong, or the new one breaks the rules or was typed differently twice.
        SlowDown: the old one was wrong too often.
    """
    row = await Officer.objects().get(Officer.id == officer.id)
    if row is None:
        raise SignInRefused
    problems = password_problems("new", new, names=(row.username, row.badge_number))
    if new == old and not problems:
        problems.append(Problem("new", "password_not_new"))
    if new != again:
        problems.append(Problem("again", "passwords_differ"))
    if problems:
        raise PasswordRefused(*problems)
    await confirm_password(officer, old, field="old", now=now)
    fresh = await hash_password(new)
    async with engine().transaction():
        await Officer.update({Officer.password_hash: fresh, Officer.temporary_until: None}).where(Officer.id == row.id)
        await end_sessions(row.id, but=officer.session_id, now=now)
        await end_tokens(row.id, now=now)


async def confirm_password(officer: SignedInOfficer, password: str, *, field: str, now: datetime) -> None:
    """Pass when `password` is the officer's own, as asked before what weakens the account.

    Raises:
        PasswordRefused: it is not; the problem is told for `field`.
        SlowDown: it was wrong too often.
    """
    row = await Officer.objects().get(Officer.id == officer.id)
    if row is None:
        raise SignInRefused
    source = str(officer.session_id)
    await count_try(row.username, source, now)
    if not await is_password(password, row.password_hash):
        raise PasswordRefused(Problem(field, "password_wrong"))
    await forget_tries(row.username, source)


async def username_of(officer: SignedInOfficer) -> str:
    """Return the name with which `officer` signs in."""
    row = await Officer.select(Officer.username).where(Officer.id == officer.id).first()
    return str(row["username"]) if row else ""


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
            temporary_until=None,
            last_sign_in_at=None,
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
        "SELECT o.id, o.username, o.badge_number, o.full_name, o.role, o.is_active, o.is_demo, u.name AS unit_name,"
        " o.last_sign_in_at"
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


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
