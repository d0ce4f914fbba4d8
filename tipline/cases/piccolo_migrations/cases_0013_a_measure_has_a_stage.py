from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "cases_0013"
VERSION = "1.38.0"
DESCRIPTION = "A measure runs from proposal to end (docs/decisions/0034); what was recorded keeps its place"

# Written before the chain was: what was executed is executed, what was only decided is approved.
PLACE_OLD_ROWS = "UPDATE outcome SET stage = CASE WHEN executed_at IS NULL THEN 'approved' ELSE 'executed' END"
DECIDED_HAS_PAPERS = """
ALTER TABLE outcome ADD CONSTRAINT outcome_decided_has_papers
CHECK (stage NOT IN ('approved', 'executed', 'ended', 'revoked')
       OR (document_number IS NOT NULL AND authority <> '' AND approved_at IS NOT NULL))"""
EXECUTED_HAS_TIME = """
ALTER TABLE outcome ADD CONSTRAINT outcome_executed_has_time
CHECK (CASE WHEN executed_at IS NULL THEN stage NOT IN ('executed', 'ended')
            ELSE stage IN ('executed', 'ended', 'revoked') END)"""
SERVED_WITHIN_DECIDED = """
ALTER TABLE outcome ADD CONSTRAINT outcome_served_within_decided CHECK (days_to_serve BETWEEN 0 AND days)"""
MAY_MOVE = """
GRANT UPDATE (stage, document_number, basis, ground, days_to_serve, authority, approved_at, executed_at, due_at,
              ended_at) ON outcome TO tipline_staff"""
STATEMENTS = (
    "ALTER TABLE outcome ADD COLUMN stage varchar(16) NOT NULL DEFAULT 'proposed'",
    "ALTER TABLE outcome ADD COLUMN days_to_serve integer",
    "ALTER TABLE outcome ADD COLUMN amount_yuan integer",
    "ALTER TABLE outcome ADD COLUMN due_at timestamptz",
    "ALTER TABLE outcome ADD COLUMN ended_at timestamptz",
    "ALTER TABLE outcome ALTER COLUMN document_number DROP NOT NULL, ALTER COLUMN document_number DROP DEFAULT",
    "ALTER TABLE outcome ALTER COLUMN approved_at DROP NOT NULL, ALTER COLUMN approved_at DROP DEFAULT",
    PLACE_OLD_ROWS,
    DECIDED_HAS_PAPERS,
    EXECUTED_HAS_TIME,
    SERVED_WITHIN_DECIDED,
    "ALTER TABLE outcome ADD CONSTRAINT outcome_ends_after_execution CHECK (ended_at >= executed_at)",
    "ALTER TABLE outcome ADD CONSTRAINT outcome_fine_has_amount CHECK ((kind = 'fine') = (amount_yuan IS NOT NULL))",
    "CREATE INDEX outcome_to_review ON outcome (recorded_at) WHERE stage = 'proposed'",
    "CREATE INDEX outcome_running ON outcome (due_at) WHERE stage = 'executed'",
    MAY_MOVE,
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="cases", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
