from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.accounts.tables import Officer

ID = "accounts_0002"
VERSION = "1.38.0"
DESCRIPTION = "The staff face reads officers and keeps sessions; the public face sees none of it"
STATEMENTS = (
    "GRANT SELECT ON unit, officer TO tipline_staff",
    "GRANT UPDATE (password_hash) ON officer TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE (seen_at, revoked_at) ON staff_session TO tipline_staff",
    "GRANT SELECT, INSERT ON sign_in_failure TO tipline_staff",
    "GRANT SELECT (id, badge_number, full_name) ON officer TO tipline_worker",
    "CREATE INDEX staff_session_officer ON staff_session (officer, created_at)",
    "CREATE INDEX sign_in_failure_recent ON sign_in_failure (username, failed_at)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Officer.raw(statement)

    manager.add_raw(run)
    return manager
