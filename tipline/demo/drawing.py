"""Draws the whole demo county from one seed: pure, the same rows for the same moment of loading."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from piccolo.table import Table

from tipline.accounts.tables import Officer, OfficerRole, Unit
from tipline.cases.clocks.tables import CaseFact
from tipline.cases.tables import Severity
from tipline.demo.case_facts import case_facts
from tipline.demo.casefile import CaseFile, CasePlan, Documents, RuleBook, case_file
from tipline.demo.chance import Chance
from tipline.demo.geography import ACCIDENT_SECTION, cameras, units
from tipline.demo.history import history, numbered
from tipline.demo.papers import Papers, papers
from tipline.demo.people import Names, officers
from tipline.demo.present_cases import open_case_plans
from tipline.demo.present_tips import PresentTip, present_tips
from tipline.demo.present_work import present_work
from tipline.demo.relief import Relief, relief
from tipline.demo.tips import Told, tip_of, tips_of_history
from tipline.intake.tables import FileRole, TipState
from tipline.sightings.tables import Camera

SEED: Final = 2021


@dataclass(frozen=True, slots=True)
class WithMedia:
    """A tip of the present that brings files: what they show, where and when."""

    tip: UUID
    received_at: datetime
    roles: tuple[FileRole, ...]
    plate: str
    colour: str
    place: str
    captured_at: datetime


@dataclass(slots=True)
class County:
    """Everything that is written, in the order of writing. `present` names the open cases by key."""

    units: list[Unit]
    officers: list[Officer]
    cameras: list[Camera]
    files: list[CaseFile]
    told: Told
    papers: Papers
    relief: Relief
    present: dict[str, UUID] = field(default_factory=dict)
    facts: list[CaseFact] = field(default_factory=list)
    new_tips: list[UUID] = field(default_factory=list)
    media: list[WithMedia] = field(default_factory=list)
    work: list[list[Table]] = field(default_factory=list)


def draw(now: datetime, rules: RuleBook) -> County:
    """Return the county as it stands at `now`: history of 2015 to 2021, and thirty days of the present.

    Args:
        now: moment of loading, timezone-aware; only the present depends on it.
        rules: which row of law governs a day; asked for the basis and ground of each measure.
    """
    chance = Chance(SEED)
    parts = units(chance)
    staff = officers(chance, parts)
    past = history(chance, Names(chance))
    present = open_case_plans(now)
    plans = numbered([*past, *present.values()])
    documents = Documents()
    approver = next(one for one in staff if one.role == OfficerRole.COMMANDER)
    files = [
        case_file(plan, chance, lead=_lead(plan, staff, parts), approver=approver, documents=documents, rules=rules)
        for plan in plans
    ]
    investigator = next(one for one in staff if one.role == OfficerRole.INVESTIGATOR)
    reviewer = next(one for one in staff if one.role == OfficerRole.LEGAL_REVIEWER)
    county = County(
        units=parts,
        officers=staff,
        cameras=cameras(chance),
        files=files,
        papers=papers(files, reviewer=reviewer, rules=rules),
        told=tips_of_history([file for file in files if file.clearance], investigator, chance),
        relief=relief(staff, rules),
    )
    by_moment = {file.plan.happened_at: file.case for file in files}
    open_cases = {key: by_moment[plan.happened_at] for key, plan in present.items()}
    county.present = {key: case.id for key, case in open_cases.items()}
    county.facts = case_facts(open_cases, now)
    for tip in present_tips(present, now):
        _add_present(county, tip, investigator, chance)
    accidents = {key: (county.present[key], plan.happened_at) for key, plan in present.items()}
    county.work = present_work(accidents, staff, now)
    return county


def _lead(plan: CasePlan, staff: list[Officer], parts: list[Unit]) -> Officer:
    """Return who leads a case: the accident section for the grave ones, else the squadron of the place."""
    is_grave = plan.severity in {Severity.FATAL, Severity.SERIOUS_INJURY}
    wanted = ACCIDENT_SECTION if is_grave else plan.spot.squadron
    unit = next(part.id for part in parts if part.name == wanted)
    return next(one for one in staff if one.unit == unit and one.role == OfficerRole.INVESTIGATOR)


def _add_present(county: County, present: PresentTip, officer: Officer, chance: Chance) -> None:
    receipt, tip = tip_of(present.words, present.received_at, chance)
    county.told.receipts.append(receipt)
    county.told.tips.append(tip)
    if present.decline_reason or present.is_accepted:
        tip.state = TipState.ACCEPTED if present.is_accepted else TipState.DECLINED
        tip.decided_by, tip.decided_at = officer.id, present.received_at + timedelta(minutes=35)
        tip.decline_reason = present.decline_reason
    if present.decline_reason is None:
        county.new_tips.append(tip.id)
    if present.shown is not None:
        county.media.append(
            WithMedia(
                tip=tip.id,
                received_at=present.received_at,
                roles=present.media,
                plate=present.shown.plate,
                colour=present.shown.colour.value,
                place=str(tip.place_text),
                captured_at=present.words.happened_at or present.received_at,
            )
        )
