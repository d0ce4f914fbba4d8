from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.sightings.tables import Camera

ID = "sightings_0003"
VERSION = "1.38.0"
DESCRIPTION = "Passes of vehicles below cameras, for officers to search and workers to compare"

TABLE = """
CREATE TABLE sighting (
  id UUID PRIMARY KEY NOT NULL,
  camera UUID NOT NULL REFERENCES camera (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  passed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  plate_text VARCHAR(20) NOT NULL,
  vehicle_type VARCHAR(16) NOT NULL,
  vehicle_colour VARCHAR(16) NOT NULL,
  is_demo BOOLEAN NOT NULL
)"""
STATEMENTS = (
    TABLE,
    "CREATE INDEX sighting_by_camera ON sighting (camera, passed_at)",
    "GRANT SELECT ON sighting TO tipline_staff, tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="sightings", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Camera.raw(statement)

    manager.add_raw(run)
    return manager
