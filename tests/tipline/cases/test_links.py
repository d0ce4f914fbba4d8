from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.cases.errors import AlreadyLinked, CaseAlreadyCleared, CaseNotFound, SuggestionDecided, SuggestionNotFound
from tipline.cases.service import dismiss_suggestion, link_tip
from tipline.cases.suggestions import Proposal, record_suggestions
from tipline.cases.tables import Case, CaseState, Link, LinkSuggestion, SuggestionState
from tipline.intake.decisions import TipDecided, TipNotFound, decline_tip
from tipline.intake.tables import DeclineReason, Tip, TipState
from tipline.settings import Role

LATER = NOON + timedelta(hours=5)


async def state_of(suggestion: LinkSuggestion) -> str:
    row = await LinkSuggestion.objects().get(LinkSuggestion.id == suggestion.id)
    assert row is not None
    return row.state


async def test_accepting_a_suggestion_links_and_takes_the_tip_into_work(lawful: Platform) -> None:
    tip, case, officer = await make.tip(), await make.case(), await make.officer()
    suggestion = await make.suggestion(tip, case)
    as_role(lawful, Role.STAFF)

    link = await link_tip(tip.id, case.id, by=officer.id, now=LATER, suggestion_id=suggestion.id)

    decided = await LinkSuggestion.objects().get(LinkSuggestion.id == suggestion.id)
    taken = await Tip.objects().get(Tip.id == tip.id)
    assert decided is not None
    assert taken is not None
    assert (decided.state, decided.decided_by, decided.decided_at) == (SuggestionState.ACCEPTED, officer.id, LATER)
    assert (taken.state, taken.decided_by, taken.decided_at) == (TipState.ACCEPTED, officer.id, LATER)
    assert link.suggestion == suggestion.id
    assert not link.is_useful


async def test_a_link_without_naming_the_suggestion_accepts_it_all_the_same(lawful: Platform) -> None:
    tip, case, officer = await make.tip(), await make.case(), await make.officer()
    suggestion = await make.suggestion(tip, case)

    link = await link_tip(tip.id, case.id, by=officer.id, now=LATER)

    assert link.suggestion == suggestion.id
    assert await state_of(suggestion) == SuggestionState.ACCEPTED


async def test_an_accepted_tip_may_belong_to_a_second_case(lawful: Platform) -> None:
    tip, officer = await make.tip(), await make.officer()

    for case in (await make.case(), await make.case()):
        await link_tip(tip.id, case.id, by=officer.id, now=LATER)

    assert await Link.count() == 2


async def test_of_two_officers_linking_at_once_one_wins_and_the_other_learns_who_and_when(lawful: Platform) -> None:
    tip, case = await make.tip(), await make.case()
    officers = [await make.officer(), await make.officer()]
    suggestion = await make.suggestion(tip, case)
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        *(link_tip(tip.id, case.id, by=one.id, now=LATER, suggestion_id=suggestion.id) for one in officers),
        return_exceptions=True,
    )

    links = [end for end in ends if isinstance(end, Link)]
    lost = [end for end in ends if isinstance(end, AlreadyLinked)]
    assert (len(links), len(lost)) == (1, 1)
    winner = next(one for one in officers if one.id == links[0].decided_by)
    assert (lost[0].by_badge, lost[0].by_name, lost[0].at) == (winner.badge_number, winner.full_name, LATER)
    assert await Link.count() == 1


async def test_accepting_and_dismissing_at_once_leaves_one_decision(lawful: Platform) -> None:
    tip, case, officer = await make.tip(), await make.case(), await make.officer()
    suggestion = await make.suggestion(tip, case)
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        link_tip(tip.id, case.id, by=officer.id, now=LATER, suggestion_id=suggestion.id),
        dismiss_suggestion(suggestion.id, by=officer.id, now=LATER),
        return_exceptions=True,
    )

    assert sum(isinstance(end, SuggestionDecided) for end in ends) == 1
    assert await Link.count() == (1 if isinstance(ends[0], Link) else 0)
    assert await state_of(suggestion) == (
        SuggestionState.ACCEPTED if isinstance(ends[0], Link) else SuggestionState.DISMISSED
    )


async def test_a_declined_tip_is_not_linked_behind_the_colleagues_back(lawful: Platform) -> None:
    tip, case = await make.tip(), await make.case()
    first, second = await make.officer(), await make.officer()
    await decline_tip(tip.id, DeclineReason.DUPLICATE, officer=first.id, now=NOON)

    with pytest.raises(TipDecided) as overtaken:
        await link_tip(tip.id, case.id, by=second.id, now=LATER)

    assert overtaken.value.by_badge == first.badge_number
    assert await Link.count() == 0


