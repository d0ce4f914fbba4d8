"""Rows of checkpoint cameras."""

from piccolo.columns import UUID, Boolean, DoublePrecision, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.intake.tables import Datum, VehicleColour, VehicleType


class Camera(Table, tablename="camera"):
    """卡口: a checkpoint camera on a road."""

    id = UUID(primary_key=True, default=UUID4())
    code = Varchar(length=20, unique=True)
    place_text = Varchar(length=120)
    latitude = DoublePrecision()
    longitude = DoublePrecision()
    datum = Varchar(length=8, choices=Datum)
    is_demo = Boolean(default=False)


class Sighting(Table, tablename="sighting"):
    """卡口过车: one pass of a vehicle below a camera, as the camera read it."""

    id = UUID(primary_key=True, default=UUID4())
    camera = ForeignKey(Camera, on_delete=OnDelete.restrict, null=False)
    passed_at = Timestamptz()
    plate_text = Varchar(length=20, default="", help_text="'?' for a place not read, empty: none read.")
    vehicle_type = Varchar(length=16, choices=VehicleType, default=VehicleType.UNCLEAR)
    vehicle_colour = Varchar(length=16, choices=VehicleColour, default=VehicleColour.UNCLEAR)
    is_demo = Boolean(default=False)
