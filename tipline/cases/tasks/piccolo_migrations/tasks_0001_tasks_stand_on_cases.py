"""Tasks stand on cases, and keep what became of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tasks.tables import CaseTask

ID = "tasks_0001"
VERSION = "1.38.0"
DESCRIPTION = "Tasks stand on cases, and keep what became of them"
CASE_TASK = """
CREATE TABLE case_task (
  id UUID PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" UUID NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  rule UUID REFERENCES legal_rule (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  rule_code VARCHAR(60) NOT NULL DEFAULT '',
  source_key VARCHAR(120) NOT NULL DEFAULT '',
  title VARCHAR(200) NOT NULL DEFAULT '',
  arisen_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  clock UUID REFERENCES case_clock (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  due_at TIMESTAMPTZ,
  assigned_to UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  state VARCHAR(16) NOT NULL DEFAULT 'open',
  made_by UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  made_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)"""
TASK_ENTRY = """
CREATE TABLE task_entry (
  id UUID PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  task UUID NOT NULL REFERENCES case_task (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  act VARCHAR(16) NOT NULL DEFAULT '',
  happened_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  assigned_to UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  note VARCHAR(500) NOT NULL DEFAULT '',
  recorded_by UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)"""

REFUSE = """
CREATE FUNCTION task_entry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'task_entry is append-only'; END $$"""
TRIGGER = """
CREATE TRIGGER task_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON task_entry
FOR EACH STATEMENT EXECUTE FUNCTION task_entry_refuse_change()"""
STATEMENTS = (
    CASE_TASK,
    'CREATE INDEX case_task_case ON case_task USING btree ("case")',
    'ALTER TABLE case_task ADD CONSTRAINT one_task_per_rule_and_source UNIQUE ("case", rule_code, source_key)',
    TASK_ENTRY,
    "CREATE INDEX task_entry_task ON task_entry USING btree (task)",
    REFUSE,
    TRIGGER,
    "CREATE INDEX case_task_open ON case_task (assigned_to) WHERE state = 'open'",
    "GRANT SELECT, INSERT, UPDATE (clock, assigned_to, state) ON case_task TO tipline_staff, tipline_worker",
    "GRANT SELECT, INSERT ON task_entry TO tipline_staff, tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="tasks", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await CaseTask.raw(statement)

    manager.add_raw(run)
    return manager
