from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "joining_0001"
VERSION = "1.38.0"
DESCRIPTION = "Merging and splitting of cases are rows; a split moves links, which stay what they were"
JOINING = """
CREATE TABLE case_joining (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  kind varchar(8) NOT NULL,
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  other uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  reason varchar(500) NOT NULL CHECK (reason <> ''),
  happened_at timestamptz NOT NULL,
  decided_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT case_joining_of_two CHECK ("case" <> other)
)"""
MOVE = """
CREATE TABLE case_move (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  joining uuid NOT NULL REFERENCES case_joining (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  link uuid REFERENCES link (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  vehicle uuid REFERENCES vehicle (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  person uuid REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT case_move_of_one CHECK (num_nonnulls(link, vehicle, person) = 1)
)"""
STATEMENTS = (
    JOINING,
    MOVE,
    'CREATE INDEX case_joining_of_case ON case_joining ("case")',
    "CREATE INDEX case_joining_of_other ON case_joining (other)",
    # A case is merged once; of two who merge it at the same moment the database refuses the second as well.
    "CREATE UNIQUE INDEX case_joining_merged_once ON case_joining (\"case\") WHERE kind = 'merged'",
    "CREATE INDEX case_move_of_joining ON case_move (joining)",
    "GRANT SELECT, INSERT ON case_joining, case_move TO tipline_staff",
    'GRANT UPDATE ("case") ON link TO tipline_staff',
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="joining", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
