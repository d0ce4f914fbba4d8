from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "screening_0001"
VERSION = "1.38.0"
DESCRIPTION = "Candidates are worked through step by step, and a lock needs two officers"

CANDIDATE = """
CREATE TABLE screening_candidate (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  kind varchar(8) NOT NULL,
  plate_text varchar(20) NOT NULL,
  vehicle_type varchar(16) NOT NULL,
  vehicle_colour varchar(16) NOT NULL,
  full_name varchar(80) NOT NULL,
  description varchar(300) NOT NULL,
  source varchar(12) NOT NULL,
  tip uuid REFERENCES tip (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  hint uuid REFERENCES hint (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  suggestion uuid REFERENCES link_suggestion (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  sighting uuid,
  vehicle uuid REFERENCES vehicle (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  person uuid REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  state varchar(12) NOT NULL,
  steps integer NOT NULL,
  proposed_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  added_at timestamptz NOT NULL,
  CONSTRAINT screening_candidate_is_one_kind CHECK (
    (kind = 'vehicle' AND full_name = '' AND person IS NULL) OR
    (kind = 'person' AND full_name <> '' AND plate_text = '' AND vehicle IS NULL)),
  CONSTRAINT screening_candidate_proposal_waits CHECK (proposed_by IS NULL OR state = 'checked')
)"""
STEP = """
CREATE TABLE screening_step (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  candidate uuid NOT NULL REFERENCES screening_candidate (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  number integer NOT NULL,
  act varchar(16) NOT NULL,
  method varchar(20),
  words varchar(1000) NOT NULL,
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  proposed_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  happened_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT screening_step_one_per_number UNIQUE (candidate, number),
  CONSTRAINT screening_step_lock_needs_two_officers CHECK (
    (act = 'locked') = (proposed_by IS NOT NULL) AND (proposed_by IS NULL OR proposed_by <> officer)),
  CONSTRAINT screening_step_exclusion_says_how CHECK (act NOT IN ('checked', 'excluded') OR method IS NOT NULL),
  CONSTRAINT screening_step_not_ahead_of_time CHECK (happened_at <= recorded_at)
)"""
BASIS = """
CREATE TABLE lock_basis (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  step uuid NOT NULL REFERENCES screening_step (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  kind varchar(20) NOT NULL,
  item uuid REFERENCES evidence_item (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  tip uuid REFERENCES tip (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  words varchar(300) NOT NULL,
  CONSTRAINT lock_basis_names_what_it_is CHECK (
    (kind = 'evidence_item') = (item IS NOT NULL) AND (kind = 'tip') = (tip IS NOT NULL)
    AND (item IS NOT NULL OR tip IS NOT NULL OR words <> ''))
)"""
REFUSE = """
CREATE FUNCTION screening_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'steps of the screening are append-only'; END $$"""
APPEND_ONLY = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
ON {table} FOR EACH STATEMENT EXECUTE FUNCTION screening_refuse_change()"""

STATEMENTS = (
    CANDIDATE,
    STEP,
    BASIS,
    REFUSE,
    APPEND_ONLY.format(table="screening_step"),
    APPEND_ONLY.format(table="lock_basis"),
    # Two officers who add the same plate or person at once: the second is told.
    """CREATE UNIQUE INDEX screening_candidate_one_plate ON screening_candidate ("case", plate_text)
       WHERE plate_text <> ''""",
    'CREATE UNIQUE INDEX screening_candidate_one_vehicle ON screening_candidate ("case", vehicle)',
    'CREATE UNIQUE INDEX screening_candidate_one_person ON screening_candidate ("case", person)',
    """CREATE INDEX screening_candidate_by_plate ON screening_candidate (plate_text) WHERE plate_text <> ''""",
    "CREATE INDEX lock_basis_of_step ON lock_basis (step)",
    """GRANT SELECT, INSERT, UPDATE (state, steps, proposed_by, vehicle, person)
       ON screening_candidate TO tipline_staff""",
    "GRANT SELECT, INSERT ON screening_step, lock_basis TO tipline_staff",
    "GRANT SELECT ON screening_candidate TO tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="screening", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
