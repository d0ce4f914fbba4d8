from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.relief.tables import ReliefMatter

ID = "relief_0002"
VERSION = "1.38.0"
DESCRIPTION = "Steps and confirmations only grow; sums are positive; only officers read and write them"

REFUSE = """
CREATE FUNCTION relief_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
SECOND_OFFICER = """
CREATE FUNCTION relief_second_officer() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF EXISTS (SELECT 1 FROM relief_step s WHERE s.id = NEW.step AND s.recorded_by = NEW.decided_by) THEN
    RAISE EXCEPTION 'a step is confirmed by another officer than the one who recorded it';
  END IF;
  RETURN NEW;
END $$"""
SUMS = """
ALTER TABLE relief_step ADD CONSTRAINT relief_step_sum_where_money_moves CHECK (
  (kind IN ('granted', 'paid', 'insurer_paid', 'recovered')) = (amount_fen IS NOT NULL)
  AND (amount_fen IS NULL OR amount_fen > 0))"""
GROUND = """
ALTER TABLE relief_matter ADD CONSTRAINT relief_matter_ground_of_the_fund CHECK (
  (kind = 'rescue_fund') = (ground IS NOT NULL))"""
PURPOSE = """
ALTER TABLE relief_matter ADD CONSTRAINT relief_matter_purpose_of_the_fund CHECK (
  kind <> 'rescue_fund' OR purpose <> 'hardship')"""


def append_only(table: str) -> str:
    return f"""
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON {table} FOR EACH STATEMENT EXECUTE FUNCTION relief_refuse_change()"""


STATEMENTS = (
    REFUSE,
    SECOND_OFFICER,
    append_only("relief_step"),
    append_only("relief_confirmation"),
    """CREATE TRIGGER relief_confirmation_second_officer BEFORE INSERT ON relief_confirmation
    FOR EACH ROW EXECUTE FUNCTION relief_second_officer()""",
    SUMS,
    GROUND,
    PURPOSE,
    "CREATE INDEX relief_recipient_by_accident ON relief_recipient (accident_number)",
    'CREATE INDEX relief_recipient_of_case ON relief_recipient ("case") WHERE "case" IS NOT NULL',
    "GRANT SELECT, INSERT ON relief_recipient, relief_matter, relief_step, relief_confirmation TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="relief", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await ReliefMatter.raw(statement)

    manager.add_raw(run)
    return manager
