from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Tip

ID = "intake_0014"
VERSION = "1.38.0"
DESCRIPTION = "A tip may say that the vehicle is here now"
COLUMN = "ALTER TABLE tip ADD COLUMN is_here_now boolean NOT NULL DEFAULT false"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)

    async def run() -> None:
        await Tip.raw(COLUMN)

    manager.add_raw(run)
    return manager
