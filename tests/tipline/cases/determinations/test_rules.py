"""Each rule of a determination by its article of 道路交通事故处理程序规定: what passes, and what is refused by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.make import NOON
from tipline.cases.determinations.review_rules import ReviewDates, progress_problems, request_problems
from tipline.cases.determinations.rules import (
    Circumstances,
    DeterminationDraft,
    PartyDraft,
    Standing,
    determination_problems,
    party_problems,
    service_problems,
)
from tipline.cases.determinations.tables import (
    DeterminationKind,
    ReplacementGround,
    Responsibility,
    ResponsibilityBasis,
    ReviewResult,
)
from tipline.cases.tables import PersonRole, Severity
from tipline.errors import Problem
from tipline.law.service import seed_rules
from tipline.law.tables import RuleKind

DAY = timedelta(days=1)
MADE = NOON + 10 * DAY
NOW = NOON + 60 * DAY
OLD = UUID(int=9)
ARTICLES: dict[str, dict[str, object]] = {
    row["code"]: {"rule": row["code"], "article": row["article"]}
    for row in seed_rules()
    if row["kind"] == RuleKind.DETERMINATION_CONDITION
}
DRIVER, VICTIM = UUID(int=1), UUID(int=2)


def party(
    person: UUID | None,
    responsibility: Responsibility | None,
    basis: ResponsibilityBasis | None = ResponsibilityBasis.FAULT,
    role: PersonRole = PersonRole.DRIVER,
) -> PartyDraft:
    return PartyDraft(
        person=person,
        described_as="" if person else "逃逸车辆驾驶人",
        responsibility=responsibility,
        basis=basis,
        role=None if person is None else role,
    )


FLED = party(DRIVER, Responsibility.FULL, ResponsibilityBasis.FLIGHT)
HURT = party(VICTIM, Responsibility.NONE, role=PersonRole.VICTIM)
UNKNOWN_FLED = party(None, Responsibility.FULL, ResponsibilityBasis.FLIGHT)


def draft(kind: DeterminationKind = DeterminationKind.LIABILITY, **changes: Any) -> DeterminationDraft:
    fresh = DeterminationDraft(
        number="（演示）认字〔2021〕第8号",
        kind=kind,
        made_at=MADE,
        authority="高唐县公安局交通警察大队（演示）",
        content="事故经过及成因",
        parties=(FLED, HURT),
    )
    return replace(fresh, **changes)


def around(**changes: Any) -> Circumstances:
    fresh = Circumstances(severity=Severity.SERIOUS_INJURY, happened_from=NOON, solved_at=NOON + 5 * DAY)
    return replace(fresh, **changes)


def told(problems: list[Problem]) -> list[tuple[str, object]]:
    return [(problem.code, problem.facts.get("article")) for problem in problems]


def refused(one: DeterminationDraft, case: Circumstances) -> list[tuple[str, object]]:
    return told(determination_problems(one, case, ARTICLES, now=NOW))


def shares(*parties: PartyDraft, kind: DeterminationKind = DeterminationKind.LIABILITY) -> list[tuple[str, object]]:
    return told(party_problems(kind, parties, ARTICLES))


def test_a_whole_document_after_solving_passes() -> None:
    assert refused(draft(), around()) == []


@pytest.mark.parametrize(
    "parties",
    [
        (party(DRIVER, Responsibility.FULL), HURT),
        (party(DRIVER, Responsibility.MAIN), party(VICTIM, Responsibility.SECONDARY)),
        (party(DRIVER, Responsibility.EQUAL), party(VICTIM, Responsibility.EQUAL)),
        (
            party(DRIVER, Responsibility.NONE, ResponsibilityBasis.ACCIDENT),
            party(VICTIM, Responsibility.NONE, ResponsibilityBasis.ACCIDENT),
        ),
        (party(DRIVER, Responsibility.FULL, ResponsibilityBasis.INTENT), HURT),
    ],
)
def test_article_60_shares_that_go_together_pass(parties: tuple[PartyDraft, ...]) -> None:
    assert shares(*parties) == []


@pytest.mark.parametrize(
    "parties",
    [
        (party(DRIVER, Responsibility.FULL), party(VICTIM, Responsibility.SECONDARY)),
        (party(DRIVER, Responsibility.MAIN), party(VICTIM, Responsibility.EQUAL)),
        (party(DRIVER, Responsibility.EQUAL), HURT),
        (party(DRIVER, Responsibility.NONE), HURT),
        (party(DRIVER, Responsibility.FULL), party(VICTIM, Responsibility.FULL)),
    ],
)
def test_article_60_shares_that_do_not_add_up_are_refused(parties: tuple[PartyDraft, ...]) -> None:
    assert ("shares_do_not_add_up", "第六十条") in shares(*parties)


def test_article_61_flight_is_reduced_only_where_another_is_at_fault() -> None:
    reduced = party(DRIVER, Responsibility.MAIN, ResponsibilityBasis.FLIGHT)

    assert shares(reduced, party(VICTIM, Responsibility.SECONDARY)) == []
    assert ("flight_bears_it_all", "第六十一条第一款") in shares(
        reduced, party(VICTIM, Responsibility.SECONDARY, ResponsibilityBasis.FLIGHT)
    )


def test_article_61_paragraph_2_who_destroyed_evidence_gets_no_reduction() -> None:
    destroyed = party(DRIVER, Responsibility.MAIN, ResponsibilityBasis.EVIDENCE_DESTROYED)

    assert shares(replace(destroyed, responsibility=Responsibility.FULL), HURT) == []
    assert shares(destroyed, party(VICTIM, Responsibility.SECONDARY)) == [
        ("evidence_destroyed_is_not_reduced", "第六十一条第二款")
    ]


def test_article_63_a_fatal_or_complex_accident_wants_the_evidence_shown_first() -> None:
    fatal = around(severity=Severity.FATAL)

    assert refused(draft(), replace(fatal, shown_at=MADE - DAY)) == []
    assert refused(draft(), fatal) == [("evidence_not_shown", "第六十三条第一款")]
    assert refused(draft(), replace(fatal, shown_at=MADE + DAY)) == [("evidence_not_shown", "第六十三条第一款")]
    assert refused(draft(is_complex=True), around()) == [("evidence_not_shown", "第六十三条第一款")]


def test_article_65_a_service_tells_all_three_rights() -> None:
    def serve(*tells: bool) -> list[tuple[str, object]]:
        return told(
            service_problems(
                DeterminationKind.LIABILITY,
                ARTICLES,
                made_at=MADE,
                served_at=MADE + DAY,
                tells=tells,
                role=PersonRole.DRIVER,
                now=NOW,
            )
        )

    assert serve(True, True, True) == []
    assert serve(True, False, True) == [("rights_not_told", "第六十五条第一款")]


def test_article_66_an_unsolved_flight_is_determined_on_application_and_served_on_the_victim() -> None:
    unsolved = draft(DeterminationKind.UNSOLVED_FLIGHT, parties=(UNKNOWN_FLED, HURT))
    open_case = around(solved_at=None, applied_at=MADE - DAY)
    served = {
        role: told(
            service_problems(
                DeterminationKind.UNSOLVED_FLIGHT,
                ARTICLES,
                made_at=MADE,
                served_at=MADE,
                tells=(True, True, True),
                role=role,
                now=NOW,
            )
        )
        for role in (PersonRole.VICTIM, PersonRole.DRIVER)
    }

    assert refused(unsolved, open_case) == []
    assert refused(unsolved, around(solved_at=None)) == [("application_missing", "第六十六条第一款")]
    assert refused(unsolved, replace(open_case, applied_at=MADE + DAY)) == [
        ("application_too_late", "第六十六条第一款")
    ]
    assert refused(unsolved, replace(open_case, solved_at=MADE)) == [("solved_already", "第六十六条第一款")]
    assert refused(replace(unsolved, parties=(UNKNOWN_FLED,)), open_case) == [
        ("victims_share_missing", "第六十六条第一款")
    ]
    at_fault = (party(None, Responsibility.FULL), HURT)
    assert refused(replace(unsolved, parties=at_fault), open_case) == [("unsolved_without_flight", "第六十六条第一款")]
    assert served == {PersonRole.VICTIM: [], PersonRole.DRIVER: [("served_on_victims_only", "第六十六条第一款")]}


def test_article_66_paragraph_2_after_solving_the_new_document_states_the_revocation() -> None:
    standing = Standing(id=OLD, kind=DeterminationKind.UNSOLVED_FLIGHT, made_at=NOON + DAY)
    case = around(standing=standing)
    anew = draft(replaces=OLD, replacement_ground=ReplacementGround.SOLVED, states_revocation=True)

    assert refused(anew, case) == []
    assert refused(replace(anew, states_revocation=False), case) == [("revocation_not_stated", "第六十六条第二款")]
    assert refused(draft(), case) == [("must_replace_what_stands", "第六十六条第二款")]
    assert refused(anew, replace(case, solved_at=None)) == [("not_solved_yet", "第六十六条第二款")]


def test_article_67_a_certificate_gives_no_shares_and_tells_the_same_rights() -> None:
    bare = draft(DeterminationKind.CERTIFICATE, parties=(PartyDraft(person=DRIVER), PartyDraft(person=VICTIM)))
    served = service_problems(
        DeterminationKind.CERTIFICATE,
        ARTICLES,
        made_at=MADE,
        served_at=MADE,
        tells=(False, True, True),
        role=PersonRole.VICTIM,
        now=NOW,
    )

    assert refused(bare, around()) == []
    assert refused(replace(bare, parties=(FLED, HURT)), around()) == [("certificate_gives_no_share", "第六十七条")]
    assert told(served) == [("rights_not_told", "第六十七条")]


def test_article_70_a_party_not_identified_yet_is_described() -> None:
    assert shares(UNKNOWN_FLED, HURT) == []
    assert [code for code, _ in shares(replace(UNKNOWN_FLED, described_as=" "), HURT)] == [
        "unknown_party_not_described"
    ]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"is_late": True}, [("review_comes_late", "第七十一条第一款")]),
        ({"is_late": True, "is_refused": True}, []),
        ({"is_second": True}, [("review_is_once", "第七十一条第二款")]),
        ({"is_refused": True}, [("timely_request_refused", "第七十三条")]),
        ({"stands": False}, [("not_the_standing_one", None)]),
    ],
)
def test_articles_71_and_73_say_which_request_is_accepted(
    facts: dict[str, bool], expected: list[tuple[str, object]]
) -> None:
    usual = {"is_late": False, "is_refused": False, "is_second": False, "stands": True}

    assert told(request_problems(ARTICLES, **(usual | facts))) == expected


def test_articles_73_and_76_a_conclusion_has_acceptance_date_and_number() -> None:
    asked, ended = MADE + DAY, ReviewResult.REDETERMINATION_ORDERED
    whole = ReviewDates(accepted_at=asked + DAY, concluded_at=asked + 20 * DAY)

    def progress(dates: ReviewDates, result: ReviewResult | None, *, number: bool = True) -> list[tuple[str, object]]:
        found = progress_problems(
            dates, ARTICLES, requested_at=asked, is_refused=False, result=result, has_number=number, now=NOW
        )
        return told(found)

    assert progress(whole, ended) == []
    assert progress(replace(whole, accepted_at=None), ended) == [("not_accepted_yet", "第七十三条")]
    assert progress(whole, None) == [("result_missing", "第七十六条")]
    assert progress(whole, ended, number=False) == [("document_number_missing", "第七十六条")]
    assert progress(replace(whole, concluded_at=asked), ended) == [("too_early", None)]
    assert progress(whole, ReviewResult.TERMINATED, number=False) == []


def test_article_79_a_review_that_ordered_it_lets_a_new_version_revoke_the_old() -> None:
    standing = Standing(id=OLD, kind=DeterminationKind.LIABILITY, made_at=NOON + DAY)
    anew = draft(replaces=OLD, replacement_ground=ReplacementGround.REVIEW, states_revocation=True)
    ordered = replace(standing, review_result=ReviewResult.REDETERMINATION_ORDERED)
    upheld = replace(standing, review_result=ReviewResult.MAINTAINED)

    assert refused(anew, around(standing=ordered)) == []
    assert refused(anew, around(standing=upheld)) == [("no_review_ordered_it", "第七十九条第一款")]
    assert refused(anew, around(standing=standing)) == [("no_review_ordered_it", "第七十九条第一款")]


def test_article_103_a_correction_names_the_superiors_order() -> None:
    standing = Standing(id=OLD, kind=DeterminationKind.LIABILITY, made_at=NOON + DAY)
    anew = draft(replaces=OLD, replacement_ground=ReplacementGround.SUPERVISION, states_revocation=True)

    assert refused(replace(anew, replacement_document="聊公交纠〔2021〕3号"), around(standing=standing)) == []
    assert refused(anew, around(standing=standing)) == [("correction_order_missing", "第一百零三条第二款")]
