from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "cases_0003"
VERSION = "1.38.0"
DESCRIPTION = "Every turn of a case is an event with its reason; clearances are a history; a merged case points on"

ONE_STANDS = 'CREATE UNIQUE INDEX clearance_standing ON clearance ("case") WHERE revoked_at IS NULL'
MERGED_POINTS_ON = """
ALTER TABLE case_file ADD CONSTRAINT case_file_merged_points_on
CHECK ((state = 'merged') = (merged_into IS NOT NULL) AND merged_into <> id)"""
EVIDENCE = """
CREATE TABLE clearance_evidence (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  clearance uuid NOT NULL REFERENCES clearance (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  item uuid NOT NULL REFERENCES evidence_item (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT one_item_a_clearance UNIQUE (clearance, item)
)"""
# A case and what was merged into it: what belongs to any of them belongs to the case that goes on.
FAMILY = """
CREATE FUNCTION case_family(uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS
$$ SELECT id FROM case_file WHERE id = $1 OR merged_into = $1 $$"""

STATEMENTS = (
    "ALTER TABLE case_file ALTER COLUMN state TYPE varchar(24)",
    "ALTER TABLE case_file ADD COLUMN merged_into uuid REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE",
    MERGED_POINTS_ON,
    "CREATE INDEX case_file_merged ON case_file (merged_into) WHERE merged_into IS NOT NULL",
    FAMILY,
    "ALTER TABLE case_event ADD COLUMN reason varchar(500) NOT NULL DEFAULT ''",
    "ALTER TABLE case_event ADD COLUMN other_case uuid REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE",
    "ALTER TABLE clearance DROP CONSTRAINT clearance_case_key",
    "ALTER TABLE clearance ADD COLUMN vehicle_ground varchar(16)",
    "ALTER TABLE clearance ADD COLUMN vehicle_reason varchar(500) NOT NULL DEFAULT ''",
    "ALTER TABLE clearance ADD COLUMN revoked_at timestamptz",
    "ALTER TABLE clearance ADD COLUMN revoked_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE",
    "ALTER TABLE clearance ADD CONSTRAINT clearance_revoked_by CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))",
    ONE_STANDS,
    'CREATE INDEX clearance_of_case ON clearance ("case")',
    EVIDENCE,
    "GRANT UPDATE (revoked_at, revoked_by) ON clearance TO tipline_staff",
    "GRANT SELECT, INSERT ON clearance_evidence TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="cases", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
