"""The facts of cases that the law attaches terms to, read in one place from the rows of the case file.

No other room need tell this one anything: whatever is recorded about vehicles, persons, measures and clearance is found
here. Kinds of measures and events that start no term are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.clocks.rules import CLEARED, DRIVER_IN_HAND, Fact
from tipline.cases.tables import Case, Severity
from tipline.law.tables import LegalFact

Row = dict[str, Any]

EXECUTED: Final[dict[str, LegalFact]] = {
    "criminal_detention": LegalFact.CRIMINAL_DETENTION_EXECUTED,
    "administrative_detention": LegalFact.ADMINISTRATIVE_DETENTION_EXECUTED,
    "arrest": LegalFact.ARREST_EXECUTED,
    "bail": LegalFact.BAIL_EXECUTED,
    "residential_surveillance": LegalFact.RESIDENTIAL_SURVEILLANCE_EXECUTED,
    "release": LegalFact.RELEASED,
    "transfer_for_prosecution": LegalFact.SENT_FOR_PROSECUTION,
}
ENDED: Final[dict[str, LegalFact]] = {
    "administrative_detention": LegalFact.RELEASED,
    "bail": LegalFact.BAIL_ENDED,
    "residential_surveillance": LegalFact.RESIDENTIAL_SURVEILLANCE_ENDED,
}
APPROVED: Final[dict[str, LegalFact]] = {"arrest": LegalFact.ARREST_DECIDED}
EVENTS: Final[dict[str, LegalFact]] = {"transferred_in": LegalFact.JURISDICTION_RECEIVED}
# What is only ever worked out from other facts is not recorded by hand.
WORKED_OUT: Final = frozenset(
    {
        LegalFact.CASE_RECORDED,
        LegalFact.ACCIDENT_WITH_INJURY,
        LegalFact.VEHICLE_OR_DRIVER_FOUND,
        LegalFact.VEHICLE_AND_DRIVER_FOUND,
        LegalFact.EXAMINATION_FINAL_AND_BOTH_FOUND,
        LegalFact.CLEARED_WITH_A_TIP,
        LegalFact.CLEARED_AFTER_FUND_ADVANCE,
        LegalFact.DETERMINATION_SUSPENDED,
        LegalFact.SUSPENSION_ENDED,
    }
)
BY_HAND_KINDS: Final = tuple(kind for kind in LegalFact if kind not in WORKED_OUT)
INJURED: Final = (Severity.FATAL, Severity.SERIOUS_INJURY, Severity.MINOR_INJURY)

_CASES: Final = """
SELECT c.id, c.severity, c.happened_from, c.recorded_at, k.cleared_at, k.recorded_at AS cleared_recorded_at,
       k.approved_by, EXISTS (SELECT 1 FROM link l WHERE l."case" = c.id AND l.is_useful) AS has_useful_tip
