"""Rows of checkpoint cameras."""

from piccolo.columns import UUID, Boolean, DoublePrecision, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.intake.tables import Datum


class Camera(Table, tablename="camera"):
    """卡口: a checkpoint camera on a road."""

    id = UUID(primary_key=True, default=UUID4())
    code = Varchar(length=20, unique=True)
    place_text = Varchar(length=120)
    latitude = DoublePrecision()
    longitude = DoublePrecision()
    datum = Varchar(length=8, choices=Datum)
    is_demo = Boolean(default=False)
