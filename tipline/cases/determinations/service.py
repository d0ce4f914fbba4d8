"""认定书 Deeds on the register: application, disclosure of evidence, document, service. One transaction each.

The case is held whole while a document is registered, so that of two officers at once the second sees the first's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.determinations.errors import (
    AlreadyServed,
    DeterminationNotFound,
    DeterminationReplaced,
    DeterminationUnlawful,
    PartyNotFound,
)
from tipline.cases.determinations.lawbook import articles_of
from tipline.cases.determinations.rules import (
    Circumstances,
    DeterminationDraft,
    PartyDraft,
    Standing,
    determination_problems,
    service_problems,
)
from tipline.cases.determinations.tables import (
    Determination,
    DeterminationKind,
    DeterminationParty,
    DeterminationService,
    EvidenceDisclosure,
    ReviewResult,
    ServiceMethod,
    UnsolvedApplication,
)
from tipline.cases.determinations.triggers import solved_at
from tipline.cases.locks import case_locked, person_of
from tipline.cases.rules import NAME_LIMIT, PLACE_LIMIT, moment_problems, text_problems
from tipline.cases.tables import Case, Person, PersonRole, Severity
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.service import day_of

LISTS_LIMIT: Final = 2_000
# The one version that no other has replaced, and what its review said.
STANDING: Final = """
SELECT d.id, d.kind, d.made_at,
       (SELECT r.result FROM determination_review r WHERE r.determination = d.id AND NOT r.is_refused) AS result
FROM determination d WHERE d."case" = {} AND NOT EXISTS (SELECT 1 FROM determination n WHERE n.replaces = d.id)"""
REPLACED_BY: Final = """
SELECT d.number, d.recorded_at, o.full_name, o.badge_number FROM determination d JOIN officer o ON o.id = d.recorded_by
WHERE d.replaces = {}"""
SHOWN: Final = 'SELECT min(e.held_at) AS at FROM evidence_disclosure e WHERE e."case" = {}'
APPLIED: Final = 'SELECT a.received_at FROM unsolved_application a WHERE a."case" = {} AND a.id = {}'
NEXT_VERSION: Final = 'SELECT count(*) + 1 AS version FROM determination d WHERE d."case" = {}'
PARTY: Final = """
SELECT d.id AS determination, d.kind, d.made_at, p.role FROM determination_party q
JOIN determination d ON d.id = q.determination LEFT JOIN person p ON p.id = q.person
WHERE d."case" = {} AND q.id = {}"""
SERVED: Final = """
SELECT s.recorded_at, o.full_name, o.badge_number FROM determination_service s JOIN officer o ON o.id = s.served_by
WHERE s.party = {}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceDraft:
    """How a document reached a party, and which rights it was told with it."""

    method: ServiceMethod
    served_at: datetime
    received_by: str
    tells_review: bool
    tells_mediation: bool
    tells_litigation: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DisclosureDraft:
    """A meeting at which the evidence was shown; names one a line, what was kept back with its reason."""

    held_at: datetime
    place_text: str
    present: str
    absent: str = ""
    withheld: str = ""


async def record_application(
    case_id: UUID, *, applicant: UUID, received_at: datetime, by: UUID, now: datetime
) -> UnsolvedApplication:
    """Record that the victim's side applied in writing for a determination while the flight is unsolved (66).

    Raises:
        CaseNotFound, PersonNotFound: there is no such person of the case.
        DeterminationUnlawful: the applicant is no victim, the case is solved, or the time lies ahead or too early.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        person = await person_of(case_id, applicant)
        problems = moment_problems("received_at", received_at, not_before=case.happened_from, now=now)
        solved = await solved_at(case_id)
        articles = await articles_of(day_of(received_at))
        if person.role != PersonRole.VICTIM:
            problems.append(Problem("applicant", "applicant_is_no_victim", articles["determination_unsolved_flight"]))
        if solved is not None and solved <= received_at:
            problems.append(Problem("received_at", "solved_already", articles["determination_unsolved_flight"]))
        _refuse(problems)
        application = UnsolvedApplication(
            id=uuid4(), case=case_id, applicant=applicant, received_at=received_at, recorded_by=by, recorded_at=now
        )
        await application.save()
    return application


async def record_disclosure(case_id: UUID, draft: DisclosureDraft, *, by: UUID, now: datetime) -> EvidenceDisclosure:
    """Record that the parties were called together and shown the evidence (63); who stayed away is recorded too.

    Raises:
        CaseNotFound: there is no such case.
        DeterminationUnlawful: place or those present are missing, or the time lies ahead or before the accident.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        _refuse(
            [
                *moment_problems("held_at", draft.held_at, not_before=case.happened_from, now=now),
                *text_problems("place_text", draft.place_text, PLACE_LIMIT),
                *text_problems("present", draft.present, LISTS_LIMIT),
                *text_problems("absent", draft.absent, LISTS_LIMIT, is_required=False),
                *text_problems("withheld", draft.withheld, LISTS_LIMIT, is_required=False),
            ]
        )
        disclosure = EvidenceDisclosure(
            id=uuid4(),
            case=case_id,
            held_at=draft.held_at,
            place_text=draft.place_text.strip(),
            present=draft.present.strip(),
            absent=draft.absent.strip(),
            withheld=draft.withheld.strip(),
            recorded_by=by,
            recorded_at=now,
        )
        await disclosure.save()
    return disclosure


