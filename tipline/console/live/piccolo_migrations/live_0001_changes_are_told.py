"""Triggers that tell what changed: a row with ids for tips and alarms, and a NOTIFY that carries no more than those.

The lower rooms know nothing of it. No role writes `change`: the functions do, as their owner.
"""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Tip

ID = "live_0001"
VERSION = "1.38.0"
DESCRIPTION = "What changes is told to open pages by its id"

AS_OWNER: Final = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
TABLE: Final = """
CREATE TABLE change (
  number bigserial PRIMARY KEY NOT NULL,
  kind varchar(8) NOT NULL DEFAULT '',
  subject uuid NOT NULL DEFAULT gen_random_uuid(),
  happened_at timestamptz NOT NULL DEFAULT current_timestamp
)"""
# clock_timestamp: of a long transaction's changes the last ones are young. A day's rows are enough for any page.
NOTE: Final = f"""
CREATE FUNCTION note_change(p_kind text, p_subject uuid) RETURNS void {AS_OWNER} AS $$
DECLARE
  n bigint;
BEGIN
  INSERT INTO change (kind, subject, happened_at) VALUES (p_kind, p_subject, clock_timestamp()) RETURNING number INTO n;
  PERFORM pg_notify('tipline_changes', p_kind || ' ' || n || ' ' || p_subject);
  IF n % 500 = 0 THEN
    DELETE FROM change WHERE happened_at < clock_timestamp() - interval '1 day';
  END IF;
END $$"""


def teller(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger {AS_OWNER} AS $$ BEGIN {body} RETURN NULL; END $$"


TELLERS: Final = (
    teller("tell_tip", "PERFORM note_change('tip', NEW.id);"),
    teller("tell_tip_of", "PERFORM note_change('tip', NEW.tip);"),
    teller("tell_deposit", "PERFORM note_change('tip', NEW.deposit);"),
    teller("tell_alarm", "PERFORM note_change('alarm', NEW.id);"),
    teller("tell_alarm_of", "PERFORM note_change('alarm', NEW.alarm);"),
    # Work on a tip ends with new suggestions; work on a file that fails for good is shown at the file.
    teller(
        "tell_work_ended",
        """IF NEW.job = 'workers.linking.suggest_cases' THEN
             PERFORM note_change('tip', NEW.subject);
           ELSE
             PERFORM note_change('tip', deposit) FROM evidence_item WHERE id = NEW.subject;
           END IF;""",
    ),
    # Pages of work count rows; they are told once a statement that something moved.
    teller("tell_work", "PERFORM pg_notify('tipline_changes', 'work');"),
    teller("tell_session_ended", "PERFORM pg_notify('tipline_changes', 'session ' || NEW.id);"),
)
TRIGGERS: Final = (
    "CREATE TRIGGER change_is_told AFTER INSERT OR UPDATE ON tip FOR EACH ROW EXECUTE FUNCTION tell_tip()",
    "CREATE TRIGGER change_is_told AFTER INSERT OR UPDATE ON tip_file FOR EACH ROW EXECUTE FUNCTION tell_tip_of()",
    "CREATE TRIGGER change_is_told AFTER INSERT ON tip_event FOR EACH ROW EXECUTE FUNCTION tell_tip_of()",
    "CREATE TRIGGER change_is_told AFTER INSERT ON link FOR EACH ROW EXECUTE FUNCTION tell_tip_of()",
    """CREATE TRIGGER change_is_told AFTER UPDATE OF state ON evidence_item FOR EACH ROW
       WHEN (NEW.parent IS NULL AND NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION tell_deposit()""",
    "CREATE TRIGGER change_is_told AFTER INSERT OR UPDATE ON desk_alarm FOR EACH ROW EXECUTE FUNCTION tell_alarm()",
    "CREATE TRIGGER change_is_told AFTER INSERT ON alarm_call FOR EACH ROW EXECUTE FUNCTION tell_alarm_of()",
    """CREATE TRIGGER end_is_told AFTER UPDATE OF state ON work FOR EACH ROW
       WHEN (NEW.state IN ('done', 'failed') AND NEW.state <> OLD.state
             AND (NEW.job = 'workers.linking.suggest_cases' OR NEW.state = 'failed'))
       EXECUTE FUNCTION tell_work_ended()""",
    "CREATE TRIGGER change_is_told AFTER INSERT OR UPDATE ON work FOR EACH STATEMENT EXECUTE FUNCTION tell_work()",
    """CREATE TRIGGER end_is_told AFTER UPDATE OF revoked_at ON staff_session FOR EACH ROW
       WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION tell_session_ended()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="live", description=DESCRIPTION)

    async def run() -> None:
        for statement in (
            TABLE,
            "CREATE INDEX change_happened_at ON change USING btree (happened_at)",
            NOTE,
            "REVOKE ALL ON FUNCTION note_change(text, uuid) FROM PUBLIC",
            *TELLERS,
            *TRIGGERS,
            "GRANT SELECT ON change TO tipline_staff",
        ):
            await Tip.raw(statement)

    manager.add_raw(run)
    return manager
