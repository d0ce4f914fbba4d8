"""What is known of one person in the eye of the law, for the page of that person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tipline.cases.errors import PersonNotFound
from tipline.cases.measures.ages import Circumstances
from tipline.cases.measures.concerns import Care
from tipline.cases.measures.facts import SAME_HUMAN, care_of, circumstances_of
from tipline.cases.tables import Case, Person

_PERSON: Final = """SELECT p.id, p.full_name, p.role, p.state FROM person p WHERE p.id = {} AND p."case" = {}"""
_ENTRIES: Final = """
SELECT k.born_on, k.age_at_act, k.is_nursing, k.is_gravely_ill, k.note, k.recorded_at, i.masked, o.full_name AS by_name
FROM person_particulars k JOIN officer o ON o.id = k.recorded_by LEFT JOIN person_identity i ON i.id = k.identity
WHERE k.person = {} ORDER BY k.recorded_at DESC"""
_RULINGS: Final = """
SELECT r.kind, r.authority, r.document_number, r.decided_at, o.full_name AS by_name
FROM ruling r JOIN officer o ON o.id = r.recorded_by WHERE r.person = {} ORDER BY r.decided_at"""
_FACTS: Final = """
SELECT f.kind, f.happened_at, f.detail, o.full_name AS by_name
FROM juvenile_fact f JOIN officer o ON o.id = f.recorded_by WHERE f.person = {} ORDER BY f.happened_at, f.recorded_at"""
_ELSEWHERE: Final = f"""
SELECT c.id, c.number FROM person p JOIN case_file c ON c.id = p."case"
WHERE p.id IN ({SAME_HUMAN}) AND p.id <> {{}} ORDER BY c.recorded_at"""  # noqa: S608  that file's constant


@dataclass(frozen=True, slots=True)
class PersonFile:
    """One person of a case: the latest circumstances, every entry, rulings, and what protected a person under 18."""

    person: dict[str, Any]
    known: Circumstances
    care: Care
    entries: list[dict[str, Any]]
    rulings: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    elsewhere: list[dict[str, Any]]


async def person_file(case_id: UUID, person_id: UUID) -> PersonFile:
    """Return what is known of a person; `elsewhere` are the other cases of the same human being.

    Raises:
        PersonNotFound: there is no such person of the case.
    """
    persons: list[dict[str, Any]] = await Person.raw(_PERSON, person_id, case_id)
    case = await Case.objects().where(Case.id == case_id).first()
    if not persons or case is None:
        raise PersonNotFound(person_id)
    return PersonFile(
        person=persons[0],
        known=await circumstances_of(person_id, case),
        care=await care_of(person_id),
        entries=await Person.raw(_ENTRIES, person_id),
        rulings=await Person.raw(_RULINGS, person_id),
        facts=await Person.raw(_FACTS, person_id),
        elsewhere=await Person.raw(_ELSEWHERE, person_id, person_id, person_id),
    )
