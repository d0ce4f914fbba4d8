"""Rows of desk alarms: what was raised, who was called and when, who answered, and who is on duty."""

from enum import StrEnum

from piccolo.columns import UUID, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.intake.tables import Tip


class CallKind(StrEnum):
    """Whom an alarm calls."""

    DUTY_OFFICER = "duty_officer"
    COMMAND_CENTRE = "command_centre"
    EVERYONE = "everyone"


class DeskAlarm(Table, tablename="desk_alarm"):
    """在场警报: somebody says that the vehicle is here now. Raised in the tip's own transaction."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False, unique=True)
    raised_at = Timestamptz()
    acknowledged_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    acknowledged_at = Timestamptz(null=True, default=None)


class AlarmCall(Table, tablename="alarm_call"):
    """警报呼叫: an unanswered alarm went to somebody. A fact: never changed."""

    id = UUID(primary_key=True, default=UUID4())
    alarm = ForeignKey(DeskAlarm, on_delete=OnDelete.restrict, null=False)
    number = Integer(help_text="1, 2, 3 ... within one alarm.")
    kind = Varchar(length=16, choices=CallKind)
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None, help_text="The one on duty.")
    called_at = Timestamptz()

    one_call_per_number = Unique([alarm, number])


class DutyTurn(Table, tablename="duty_turn"):
    """值班: an officer is on duty for a while; alarms go to the lowest place first."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    begins_at = Timestamptz()
    ends_at = Timestamptz(index=True)
    place = Integer(help_text="1 is called first.")
    entered_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    entered_at = Timestamptz()
    cancelled_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)


class AlarmPatience(Table, tablename="alarm_patience"):
    """应答时限: how long an alarm waits for each call before the next; the newest stands."""

    id = UUID(primary_key=True, default=UUID4())
    patience_s = Integer()
    set_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    set_at = Timestamptz()
