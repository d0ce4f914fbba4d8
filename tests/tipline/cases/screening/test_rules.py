"""What a lock must rest on, and which step may follow which."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.make import NOON
from tipline.cases.screening.rules import (
    BasisDraft,
    StepDraft,
    acts_open,
    lock_problems,
    state_after,
    step_problems,
)
from tipline.cases.screening.tables import LockBasisKind, ScreeningAct, ScreeningMethod, ScreeningState

THIS_TIP, OTHER_TIP = UUID(int=1), UUID(int=2)
ITEM = UUID(int=7)
LATER = NOON + timedelta(hours=1)


def codes(bases: list[BasisDraft], brought_by: UUID | None = THIS_TIP) -> list[str]:
    return [problem.code for problem in lock_problems(bases, brought_by=brought_by)]


@pytest.mark.parametrize(
    "kind",
    [
        LockBasisKind.FORENSIC_CONCLUSION,
        LockBasisKind.SIGHTING,
        LockBasisKind.STATEMENT,
        LockBasisKind.ADMISSION,
    ],
)
def test_a_lock_may_rest_on_one_thing_beyond_hints_and_tips(kind: LockBasisKind) -> None:
    assert codes([BasisDraft(kind=kind, words="第12号")]) == []


def test_a_lock_may_rest_on_a_second_independent_tip_or_its_sealed_photo() -> None:
    assert codes([BasisDraft(kind=LockBasisKind.TIP, tip=OTHER_TIP)]) == []
    assert codes([BasisDraft(kind=LockBasisKind.EVIDENCE_ITEM, item=ITEM, tip=OTHER_TIP)]) == []


def test_evidence_that_the_police_gathered_carries_a_lock_by_itself() -> None:
    assert codes([BasisDraft(kind=LockBasisKind.EVIDENCE_ITEM, item=ITEM, tip=None)]) == []


def test_a_machine_hint_alone_is_no_basis() -> None:
    assert codes([]) == ["lock_basis_missing"]


def test_a_single_tip_with_all_its_photos_is_still_a_single_tip() -> None:
    same = [
        BasisDraft(kind=LockBasisKind.EVIDENCE_ITEM, item=ITEM, tip=THIS_TIP),
        BasisDraft(kind=LockBasisKind.TIP, tip=THIS_TIP),
    ]

    assert codes(same) == ["lock_from_one_tip"]


def test_an_officers_own_finding_needs_two_tips_where_it_has_tips_only() -> None:
    one, both = (
        [BasisDraft(kind=LockBasisKind.TIP, tip=THIS_TIP)],
        [
            BasisDraft(kind=LockBasisKind.TIP, tip=THIS_TIP),
            BasisDraft(kind=LockBasisKind.TIP, tip=OTHER_TIP),
        ],
    )

    assert codes(one, brought_by=None) == ["lock_from_one_tip"]
    assert codes(both, brought_by=None) == []


def test_who_proposed_a_lock_is_not_offered_to_confirm_it() -> None:
    mine = acts_open(ScreeningState.CHECKED, is_proposed=True, is_proposer=True)
    theirs = acts_open(ScreeningState.CHECKED, is_proposed=True, is_proposer=False)

    assert ScreeningAct.LOCKED not in mine
    assert ScreeningAct.LOCKED in theirs


def test_nothing_is_locked_unchecked_and_nothing_ends_for_good() -> None:
    pending = acts_open(ScreeningState.PENDING, is_proposed=False, is_proposer=False)

    assert ScreeningAct.LOCK_PROPOSED not in pending
    for state in ScreeningState:
        assert acts_open(state, is_proposed=False, is_proposer=False)


def test_every_step_leads_to_a_state() -> None:
    assert {state_after(act) for act in ScreeningAct} == set(ScreeningState)


@pytest.mark.parametrize(
    ("act", "draft", "expected"),
    [
        (ScreeningAct.EXCLUDED, StepDraft(words="漆面颜色不符", happened_at=NOON), [("method", "required")]),
        (
            ScreeningAct.EXCLUDED,
            StepDraft(words="", happened_at=NOON, method=ScreeningMethod.TRAJECTORY),
            [("words", "required")],
        ),
        (
            ScreeningAct.CHECKED,
            StepDraft(words="", happened_at=NOON, method=ScreeningMethod.OTHER),
            [("words", "other_method_needs_words")],
        ),
        (ScreeningAct.CHECKED, StepDraft(words="", happened_at=NOON, method=ScreeningMethod.INTERVIEW), []),
        (ScreeningAct.UNLOCKED, StepDraft(words="", happened_at=NOON), [("words", "required")]),
        (
            ScreeningAct.LOCKED,
            StepDraft(words="", happened_at=LATER + timedelta(minutes=1)),
            [("happened_at", "in_the_future")],
        ),
    ],
)
def test_a_step_says_how_or_why_and_lies_in_the_past(
    act: ScreeningAct, draft: StepDraft, expected: list[tuple[str, str]]
) -> None:
    found = step_problems(act, draft, not_before=NOON, now=LATER)

    assert [(problem.field, problem.code) for problem in found] == expected
