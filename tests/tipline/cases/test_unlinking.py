from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.cases.errors import CaseAlreadyCleared
from tipline.cases.links import link_tip
from tipline.cases.tables import Link, LinkSuggestion
from tipline.cases.unlinking.service import undo_link
from tipline.cases.unlinking.tables import WithdrawnLink
from tipline.intake.decisions import accept_tip
from tipline.intake.tables import Tip
from tipline.intake.triage.errors import DeedOfAnother, DeedOvertaken, DeedStays
from tipline.intake.triage.handling import undo
from tipline.intake.triage.tables import TipDeed, TipEvent
from tipline.settings import Role

LATER = NOON + timedelta(minutes=5)


async def linking() -> UUID:
    rows = await TipEvent.select(TipEvent.id).where(TipEvent.deed == TipDeed.LINKED).output(as_list=True)
    return UUID(str(rows[0]))


async def test_a_link_taken_back_is_kept_and_tip_and_suggestion_stand_as_before(database: Platform) -> None:
    officer, tip = await make.officer(), await make.tip()
    suggestion = await make.suggestion(tip, case := await make.case(lead=officer))
    as_role(database, Role.STAFF)
    link = await link_tip(tip.id, case.id, by=officer.id, now=NOON, suggestion_id=suggestion.id)

    await undo_link(await linking(), officer=officer.id, now=LATER)

    kept = await WithdrawnLink.select().first()
    assert kept is not None
    assert (kept["id"], kept["decided_at"], kept["withdrawn_by"], kept["withdrawn_at"]) == (
        link.id,
        NOON,
        officer.id,
        LATER,
    )
    assert await Link.count() == 0
    assert await Tip.select(Tip.state, Tip.decided_by) == [{"state": "received", "decided_by": None}]
    assert await LinkSuggestion.select(LinkSuggestion.state).output(as_list=True) == ["proposed"]
    again = await link_tip(tip.id, case.id, by=officer.id, now=LATER)
    assert again.id != link.id


async def test_a_link_stays_where_the_case_is_cleared_or_another_officer_asks(database: Platform) -> None:
    officer, colleague, tip = await make.officer(), await make.officer(), await make.tip()
    case = await make.case(lead=officer)
    await link_tip(tip.id, case.id, by=officer.id, now=NOON)
    deed = await linking()

    with pytest.raises(DeedOfAnother):
        await undo_link(deed, officer=colleague.id, now=LATER)
    with pytest.raises(DeedStays):
        await undo(deed, officer=officer.id, now=LATER)
    await make.clearance(case, by=colleague)
    with pytest.raises(CaseAlreadyCleared):
        await undo_link(deed, officer=officer.id, now=LATER)

    assert await Link.count() == 1


async def test_an_acceptance_is_not_taken_back_under_a_colleagues_link(database: Platform) -> None:
    officer, colleague, tip = await make.officer(), await make.officer(), await make.tip()
    case = await make.case(lead=officer)
    as_role(database, Role.STAFF)
    accepted = await accept_tip(tip.id, officer=officer.id, now=NOON)
    await link_tip(tip.id, case.id, by=colleague.id, now=LATER)

    with pytest.raises(DeedOvertaken) as late:
        await undo(accepted, officer=officer.id, now=LATER)

    assert (late.value.by_badge, late.value.state) == (colleague.badge_number, TipDeed.LINKED)


async def test_a_link_taken_back_twice_at_once_is_taken_back_once(database: Platform) -> None:
    officer, tip = await make.officer(), await make.tip()
    case = await make.case(lead=officer)
    as_role(database, Role.STAFF)
    await link_tip(tip.id, case.id, by=officer.id, now=NOON)
    deed = await linking()

    answers = await asyncio.gather(
        *(undo_link(deed, officer=officer.id, now=LATER) for _ in range(3)), return_exceptions=True
    )

    assert sum(isinstance(one, UUID) for one in answers) == 1
    assert sum(isinstance(one, DeedOvertaken) for one in answers) == 2
    assert await WithdrawnLink.count() == 1


async def test_officers_cannot_remove_a_link_past_its_deed(database: Platform) -> None:
    officer, tip = await make.officer(), await make.tip()
    await link_tip(tip.id, (await make.case(lead=officer)).id, by=officer.id, now=NOON)
    as_role(database, Role.STAFF)

    with pytest.raises(Exception, match="permission denied"):
        await Link.raw("DELETE FROM link")
    with pytest.raises(Exception, match="permission denied"):
        await WithdrawnLink.raw("DELETE FROM withdrawn_link")
