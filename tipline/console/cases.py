"""What the case page adds from other rooms: the media of its tips, and the cameras near the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from matching.points import distance_m, wgs84_point
from tipline.intake.tables import TipFile
from tipline.sightings.tables import Camera

NEAR_M: Final = 3_000
CAMERAS_SHOWN: Final = 12
_MEDIA: Final = """
SELECT f.tip, f.role, f.position, f.examination, i.state AS item_state, f.item,
       (SELECT d.id FROM evidence_item d WHERE d.parent = f.item AND d.state = 'sealed'
        AND d.label LIKE 'frame:%' ORDER BY d.label LIMIT 1) AS picture
FROM tip_file f JOIN evidence_item i ON i.id = f.item
WHERE f.tip = ANY({}::uuid[]) AND f.decision <> 'declined' ORDER BY f.tip, f.position"""


@dataclass(frozen=True, slots=True)
class NearCamera:
    """A checkpoint camera and how far it is from the place of the accident."""

    camera: dict[str, Any]
    distance_m: float


async def media_of_tips(tips: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Return the files that stand of several tips, each with one derived picture to show if there is one, by tip."""
    found: dict[UUID, list[dict[str, Any]]] = {tip: [] for tip in tips}
    for row in await TipFile.raw(_MEDIA, tips):
        found[row["tip"]].append(row)
    return found


async def cameras_near(case: dict[str, Any]) -> list[NearCamera]:
    """Return up to twelve cameras within 3 km of the place, nearest first; none when the place has no coordinates.

    A county has some dozens of cameras, so all are measured; datums are brought together first.
    """
    if case["latitude"] is None:
        return []
    place = wgs84_point(case["latitude"], case["longitude"], case["datum"])
    measured = [
        NearCamera(row, distance_m(place, wgs84_point(row["latitude"], row["longitude"], row["datum"])))
        for row in await Camera.select()
    ]
    near = [one for one in measured if one.distance_m <= NEAR_M]
    return sorted(near, key=lambda one: one.distance_m)[:CAMERAS_SHOWN]