FROM case_file c LEFT JOIN clearance k ON k."case" = c.id WHERE c.id = ANY({}::uuid[])"""
_VEHICLES: Final = """
SELECT v.id, v."case", v.seized_at FROM vehicle v WHERE v."case" = ANY({}::uuid[]) AND v.seized_at IS NOT NULL"""
_DRIVERS: Final = """
SELECT p.id, p."case", p.in_hand_at FROM person p
WHERE p."case" = ANY({}::uuid[]) AND p.in_hand_at IS NOT NULL AND p.role = 'driver'"""
# What the register of determinations tells: applications, documents, service, review, inquiries.
_DUTIES: Final = "SELECT * FROM duties_for_clocks({}::uuid[])"
_STEPS: Final = "SELECT * FROM steps_for_clocks({}::uuid[])"
_REGISTER: Final = "SELECT * FROM register_facts({}::uuid[])"
_MEASURES: Final = "SELECT * FROM measures_for_clocks({}::uuid[])"
_EVENTS: Final = """
SELECT e.id, e."case", e.type, e.happened_at, e.recorded_by FROM case_event e
WHERE e."case" = ANY({}::uuid[]) AND e.type = ANY({}::text[])"""
_RECORDED: Final = """
SELECT f.id, f."case", f.person, f.kind, f.happened_at, f.document_number, f.recorded_by, f.clock FROM case_fact f
WHERE f."case" = ANY({}::uuid[]) AND f.withdrawn_at IS NULL"""


async def facts_of(cases: Sequence[UUID]) -> dict[UUID, list[Fact]]:
    """Return the facts of each of the cases, in nine queries whatever their number."""
    ids = list(cases)
    found: dict[UUID, list[Fact]] = {case: [] for case in ids}
    readings: list[tuple[list[Row], Callable[[Row], Iterator[Fact]]]] = [
        (await Case.raw(_RECORDED, ids), _recorded),
        (await Case.raw(_VEHICLES, ids), _vehicle),
        (await Case.raw(_DRIVERS, ids), _driver),
        (await Case.raw(_MEASURES, ids), _measure),
        (await Case.raw(_REGISTER, ids), _registered),
        (await Case.raw(_STEPS, ids), _registered),
        (await Case.raw(_DUTIES, ids), _registered),
        (await Case.raw(_EVENTS, ids, list(EVENTS)), _event),
    ]
    for rows, read in readings:
        for row in rows:
            found[row["case"]] += read(row)
    for row in await Case.raw(_CASES, ids):
        told = {fact.kind for fact in found[row["id"]]}
        # What an officer recorded outranks what is only derived: the hour of a death, for one.
        found[row["id"]] += [fact for fact in _case(row) if fact.kind not in told]
    return found


def _case(row: Row) -> Iterator[Fact]:
    yield Fact(kind=LegalFact.CASE_RECORDED, happened_at=row["recorded_at"], key="case")
    if row["severity"] in INJURED:
        yield Fact(kind=LegalFact.ACCIDENT_WITH_INJURY, happened_at=row["recorded_at"], key="case")
    if row["severity"] == Severity.FATAL:
        # The hour of death is not on file: the accident is the earliest it can be, and no term is missed by it.
        yield Fact(kind=LegalFact.DEATH, happened_at=row["happened_from"], key="case")
    if row["cleared_at"] is not None:
        yield Fact(kind=CLEARED, happened_at=row["cleared_at"], key="case", recorded_by=row["approved_by"])
        if row["has_useful_tip"]:
            yield Fact(kind=LegalFact.CLEARED_WITH_A_TIP, happened_at=row["cleared_at"], key="case")


def _vehicle(row: Row) -> Iterator[Fact]:
    yield Fact(kind=LegalFact.VEHICLE_SEIZED, happened_at=row["seized_at"], key=f"vehicle:{row['id']}")


def _driver(row: Row) -> Iterator[Fact]:
    yield Fact(kind=DRIVER_IN_HAND, happened_at=row["in_hand_at"], key=f"person:{row['id']}", person=row["id"])


def _measure(row: Row) -> Iterator[Fact]:
    moments: list[tuple[dict[str, LegalFact], datetime | None, str]] = [
        (APPROVED, row["approved_at"], "approved"),
        (EXECUTED, row["executed_at"], "executed"),
        (ENDED, row["ended_at"], "ended"),
    ]
    for kinds, moment, step in moments:
        if moment is not None and row["kind"] in kinds:
            yield Fact(
                kind=kinds[row["kind"]],
                happened_at=moment,
                key=f"outcome:{row['id']}:{step}",
                person=row["person"],
                days=row["days"],
                document_number=row["document_number"] or "",
                recorded_by=row["recorded_by"],
            )


def _event(row: Row) -> Iterator[Fact]:
    kind = EVENTS[row["type"]]
    yield Fact(kind=kind, happened_at=row["happened_at"], key=f"event:{row['id']}", recorded_by=row["recorded_by"])


def _registered(row: Row) -> Iterator[Fact]:
    yield Fact(
        kind=row["kind"],
        happened_at=row["happened_at"],
        key=row["key"],
        person=row["person"],
        document_number=row["document_number"],
        recorded_by=row["recorded_by"],
        clock=row["clock"],
    )


def _recorded(row: Row) -> Iterator[Fact]:
    yield Fact(
        kind=row["kind"],
        happened_at=row["happened_at"],
        key=f"fact:{row['id']}",
        person=row["person"],
        document_number=row["document_number"],
        recorded_by=row["recorded_by"],
        clock=row["clock"],
    )
