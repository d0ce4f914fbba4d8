"""What the register tells other rooms: when terms of law begin and are met, and whether it holds the case open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.tables import Case
from tipline.law.tables import LegalFact

# Both found: the later of the first seized vehicle and the first driver in hand; those excluded tell nothing.
_SOLVED: Final = """
SELECT greatest(v.at, p.at) AS at FROM
  (SELECT min(v.seized_at) AS at FROM vehicle v WHERE v."case" = {} AND NOT EXISTS
     (SELECT 1 FROM screening_candidate s WHERE s.vehicle = v.id AND s.state = 'excluded')) v,
  (SELECT min(p.in_hand_at) AS at FROM person p WHERE p."case" = {} AND p.role = 'driver' AND NOT EXISTS
     (SELECT 1 FROM screening_candidate s WHERE s.person = p.id AND s.state = 'excluded')) p
WHERE v.at IS NOT NULL AND p.at IS NOT NULL"""
_CLEARED: Final = """
SELECT c.state, (SELECT max(e.happened_at) FROM case_event e
                 WHERE e."case" = c.id AND e.type IN ('cleared', 'cleared_exceptionally')) AS at
FROM case_file c WHERE c.id = {}"""
_DETERMINATIONS: Final = """
SELECT d.id, d.kind, d.made_at, d.application, d.replaces, d.replacement_ground, d.recorded_at, d.number,
       (SELECT count(*) FROM determination_party q WHERE q.determination = d.id
        AND (d.kind <> 'unsolved_flight' OR EXISTS
             (SELECT 1 FROM person p WHERE p.id = q.person AND p.role = 'victim'))) AS to_serve
FROM determination d WHERE d."case" = {} ORDER BY d.version"""
_SERVICES: Final = """
SELECT d.id AS determination, s.served_at, s.party FROM determination_service s
JOIN determination_party q ON q.id = s.party JOIN determination d ON d.id = q.determination
WHERE d."case" = {} ORDER BY s.served_at, s.id"""
_REVIEWS: Final = 'SELECT r.* FROM determination_review r WHERE r."case" = {} ORDER BY r.requested_at, r.id'
_APPLICATIONS: Final = (
    'SELECT a.id, a.received_at FROM unsolved_application a WHERE a."case" = {} ORDER BY a.received_at'
)
_INQUIRIES: Final = (
    'SELECT i.id, i.asked_at, i.answered_at FROM victim_inquiry i WHERE i."case" = {} ORDER BY i.asked_at'
)
_BLOCKING: Final = """
SELECT d.id, d.number FROM determination d JOIN case_file c ON c.id = d."case"
WHERE d."case" = {} AND d.kind = 'unsolved_flight' AND c.state IN ('cleared', 'cleared_exceptionally')
AND NOT EXISTS (SELECT 1 FROM determination n WHERE n.replaces = d.id)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """One term of law that runs or ran in a case: the clock's code, since when, and when it was met.

    `fact` is what the clock starts on; `subject` the row that it is about.
    """

    rule_code: str
    trigger_at: datetime
    done_at: datetime | None
    fact: LegalFact
    subject: UUID


async def solved_at(case_id: UUID) -> datetime | None:
    """Return since when both vehicle and driver are found, or the case counts as cleared; None while neither holds."""
    rows: list[dict[str, Any]] = await Case.raw(_SOLVED, case_id, case_id)
    if rows:
        found: datetime = rows[0]["at"]
        return found
    cleared: list[dict[str, Any]] = await Case.raw(_CLEARED, case_id)
    if cleared and cleared[0]["state"] in {"cleared", "cleared_exceptionally"}:
        at: datetime | None = cleared[0]["at"]
        return at
    return None


async def blocks_closing(case_id: UUID) -> list[dict[str, Any]]:
    """Return the documents (`id`, `number`) that hold a solved case open: article 66 ones that nothing has replaced.

    Clearance (侦破) is not closing: it is what starts the ten days for the new document (62, 66).
    """
    rows: list[dict[str, Any]] = await Case.raw(_BLOCKING, case_id)
    return rows


