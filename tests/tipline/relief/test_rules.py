"""What a step of relief needs, what sums come to, and what looks as if it was paid twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import NOON
from tipline.relief.rules import (
    MatterState,
    PaidTwice,
    Standing,
    StepDraft,
    Sums,
    fen_from,
    paid_twice,
    state_of,
    step_problems,
    sums_of,
    yuan,
)
from tipline.relief.tables import ReliefKind, ReliefStepKind

GRANTED = StepDraft(
    kind=ReliefStepKind.GRANTED, happened_at=NOON, amount_fen=5_000_00, document_number="决1", body="基金管理机构"
)
PAID = replace(GRANTED, kind=ReliefStepKind.PAID, happened_at=NOON + timedelta(hours=1), document_number="")


def stands(kind: ReliefStepKind, fen: int = 0, *, is_confirmed: bool = True) -> Standing:
    return Standing(kind, NOON, fen, is_confirmed)


def problems_of(draft: StepDraft, *steps: Standing, kind: ReliefKind = ReliefKind.RESCUE_FUND) -> list[tuple[str, str]]:
    found = step_problems(draft, kind, steps, accident_at=NOON - timedelta(days=1), now=NOON + timedelta(days=1))
    return [(one.field, one.code) for one in found]


def test_a_grant_with_its_number_body_and_sum_holds() -> None:
    assert problems_of(GRANTED) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"amount_fen": None}, ("amount", "required")),
        ({"amount_fen": 0}, ("amount", "not_a_sum")),
        ({"document_number": " "}, ("document_number", "required")),
        ({"body": ""}, ("body", "required")),
        ({"note": "很" * 1001}, ("note", "too_long")),
        ({"happened_at": NOON + timedelta(days=2)}, ("happened_at", "in_the_future")),
        ({"happened_at": NOON - timedelta(days=2)}, ("happened_at", "before_the_accident")),
        ({"kind": ReliefStepKind.FAMILY_INFORMED}, ("amount", "step_without_a_sum")),
    ],
)
def test_a_step_that_lacks_something_is_told_what(changed: dict[str, object], expected: tuple[str, str]) -> None:
    assert problems_of(replace(GRANTED, **changed)) == [expected]  # type: ignore[arg-type]  # names are those above


def test_nothing_is_paid_before_it_is_granted_nor_more_than_that() -> None:
    granted = stands(ReliefStepKind.GRANTED, 5_000_00)

    assert problems_of(PAID) == [("kind", "paid_before_granted")]
    assert problems_of(PAID, granted) == []
    assert problems_of(PAID, granted, stands(ReliefStepKind.PAID, 1, is_confirmed=False)) == [
        ("amount", "more_than_granted")
    ]
    assert problems_of(PAID, stands(ReliefStepKind.GRANTED, 5_000_00, is_confirmed=False)) == [
        ("amount", "more_than_granted")
    ]


def test_no_more_is_recovered_than_was_paid() -> None:
    recovered = StepDraft(kind=ReliefStepKind.RECOVERED, happened_at=NOON, amount_fen=100)

    assert problems_of(recovered, stands(ReliefStepKind.PAID, 100)) == []
    assert problems_of(recovered, stands(ReliefStepKind.PAID, 99)) == [("amount", "more_than_paid")]


def test_judicial_assistance_knows_no_notice_to_the_fund_and_a_withdrawn_matter_no_further_step() -> None:
    notice = StepDraft(kind=ReliefStepKind.NOTICE_TO_FUND, happened_at=NOON, document_number="通1")

    assert problems_of(notice, kind=ReliefKind.JUDICIAL_ASSISTANCE) == [("kind", "step_of_the_fund_only")]
    assert problems_of(notice, stands(ReliefStepKind.WITHDRAWN)) == [("kind", "matter_withdrawn")]


def test_an_unconfirmed_sum_counts_for_nothing() -> None:
    steps = [stands(ReliefStepKind.APPLICATION_RECEIVED), stands(ReliefStepKind.GRANTED, 7, is_confirmed=False)]

    assert sums_of(steps) == Sums(0, 0, 0, 0)
    assert state_of(steps) == MatterState.APPLIED


def test_a_second_payment_for_one_purpose_is_pointed_at() -> None:
    own, other, none = Sums(9, 9, 0, 0), Sums(5, 5, 0, 0), Sums(5, 0, 0, 0)

    assert paid_twice(ReliefKind.RESCUE_FUND, own, [], insurer_fen=0) == []
    assert paid_twice(ReliefKind.RESCUE_FUND, own, [(ReliefKind.JUDICIAL_ASSISTANCE, none)], insurer_fen=0) == []
    assert paid_twice(
        ReliefKind.RESCUE_FUND,
        own,
        [(ReliefKind.JUDICIAL_ASSISTANCE, other), (ReliefKind.RESCUE_FUND, other)],
        insurer_fen=1,
    ) == [PaidTwice.INSURER_TOO, PaidTwice.OTHER_FUND_TOO, PaidTwice.SAME_FUND_TOO]


@given(st.integers(min_value=0, max_value=10**12))
def test_a_sum_is_read_as_it_was_written(fen: int) -> None:
    assert fen_from(yuan(fen)) == fen


@pytest.mark.parametrize("words", ["", "-5", "1.234", "一百", "1e3", "²", "9" * 12, "1.2.3", "1.²"])
def test_what_is_no_sum_is_none(words: str) -> None:
    assert fen_from(words) is None
