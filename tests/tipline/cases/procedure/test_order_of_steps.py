"""Which official step can follow which, by the articles of 公安机关办理刑事案件程序规定 and order 146."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.make import NOON
from tipline.cases.procedure.rules import StandingStep, StepDraft, contradiction, step_problems
from tipline.cases.procedure.tables import ProcedureKind, TransferDirection
from tipline.cases.rules import Rule
from tipline.law.tables import RuleKind

LAW = Rule(code="procedure_filing", kind=RuleKind.PROCEDURE_STEP, applies_to="", article="第一百七十八条第一款")
R, F, N, A, W, J, P = ProcedureKind
BUREAU = "高唐县公安局"


def told(*kinds: ProcedureKind) -> str:
    """Say why steps, a day after one another, contradict each other; empty when they do not."""
    steps = [
        StandingStep(kind, NOON + timedelta(days=at), TransferDirection.OUT if kind == J else None)
        for at, kind in enumerate(kinds)
    ]
    found = contradiction(steps)
    return found.code if found else ""


@pytest.mark.parametrize(
    "kinds",
    [
        (R,),
        (R, F),
        (R, N),
        (R, N, F),  # 178(3): new facts after a decision not to file
        (R, A),  # 177
        (R, F, W),  # 186
        (R, F, W, A),  # 187(2)
        (R, F, W, F),  # 190: filed again
        (R, F, P),  # 289
        (R, J),  # 146-11, 175
        (R, F, J),  # 184
    ],
)
def test_steps_in_the_order_of_the_law_fit(kinds: tuple[ProcedureKind, ...]) -> None:
    assert told(*kinds) == ""


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ((F,), "not_registered"),
        ((N,), "not_registered"),
        ((J,), "not_registered"),
        ((R, R), "registered_already"),
        ((R, F, F), "filed_already"),
        ((R, F, N), "filed_already"),
        ((R, F, A), "filing_stands"),
        ((R, W), "not_filed"),
        ((R, P), "not_filed"),
        ((R, F, W, P), "not_filed"),
        ((R, F, W, W), "not_filed"),
    ],
)
def test_steps_out_of_order_are_named(kinds: tuple[ProcedureKind, ...], code: str) -> None:
    assert told(*kinds) == code


def test_a_case_taken_over_may_have_been_filed_before_it_came() -> None:
    steps = [
        StandingStep(J, NOON, TransferDirection.IN),
        StandingStep(R, NOON - timedelta(days=3)),
        StandingStep(F, NOON - timedelta(days=2)),
    ]

    assert contradiction(steps) is None


def draft(kind: ProcedureKind = F, **changes: Any) -> StepDraft:
    words: dict[str, Any] = {
        "kind": kind,
        "document_number": "高公（刑）立字〔2021〕12号",
        "authority": BUREAU,
        "approver": "局长 测试",
        "decided_at": NOON + timedelta(hours=1),
        "reason": "没有犯罪事实",
        "counterpart": "高唐县人民检察院",
    }
    return StepDraft(**(words | changes))


def problems(step: StepDraft) -> dict[str, str]:
    found = step_problems(step, LAW, happened_from=NOON, now=NOON + timedelta(days=9))
    return {problem.code: problem.field for problem in found}


@pytest.mark.parametrize("kind", [F, N, W, P])
def test_what_the_head_of_the_bureau_decides_is_not_decided_by_the_brigade(kind: ProcedureKind) -> None:
    assert problems(draft(kind)) == {}
    assert problems(draft(kind, authority="高唐县公安局交通警察大队")) == {"authority_below_county": "authority"}
    assert problems(draft(kind, approver=" ")) == {"required": "approver"}


@pytest.mark.parametrize(
    ("kind", "missing"), [(N, "reason"), (W, "reason"), (J, "counterpart"), (P, "counterpart"), (R, "document_number")]
)
def test_a_step_says_what_its_article_asks_for(kind: ProcedureKind, missing: str) -> None:
    assert problems(draft(kind, **{missing: ""})) == {"required": missing}


def test_procedure_11_a_case_taken_over_tells_when_it_was_received() -> None:
    came = draft(J, direction=TransferDirection.IN)
    too_early = draft(J, direction=TransferDirection.IN, received_at=NOON)

    assert problems(came) == {"required": "received_at"}
    assert problems(too_early) == {"received_before_decided": "received_at"}


def test_no_step_is_dated_ahead_or_before_the_accident() -> None:
    assert problems(draft(decided_at=NOON + timedelta(days=10))) == {"in_the_future": "decided_at"}
    assert problems(draft(decided_at=NOON - timedelta(minutes=1))) == {"before_the_accident": "decided_at"}