async def determination_triggers(case_id: UUID) -> list[Trigger]:
    """Return every term that the register starts, in the order in which they began, with when each was met."""
    documents: list[dict[str, Any]] = await Case.raw(_DETERMINATIONS, case_id)
    services: list[dict[str, Any]] = await Case.raw(_SERVICES, case_id)
    reviews: list[dict[str, Any]] = await Case.raw(_REVIEWS, case_id)
    found = [
        *_of_solving(case_id, documents, await solved_at(case_id)),
        *_of_applications(documents, await Case.raw(_APPLICATIONS, case_id)),
        *_of_service(documents, services, reviews),
        *(trigger for review in reviews for trigger in _of_review(review, documents)),
    ]
    return sorted(found, key=lambda one: (one.trigger_at, one.rule_code))


async def inquiry_facts(case_id: UUID) -> list[dict[str, Any]]:
    """Return the inquiries of victims and families: `id`, `asked_at`, `answered_at` (47)."""
    rows: list[dict[str, Any]] = await Case.raw(_INQUIRIES, case_id)
    return rows


def _of_solving(case_id: UUID, documents: list[dict[str, Any]], solved: datetime | None) -> list[Trigger]:
    if solved is None:
        return []
    made = [one["made_at"] for one in documents if one["kind"] != "unsolved_flight" and one["made_at"] >= solved]
    return [
        Trigger(
            rule_code="liability_determination_flight",
            trigger_at=solved,
            done_at=min(made, default=None),
            fact=LegalFact.VEHICLE_AND_DRIVER_FOUND,
            subject=case_id,
        )
    ]


def _of_applications(documents: list[dict[str, Any]], applications: list[dict[str, Any]]) -> list[Trigger]:
    made = {one["application"]: one["made_at"] for one in documents if one["application"]}
    return [
        Trigger(
            rule_code="liability_determination_unsolved_flight",
            trigger_at=one["received_at"],
            done_at=made.get(one["id"]),
            fact=LegalFact.VICTIM_APPLICATION_RECEIVED,
            subject=one["id"],
        )
        for one in applications
    ]


def _of_service(
    documents: list[dict[str, Any]], services: list[dict[str, Any]], reviews: list[dict[str, Any]]
) -> list[Trigger]:
    found = []
    for document in documents:
        served = [one["served_at"] for one in services if one["determination"] == document["id"]]
        is_whole = len(served) >= document["to_serve"] > 0
        found.append(
            Trigger(
                rule_code="determination_service",
                trigger_at=document["made_at"],
                done_at=max(served) if is_whole else None,
                fact=LegalFact.DETERMINATION_MADE,
                subject=document["id"],
            )
        )
    asked = {one["party"]: one["requested_at"] for one in reviews}
    for service in services:
        for code, done in (("review_request", asked.get(service["party"])), ("mediation_request", None)):
            found.append(
                Trigger(
                    rule_code=code,
                    trigger_at=service["served_at"],
                    done_at=done,
                    fact=LegalFact.DETERMINATION_SERVED,
                    subject=service["party"],
                )
            )
    return found


def _of_review(review: dict[str, Any], documents: list[dict[str, Any]]) -> list[Trigger]:
    if review["is_refused"]:
        return []
    anew = [
        one["made_at"]
        for one in documents
        if one["replaces"] == review["determination"] and one["replacement_ground"] == "review"
    ]
    ordered = review["result"] == "redetermination_ordered"
    received = review["conclusion_received_at"] or review["concluded_at"]
    rows = (
        (
            "review_forward",
            review["requested_at"] if review["channel"] == "through_unit" else None,
            review["forwarded_at"],
            LegalFact.REVIEW_REQUEST_RECEIVED,
        ),
        (
            "review_file_submission",
            review["file_asked_at"],
            review["file_submitted_at"],
            LegalFact.REVIEW_NOTICE_RECEIVED,
        ),
        ("review_conclusion", review["accepted_at"], review["concluded_at"], LegalFact.REVIEW_ACCEPTED),
        (
            "review_conclusion_service",
            review["concluded_at"],
            review["conclusion_served_at"],
            LegalFact.REVIEW_CONCLUDED,
        ),
        (
            "review_redetermination",
            received if ordered else None,
            min(anew, default=None),
            LegalFact.REDETERMINATION_ORDERED,
        ),
    )
    return [
        Trigger(rule_code=code, trigger_at=start, done_at=done, fact=fact, subject=review["id"])
        for code, start, done, fact in rows
        if start is not None
    ]
