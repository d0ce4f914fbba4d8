"""The map of a case: its place, its tips and the cameras near, all brought into the datum that the map is drawn in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from matching.points import Point, distance_m, gcj02_from_wgs84, wgs84_point
from tipline.cases.tables import Case
from tipline.intake.tables import Datum

TIPS_SHOWN: Final = 500
_TIPS: Final = """
SELECT DISTINCT ON (t.received_at, t.id) t.id, t.alias, t.place_text, t.latitude, t.longitude, t.datum, t.received_at
FROM link l JOIN tip t ON t.id = l.tip
WHERE l."case" IN (SELECT case_family({})) AND t.latitude IS NOT NULL ORDER BY t.received_at, t.id LIMIT {}"""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One point: `latitude` and `longitude` are in the datum of the map, `given` tells it as it was given.

    `kind` is place, tip or camera; `distance_m` is measured from the place, None where there is no place.
    """

    kind: str
    name: str
    words: str
    latitude: float
    longitude: float
    given: str
    given_datum: Datum
    distance_m: float | None
    tip: UUID | None = None


async def tips_with_places(case_id: UUID) -> list[dict[str, Any]]:
    """Return the linked tips that told where, with coordinates; at most 500, oldest first."""
    rows: list[dict[str, Any]] = await Case.raw(_TIPS, case_id, TIPS_SHOWN)
    return rows


def map_points(
    case: dict[str, Any], tips: Iterable[dict[str, Any]], cameras: Iterable[dict[str, Any]], *, datum: Datum
) -> list[MapPoint]:
    """Return every point of the map in the datum it is drawn in, the place first.

    Args:
        case: its row, with or without coordinates.
        tips: rows of tips with coordinates.
        cameras: rows of cameras.
        datum: WGS-84 or GCJ-02; the point of one datum drawn in another lies half a kilometre and more away.
    """
    has_place = case["latitude"] is not None
    place = wgs84_point(case["latitude"], case["longitude"], case["datum"]) if has_place else None
    points = [_point("place", case["number"], case, place, datum)] if has_place else []
    points += [_point("tip", row["alias"], row, place, datum, tip=row["id"]) for row in tips]
    return points + [_point("camera", row["code"], row, place, datum) for row in cameras]


def _point(
    kind: str, name: str, row: dict[str, Any], place: Point | None, datum: Datum, *, tip: UUID | None = None
) -> MapPoint:
    where = wgs84_point(row["latitude"], row["longitude"], row["datum"])
    drawn = gcj02_from_wgs84(where) if datum == Datum.GCJ02 else (where.latitude, where.longitude)
    return MapPoint(
        kind=kind,
        name=name,
        words=row["place_text"],
        latitude=drawn[0],
        longitude=drawn[1],
        given=f"{row['latitude']:.5f}, {row['longitude']:.5f}",
        given_datum=Datum(row["datum"]),
        distance_m=None if place is None or kind == "place" else distance_m(place, where),
        tip=tip,
    )
