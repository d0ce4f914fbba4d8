from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.sightings.tables import Camera

ID = "sightings_0002"
VERSION = "1.38.0"
DESCRIPTION = "Officers and workers see where the cameras are; the public face does not"
STATEMENTS = ("GRANT SELECT ON camera TO tipline_staff, tipline_worker",)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="sightings", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Camera.raw(statement)

    manager.add_raw(run)
    return manager
