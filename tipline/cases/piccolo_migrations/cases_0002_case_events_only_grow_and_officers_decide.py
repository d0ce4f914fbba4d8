from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "cases_0002"
VERSION = "1.38.0"
DESCRIPTION = "Case events only grow; officers write the case file, workers only propose, the public face sees nothing"

REFUSE = """
CREATE FUNCTION case_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'case_event is append-only'; END $$"""
TRIGGER = """
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
ON case_event FOR EACH STATEMENT EXECUTE FUNCTION case_event_refuse_change()"""
ADMINISTRATIVE_HAS_DAYS = """
ALTER TABLE outcome ADD CONSTRAINT outcome_administrative_has_days
CHECK (kind <> 'administrative_detention' OR (days IS NOT NULL AND days > 0 AND ground IS NULL))"""
CRIMINAL_HAS_GROUND = """
ALTER TABLE outcome ADD CONSTRAINT outcome_criminal_has_ground
CHECK (kind <> 'criminal_detention' OR (days IS NULL AND ground IS NOT NULL))"""
POINT_HAS_DATUM = """
ALTER TABLE case_file ADD CONSTRAINT case_file_point_with_datum
CHECK (num_nulls(latitude, longitude, datum) IN (0, 3))"""
WORKER_PROPOSES = """
GRANT SELECT, INSERT, UPDATE (match_weight, reasons, model, state, created_at)
ON link_suggestion TO tipline_worker"""

STATEMENTS = (
    REFUSE,
    TRIGGER,
    # What the services check, the database checks again: these rows are what figures are counted from.
    "ALTER TABLE case_file ADD CONSTRAINT case_file_times_in_order CHECK (happened_to >= happened_from)",
    POINT_HAS_DATUM,
    "ALTER TABLE vehicle ADD CONSTRAINT vehicle_seized_has_time CHECK ((state = 'seized') = (seized_at IS NOT NULL))",
    "ALTER TABLE person ADD CONSTRAINT person_in_hand_has_time CHECK ((state = 'in_hand') = (in_hand_at IS NOT NULL))",
    "ALTER TABLE outcome ADD CONSTRAINT outcome_executed_after_approval CHECK (executed_at >= approved_at)",
    ADMINISTRATIVE_HAS_DAYS,
    CRIMINAL_HAS_GROUND,
    "CREATE INDEX case_file_by_state ON case_file (state, recorded_at DESC)",
    'CREATE INDEX case_event_of_case ON case_event ("case", happened_at)',
    'CREATE INDEX vehicle_of_case ON vehicle ("case")',
    "CREATE INDEX vehicle_by_plate ON vehicle (plate_text) WHERE plate_text <> ''",
    'CREATE INDEX person_of_case ON person ("case")',
    'CREATE INDEX link_of_case ON link ("case")',
    'CREATE INDEX link_suggestion_of_case ON link_suggestion ("case", state)',
    'CREATE INDEX outcome_of_case ON outcome ("case")',
    "CREATE INDEX outcome_of_person ON outcome (person)",
    "CREATE INDEX outcome_by_execution ON outcome (kind, executed_at) WHERE executed_at IS NOT NULL",
    "GRANT SELECT, INSERT, UPDATE ON case_file, vehicle, person TO tipline_staff",
    "GRANT SELECT, INSERT ON case_event, outcome, clearance TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE (is_useful) ON link TO tipline_staff",
    "GRANT SELECT, UPDATE (state, decided_by, decided_at) ON link_suggestion TO tipline_staff",
    "GRANT SELECT ON case_file, vehicle, link TO tipline_worker",
    WORKER_PROPOSES,
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="cases", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
