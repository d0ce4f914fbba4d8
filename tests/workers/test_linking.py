from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from matching.facts import PlateSource
from matching.points import Point, gcj02_from_wgs84
from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.accounts.tables import Officer
from tipline.cases.screening.rules import StepDraft
from tipline.cases.screening.service import CandidateDraft, add_candidate, take_step
from tipline.cases.screening.tables import CandidateKind, CandidateSource, ScreeningAct, ScreeningMethod
from tipline.cases.service import dismiss_suggestion
from tipline.cases.tables import Case, CaseState, LinkSuggestion, SuggestionState
from tipline.intake.tables import (
    Datum,
    ExaminationState,
    FileRole,
    Hint,
    HintKind,
    Tip,
    TipFile,
    TipState,
    VehicleColour,
    VehicleType,
)
from tipline.settings import Role
from workers import linking
from workers.doors import open_doors

CROSSING = Point(36.8600, 116.2300)
LATER = NOON + timedelta(hours=6)


@pytest.fixture
async def county(database: Platform) -> AsyncIterator[Platform]:
    """Give an emptied database and doors whose clock stands at LATER; the worker's role is taken by `linked`."""
    open_doors(replace(database.settings), now=lambda: LATER)
    yield database
    as_role(database, Role.OWNER)


async def open_case_of_a_van(**changes: Any) -> Case:
    case = await make.case(happened_at=NOON)
    latitude, longitude = gcj02_from_wgs84(CROSSING)
    facts: dict[Any, Any] = {Case.latitude: latitude, Case.longitude: longitude, Case.datum: Datum.GCJ02}
    await Case.update(facts).where(Case.id == case.id)
    await make.vehicle(case, **changes)
    return case


async def tip_that_fits(**changes: Any) -> Tip:
    tip = await make.tip("一辆白色面包车撞人后向东跑了", received_at=NOON + timedelta(hours=2))
    facts: dict[Any, Any] = {
        "happened_from": NOON + timedelta(minutes=5),
        "happened_to": NOON + timedelta(minutes=15),
        "latitude": CROSSING.latitude + 0.001,
        "longitude": CROSSING.longitude,
        "datum": Datum.WGS84,
    }
    await Tip.update(facts | changes).where(Tip.id == tip.id)
    return tip


async def seen(
    tip: Tip, kind: HintKind, value: str, *, confidence: float = 0.95, raw: dict[str, Any] | None = None
) -> None:
    item = await make.item(tip.id)
    taken = await TipFile.count().where(TipFile.tip == tip.id)
    file = TipFile(
        id=uuid4(),
        tip=tip.id,
        item=item.id,
        role=FileRole.PHOTO,
        position=taken + 1,
        file_name="",
        examination=ExaminationState.EXAMINED,
        problem="",
        facts="{}",
    )
    file.request_sha256 = f"{taken:064x}"
    await file.save()
    await Hint(
        id=uuid4(),
        tip_file=file.id,
        frame=item.id,
        at_s=None,
        kind=kind,
        value=value,
        confidence=confidence,
        box=None,
        reading=json.dumps(raw or {}),
        model="test",
        created_at=NOON,
    ).save()


async def linked(platform: Platform, tip: Tip) -> dict[UUID, dict[str, Any]]:
    """Run the job as the worker does; return the suggestions by case."""
    as_role(platform, Role.WORKER)
    await linking.suggest_cases(str(tip.id))
    as_role(platform, Role.OWNER)
    rows = await LinkSuggestion.select().where(LinkSuggestion.tip == tip.id).output(load_json=True)
    return {row["case"]: row for row in rows}


