from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.accounts.tables import Officer

ID = "accounts_0004"
VERSION = "1.38.0"
DESCRIPTION = "Known browsers are counted apart, passwords may be temporary, and old sessions and failures are cleared"
KNOWN_DEVICE = """
CREATE TABLE known_device (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  token_sha256 varchar(64) NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  forgotten_at timestamptz,
  CONSTRAINT one_row_per_browser UNIQUE (officer, token_sha256)
)"""
LAST_SIGN_IN = """
UPDATE officer SET last_sign_in_at = (SELECT max(s.created_at) FROM staff_session s WHERE s.officer = officer.id)"""
STATEMENTS = (
    "ALTER TABLE officer ADD COLUMN temporary_until timestamptz",
    "ALTER TABLE officer ADD COLUMN last_sign_in_at timestamptz",
    LAST_SIGN_IN,
    "ALTER TABLE staff_session ADD COLUMN device_words varchar(60) NOT NULL DEFAULT ''",
    "ALTER TABLE sign_in_failure ADD COLUMN source varchar(36) NOT NULL DEFAULT ''",
    KNOWN_DEVICE,
    "CREATE INDEX staff_session_by_end ON staff_session (expires_at)",
    "CREATE INDEX sign_in_failure_by_time ON sign_in_failure (failed_at)",
    "GRANT SELECT, INSERT, UPDATE (last_seen_at, forgotten_at) ON known_device TO tipline_staff",
    # Neither a session that ended long ago nor a counted failure is a fact of a case.
    "GRANT DELETE ON staff_session, sign_in_failure TO tipline_staff",
    "GRANT UPDATE (temporary_until, last_sign_in_at) ON officer TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Officer.raw(statement)

    manager.add_raw(run)
    return manager
