"""The map of a case: three datums in one, tiles only as the office sets them, and a list that says the same."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from matching.points import Point, bd09_from_wgs84, distance_m, gcj02_from_wgs84
from tests import make
from tests.platform import Platform
from tests.tipline.staff import desk_of
from tipline.cases.tables import Case
from tipline.console.case_map import map_points
from tipline.intake.tables import Datum, Tip
from tipline.settings import MapTiles, SettingMissing, Settings

PLACE = Point(36.8662, 116.2301)
TILES = {"TIPLINE_MAP_TILES": "https://tiles.police.example:8443/{z}/{x}/{y}.png", "TIPLINE_MAP_DATUM": "gcj02"}


def row(datum: Datum, **more: Any) -> dict[str, Any]:
    """One and the same place, given in a datum."""
    pair = {
        Datum.WGS84: (PLACE.latitude, PLACE.longitude),
        Datum.GCJ02: gcj02_from_wgs84(PLACE),
        Datum.BD09: bd09_from_wgs84(PLACE),
    }[datum]
    return {"latitude": pair[0], "longitude": pair[1], "datum": datum, "place_text": "人和路", **more}


@pytest.mark.parametrize("datum", [Datum.WGS84, Datum.GCJ02])
def test_one_place_given_in_three_datums_is_one_point_of_the_map(datum: Datum) -> None:
    case = row(Datum.WGS84, number="1")
    tips = [row(Datum.GCJ02, id=uuid4(), alias="青松 明月")]
    cameras = [row(Datum.BD09, code="K01")]

    points = map_points(case, tips, cameras, datum=datum)

    drawn = gcj02_from_wgs84(PLACE) if datum == Datum.GCJ02 else (PLACE.latitude, PLACE.longitude)
    assert [point.kind for point in points] == ["place", "tip", "camera"]
    assert all(distance_m(Point(point.latitude, point.longitude), Point(*drawn)) < 2 for point in points)
    assert [point.distance_m is not None and point.distance_m < 2 for point in points] == [False, True, True]
    assert points[1].given_datum == Datum.GCJ02


def test_a_case_without_a_place_still_shows_its_tips() -> None:
    case: dict[str, Any] = {"latitude": None, "number": "1"}

    [point] = map_points(case, [row(Datum.WGS84, id=uuid4(), alias="青松")], [], datum=Datum.WGS84)

    assert (point.kind, point.distance_m) == ("tip", None)


async def test_the_page_lists_every_point_and_asks_no_other_host_without_tiles(database: Platform) -> None:
    officer = await make.officer()
    case, tip = await make.case(lead=officer), await make.tip()
    for table, one in ((Case, case), (Tip, tip)):
        where: dict[Any, Any] = {table.latitude: 36.8662, table.longitude: 116.2301, table.datum: "gcj02"}
        await table.update(where).where(table.id == one.id)
    await make.link(tip, case, by=officer)
    await make.camera("K01", latitude=36.8672, longitude=116.2301)
    bare = await make.case(lead=officer)

    async with desk_of(database, officer) as desk:
        page = await desk.get(f"/cases/{case.id}/map")
        empty = await desk.get(f"/cases/{bare.id}/map")

    assert re.findall(r'data-kind="(\w+)"', page.text) == ["place", "tip", "camera"]
    assert "36.86620, 116.23010" in page.text
    assert "data-tiles" not in page.text
    assert "tiles." not in page.headers["Content-Security-Policy"]
    assert "leaflet.js" not in empty.text


async def test_tiles_come_from_the_host_of_the_setting_and_from_no_other(database: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    await Case.update({Case.latitude: 36.8662, Case.longitude: 116.2301, Case.datum: "wgs84"}).where(Case.id == case.id)
    tiles = MapTiles(template=TILES["TIPLINE_MAP_TILES"], datum="gcj02", attribution="天地图")
    with_tiles = Platform(database.folder, replace(database.settings, map_tiles=tiles))

    async with desk_of(with_tiles, officer) as desk:
        page = await desk.get(f"/cases/{case.id}/map")
        other = await desk.get(f"/cases/{case.id}")

    shown = re.search(r'data-latitude="([\d.]+)" data-longitude="([\d.]+)"', page.text)
    assert shown
    assert (float(shown[1]), float(shown[2])) == pytest.approx(gcj02_from_wgs84(PLACE))
    assert "img-src 'self' https://tiles.police.example:8443 data:" in page.headers["Content-Security-Policy"]
    assert "tiles.police.example" not in other.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"TIPLINE_MAP_TILES": "https://tiles.example/{z}/{x}.png"}, "TIPLINE_MAP_TILES"),
        ({"TIPLINE_MAP_TILES": "ftp://tiles.example/{z}/{x}/{y}"}, "TIPLINE_MAP_TILES"),
        ({"TIPLINE_MAP_TILES": "https://a.example; script-src *//{z}/{x}/{y}"}, "TIPLINE_MAP_TILES"),
        ({"TIPLINE_MAP_DATUM": "bd09"}, "TIPLINE_MAP_DATUM"),
        ({"TIPLINE_MAP_DATUM": ""}, "TIPLINE_MAP_DATUM"),
    ],
)
def test_tiles_that_cannot_be_drawn_are_refused_at_the_start(change: dict[str, str], name: str) -> None:
    env = {"TIPLINE_DATABASE_URL": "postgresql:///x", "TIPLINE_SECRETS_DIR": "/x", "TIPLINE_STORAGE_DIR": "/x"}

    with pytest.raises(SettingMissing) as refused:
        Settings.from_env(env | TILES | change)

    assert refused.value.name == name
    assert Settings.from_env(env | TILES).map_tiles is not None
