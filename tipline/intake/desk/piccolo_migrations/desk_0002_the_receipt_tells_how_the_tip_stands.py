from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Tip

ID = "desk_0002"
VERSION = "1.38.0"
DESCRIPTION = "The receipt that an officer hands over tells how the tip stands, as on the public face"
GRANT = "GRANT EXECUTE ON FUNCTION own_tip_state() TO tipline_staff"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="desk", description=DESCRIPTION)

    async def run() -> None:
        await Tip.raw(GRANT)

    manager.add_raw(run)
    return manager
