"""Writes the demo county into an empty database: everything in one transaction, or nothing."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from piccolo.table import Table

from tipline.accounts.factors.keeping import FactorKey
from tipline.accounts.factors.tables import TotpSecret
from tipline.accounts.factors.totp import SECRET_BYTES, base32_of
from tipline.accounts.passwords import hash_password
from tipline.accounts.tables import Officer
from tipline.cases.clocks.tables import CaseFact
from tipline.cases.measures.tables import OutcomeStep, PenaltyNotice, PersonIdentity, PersonParticulars
from tipline.cases.procedure.tables import ProcedureStep
from tipline.cases.tables import Case, CaseEvent, Clearance, Link, Outcome, Person, Vehicle
from tipline.cases.tasks.keeping import keep_all
from tipline.database import engine
from tipline.datafolder import DataFolder
from tipline.demo.casefile import RuleBook
from tipline.demo.drawing import County, draw
from tipline.demo.media import keep_media, register_media
from tipline.doors import open_custody
from tipline.errors import Overtaken
from tipline.intake.tables import Receipt, Tip
from tipline.law.clockbook import load_seed_holidays
from tipline.law.service import load_seed_rules, seed_rules
from tipline.law.tables import LegalRule
from tipline.relief.tables import ReliefConfirmation, ReliefMatter, ReliefRecipient, ReliefStep
from tipline.settings import Settings
from tipline.work.service import ask
from tipline.work.tables import Job

Account = dict[str, str]

# PostgreSQL takes 65,535 values a statement, asyncpg half of it; the widest row here has 27.
ROWS_A_STATEMENT: Final = 500
PASSWORD_BYTES: Final = 12


class CountyNotEmpty(Overtaken):
    """The database holds a case already: the demo county is never mixed with anything."""


async def load(settings: Settings, now: datetime) -> list[Account]:
    """Write the demo county and return its sign-ins: `role`, `username` and a new random `password` each.

    Where the settings name roles that must show a second factor, their sign-ins have a `totp_secret` (base32) too.

    Needs the owner's role. In a data folder of the platform the sign-ins are kept in `demo-accounts.json` too (0600),
    written before the commit, so that no account ever exists whose password nobody knows.

    Args:
        settings: where the database, the store and the data folder are.
        now: moment of loading; the thirty days of the present end here.

    Raises:
        CountyNotEmpty: there is a case already; nothing was written.
        FontMissing: setup was not run.
        StorageDown: the store does not answer; nothing was written.
    """
    if await Case.exists():
        raise CountyNotEmpty
    await load_seed_rules()
    await load_seed_holidays()
    county = draw(now, await rule_book())
    accounts = await _give_passwords(county)
    apps = _give_apps(county, accounts, settings, now)
    custody = open_custody(settings)
    kept = await keep_media(county, custody)
    async with engine().transaction():
        await _write(county)
        if apps:
            await TotpSecret.insert(*apps)
        await register_media(kept, custody, now=now)
        await keep_all(now=now)
        for tip in county.new_tips:
            await ask(Job.SUGGEST_CASES, tip, now=now)
        _keep_accounts(settings, accounts)
    return accounts


async def rule_book() -> RuleBook:
    """Return which row of law governs a day, read once from the database."""
    rows = await LegalRule.select(LegalRule.id, LegalRule.code, LegalRule.valid_from, LegalRule.valid_to)
    return book_of(rows)


def book_of(rows: Sequence[dict[str, Any]]) -> RuleBook:
    """Return the same from given rows, each with `id`, `code`, `valid_from` and `valid_to`."""

    def governing(code: str, on: date) -> UUID:
        for row in rows:
            is_begun = row["code"] == code and row["valid_from"] <= on
            if is_begun and (row["valid_to"] is None or row["valid_to"] >= on):
                found: UUID = row["id"]
                return found
        raise LookupError(f"no version of {code} was in force on {on}")

    return governing


def shipped_book() -> RuleBook:
    """Return the book of the rules as shipped, each with an id of its own; needs no database."""
    return book_of([{**row, "id": UUID(int=number)} for number, row in enumerate(seed_rules(), start=1)])


async def _give_passwords(county: County) -> list[Account]:
    accounts = []
    for officer in county.officers:
        if officer.username.startswith("demo"):
            continue
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        officer.password_hash = await hash_password(password)
        accounts.append({"role": str(officer.role), "username": officer.username, "password": password})
    return accounts


def _give_apps(county: County, accounts: list[Account], settings: Settings, now: datetime) -> list[TotpSecret]:
    """Set up an authenticator app for the roles that must have a second factor; its secret joins the sign-in."""
    if not settings.second_factor_roles:
        return []
    key = FactorKey(settings.secret("factor_key"))
    ids = {str(officer.username): officer.id for officer in county.officers}
    apps = []
    for account in accounts:
        if account["role"] not in settings.second_factor_roles:
            continue
        secret, officer = secrets.token_bytes(SECRET_BYTES), ids[account["username"]]
        account["totp_secret"] = base32_of(secret)
        apps.append(
            TotpSecret(
                id=uuid4(),
                officer=officer,
                sealed=key.sealed(secret, officer),
                created_at=now,
                confirmed_at=now,
                last_step=0,
                ended_at=None,
            )
        )
    return apps


async def _write(county: County) -> None:
    files = county.files
    batches: list[tuple[type[Table], Sequence[Table]]] = [
        (type(county.units[0]), county.units),
        (Officer, county.officers),
        (type(county.cameras[0]), county.cameras),
        (Case, [file.case for file in files]),
        (CaseEvent, [event for file in files for event in file.events]),
        (Vehicle, [vehicle for file in files for vehicle in file.vehicles]),
        (Person, [person for file in files for person in file.persons]),
        (Outcome, [outcome for file in files for outcome in file.outcomes]),
        (ProcedureStep, county.papers.procedure),
        (OutcomeStep, county.papers.steps),
        (PenaltyNotice, county.papers.notices),
        (PersonIdentity, county.papers.identities),
        (PersonParticulars, county.papers.particulars),
        (Clearance, [file.clearance for file in files if file.clearance]),
        (CaseFact, county.facts),
        (Receipt, county.told.receipts),
        (Tip, county.told.tips),
        (Link, county.told.links),
        (ReliefRecipient, county.relief.recipients),
        (ReliefMatter, county.relief.matters),
        (ReliefStep, county.relief.steps),
        (ReliefConfirmation, county.relief.confirmations),
    ]
    batches += [(type(rows[0]), rows) for rows in county.work]
    for table, rows in batches:
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            await table.insert(*rows[start : start + ROWS_A_STATEMENT])


def _keep_accounts(settings: Settings, accounts: list[Account]) -> None:
    folder = DataFolder(settings.secrets_dir.parent)
    if not folder.is_ours:
        return
    part = folder.demo_accounts.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder.demo_accounts)
