"""Deeds on what is known of a person in the eye of the law: particulars, rulings, what protected a person under 18."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.locks import case_locked, person_of
from tipline.cases.measures.errors import ParticularsInvalid
from tipline.cases.measures.identities import Identities, IdentityNumber, read_identity_number
from tipline.cases.measures.tables import (
    JuvenileFact,
    JuvenileFactKind,
    PersonIdentity,
    PersonParticulars,
    Ruling,
    RulingKind,
)
from tipline.cases.rules import AUTHORITY_LIMIT, DOCUMENT_NUMBER_LIMIT, moment_problems, text_problems
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.service import day_of

NOTE_LIMIT: Final = 300
OLDEST: Final = 120
KNOWN_IDENTITY: Final = """
INSERT INTO person_identity (id, digest, masked, created_at) VALUES ({}, {}, {}, {})
ON CONFLICT (digest) DO NOTHING RETURNING id"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParticularsDraft:
    """What an officer knows of a person; without a number the identity known before stays."""

    identity_number: str = ""
    born_on: date | None = None
    age_at_act: int | None = None
    is_nursing: bool = False
    is_gravely_ill: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RulingDraft:
    """A ruling as its document tells it."""

    kind: RulingKind
    authority: str
    document_number: str
    decided_at: datetime


async def record_particulars(
    case_id: UUID, person_id: UUID, draft: ParticularsDraft, *, identities: Identities, by: UUID, now: datetime
) -> None:
    """Enter what is known of a person; the entry before stays, the new one counts.

    An identity number makes the person the same human being as in every other case that knows the number; it is
    digested here and stored nowhere, and its day of birth counts where none was typed.

    Raises:
        CaseNotFound, PersonNotFound: there is no such person of the case.
        ParticularsInvalid: the number is none, two ages contradict each other, or a day lies in the future.
    """
    number = read_identity_number(draft.identity_number) if draft.identity_number.strip() else None
    problems = _particulars_problems(draft, number, today=day_of(now))
    if problems:
        raise ParticularsInvalid(*problems)
    born_on = draft.born_on or (number.born_on if number else None)
    async with engine().transaction():
        await case_locked(case_id)
        await person_of(case_id, person_id)
        known = await _known_identity(person_id) if number is None else await _identity(number, identities, now=now)
        await PersonParticulars(
            id=uuid4(),
            person=person_id,
            identity=known,
            born_on=born_on,
            age_at_act=None if born_on else draft.age_at_act,
            is_nursing=draft.is_nursing,
            is_gravely_ill=draft.is_gravely_ill,
            note=draft.note.strip(),
            recorded_by=by,
            recorded_at=now,
        ).save()


async def record_ruling(case_id: UUID, person_id: UUID, draft: RulingDraft, *, by: UUID, now: datetime) -> None:
    """Enter what a court, a procuratorate or the bureau ruled about a person's criminal liability.

    Raises:
        CaseNotFound, PersonNotFound: there is no such person of the case.
        ParticularsInvalid: the body or the number is missing, or the time lies before the accident or ahead.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        await person_of(case_id, person_id)
        problems = [
            *text_problems("authority", draft.authority, AUTHORITY_LIMIT),
            *text_problems("document_number", draft.document_number, DOCUMENT_NUMBER_LIMIT),
            *moment_problems("decided_at", draft.decided_at, not_before=case.happened_from, now=now),
        ]
        if problems:
            raise ParticularsInvalid(*problems)
        await Ruling(
            id=uuid4(),
            case=case_id,
            person=person_id,
            kind=draft.kind,
            authority=draft.authority.strip(),
            document_number=draft.document_number.strip(),
            decided_at=draft.decided_at,
            recorded_by=by,
            recorded_at=now,
        ).save()


async def note_juvenile_fact(
    case_id: UUID,
    person_id: UUID,
    kind: JuvenileFactKind,
    *,
    happened_at: datetime,
    detail: str,
    by: UUID,
    now: datetime,
) -> None:
    """Enter what was done to protect a person under 18 (刑事程序规定 317 to 331).

    Raises:
        CaseNotFound, PersonNotFound: there is no such person of the case.
        ParticularsInvalid: who or under which number is missing, or the time lies before the accident or ahead.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        await person_of(case_id, person_id)
        problems = [
            *text_problems("detail", detail, NOTE_LIMIT),
            *moment_problems("happened_at", happened_at, not_before=case.happened_from, now=now),
        ]
        if problems:
            raise ParticularsInvalid(*problems)
        await JuvenileFact(
            id=uuid4(),
            person=person_id,
            kind=kind,
            happened_at=happened_at,
            detail=detail.strip(),
            recorded_by=by,
            recorded_at=now,
        ).save()


def _particulars_problems(draft: ParticularsDraft, number: IdentityNumber | None, *, today: date) -> list[Problem]:
    problems = text_problems("note", draft.note, NOTE_LIMIT, is_required=False)
    if draft.identity_number.strip() and number is None:
        problems.append(Problem("identity_number", "not_an_identity_number"))
    if number is not None and draft.born_on not in {None, number.born_on}:
        problems.append(Problem("born_on", "born_otherwise", {"born_on": number.born_on}))
    born_on = draft.born_on or (number.born_on if number else None)
    if born_on is not None and not today.year - OLDEST <= born_on.year <= today.year:
        problems.append(Problem("born_on", "not_a_day_of_birth"))
    if draft.age_at_act is not None and (draft.age_at_act > OLDEST or born_on is not None):
        problems.append(Problem("age_at_act", "two_ages" if born_on else "not_an_age"))
    return problems


async def _known_identity(person_id: UUID) -> UUID | None:
    row: dict[str, Any] | None = (
        await PersonParticulars.select(PersonParticulars.identity)
        .where((PersonParticulars.person == person_id) & PersonParticulars.identity.is_not_null())
        .order_by(PersonParticulars.recorded_at, ascending=False)
        .first()
    )
    return None if row is None else row["identity"]


async def _identity(number: IdentityNumber, identities: Identities, *, now: datetime) -> UUID:
    digest = identities.digest(number)
    await PersonIdentity.raw(KNOWN_IDENTITY, uuid4(), digest, number.masked, now)
    row = await PersonIdentity.select(PersonIdentity.id).where(PersonIdentity.digest == digest).first()
    assert row is not None  # noqa: S101  inserted above, or there before; nothing removes it
    found: UUID = row["id"]
    return found
