from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "closing_0001"
VERSION = "1.38.0"
DESCRIPTION = "Exceptional clearances stand apart from clearances, with their four tests"
TABLE = """
CREATE TABLE exceptional_clearance (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  person uuid NOT NULL REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ground varchar(24) NOT NULL,
  identified_by varchar(500) NOT NULL CHECK (identified_by <> ''),
  evidence varchar(500) NOT NULL CHECK (evidence <> ''),
  whereabouts varchar(500) NOT NULL CHECK (whereabouts <> ''),
  beyond_control varchar(500) NOT NULL CHECK (beyond_control <> ''),
  basis uuid NOT NULL REFERENCES legal_rule (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  cleared_at timestamptz NOT NULL,
  approved_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT exceptional_clearance_revoked_by CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
)"""
STATEMENTS = (
    TABLE,
    'CREATE UNIQUE INDEX exceptional_clearance_standing ON exceptional_clearance ("case") WHERE revoked_at IS NULL',
    "GRANT SELECT, INSERT, UPDATE (revoked_at, revoked_by) ON exceptional_clearance TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="closing", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
