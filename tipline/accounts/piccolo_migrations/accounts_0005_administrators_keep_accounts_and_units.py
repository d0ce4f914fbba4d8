from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.accounts.tables import Officer

ID = "accounts_0005"
VERSION = "1.38.0"
DESCRIPTION = "Administrators make and change accounts and units at the staff face; nothing is ever removed"
STATEMENTS = (
    "GRANT INSERT ON officer, unit TO tipline_staff",
    "GRANT UPDATE (badge_number, full_name, role, unit, is_active) ON officer TO tipline_staff",
    "GRANT UPDATE (name, kind, parent, closed_at) ON unit TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Officer.raw(statement)

    manager.add_raw(run)
    return manager
