from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.staff import desk_of
from tests.tipline.visitor import rows
from tipline.accounts.tables import OfficerRole
from tipline.clock import SHANGHAI
from tipline.intake.response.reads import note_first_look, responses
from tipline.intake.response.rules import ResponseTerm, due_of, late_if_received_by
from tipline.intake.tables import Tip, TipState
from tipline.law.clockbook import as_clock, load_seed_holidays, shipped_clocks
from tipline.law.clocks import ClockBook
from tipline.law.service import load_seed_rules, seed_rules
from tipline.law.tables import LegalRule, RuleKind
from tipline.settings import Role

FIRST, ANSWER = ResponseTerm.FIRST_LOOK, ResponseTerm.ANSWER


def book() -> ClockBook:
    """The shipped terms of service and the shipped calendar, which ends with 2026."""
    rules = [as_clock(LegalRule(**row)) for row in seed_rules() if row["kind"] == RuleKind.SERVICE_CLOCK]
    return ClockBook(tuple(rules), shipped_clocks().calendar)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def a_tip(received: str, *, state: str = "received", seen: str | None = None) -> dict[str, Any]:
    return {"state": state, "received_at": at(received), "first_seen_at": seen and at(seen)}


@pytest.mark.parametrize(
    ("received", "last_moment"),
    [
        ("2026-11-25T09:00", "2026-11-26T23:59:59"),
        ("2026-11-25T23:59", "2026-11-26T23:59:59"),
        ("2026-11-27T09:00", "2026-11-30T23:59:59"),  # a Friday
        ("2026-09-30T09:00", "2026-10-08T23:59:59"),  # the eve of the National Day
        ("2026-02-13T09:00", "2026-02-14T23:59:59"),  # a Saturday that is worked (调休)
    ],
)
def test_a_tip_is_looked_at_and_answered_within_one_working_day(received: str, last_moment: str) -> None:
    in_time, late = at(last_moment), at(last_moment) + timedelta(seconds=1)

    before, after = (due_of(a_tip(received), book(), now=now) for now in (in_time, late))

    assert [(one.term, one.at, one.is_late, one.is_due_today) for one in before] == [
        (FIRST, in_time, False, True),
        (ANSWER, in_time, False, True),
    ]
    assert [one.is_late for one in after] == [True, True]


def test_what_was_looked_at_waits_for_an_answer_and_what_is_decided_for_nothing() -> None:
    now = at("2026-11-30T09:00")

    seen = due_of(a_tip("2026-11-25T09:00", seen="2026-11-25T10:00"), book(), now=now)
    decided = due_of(a_tip("2026-11-25T09:00", state="declined"), book(), now=now)
    before_the_rule = due_of(a_tip("2025-11-25T09:00"), book(), now=now)

    assert [one.term for one in seen] == [ANSWER]
    assert decided == before_the_rule == ()


def test_without_the_next_years_holidays_the_end_is_provisional() -> None:
    [first, _] = due_of(a_tip("2026-12-31T09:00"), book(), now=at("2027-01-01T09:00"))

    assert first.is_provisional
    assert first.at == at("2027-01-04T23:59:59")  # 1 January off, then a weekend


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-11-27T00:00", "2026-11-25T23:59:59.999999"),
        ("2026-11-26T23:59", "2026-11-24T23:59:59.999999"),
        ("2026-10-08T12:00", "2026-09-29T23:59:59.999999"),
        ("2026-01-02T12:00", None),
    ],
)
def test_the_count_of_the_late_knows_the_last_receipt_that_is_late(now: str, last: str | None) -> None:
    found = late_if_received_by(book(), ANSWER, now=at(now))

    assert found == (last and (at("2026-01-01T00:00"), at(last)))


async def test_the_count_is_that_of_the_marks(database: Platform) -> None:
    await load_seed_rules()
    await load_seed_holidays()
    now = at("2026-11-27T10:00")
    received = [now - timedelta(hours=hours) for hours in (1, 20, 34, 35, 80, 1_000, 9_000)]
    tips = [await make.tip(received_at=moment) for moment in received]
    await Tip.update({Tip.first_seen_at: now}).where(Tip.id == tips[4].id)
    await Tip.update({Tip.state: TipState.ACCEPTED}).where(Tip.id == tips[5].id)
    as_role(database, Role.STAFF)

    told = await responses(await Tip.select(), now=now)

    late = [due.term for marks in told.marks.values() for due in marks if due.is_late]
    assert (told.late.first_look, told.late.answer) == (late.count(FIRST), late.count(ANSWER)) == (1, 2)


async def test_the_first_look_of_one_who_decides_is_kept_and_no_later_one(database: Platform) -> None:
    auditor, officer = await make.officer(role=OfficerRole.AUDITOR), await make.officer()
    tip = await make.tip(received_at=at("2026-11-25T09:00"))
    as_role(database, Role.STAFF)

    for hour, who in ((1, auditor), (2, officer), (3, officer)):
        await note_first_look(tip.id, officer=who.id, now=tip.received_at + timedelta(hours=hour))

    [kept] = await rows(database, "SELECT first_seen_at FROM tip")
    assert kept["first_seen_at"] == tip.received_at + timedelta(hours=2)


async def test_the_inbox_marks_and_counts_what_is_late_until_it_is_looked_at(database: Platform) -> None:
    await load_seed_rules()
    await load_seed_holidays()
    officer = await make.officer()
    tip = await make.tip(received_at=at("2026-11-25T09:00"))

    async with desk_of(database, officer, now=at("2026-11-30T09:00")) as desk:
        before = (await desk.get("/inbox")).text
        await desk.get(f"/tips/{tip.id}")
        after = (await desk.get("/inbox")).text

    assert "首次查看 自2026年11月26日 23:59起超期" in before
    assert "首次查看 1" in before
    assert "首次查看" not in after.replace("一个工作日内首次查看", "")
    assert "答复 1" in after
