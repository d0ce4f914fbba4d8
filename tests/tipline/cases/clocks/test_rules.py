"""Which clocks the facts start, pause, replace and end: pure, over the law as shipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from tipline.cases.clocks.lawbook import as_law
from tipline.cases.clocks.rules import DRIVER_IN_HAND, Book, Clock, Fact, Step, pauses_of, settled
from tipline.cases.clocks.tables import ClockState, StepAct
from tipline.clock import SHANGHAI
from tipline.law.calendar import Calendar, MarkedDay
from tipline.law.clockbook import shipped_clocks
from tipline.law.service import seed_rules
from tipline.law.tables import DayKind, LegalFact, LegalRule, RuleKind


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def book(calendar: Calendar | None = None) -> Book:
    rules: dict[str, tuple[object, ...]] = {}
    for row in seed_rules():
        if row["kind"] == RuleKind.STATUTORY_CLOCK:
            rules[row["code"]] = (*rules.get(row["code"], ()), as_law(LegalRule(id=uuid4(), **row)))
    return Book(rules, calendar or shipped_clocks().calendar)  # type: ignore[arg-type]  # they are all ClockLaw


BOOK = book()


def fact(kind: str, when: str, **more: object) -> Fact:
    return Fact(kind=kind, happened_at=at(when), key=str(more.pop("key", "row")), **more)  # type: ignore[arg-type]  # same


def by_code(clocks: list[Clock]) -> dict[str, Clock]:
    return {one.rule_code: one for one in clocks}


def written(clocks: list[Clock]) -> list[Clock]:
    """Return the clocks as they stand once written."""
    return [one if one.id else replace(one, id=uuid4()) for one in clocks]


def test_nothing_starts_a_determination_before_both_are_found() -> None:
    seized = fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1")

    found = by_code(settled([], [seized], BOOK))

    assert set(found) == {"fleeing_vehicle_forensic_commission"}
    assert found["fleeing_vehicle_forensic_commission"].due_date == date(2026, 3, 5)


def test_the_later_of_vehicle_and_driver_starts_the_ten_days_of_article_62() -> None:
    facts = [
        fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1"),
        fact(DRIVER_IN_HAND, "2026-03-06T20:00", key="person:1", person=uuid4()),
    ]

    clock = by_code(settled([], facts, BOOK))["liability_determination_flight"]

    assert clock.trigger_at == at("2026-03-06T20:00")
    assert (clock.due_date, clock.person) == (date(2026, 3, 20), None)


def test_a_detention_starts_its_duties_for_the_person_alone() -> None:
    person = uuid4()
    executed = fact(LegalFact.CRIMINAL_DETENTION_EXECUTED, "2026-03-02T10:30", person=person)

    found = by_code(settled([], [executed], BOOK))

    assert set(found) == {"detention_to_custody", "first_interrogation", "family_notice", "arrest_request"}
    assert {one.person for one in found.values()} == {person}
    assert found["family_notice"].due_at == at("2026-03-03T10:30")
    assert found["arrest_request"].due_at == at("2026-03-05T23:59:59")


def test_an_administrative_detention_ends_by_the_days_of_its_decision() -> None:
    executed = fact(LegalFact.ADMINISTRATIVE_DETENTION_EXECUTED, "2026-03-02T10:30", person=uuid4(), days=10)

    clock = by_code(settled([], [executed], BOOK))["administrative_detention_end"]

    assert (clock.days, clock.due_date) == (10, date(2026, 3, 12))


def test_a_detention_whose_days_are_not_known_or_not_lawful_counts_nothing() -> None:
    kind = LegalFact.ADMINISTRATIVE_DETENTION_EXECUTED

    assert settled([], [fact(kind, "2026-03-02T10:30")], BOOK) == []
    assert settled([], [fact(kind, "2026-03-02T10:30", days=99)], BOOK) == []


def test_settling_again_changes_nothing() -> None:
    facts = [
        fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1"),
        fact(LegalFact.EXAMINATION_COMMISSIONED, "2026-03-03T10:00", key="fact:1"),
        fact(LegalFact.CRIMINAL_DETENTION_EXECUTED, "2026-03-02T10:30", person=uuid4(), key="outcome:1"),
    ]
    once = written(settled([], facts, BOOK))

    assert settled(once, facts, BOOK) == once


def test_a_fact_fulfils_the_one_clock_that_it_can_mean() -> None:
    facts = [
        fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1"),
        fact(
            LegalFact.EXAMINATION_COMMISSIONED, "2026-03-04T09:00", key="fact:1", document_number="高公鉴委〔2026〕7号"
        ),
    ]

    found = by_code(settled([], facts, BOOK))

    clock = found["fleeing_vehicle_forensic_commission"]
    assert (clock.state, clock.done_at) == (ClockState.DONE, at("2026-03-04T09:00"))
    assert clock.document_number == "高公鉴委〔2026〕7号"
    assert found["forensic_examination"].trigger_at == at("2026-03-04T09:00")


def test_a_fact_that_could_mean_two_clocks_fulfils_neither_until_it_names_one() -> None:
    begun = [
        fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1"),
        fact(LegalFact.SCENE_WORK_ENDED, "2026-03-02T06:00", key="fact:0"),
    ]
    commissioned = fact(LegalFact.EXAMINATION_COMMISSIONED, "2026-03-04T09:00", key="fact:1")
    standing = written(settled([], begun, BOOK))
    meant = by_code(standing)["fleeing_vehicle_forensic_commission"]

    unclear = by_code(settled(standing, [*begun, commissioned], BOOK))
    clear = by_code(settled(standing, [*begun, replace(commissioned, clock=meant.id)], BOOK))

    assert unclear["fleeing_vehicle_forensic_commission"].state == ClockState.RUNNING
    assert clear["fleeing_vehicle_forensic_commission"].state == ClockState.DONE
    assert clear["scene_forensic_commission"].state == ClockState.RUNNING


def test_a_clock_whose_fact_is_withdrawn_is_withdrawn_and_runs_again_with_it() -> None:
    seized = fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1")
    standing = written(settled([], [seized], BOOK))

    without = settled(standing, [], BOOK)
    again = settled(without, [seized], BOOK)

    assert [one.state for one in without] == [ClockState.WITHDRAWN]
    assert again == standing


def test_what_an_officer_fulfilled_by_hand_stays_whatever_the_facts_become() -> None:
    refused = fact(LegalFact.FILING_REFUSED, "2026-03-02T10:00")
    done = [
        replace(one, state=ClockState.DONE, done_at=at("2026-03-03T10:00"))
        for one in written(settled([], [refused], BOOK))
    ]

    assert settled(done, [], BOOK) == done


def test_a_corrected_time_moves_the_clock_and_makes_no_second_one() -> None:
    standing = written(settled([], [fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1")], BOOK))

    moved = settled(standing, [fact(LegalFact.VEHICLE_SEIZED, "2026-03-03T10:00", key="vehicle:1")], BOOK)

    assert [(one.id, one.due_date) for one in moved] == [(standing[0].id, date(2026, 3, 6))]


def test_a_case_received_from_elsewhere_counts_order_146_from_its_receipt() -> None:
    facts = [
        fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1"),
        fact(LegalFact.JURISDICTION_RECEIVED, "2026-03-09T10:00", key="event:1"),
        fact(LegalFact.CRIMINAL_DETENTION_EXECUTED, "2026-03-02T10:30", person=uuid4()),
    ]

    found = by_code(settled([], facts, BOOK))

    assert found["fleeing_vehicle_forensic_commission"].trigger_at == at("2026-03-09T10:00")
    assert found["arrest_request"].trigger_at == at("2026-03-02T10:30")


def suspended(clock: Clock, *steps: tuple[StepAct, str], leads_to: str = "determination_after_suspension") -> Clock:
    return replace(
        clock,
        steps=tuple(
            Step(
                key=f"step:{number}",
                act=act,
                effective_at=at(when),
                leads_to=leads_to,
                begins=LegalFact.DETERMINATION_SUSPENDED,
                ends=LegalFact.SUSPENSION_ENDED,
            )
            for number, (act, when) in enumerate(steps)
        ),
    )


FOUND = [
    fact(LegalFact.VEHICLE_SEIZED, "2026-03-02T10:00", key="vehicle:1"),
    fact(DRIVER_IN_HAND, "2026-03-02T11:00", key="person:1"),
]


def test_a_suspended_determination_has_no_end_and_its_suspension_has_one() -> None:
    standing = written(settled([], FOUND, BOOK))
    paused = [
        suspended(one, (StepAct.PAUSE, "2026-03-05T09:00"))
        if one.rule_code == "liability_determination_flight"
        else one
        for one in standing
    ]

    found = by_code(settled(paused, FOUND, BOOK))

    flight = found["liability_determination_flight"]
    assert (flight.state, flight.due_at, flight.due_date) == (ClockState.PAUSED, None, None)
    assert found["determination_suspension"].due_date == date(2026, 5, 6)  # sixty days end on 4 May, a holiday


def test_after_the_suspension_five_days_run_in_place_of_what_was_left() -> None:
    standing = written(settled([], FOUND, BOOK))
    resumed = [
        suspended(one, (StepAct.PAUSE, "2026-03-05T09:00"), (StepAct.RESUME, "2026-03-12T09:00"))
        if one.rule_code == "liability_determination_flight"
        else one
        for one in standing
    ]

    found = by_code(settled(resumed, FOUND, BOOK))

    assert found["liability_determination_flight"].state == ClockState.SUPERSEDED
    assert found["determination_suspension"].state == ClockState.DONE
    assert found["determination_after_suspension"].due_date == date(2026, 3, 19)


def test_the_final_report_replaces_the_ten_days_by_five() -> None:
    final = fact(LegalFact.EXAMINATION_CONCLUSION_FINAL, "2026-03-10T09:00", key="fact:9")

    found = by_code(settled([], [*FOUND, final], BOOK))

    assert found["liability_determination_flight"].state == ClockState.SUPERSEDED
    assert found["liability_determination_after_examination"].due_date == date(2026, 3, 17)


def test_a_pause_that_the_law_adds_moves_the_end_by_what_it_took() -> None:
    filed = fact(LegalFact.PUNISHMENT_CASE_FILED, "2026-03-02T10:00", key="fact:1")
    standing = written(settled([], [filed], BOOK))
    paused = [
        suspended(one, (StepAct.PAUSE, "2026-03-10T09:00"), (StepAct.RESUME, "2026-03-20T09:00"), leads_to="")
        for one in standing
    ]

    clocks = [one for one in settled(paused, [filed], BOOK) if one.rule_code == "punishment_decision"]

    assert [(one.due_date, one.state) for one in standing] == [(date(2026, 6, 1), ClockState.RUNNING)]
    assert [(one.due_date, one.state) for one in clocks] == [(date(2026, 6, 10), ClockState.RUNNING)]


def test_only_pauses_that_ended_are_counted_and_a_second_pause_needs_a_resumption() -> None:
    steps = [
        Step(key="1", act=StepAct.PAUSE, effective_at=at("2026-03-02T10:00")),
        Step(key="2", act=StepAct.PAUSE, effective_at=at("2026-03-03T10:00")),
        Step(key="3", act=StepAct.RESUME, effective_at=at("2026-03-04T10:00")),
        Step(key="4", act=StepAct.PAUSE, effective_at=at("2026-03-05T10:00")),
    ]

    closed, lasting = pauses_of(steps)

    assert [(one.begun, one.ended) for one in closed] == [(at("2026-03-02T10:00"), at("2026-03-04T10:00"))]
    assert lasting is steps[3]


def test_a_year_without_holidays_gives_a_provisional_end_that_its_table_makes_final() -> None:
    facts = [fact(LegalFact.VEHICLE_SEIZED, "2026-12-30T10:00", key="vehicle:1")]
    first = written(settled([], facts, BOOK))
    notice = [MarkedDay(date(2027, month, day), DayKind.HOLIDAY, "放假") for month, day in [(5, 1), (10, 1)]]
    new_year = [MarkedDay(date(2027, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3, 4)]
    known = [MarkedDay(date(2026, month, 1), DayKind.HOLIDAY, "放假") for month in (1, 5, 10)]
    informed = Book(BOOK.rules, Calendar([*known, *notice, *new_year]))

    later = settled(first, facts, informed)

    assert [(one.due_date, one.is_provisional) for one in first] == [(date(2027, 1, 5), True)]
    assert [(one.due_date, one.is_provisional) for one in later] == [(date(2027, 1, 6), False)]
    assert [one.id for one in later] == [one.id for one in first]


def test_the_version_of_the_day_of_the_trigger_governs() -> None:
    executed = LegalFact.CRIMINAL_DETENTION_EXECUTED
    old = by_code(settled([], [fact(executed, "2020-08-31T10:00")], BOOK))["first_interrogation"]
    new = by_code(settled([], [fact(executed, "2020-09-01T10:00")], BOOK))["first_interrogation"]

    def version(rule: UUID) -> date:
        return BOOK.by_id("first_interrogation", rule).valid_from

    assert (version(old.rule), version(new.rule)) == (date(2018, 10, 26), date(2020, 9, 1))
