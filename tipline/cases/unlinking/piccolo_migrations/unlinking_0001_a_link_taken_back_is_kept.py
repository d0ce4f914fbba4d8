"""The table of links taken back, and the one way a link gets there."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Link

ID = "unlinking_0001"
VERSION = "1.38.0"
DESCRIPTION = "Officers may not remove a link; the database moves one that was taken back, whole and with its deed"

TO: Final = "ON DELETE RESTRICT ON UPDATE CASCADE DEFAULT null"
TABLE: Final = f"""
CREATE TABLE withdrawn_link (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(), tip uuid NOT NULL REFERENCES tip (id) {TO},
  "case" uuid NOT NULL REFERENCES case_file (id) {TO}, suggestion uuid REFERENCES link_suggestion (id) {TO},
  decided_by uuid NOT NULL REFERENCES officer (id) {TO}, decided_at timestamptz NOT NULL DEFAULT current_timestamp,
  withdrawn_by uuid NOT NULL REFERENCES officer (id) {TO}, withdrawn_at timestamptz NOT NULL DEFAULT current_timestamp,
  deed uuid NOT NULL REFERENCES tip_event (id) {TO})"""
# A link that helped to clear a case stays; so does one whose linking was not written down as the deed given.
WITHDRAW: Final = """
CREATE FUNCTION withdraw_link(p_link uuid, p_deed uuid, p_by uuid, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO withdrawn_link (id, tip, "case", suggestion, decided_by, decided_at, withdrawn_by, withdrawn_at, deed)
  SELECT l.id, l.tip, l."case", l.suggestion, l.decided_by, l.decided_at, p_by, p_at, e.id
  FROM link l JOIN tip_event e ON e.id = p_deed AND e.tip = l.tip AND e.deed = 'linked'
  WHERE l.id = p_link AND e.changed_to ->> 'link' = p_link::text AND NOT l.is_useful;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM link WHERE id = p_link;
  RETURN true;
END $$"""

STATEMENTS: Final = (
    TABLE,
    "CREATE INDEX withdrawn_link_tip ON withdrawn_link (tip)",
    'CREATE INDEX withdrawn_link_case ON withdrawn_link ("case")',
    WITHDRAW,
    "REVOKE ALL ON FUNCTION withdraw_link(uuid, uuid, uuid, timestamptz) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION withdraw_link(uuid, uuid, uuid, timestamptz) TO tipline_staff",
    "GRANT SELECT ON withdrawn_link TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="unlinking", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Link.raw(statement)

    manager.add_raw(run)
    return manager