async def register(case_id: UUID, draft: DeterminationDraft, *, by: UUID, now: datetime) -> Determination:
    """Register a document that the national system issued, as the next version of the case.

    Raises:
        CaseNotFound, PersonNotFound: there is no such case, or a party is no person of it.
        RuleNotInForce: the document is older than the rules.
        DeterminationReplaced: what it would replace was replaced by a colleague's version.
        DeterminationUnlawful: it breaks a rule, each problem naming its article, or its number is taken.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        parties = await _with_roles(case_id, draft.parties)
        known = replace(draft, parties=parties)
        around = await _around(case, draft)
        if draft.replaces is not None and (around.standing is None or around.standing.id != draft.replaces):
            raise await _replaced(case_id, draft.replaces)
        problems = determination_problems(known, around, await articles_of(day_of(draft.made_at)), now=now)
        number = draft.number.strip()
        if await Determination.exists().where(Determination.number == number):
            problems.append(Problem("number", "document_number_taken", {"number": number}))
        _refuse(problems)
        versions: list[dict[str, Any]] = await Determination.raw(NEXT_VERSION, case_id)
        determination = Determination(
            id=uuid4(),
            case=case_id,
            number=number,
            version=int(versions[0]["version"]),
            kind=draft.kind,
            made_at=draft.made_at,
            authority=draft.authority.strip(),
            content=draft.content.strip(),
            is_complex=draft.is_complex,
            application=draft.application,
            replaces=draft.replaces,
            replacement_ground=draft.replacement_ground,
            replacement_document=draft.replacement_document.strip(),
            states_revocation=draft.states_revocation,
            recorded_by=by,
            recorded_at=now,
        )
        await determination.save()
        for party in parties:
            await _write_party(determination.id, party)
    return determination


async def serve(case_id: UUID, party_id: UUID, draft: ServiceDraft, *, by: UUID, now: datetime) -> DeterminationService:
    """Record that a document was served on one of its parties, with the rights that it was told (65, 67).

    Raises:
        CaseNotFound, PartyNotFound: there is no such party of a document of the case.
        AlreadyServed: it was served on this party already; says who recorded it and when.
        DeterminationUnlawful: a right was not told, it precedes the document, or an article 66 one goes to no victim.
    """
    async with engine().transaction():
        await case_locked(case_id)
        found: list[dict[str, Any]] = await Determination.raw(PARTY, case_id, party_id)
        if not found:
            raise PartyNotFound(party_id)
        served: list[dict[str, Any]] = await Determination.raw(SERVED, party_id)
        if served:
            first = served[0]
            raise AlreadyServed(
                party_id, by_name=first["full_name"], by_badge=first["badge_number"], at=first["recorded_at"]
            )
        row = found[0]
        tells = (draft.tells_review, draft.tells_mediation, draft.tells_litigation)
        problems = service_problems(
            DeterminationKind(row["kind"]),
            await articles_of(day_of(draft.served_at)),
            made_at=row["made_at"],
            served_at=draft.served_at,
            tells=tells,
            role=None if row["role"] is None else PersonRole(row["role"]),
            now=now,
        )
        _refuse([*problems, *text_problems("received_by", draft.received_by, NAME_LIMIT)])
        service = DeterminationService(
            id=uuid4(),
            party=party_id,
            method=draft.method,
            served_at=draft.served_at,
            served_by=by,
            received_by=draft.received_by.strip(),
            tells_review=draft.tells_review,
            tells_mediation=draft.tells_mediation,
            tells_litigation=draft.tells_litigation,
            recorded_at=now,
        )
        await service.save()
    return service


async def standing_of(case_id: UUID) -> Standing | None:
    """Return the document of the case that no other has replaced; None when there is none."""
    rows: list[dict[str, Any]] = await Determination.raw(STANDING, case_id)
    if not rows:
        return None
    row = rows[0]
    return Standing(
        id=row["id"],
        kind=DeterminationKind(row["kind"]),
        made_at=row["made_at"],
        review_result=None if row["result"] is None else ReviewResult(row["result"]),
    )


async def _around(case: Case, draft: DeterminationDraft) -> Circumstances:
    shown: list[dict[str, Any]] = await Determination.raw(SHOWN, case.id)
    applied: list[dict[str, Any]] = await Determination.raw(APPLIED, case.id, draft.application)
    return Circumstances(
        severity=Severity(case.severity),
        happened_from=case.happened_from,
        solved_at=await solved_at(case.id),
        shown_at=shown[0]["at"],
        applied_at=applied[0]["received_at"] if applied else None,
        standing=await standing_of(case.id),
    )


async def _with_roles(case_id: UUID, parties: Sequence[PartyDraft]) -> list[PartyDraft]:
    found = []
    for party in parties:
        person: Person | None = None if party.person is None else await person_of(case_id, party.person)
        found.append(party if person is None else replace(party, role=PersonRole(person.role)))
    return found


async def _write_party(determination_id: UUID, party: PartyDraft) -> None:
    await DeterminationParty(
        id=uuid4(),
        determination=determination_id,
        person=party.person,
        described_as="" if party.person else party.described_as.strip(),
        responsibility=party.responsibility,
        basis=party.basis,
        cause_share=party.cause_share,
        cause_words=party.cause_words.strip(),
    ).save()


async def _replaced(case_id: UUID, determination_id: UUID) -> DeterminationReplaced | DeterminationNotFound:
    rows: list[dict[str, Any]] = await Determination.raw(REPLACED_BY, determination_id)
    is_ours = await Determination.exists().where(
        (Determination.id == determination_id) & (Determination.case == case_id)
    )
    if not rows or not is_ours:
        return DeterminationNotFound(determination_id)
    row = rows[0]
    return DeterminationReplaced(
        determination_id,
        number=row["number"],
        by_name=row["full_name"],
        by_badge=row["badge_number"],
        at=row["recorded_at"],
    )


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise DeterminationUnlawful(*problems)