async def test_a_cleared_case_takes_no_links(lawful: Platform) -> None:
    tip, case, officer = await make.tip(), await make.case(), await make.officer()
    await Case.update({Case.state: CaseState.CLEARED}).where(Case.id == case.id)

    with pytest.raises(CaseAlreadyCleared):
        await link_tip(tip.id, case.id, by=officer.id, now=LATER)


async def test_what_does_not_exist_or_belongs_elsewhere_is_not_found(lawful: Platform) -> None:
    tip, case, officer = await make.tip(), await make.case(), await make.officer()
    elsewhere = await make.suggestion(await make.tip(), case)

    with pytest.raises(CaseNotFound):
        await link_tip(tip.id, uuid4(), by=officer.id, now=LATER)
    with pytest.raises(TipNotFound):
        await link_tip(uuid4(), case.id, by=officer.id, now=LATER)
    with pytest.raises(SuggestionNotFound):
        await link_tip(tip.id, case.id, by=officer.id, now=LATER, suggestion_id=elsewhere.id)
    with pytest.raises(SuggestionNotFound):
        await dismiss_suggestion(uuid4(), by=officer.id, now=LATER)


def proposal(case: Case, weight: float = 8.0) -> Proposal:
    reasons = [{"field": "prior", "bits": weight, "level": "open_cases", "tip": "", "case": "", "facts": {}}]
    return Proposal(case=case.id, match_weight=weight, reasons=reasons, model="bits-test")


async def test_a_dismissed_suggestion_is_never_proposed_again(lawful: Platform) -> None:
    tip, case, officer = await make.tip(), await make.case(), await make.officer()
    suggestion = await make.suggestion(tip, case, match_weight=3.0)
    await dismiss_suggestion(suggestion.id, by=officer.id, now=NOON)
    as_role(lawful, Role.WORKER)

    stand = await record_suggestions(tip.id, [proposal(case)], now=LATER)

    as_role(lawful, Role.OWNER)
    row = await LinkSuggestion.objects().get(LinkSuggestion.id == suggestion.id)
    assert row is not None
    assert stand == 0
    assert (row.state, row.match_weight, row.decided_by) == (SuggestionState.DISMISSED, 3.0, officer.id)


async def test_recording_twice_changes_nothing_and_what_no_longer_holds_is_withdrawn(lawful: Platform) -> None:
    tip, one, other = await make.tip(), await make.case(), await make.case()
    as_role(lawful, Role.WORKER)
    await record_suggestions(tip.id, [proposal(one), proposal(other)], now=NOON)
    before = await LinkSuggestion.select().order_by(LinkSuggestion.id)

    await record_suggestions(tip.id, [proposal(one), proposal(other)], now=LATER)
    again = await LinkSuggestion.select().order_by(LinkSuggestion.id)
    await record_suggestions(tip.id, [proposal(one, 9.0)], now=LATER)

    assert again == before
    rows = {row["case"]: row for row in await LinkSuggestion.select()}
    assert (rows[one.id]["state"], rows[one.id]["match_weight"]) == (SuggestionState.PROPOSED, 9.0)
    assert rows[other.id]["state"] == SuggestionState.WITHDRAWN


async def test_a_withdrawn_suggestion_may_come_back(lawful: Platform) -> None:
    tip, case = await make.tip(), await make.case()
    suggestion = await make.suggestion(tip, case, state=SuggestionState.WITHDRAWN)

    await record_suggestions(tip.id, [proposal(case)], now=LATER)

    assert await state_of(suggestion) == SuggestionState.PROPOSED


async def test_neither_a_cleared_nor_a_linked_case_is_proposed(lawful: Platform) -> None:
    tip, cleared, linked, officer = await make.tip(), await make.case(), await make.case(), await make.officer()
    await Case.update({Case.state: CaseState.CLEARED}).where(Case.id == cleared.id)
    await link_tip(tip.id, linked.id, by=officer.id, now=NOON)

    stand = await record_suggestions(tip.id, [proposal(cleared), proposal(linked)], now=LATER)

    assert stand == 0
    assert await LinkSuggestion.count() == 0


async def test_the_weight_is_kept_to_the_last_bit(lawful: Platform) -> None:
    tip, case = await make.tip(), await make.case()

    await record_suggestions(tip.id, [proposal(case, 18.123456789)], now=LATER)

    row = await LinkSuggestion.select().output(load_json=True).first()
    assert row is not None
    assert row["match_weight"] == 18.123456789
    assert row["reasons"][0]["bits"] == 18.123456789
