"""Points on the map: the three datums used in China, and distances in metres.

A pair of coordinates without its datum is worth nothing: at Gaotang a mix-up moves the point by 500 to 1,300 m.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt
from typing import Final, Literal, TypeAlias

DatumName: TypeAlias = Literal["wgs84", "gcj02", "bd09"]

# Krasovsky 1940, on which GCJ-02's obfuscation is computed.
AXIS_M: Final = 6_378_245.0
ECCENTRICITY_SQUARED: Final = 0.006_693_421_622_965_943
BD_TURN: Final = pi * 3000 / 180
EARTH_RADIUS_M: Final = 6_371_008.8
# The obfuscation is applied inside this box only (the usual, generous one).
CHINA_LATITUDES: Final = (0.8293, 55.8271)
CHINA_LONGITUDES: Final = (72.004, 137.8347)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS-84, degrees."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        """Refuse what is no place on Earth; NaN is refused too."""
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):  # noqa: PLR2004  degrees
            raise ValueError(f"no such place: {self.latitude}, {self.longitude}")


def wgs84_point(latitude: float, longitude: float, datum: DatumName) -> Point:
    """Return the place in WGS-84, whatever datum it was given in; exact to about a metre.

    Raises:
        ValueError: the numbers are no place on Earth.
    """
    given = Point(latitude, longitude)
    if datum == "wgs84":
        return given
    return _from_gcj02(given) if datum == "gcj02" else _from_gcj02(_bd09_to_gcj02(given))


def gcj02_from_wgs84(point: Point) -> tuple[float, float]:
    """Return latitude and longitude in GCJ-02, as Chinese maps draw them; outside China the pair is unchanged."""
    inside = (
        CHINA_LATITUDES[0] <= point.latitude <= CHINA_LATITUDES[1]
        and CHINA_LONGITUDES[0] <= point.longitude <= CHINA_LONGITUDES[1]
    )
    if not inside:
        return point.latitude, point.longitude
    east, north = point.longitude - 105.0, point.latitude - 35.0
    waves = (20 * sin(6 * east * pi) + 20 * sin(2 * east * pi)) * 2 / 3
    push_north = -100 + 2 * east + 3 * north + 0.2 * north**2 + 0.1 * east * north + 0.2 * sqrt(abs(east)) + waves
    push_north += (20 * sin(north * pi) + 40 * sin(north / 3 * pi)) * 2 / 3
    push_north += (160 * sin(north / 12 * pi) + 320 * sin(north * pi / 30)) * 2 / 3
    push_east = 300 + east + 2 * north + 0.1 * east**2 + 0.1 * east * north + 0.1 * sqrt(abs(east)) + waves
    push_east += (20 * sin(east * pi) + 40 * sin(east / 3 * pi)) * 2 / 3
    push_east += (150 * sin(east / 12 * pi) + 300 * sin(east / 30 * pi)) * 2 / 3
    latitude = radians(point.latitude)
    bend = 1 - ECCENTRICITY_SQUARED * sin(latitude) ** 2
    north_degrees = push_north * 180 / (AXIS_M * (1 - ECCENTRICITY_SQUARED) / (bend * sqrt(bend)) * pi)
    east_degrees = push_east * 180 / (AXIS_M / sqrt(bend) * cos(latitude) * pi)
    return point.latitude + north_degrees, point.longitude + east_degrees


def bd09_from_wgs84(point: Point) -> tuple[float, float]:
    """Return latitude and longitude in BD-09, Baidu's datum."""
    latitude, longitude = gcj02_from_wgs84(point)
    reach = hypot(longitude, latitude) + 0.000_02 * sin(latitude * BD_TURN)
    angle = atan2(latitude, longitude) + 0.000_003 * cos(longitude * BD_TURN)
    return reach * sin(angle) + 0.006, reach * cos(angle) + 0.0065


def distance_m(left: Point, right: Point) -> float:
    """Return the great-circle distance in metres (haversine on the mean sphere; error below 0.6 %)."""
    north = radians(right.latitude - left.latitude)
    east = radians(right.longitude - left.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(left.latitude)) * cos(radians(right.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def _from_gcj02(given: Point) -> Point:
    # The obfuscation has no closed inverse; it is nearly constant over its own length, so this settles at once.
    latitude, longitude = given.latitude, given.longitude
    for _ in range(4):
        shifted = gcj02_from_wgs84(Point(latitude, longitude))
        latitude += given.latitude - shifted[0]
        longitude += given.longitude - shifted[1]
    return Point(latitude, longitude)


def _bd09_to_gcj02(given: Point) -> Point:
    east, north = given.longitude - 0.0065, given.latitude - 0.006
    reach = hypot(east, north) - 0.000_02 * sin(north * BD_TURN)
    angle = atan2(north, east) - 0.000_003 * cos(east * BD_TURN)
    return Point(reach * sin(angle), reach * cos(angle))
