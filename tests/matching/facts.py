"""Facts for tests of matching: a case of one evening in Gaotang, and tips about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from matching.facts import Appearance, CaseFacts, Interval, PlateReading, PlateSource, TipFacts, VehicleFacts
from matching.plates import parse_plate
from matching.points import Point

EVENING = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
CROSSING = Point(36.8600, 116.2300)
DEGREE_M = 111_195.0


def plate(text: str, source: PlateSource = PlateSource.WITNESS, confidence: float | None = None) -> PlateReading:
    pattern = parse_plate(text)
    assert pattern is not None
    places = len(pattern.region) + len(pattern.serial)
    return PlateReading(
        pattern=pattern, source=source, confidences=() if confidence is None else (confidence,) * places
    )


def moment(minutes: float = 0, length_min: float = 0) -> Interval:
    begin = EVENING + timedelta(minutes=minutes)
    return Interval(begin, begin + timedelta(minutes=length_min))


def north_of_crossing(metres: float) -> Point:
    return Point(CROSSING.latitude + metres / DEGREE_M, CROSSING.longitude)


WHITE_VAN = VehicleFacts(
    plate=plate("鲁P39K51", PlateSource.OFFICER),
    appearance=Appearance(colours=frozenset({"white"}), types=frozenset({"van"})),
    marks=frozenset({"左大灯"}),
)
CASE = CaseFacts(
    key="case",
    number="高公交逃字〔2026〕第0012号",
    happened=moment(),
    point=CROSSING,
    place_names=frozenset({"人和路", "金城路"}),
    vehicles=(WHITE_VAN,),
)
TIP = TipFacts(received_at=EVENING + timedelta(hours=3))


def other_cases(count: int) -> list[CaseFacts]:
    """Open cases of other days, places and vehicles."""
    return [
        replace(
            CASE,
            key=f"other {number}",
            number=f"高公交逃字〔2026〕第1{number:03d}号",
            happened=moment(-1440.0 * (number + 2)),
            point=north_of_crossing(4_000.0 + 900 * number),
            place_names=frozenset(),
            vehicles=(replace(WHITE_VAN, plate=plate("鲁P7D208", PlateSource.OFFICER)),),
        )
        for number in range(count)
    ]