async def test_words_place_and_time_propose_the_case_with_reasons_that_sum(county: Platform) -> None:
    case = await open_case_of_a_van()
    tip = await tip_that_fits()

    found = await linked(county, tip)

    assert list(found) == [case.id]
    row = found[case.id]
    assert (row["state"], row["created_at"]) == (SuggestionState.PROPOSED, LATER)
    assert sum(reason["bits"] for reason in row["reasons"]) == pytest.approx(row["match_weight"], abs=1e-6)
    levels = {reason["field"]: reason["level"] for reason in row["reasons"]}
    assert levels["space_time"] == "time_and_place_fit"
    assert (levels["colour"], levels["vehicle_type"]) == ("colour_same", "type_same")
    distance = next(one for one in row["reasons"] if one["field"] == "space_time")["facts"]["distance_m"]
    assert distance == pytest.approx(111, abs=2)


async def test_the_case_is_proposed_whatever_the_media_show(county: Platform) -> None:
    case = await open_case_of_a_van()
    tip = await tip_that_fits()
    for number in range(12):
        await seen(tip, HintKind.PLATE, f"冀E{number + 20_000:05d}")
    await seen(tip, HintKind.PLATE, "nonsense 标语")
    await seen(tip, HintKind.CAPTURE_TIME, "2019-01-01T00:00:00+08:00")

    assert list(await linked(county, tip)) == [case.id]


async def test_a_plate_read_from_the_media_adds_weight(county: Platform) -> None:
    case = await open_case_of_a_van()
    tip = await tip_that_fits()
    before = (await linked(county, tip))[case.id]["match_weight"]
    sure = [0.99] * 7
    await seen(tip, HintKind.PLATE, "鲁P39K51", raw={"reading": "鲁P39K51", "characters": sure})

    after = (await linked(county, tip))[case.id]["match_weight"]

    assert after > before + 8


async def test_the_time_of_capture_stands_in_where_none_was_stated(county: Platform) -> None:
    await open_case_of_a_van()
    tip = await tip_that_fits(happened_from=None, happened_to=None)
    await seen(tip, HintKind.CAPTURE_TIME, (NOON + timedelta(minutes=6)).isoformat())
    await seen(tip, HintKind.CAPTURE_TIME, "not a time")
    await seen(tip, HintKind.CAPTURE_TIME, "2021-06-01T12:00:00")

    found = await linked(county, tip)

    reasons = next(iter(found.values()))["reasons"]
    assert next(one for one in reasons if one["field"] == "space_time")["facts"]["minutes"] == 6


async def test_running_twice_changes_nothing(county: Platform) -> None:
    await open_case_of_a_van()
    tip = await tip_that_fits()

    assert await linked(county, tip) == await linked(county, tip)


async def test_what_no_longer_holds_is_withdrawn_and_what_was_decided_stays(county: Platform) -> None:
    case, decided = await open_case_of_a_van(), await open_case_of_a_van()
    officer = await make.officer()
    tip = await tip_that_fits()
    found = await linked(county, tip)
    await dismiss_suggestion(found[decided.id]["id"], by=officer.id, now=LATER)
    far: dict[Any, Any] = {"latitude": 36.2, "longitude": 115.4, "happened_from": NOON, "happened_to": NOON}
    await Tip.update(far).where(Tip.id == tip.id)

    after = await linked(county, tip)

    assert after[case.id]["state"] == SuggestionState.WITHDRAWN
    assert after[decided.id]["state"] == SuggestionState.DISMISSED


async def test_a_cleared_case_is_not_proposed(county: Platform) -> None:
    case = await open_case_of_a_van()
    await Case.update({Case.state: CaseState.CLEARED}).where(Case.id == case.id)

    assert await linked(county, await tip_that_fits()) == {}


async def test_a_declined_tip_gets_no_suggestions_and_loses_those_it_had(county: Platform) -> None:
    case = await open_case_of_a_van()
    tip = await tip_that_fits()
    await linked(county, tip)
    await Tip.update({Tip.state: TipState.DECLINED}).where(Tip.id == tip.id)

    assert (await linked(county, tip))[case.id]["state"] == SuggestionState.WITHDRAWN


