"""Rows of law: every rule with its source, article and dates. Never a constant deep in code."""

from enum import StrEnum

from piccolo.columns import UUID, Boolean, Date, Integer, Text, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table


class RuleKind(StrEnum):
    """What a rule is for."""

    MEASURE_BASIS = "measure_basis"
    MEASURE_LIMIT = "measure_limit"
    MEASURE_DOCUMENT = "measure_document"
    MEASURE_AUTHORITY = "measure_authority"
    DETENTION_GROUND = "detention_ground"
    CLEARANCE_CONDITION = "clearance_condition"
    STATUTORY_CLOCK = "statutory_clock"


class ClockUnit(StrEnum):
    """How a statutory clock is counted."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"
    MONTH = "month"


class DayKind(StrEnum):
    """How a day breaks the week."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


class LegalRule(Table, tablename="legal_rule"):
    """法规: one version of one rule."""

    id = UUID(primary_key=True, default=UUID4())
    code = Varchar(length=60, help_text="Stable name, for example administrative_detention_days.")
    kind = Varchar(length=24, choices=RuleKind)
    applies_to = Varchar(length=40, default="", help_text="Measure the rule governs, empty when general.")
    source = Varchar(length=120, help_text="Short name and year of the statute.")
    article = Varchar(length=60)
    title_zh = Varchar(length=200)
    title_en = Varchar(length=200)
    minimum = Integer(null=True, default=None)
    maximum = Integer(null=True, default=None)
    unit = Varchar(length=16, default="", help_text="day for a measure, a ClockUnit for a clock, or empty.")
    moves_off_holidays = Boolean(default=False, help_text="A clock's last day on a holiday moves to the next workday.")
    valid_from = Date()
    valid_to = Date(null=True, default=None)
    doubt = Text(default="", help_text="What the legal officer must confirm; empty when nothing.")

    one_version_per_start = Unique([code, valid_from])


class Holiday(Table):
    """节假日: one day that breaks the week, off (放假) or worked (调休上班)."""

    id = UUID(primary_key=True, default=UUID4())
    day = Date(unique=True)
    kind = Varchar(length=16, choices=DayKind)
    name = Varchar(length=40, help_text="As the notice calls it, for example 春节.")
    source = Varchar(length=120, help_text="The notice that sets it.")
