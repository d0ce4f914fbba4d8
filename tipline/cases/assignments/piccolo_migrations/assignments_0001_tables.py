from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "assignments_0001"
VERSION = "1.38.0"
DESCRIPTION = "Officers are assigned to a case from one moment to another"
TABLE = """
CREATE TABLE case_assignment (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  assigned_at timestamptz NOT NULL,
  assigned_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ended_at timestamptz,
  ended_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT case_assignment_end_has_a_name CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CONSTRAINT case_assignment_times_in_order CHECK (ended_at >= assigned_at)
)"""
STATEMENTS = (
    TABLE,
    # One standing assignment a pair, whoever asks at the same moment.
    'CREATE UNIQUE INDEX case_assignment_standing ON case_assignment ("case", officer) WHERE ended_at IS NULL',
    "CREATE INDEX case_assignment_of_officer ON case_assignment (officer) WHERE ended_at IS NULL",
    "GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON case_assignment TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="assignments", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
