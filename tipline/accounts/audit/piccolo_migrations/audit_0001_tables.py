from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.accounts.tables import Officer

ID = "audit_0001"
VERSION = "1.38.0"
DESCRIPTION = "What officers look at and do to accounts is kept in rows that only grow"
TABLE = """
CREATE TABLE audit_entry (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  happened_at timestamptz NOT NULL,
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  act varchar(16) NOT NULL,
  subject_kind varchar(16) NOT NULL,
  subject uuid,
  purpose varchar(120) NOT NULL,
  request_id varchar(32) NOT NULL DEFAULT '',
  facts jsonb NOT NULL DEFAULT '{{}}'
)"""
REFUSE = """
CREATE FUNCTION audit_entry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$"""
TRIGGER = """
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse_change()"""
STATEMENTS = (
    TABLE,
    REFUSE,
    TRIGGER,
    "CREATE INDEX audit_entry_by_time ON audit_entry (happened_at, id)",
    "CREATE INDEX audit_entry_of_subject ON audit_entry (subject, happened_at)",
    "CREATE INDEX audit_entry_of_officer ON audit_entry (officer, happened_at)",
    "GRANT SELECT, INSERT ON audit_entry TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="audit", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Officer.raw(statement)

    manager.add_raw(run)
    return manager
