from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "procedure_0001"
VERSION = "1.38.0"
DESCRIPTION = "The official steps of a case are dated facts"
TABLE = """
CREATE TABLE procedure_step (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  kind varchar(32) NOT NULL,
  document_number varchar(60) NOT NULL,
  authority varchar(80) NOT NULL,
  approver varchar(80) NOT NULL DEFAULT '',
  basis uuid NOT NULL REFERENCES legal_rule (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  decided_at timestamptz NOT NULL,
  reason varchar(500) NOT NULL DEFAULT '',
  counterpart varchar(80) NOT NULL DEFAULT '',
  direction varchar(8),
  received_at timestamptz,
  recorded_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  revoked_reason varchar(500) NOT NULL DEFAULT '',
  CONSTRAINT procedure_step_direction CHECK ((kind = 'transfer_of_jurisdiction') = (direction IS NOT NULL)),
  CONSTRAINT procedure_step_receipt CHECK (received_at IS NULL OR (direction IS NOT NULL AND received_at >= decided_at)),
  CONSTRAINT procedure_step_taken_over CHECK (direction <> 'in' OR received_at IS NOT NULL),
  CONSTRAINT procedure_step_revoked_by CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  CONSTRAINT procedure_step_known_after CHECK (recorded_at >= decided_at)
)"""
STATEMENTS = (
    TABLE,
    'CREATE INDEX procedure_step_of_case ON procedure_step ("case", decided_at)',
    # One document, one step, whoever enters it at the same moment; a revoked entry gives its number free.
    "CREATE UNIQUE INDEX procedure_step_document ON procedure_step (kind, document_number) WHERE revoked_at IS NULL",
    "GRANT SELECT, INSERT, UPDATE (received_at, revoked_at, revoked_by, revoked_reason)"
    " ON procedure_step TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="procedure", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
