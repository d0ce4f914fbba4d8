"""The demo county reproduces what is known of 2021, exactly, and says of everything else that it is invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from matching.plates import parse_plate
from tipline.accounts.rules import BADGE_NUMBER, USERNAME
from tipline.accounts.tables import OfficerRole
from tipline.cases.measures.kinds import DETENTIONS
from tipline.cases.measures.tables import OutcomeStep
from tipline.cases.procedure.tables import ProcedureKind
from tipline.cases.rules import is_county_bureau, number_problems
from tipline.cases.tables import CaseState, Outcome, OutcomeKind, OutcomeStage, Severity
from tipline.clock import SHANGHAI
from tipline.demo.casefile import CaseFile
from tipline.demo.drawing import County, draw
from tipline.demo.loader import shipped_book
from tipline.intake.tables import TipState
from tipline.relief.tables import ReliefStepKind

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SEVEN_YEARS = range(2015, 2022)


@pytest.fixture(scope="module")
def county() -> County:
    return draw(NOW, shipped_book())


def cleared_in(county: County, year: int) -> list[CaseFile]:
    return [one for one in county.files if one.clearance and in_year(one.clearance.cleared_at, year)]


def in_year(moment: datetime | None, year: int) -> bool:
    return moment is not None and moment.astimezone(SHANGHAI).year == year


def outcomes(county: County, kind: OutcomeKind, year: int) -> Iterator[tuple[CaseFile, Outcome]]:
    for file in county.files:
        for outcome in file.outcomes:
            if outcome.kind == kind and in_year(outcome.executed_at, year):
                yield file, outcome


def name_of(file: CaseFile, outcome: Outcome) -> str:
    return next(str(person.full_name) for person in file.persons if person.id == outcome.person)


def test_ninety_three_hit_and_runs_were_cleared_in_2021(county: County) -> None:
    assert len(cleared_in(county, 2021)) == 93


@pytest.mark.parametrize("year", SEVEN_YEARS)
def test_every_fatal_and_serious_case_of_the_seven_years_was_cleared_within_its_year(county: County, year: int) -> None:
    grave = [
        one
        for one in county.files
        if one.plan.year == year and one.case.severity in {Severity.FATAL, Severity.SERIOUS_INJURY}
    ]

    assert sum(one.case.severity == Severity.FATAL for one in grave) >= 1
    assert all(one.clearance and in_year(one.clearance.cleared_at, year) for one in grave)


@pytest.mark.parametrize(
    ("kind", "persons"), [(OutcomeKind.CRIMINAL_DETENTION, 8), (OutcomeKind.ADMINISTRATIVE_DETENTION, 18)]
)
def test_as_many_distinct_persons_were_detained_in_2021_as_is_known(
    county: County, kind: OutcomeKind, persons: int
) -> None:
    detained = list(outcomes(county, kind, 2021))

    assert len({outcome.person for _, outcome in detained}) == persons
    assert len({name_of(file, outcome) for file, outcome in detained}) == persons


def test_tips_helped_to_clear_some_cases_of_every_year(county: County) -> None:
    useful = {link.case for link in county.told.links if link.is_useful}

    counted = {year: sum(one.case.id in useful for one in cleared_in(county, year)) for year in SEVEN_YEARS}

    assert all(0 < counted[year] < len(cleared_in(county, year)) for year in SEVEN_YEARS), counted


def test_more_cases_were_recorded_than_cleared_and_only_lesser_ones_stay_open(county: County) -> None:
    recorded = [one for one in county.files if one.plan.year == 2021]

    open_still = [one for one in recorded if one.clearance is None]

    assert len(recorded) > 93
    assert {one.case.severity for one in open_still} == {Severity.PROPERTY, Severity.MINOR_INJURY}


def test_case_of_new_years_eve_counts_as_cleared_in_the_year_after(county: County) -> None:
    eve = datetime(2021, 12, 31, 23, 50, tzinfo=SHANGHAI)

    [file] = [one for one in county.files if one.case.happened_from == eve]

    assert file.clearance is not None
    assert file.clearance.cleared_at.astimezone(SHANGHAI).date().isoformat() == "2022-01-02"
    assert file.plan.year == 2021


def test_one_case_has_two_detained_drivers(county: County) -> None:
    both = [one for one in county.files if len({outcome.person for outcome in one.outcomes}) == 2]

    assert len(both) == 1
    assert {outcome.kind for outcome in both[0].outcomes} == set(DETENTIONS)


def test_one_person_drove_in_two_cases(county: County) -> None:
    named = Counter(person.full_name for one in county.files for person in one.persons)

    assert [count for count in named.values() if count > 1] == [2]


def test_one_person_was_detained_under_both_kinds_at_different_times(county: County) -> None:
    kinds = {
        outcome.person: (outcome.kind, outcome.executed_at)
        for _, outcome in outcomes(county, OutcomeKind.CRIMINAL_DETENTION, 2021)
    }

    both = [
        outcome
        for _, outcome in outcomes(county, OutcomeKind.ADMINISTRATIVE_DETENTION, 2021)
        if outcome.person in kinds
    ]

    assert len(both) == 1
    assert both[0].executed_at != kinds[both[0].person][1]


def test_one_person_was_detained_twice_under_the_same_kind(county: County) -> None:
    by_person = Counter(outcome.person for _, outcome in outcomes(county, OutcomeKind.CRIMINAL_DETENTION, 2021))

    assert sorted(by_person.values())[-2:] == [1, 2]


def test_a_decision_not_carried_out_and_one_carried_out_later_detain_nobody_in_2021(county: County) -> None:
    approved = [outcome for one in county.files for outcome in one.outcomes if in_year(outcome.approved_at, 2021)]

    assert sum(outcome.executed_at is None for outcome in approved) == 1
    assert sum(in_year(outcome.executed_at, 2022) for outcome in approved) == 1


def test_what_happened_to_a_case_is_told_in_the_order_it_can_happen(county: County) -> None:
    for file in county.files:
        moments = [event.happened_at for event in file.events]
        assert moments == sorted(moments)
        assert all(event.known_at >= event.happened_at for event in file.events)
        assert file.case.happened_from <= file.case.recorded_at
        if file.clearance:
            vehicle = next(one for one in file.vehicles if one.id == file.clearance.vehicle)
            driver = next(one for one in file.persons if one.id == file.clearance.driver)
            assert vehicle.seized_at is not None
            assert driver.in_hand_at is not None
            assert max(vehicle.seized_at, driver.in_hand_at) <= file.clearance.cleared_at


def test_everything_known_of_2021_was_known_before_the_year_ended(county: County) -> None:
    end = datetime(2022, 1, 1, tzinfo=SHANGHAI)

    late = [one for one in cleared_in(county, 2021) if max(event.known_at for event in one.events) >= end]

    assert late == []


def test_measures_hold_before_the_law_of_their_day(county: County) -> None:
    for file in county.files:
        for outcome in file.outcomes:
            assert outcome.basis
            assert is_county_bureau(outcome.authority)
            assert outcome.approved_at <= outcome.recorded_at
            if outcome.kind == OutcomeKind.ADMINISTRATIVE_DETENTION:
                assert outcome.days is not None
                assert 1 <= outcome.days <= 15
                assert outcome.ground is None
            else:
                assert outcome.days is None
                assert outcome.ground is not None


def test_numbers_of_files_and_documents_are_unique_and_well_formed(county: County) -> None:
    numbers = [str(one.case.number) for one in county.files]
    documents = [(outcome.kind, outcome.document_number) for one in county.files for outcome in one.outcomes]

    assert len(set(numbers)) == len(numbers)
    assert len(set(documents)) == len(documents)
    assert not [problem for number in numbers for problem in number_problems(number)]


def test_every_name_and_text_says_that_it_is_invented(county: County) -> None:
    assert all("演示" in unit.name for unit in county.units)
    assert all(officer.full_name.endswith("演示") for officer in county.officers)
    assert all(person.full_name.endswith("演") for one in county.files for person in one.persons)
    assert all("演示" in one.case.number and "演示" in one.case.summary for one in county.files)
    assert all("演示" in tip.story for tip in county.told.tips)
    assert all("演示" in camera.place_text for camera in county.cameras)
    plates = [vehicle.plate_text for one in county.files for vehicle in one.vehicles if "?" not in vehicle.plate_text]
    assert all("YS" in plate for plate in plates if plate)


def test_tips_are_spoken_of_by_two_words(county: County) -> None:
    assert {tuple(len(word) for word in tip.alias.split()) for tip in county.told.tips} == {(2, 2)}


def test_every_row_that_can_be_is_marked_as_demo(county: County) -> None:
    assert all(unit.is_demo for unit in county.units)
    assert all(officer.is_demo for officer in county.officers)
    assert all(camera.is_demo for camera in county.cameras)
    assert all(tip.is_demo for tip in county.told.tips)
    assert all(one.case.is_demo for one in county.files)


def test_every_plate_can_be_read_as_one(county: County) -> None:
    plates = [vehicle.plate_text for one in county.files for vehicle in one.vehicles if vehicle.plate_text]
    plates += [tip.plate_text for tip in county.told.tips if tip.plate_text]

    assert [plate for plate in plates if parse_plate(plate) is None] == []


def test_there_is_an_account_for_each_role_and_about_forty_cameras(county: County) -> None:
    able = [officer for officer in county.officers if not officer.username.startswith("demo")]

    assert sorted(officer.role for officer in able) == sorted(OfficerRole)
    assert all(USERNAME.fullmatch(officer.username) for officer in county.officers)
    assert all(BADGE_NUMBER.fullmatch(officer.badge_number) for officer in county.officers)
    assert len({camera.code for camera in county.cameras}) == 40


def test_the_present_holds_open_cases_and_tips_of_the_last_thirty_days(county: County) -> None:
    begin = NOW - timedelta(days=30)

    cases = [one for one in county.files if one.case.recorded_at >= begin]
    tips = [tip for tip in county.told.tips if tip.received_at >= begin]

    assert len(cases) >= 12
    assert all(one.case.state == CaseState.OPEN and one.case.recorded_at <= NOW for one in cases)
    assert len(tips) >= 20
    assert all(tip.received_at <= NOW for tip in tips)
    assert sum(tip.state == TipState.RECEIVED for tip in tips) >= 12
    assert {tip.language for tip in tips} == {"zh-CN", "en"}


@pytest.mark.parametrize("hour", [0, 5, 16, 23])
def test_no_tip_and_no_case_lies_in_the_future_whatever_the_hour_of_loading(hour: int) -> None:
    now = datetime(2026, 3, 1, hour, 1, tzinfo=UTC)

    county = draw(now, shipped_book())

    assert max(tip.received_at for tip in county.told.tips) <= now
    assert max(one.case.recorded_at for one in county.files) <= now


def test_the_same_moment_gives_the_same_county(county: County) -> None:
    again = draw(NOW, shipped_book())

    assert [one.case.to_dict() for one in again.files] == [one.case.to_dict() for one in county.files]
    assert [tip.to_dict() for tip in again.told.tips] == [tip.to_dict() for tip in county.told.tips]


def test_the_history_does_not_depend_on_the_moment_of_loading(county: County) -> None:
    later = draw(NOW + timedelta(days=200), shipped_book())

    assert [one.plan for one in later.files if one.plan.year < 2026] == [
        one.plan for one in county.files if one.plan.year < 2026
    ]


def test_relief_adds_up_to_what_is_known(county: County) -> None:
    sums: dict[tuple[str, int], list[int]] = {}
    matters = {one.id: one for one in county.relief.matters}
    for step in county.relief.steps:
        if step.kind == ReliefStepKind.PAID:
            year = step.happened_at.astimezone(SHANGHAI).year
            sums.setdefault((matters[step.matter].kind, year), []).append(step.amount_fen)
    judicial = [fen for (kind, year), paid in sums.items() if kind != "rescue_fund" and year >= 2019 for fen in paid]

    assert (len(sums["rescue_fund", 2021]), sum(sums["rescue_fund", 2021])) == (45, 1_200_000_00)
    assert (len(judicial), sum(judicial)) == (21, 380_000_00)
    assert min(fen for paid in sums.values() for fen in paid) > 0
    assert all(one.full_name.endswith("演") and one.is_demo for one in county.relief.recipients)


def test_every_measure_was_proposed_reviewed_by_another_and_approved_before_it_was_executed(county: County) -> None:
    chains: dict[object, list[OutcomeStep]] = {}
    for step in county.papers.steps:
        chains.setdefault(step.outcome, []).append(step)

    for outcome in (outcome for file in county.files for outcome in file.outcomes):
        chain = chains[outcome.id]
        proposed, reviewed = chain[:2]
        assert [step.kind for step in chain[:3]] == ["proposed", "reviewed", "approved"]
        assert [step.happened_at for step in chain] == sorted(step.happened_at for step in chain)
        assert proposed.recorded_by != reviewed.recorded_by
        assert (outcome.executed_at is None) == (outcome.stage == OutcomeStage.APPROVED)


def test_no_custody_of_the_history_is_older_than_the_filing_of_its_case(county: County) -> None:
    filed = {step.case: step.decided_at for step in county.papers.procedure if step.kind == ProcedureKind.FILING}

    for file in county.files:
        for outcome in file.outcomes:
            if outcome.kind == OutcomeKind.CRIMINAL_DETENTION:
                assert filed[file.case.id] <= outcome.approved_at