async def test_a_tip_that_is_not_there_needs_nothing(county: Platform) -> None:
    await linking.suggest_cases(str(uuid4()))

    assert await LinkSuggestion.count() == 0


def tip_row(**changes: Any) -> dict[str, Any]:
    nothing = {
        "received_at": LATER,
        "story": "",
        "place_text": "",
        "damage": "",
        "direction": "",
        "plate_text": "",
        "vehicle_colour": VehicleColour.UNCLEAR.value,
        "vehicle_type": VehicleType.UNCLEAR.value,
        "happened_from": None,
        "happened_to": None,
        "latitude": None,
        "longitude": None,
        "datum": None,
    }
    return nothing | changes


def test_the_form_is_believed_before_the_words_and_denials_are_kept() -> None:
    facts = linking.tip_facts(
        tip_row(story="不是黑色，好像是银色的面包车，尾号351", vehicle_colour="white", plate_text="鲁P3"), []
    )

    assert facts.appearance.colours == {"white"}
    assert facts.appearance.not_colours == {"black"}
    assert facts.appearance.types == {"van"}
    assert [reading.pattern.text for reading in facts.plates] == ["鲁P3…", "…351"]


@pytest.mark.parametrize(
    ("begin", "end"), [(NOON, None), (None, NOON), (NOON, NOON), (NOON + timedelta(hours=1), NOON)]
)
def test_half_a_time_or_a_reversed_one_is_still_a_time(begin: datetime | None, end: datetime | None) -> None:
    facts = linking.tip_facts(tip_row(happened_from=begin, happened_to=end), [])

    assert facts.happened is not None
    assert facts.happened.begin == NOON


def test_confidences_of_another_reading_are_not_taken_for_this_one() -> None:
    raw = json.dumps({"reading": "鲁P39K5I", "characters": [0.99] * 7})
    hint = {"kind": "plate", "value": "鲁P39K51", "confidence": 0.6, "reading": raw}

    reading = linking.tip_facts(tip_row(), [hint]).plates[0]

    assert reading.source == PlateSource.CAMERA
    assert reading.confidences == (0.6,) * 7


async def test_an_excluded_plate_gives_no_support_and_the_suggestion_says_so(county: Platform) -> None:
    case = await open_case_of_a_van(plate_text="鲁P39???")
    tip = await tip_that_fits(plate_text="鲁P39K51")
    before = (await linked(county, tip))[case.id]
    officer = await make.officer()
    await exclude(case, "鲁P39K51", by=officer)

    after = (await linked(county, tip))[case.id]

    plate = next(reason for reason in after["reasons"] if reason["field"] == "plate")
    assert (plate["bits"], plate["level"], plate["facts"]) == (0.0, "plate_excluded", {"excluded": ["鲁P39K51"]})
    assert after["match_weight"] < before["match_weight"]


async def test_an_excluded_vehicle_of_the_file_speaks_for_no_tip(county: Platform) -> None:
    case = await open_case_of_a_van(plate_text="鲁P39K51")
    tip = await tip_that_fits(plate_text="鲁P39K51", happened_from=NOON + timedelta(days=3), happened_to=None)
    assert list(await linked(county, tip)) == [case.id]
    await exclude(case, "鲁P39K51", by=await make.officer())

    found = await linked(county, tip)

    assert [row["state"] for row in found.values()] == [SuggestionState.WITHDRAWN]


async def exclude(case: Case, plate: str, *, by: Officer) -> None:
    draft = CandidateDraft(kind=CandidateKind.VEHICLE, source=CandidateSource.OFFICER, plate_text=plate)
    one = await add_candidate(case.id, draft, by=by.id, now=NOON)
    how = StepDraft(words="痕迹不符", happened_at=LATER, method=ScreeningMethod.TRACE_COMPARISON)
    await take_step(case.id, one.id, ScreeningAct.EXCLUDED, how, seen=1, by=by.id, now=LATER)
