"""What the register shows: versions with parties, service and review, and all around them, in seven queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tipline.cases.determinations.errors import InquiryNotFound, PartyNotFound, ReviewNotFound
from tipline.cases.determinations.tables import Determination
from tipline.cases.determinations.triggers import blocks_closing

_DETERMINATIONS: Final = """
SELECT d.*, o.full_name AS recorded_by_name, old.number AS replaces_number, new.number AS replaced_by_number,
       r.result AS review_result
FROM determination d JOIN officer o ON o.id = d.recorded_by LEFT JOIN determination old ON old.id = d.replaces
LEFT JOIN determination new ON new.replaces = d.id
LEFT JOIN determination_review r ON r.determination = d.id AND NOT r.is_refused
WHERE d."case" = {} ORDER BY d.version DESC"""
_PARTIES: Final = """
SELECT q.*, p.full_name, p.role, d.kind, d.number, d."case", d.made_at, s.id AS service, s.method, s.served_at,
       s.received_by, o.full_name AS served_by_name
FROM determination_party q JOIN determination d ON d.id = q.determination LEFT JOIN person p ON p.id = q.person
LEFT JOIN determination_service s ON s.party = q.id LEFT JOIN officer o ON o.id = s.served_by
WHERE d."case" = {}
ORDER BY array_position(ARRAY['full', 'main', 'equal', 'secondary', 'none'], q.responsibility::text), q.id"""
_REVIEWS: Final = """
SELECT r.*, d.number, d.kind, coalesce(p.full_name, q.described_as) AS party_name, o.full_name AS recorded_by_name
FROM determination_review r JOIN determination d ON d.id = r.determination
JOIN determination_party q ON q.id = r.party LEFT JOIN person p ON p.id = q.person
JOIN officer o ON o.id = r.recorded_by WHERE r."case" = {} ORDER BY r.requested_at DESC, r.id"""
_APPLICATIONS: Final = """
SELECT a.*, p.full_name AS applicant_name, o.full_name AS recorded_by_name, d.number
FROM unsolved_application a JOIN person p ON p.id = a.applicant JOIN officer o ON o.id = a.recorded_by
LEFT JOIN determination d ON d.application = a.id WHERE a."case" = {} ORDER BY a.received_at DESC, a.id"""
_DISCLOSURES: Final = """
SELECT e.*, o.full_name AS recorded_by_name FROM evidence_disclosure e JOIN officer o ON o.id = e.recorded_by
WHERE e."case" = {} ORDER BY e.held_at DESC, e.id"""
_INQUIRIES: Final = """
SELECT i.*, o.full_name AS recorded_by_name, a.full_name AS answered_by_name
FROM victim_inquiry i JOIN officer o ON o.id = i.recorded_by LEFT JOIN officer a ON a.id = i.answered_by
WHERE i."case" = {} ORDER BY i.answered_at IS NULL DESC, i.asked_at DESC, i.id"""


@dataclass(frozen=True, slots=True)
class Register:
    """Everything of the register of one case; each version has its `parties`, the newest comes first."""

    determinations: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    applications: list[dict[str, Any]]
    disclosures: list[dict[str, Any]]
    inquiries: list[dict[str, Any]]
    blocking: list[dict[str, Any]]

    @property
    def standing(self) -> dict[str, Any] | None:
        """Return the version that no other has replaced."""
        return next((one for one in self.determinations if one["replaced_by_number"] is None), None)


async def register_of(case_id: UUID) -> Register:
    """Return the register of a case."""
    parties: list[dict[str, Any]] = await Determination.raw(_PARTIES, case_id)
    rows: list[dict[str, Any]] = await Determination.raw(_DETERMINATIONS, case_id)
    return Register(
        determinations=[
            row | {"parties": [one for one in parties if one["determination"] == row["id"]]} for row in rows
        ],
        reviews=await Determination.raw(_REVIEWS, case_id),
        applications=await Determination.raw(_APPLICATIONS, case_id),
        disclosures=await Determination.raw(_DISCLOSURES, case_id),
        inquiries=await Determination.raw(_INQUIRIES, case_id),
        blocking=await blocks_closing(case_id),
    )


async def party_of(case_id: UUID, party_id: UUID) -> dict[str, Any]:
    """Return one party of a document of the case, with its service.

    Raises:
        PartyNotFound: there is none.
    """
    for row in await Determination.raw(_PARTIES, case_id):
        if row["id"] == party_id:
            found: dict[str, Any] = row
            return found
    raise PartyNotFound(party_id)


async def review_of(case_id: UUID, review_id: UUID) -> dict[str, Any]:
    """Return one review of the case.

    Raises:
        ReviewNotFound: there is none.
    """
    for row in await Determination.raw(_REVIEWS, case_id):
        if row["id"] == review_id:
            found: dict[str, Any] = row
            return found
    raise ReviewNotFound(review_id)


async def inquiry_of(case_id: UUID, inquiry_id: UUID) -> dict[str, Any]:
    """Return one inquiry of the case.

    Raises:
        InquiryNotFound: there is none.
    """
    for row in await Determination.raw(_INQUIRIES, case_id):
        if row["id"] == inquiry_id:
            found: dict[str, Any] = row
            return found
    raise InquiryNotFound(inquiry_id)


async def responsibilities_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return what the document that stands says of each party: the share, its basis, and the cause without the flight.

    Whoever asks for the responsibility that a crime needs takes `cause_share`, never `responsibility` alone
    (指导性案例269号).
    """
    standing = (await register_of(case_id)).standing
    return [] if standing is None else standing["parties"]
