"""Tables of desk alarms. The public face raises the alarm of the tip it is sending, and reads none of this."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Tip

ID = "alarms_0001"
VERSION = "1.38.0"
DESCRIPTION = "A vehicle that is here now raises an alarm with its tip; calls are facts, duty is a roster"

KEY: Final = "id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid()"
TO: Final = "ON DELETE RESTRICT ON UPDATE CASCADE"
NOBODY: Final = f"uuid REFERENCES officer (id) {TO} DEFAULT null"
SOMEBODY: Final = f"uuid NOT NULL REFERENCES officer (id) {TO}"
MOMENT: Final = "timestamptz NOT NULL DEFAULT current_timestamp"
STATEMENTS: Final = (
    f"""CREATE TABLE desk_alarm ({KEY}, tip uuid UNIQUE NOT NULL REFERENCES tip (id) {TO}, raised_at {MOMENT},
        acknowledged_by {NOBODY}, acknowledged_at timestamptz DEFAULT null,
        CONSTRAINT an_alarm_is_answered_whole CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL)))""",
    f"""CREATE TABLE alarm_call ({KEY}, alarm uuid NOT NULL REFERENCES desk_alarm (id) {TO},
        number integer NOT NULL DEFAULT 0, kind varchar(16) NOT NULL DEFAULT '', officer {NOBODY}, called_at {MOMENT},
        CONSTRAINT one_call_per_number UNIQUE (alarm, number),
        CONSTRAINT a_call_names_who_is_on_duty CHECK ((kind = 'duty_officer') = (officer IS NOT NULL)))""",
    f"""CREATE TABLE duty_turn ({KEY}, officer {SOMEBODY}, begins_at {MOMENT}, ends_at {MOMENT},
        place integer NOT NULL DEFAULT 0, entered_by {SOMEBODY}, entered_at {MOMENT},
        cancelled_by {NOBODY}, cancelled_at timestamptz DEFAULT null,
        CONSTRAINT a_turn_lasts CHECK (begins_at < ends_at),
        CONSTRAINT a_turn_is_cancelled_whole CHECK ((cancelled_by IS NULL) = (cancelled_at IS NULL)))""",
    "CREATE INDEX duty_turn_ends_at ON duty_turn USING btree (ends_at)",
    f"CREATE TABLE alarm_patience ({KEY}, patience_s integer NOT NULL DEFAULT 0, set_by {SOMEBODY}, set_at {MOMENT})",
    "CREATE INDEX desk_alarm_open ON desk_alarm (raised_at) WHERE acknowledged_at IS NULL",
    "ALTER TABLE desk_alarm ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY officers_and_workers_see_every_row ON desk_alarm TO tipline_staff, tipline_worker USING (true)",
    (
        "CREATE POLICY an_alarm_comes_with_the_tip_shown ON desk_alarm FOR INSERT TO tipline_public"
        " WITH CHECK (tip = (SELECT own_tip()) AND acknowledged_by IS NULL)"
    ),
    (
        "CREATE POLICY officers_raise_what_they_enter ON desk_alarm AS RESTRICTIVE FOR INSERT TO tipline_staff"
        " WITH CHECK (tip = (SELECT own_tip()) AND acknowledged_by IS NULL)"
    ),
    "GRANT INSERT (id, tip, raised_at) ON desk_alarm TO tipline_public, tipline_staff",
    "GRANT SELECT, UPDATE (acknowledged_by, acknowledged_at) ON desk_alarm TO tipline_staff",
    "GRANT SELECT ON alarm_call, duty_turn, alarm_patience TO tipline_staff, tipline_worker",
    "GRANT INSERT, UPDATE (cancelled_by, cancelled_at) ON duty_turn TO tipline_staff",
    "GRANT INSERT ON alarm_patience TO tipline_staff",
    "GRANT SELECT ON desk_alarm TO tipline_worker",
    "GRANT INSERT ON alarm_call TO tipline_worker",
    "GRANT SELECT (is_active) ON officer TO tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="alarms", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Tip.raw(statement)

    manager.add_raw(run)
    return manager
