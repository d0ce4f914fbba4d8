from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.staff import desk_of, session
from tipline.accounts.tables import OfficerRole
from tipline.cases.tables import Link, LinkSuggestion, SuggestionState
from tipline.intake.decisions import TipDecided, accept_tip, decline_tip
from tipline.intake.tables import DeclineReason, Tip, TipState
from tipline.settings import Role


async def state_of(tip: Tip) -> tuple[str, str | None]:
    row = await Tip.select(Tip.state, Tip.decline_reason).where(Tip.id == tip.id).first()
    assert row is not None
    return row["state"], row["decline_reason"]


async def test_an_accepted_tip_says_who_accepted_it_and_when(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    tip = await make.tip()

    async with desk_of(database, officer) as desk:
        answer = await desk.post(f"/tips/{tip.id}/accept", {"seen": "received"})
        page = await desk.get(f"/tips/{tip.id}")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/tips/{tip.id}")
    assert officer.full_name in page.text
    assert officer.badge_number in page.text
    assert "2021年6月1日 14:00" in page.text


async def test_a_tip_is_declined_with_a_reason_and_can_be_taken_up_after_all(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    tip = await make.tip()

    async with desk_of(database, officer) as desk:
        without = await desk.post(f"/tips/{tip.id}/decline", {"seen": "received", "reason": ""})
        declined = await desk.post(f"/tips/{tip.id}/decline", {"seen": "received", "reason": "duplicate"})
        stood = await desk.get(f"/tips/{tip.id}")
        again = await desk.post(f"/tips/{tip.id}/accept", {"seen": "declined"})

    assert without.status_code == 422
    assert "error-summary" in without.text
    assert declined.status_code == again.status_code == 303
    assert "重复" in stood.text
    assert await state_of(tip) == (TipState.ACCEPTED, None)


async def test_of_two_officers_at_one_tip_the_second_is_told_who_was_faster_and_when(database: Platform) -> None:
    first = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    second = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    tip = await make.tip()
    token = await session(second)

    async with desk_of(database, first) as desk:
        await desk.post(f"/tips/{tip.id}/accept", {"seen": "received"})
        desk.sign_in(token)
        late = await desk.post(f"/tips/{tip.id}/decline", {"seen": "received", "reason": "other"})

    assert late.status_code == 409
    assert first.full_name in late.text
    assert "2021年6月1日 14:00" in late.text
    assert await state_of(tip) == (TipState.ACCEPTED, None)


async def test_of_decisions_made_at_the_same_moment_exactly_one_holds(database: Platform) -> None:
    officers = [await make.officer(role=OfficerRole.INTAKE_OFFICER) for _ in range(6)]
    tip = await make.tip()
    as_role(database, Role.STAFF)

    answers = await asyncio.gather(
        *(accept_tip(tip.id, officer=one.id, now=NOON) for one in officers[:3]),
        *(decline_tip(tip.id, DeclineReason.OTHER, officer=one.id, now=NOON) for one in officers[3:]),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, UUID) for answer in answers) == 1
    assert sum(isinstance(answer, TipDecided) for answer in answers) == 5


async def test_an_unknown_tip_is_a_page_not_found(database: Platform) -> None:
    officer = await make.officer()

    async with desk_of(database, officer) as desk:
        answer = await desk.get(f"/tips/{officer.id}")
        malformed = await desk.get("/tips/nonsense")

    assert (answer.status_code, malformed.status_code) == (404, 404)


async def test_accepting_a_suggestion_links_the_tip_and_takes_it_into_work(database: Platform) -> None:
    officer = await make.officer()
    tip, case = await make.tip(), await make.case(lead=officer)
    suggestion = await make.suggestion(tip, case)

    async with desk_of(database, officer) as desk:
        answer = await desk.post(f"/suggestions/{suggestion.id}/accept")
        page = await desk.get(f"/tips/{tip.id}")

    assert answer.headers["location"] == f"/tips/{tip.id}"
    linked = await Link.select(Link.case, Link.suggestion, Link.decided_by).first()
    assert linked == {"case": case.id, "suggestion": suggestion.id, "decided_by": officer.id}
    assert await state_of(tip) == (TipState.ACCEPTED, None)
    assert f'href="/cases/{case.id}"' in page.text


async def test_a_suggestion_a_colleague_dismissed_is_not_accepted(database: Platform) -> None:
    officer, colleague = await make.officer(), await make.officer()
    tip, case = await make.tip(), await make.case(lead=officer)
    suggestion = await make.suggestion(tip, case)
    token = await session(officer)

    async with desk_of(database, colleague) as desk:
        dismissed = await desk.post(f"/suggestions/{suggestion.id}/dismiss")
        desk.sign_in(token)
        late = await desk.post(f"/suggestions/{suggestion.id}/accept")

    assert dismissed.status_code == 303
    assert late.status_code == 409
    assert colleague.full_name in late.text
    assert await LinkSuggestion.select(LinkSuggestion.state).output(as_list=True) == [SuggestionState.DISMISSED]
    assert await Link.count() == 0


async def test_an_officer_finds_an_open_case_by_its_plate_and_links_it_by_choice(database: Platform) -> None:
    officer = await make.officer()
    tip, case = await make.tip(), await make.case(lead=officer)
    await make.vehicle(case, plate_text="鲁P39K51")

    async with desk_of(database, officer) as desk:
        found = await desk.get(f"/tips/{tip.id}?case_q=p39k")
        linked = await desk.post(f"/tips/{tip.id}/links", {"case": str(case.id)})
        gone = await desk.get(f"/tips/{tip.id}?case_q=p39k")
        twice = await desk.post(f"/tips/{tip.id}/links", {"case": str(case.id)})
        nothing = await desk.post(f"/tips/{tip.id}/links", {"case": "no id"})

    assert f'value="{case.id}"' in found.text
    assert linked.status_code == 303
    assert f'value="{case.id}"' not in gone.text
    assert twice.status_code == 409
    assert nothing.status_code == 422


@pytest.mark.parametrize("role", [OfficerRole.AUDITOR, OfficerRole.LEGAL_REVIEWER])
async def test_a_reader_sees_the_tip_without_any_deed(database: Platform, role: OfficerRole) -> None:
    reader = await make.officer(role=role)
    tip, case = await make.tip(), await make.case()
    await make.suggestion(tip, case)

    async with desk_of(database, reader) as desk:
        page = await desk.get(f"/tips/{tip.id}")

    forms = [part.split('"')[1] for part in page.text.split("<form")[1:] for part in [part[part.index("action=") :]]]
    assert page.status_code == 200
    assert {form.split("?")[0] for form in forms} <= {"/sign-out", "/language"}
