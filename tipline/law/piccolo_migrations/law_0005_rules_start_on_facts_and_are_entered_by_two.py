"""Clocks, pauses and tasks know the facts that start and end them; officers enter new versions and holidays."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.law.service import seed_rules
from tipline.law.tables import LegalRule

ID = "law_0005"
VERSION = "1.38.0"
DESCRIPTION = "Rules name their facts, versions never change, two officers put one in force, holidays keep who set them"

COLUMNS = """
ALTER TABLE legal_rule
  ALTER COLUMN applies_to TYPE varchar(60),
  ADD COLUMN doubt_zh text NOT NULL DEFAULT '',
  ADD COLUMN starts_on varchar(40),
  ADD COLUMN ends_on varchar(40),
  ADD COLUMN leads_to varchar(60) NOT NULL DEFAULT '',
  ADD COLUMN starts_anew_on_receipt boolean NOT NULL DEFAULT false"""
DRAFT = """
CREATE TABLE rule_draft (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  code varchar(60) NOT NULL DEFAULT '',
  kind varchar(24) NOT NULL DEFAULT '',
  applies_to varchar(60) NOT NULL DEFAULT '',
  source varchar(120) NOT NULL DEFAULT '',
  article varchar(60) NOT NULL DEFAULT '',
  title_zh varchar(200) NOT NULL DEFAULT '',
  title_en varchar(200) NOT NULL DEFAULT '',
  minimum integer,
  maximum integer,
  unit varchar(16) NOT NULL DEFAULT '',
  moves_off_holidays boolean NOT NULL DEFAULT false,
  valid_from date NOT NULL DEFAULT CURRENT_DATE,
  doubt text NOT NULL DEFAULT '',
  doubt_zh text NOT NULL DEFAULT '',
  starts_on varchar(40),
  ends_on varchar(40),
  leads_to varchar(60) NOT NULL DEFAULT '',
  starts_anew_on_receipt boolean NOT NULL DEFAULT false,
  state varchar(16) NOT NULL DEFAULT 'waiting',
  entered_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  entered_at timestamptz NOT NULL DEFAULT current_timestamp,
  decided_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  decided_at timestamptz,
  decision_note varchar(300) NOT NULL DEFAULT '',
  CONSTRAINT rule_draft_decided_whole CHECK (
    (state = 'waiting') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  CONSTRAINT rule_draft_put_in_force_by_another CHECK (state <> 'in_force' OR decided_by <> entered_by),
  CONSTRAINT rule_draft_limits_in_order CHECK (minimum <= maximum)
)"""
CHANGE = """
CREATE TABLE holiday_change (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  day date NOT NULL DEFAULT CURRENT_DATE,
  kind_before varchar(16),
  kind_after varchar(16),
  name varchar(40) NOT NULL DEFAULT '',
  source varchar(120) NOT NULL DEFAULT '',
  changed_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  changed_at timestamptz NOT NULL DEFAULT current_timestamp
)"""
# An old version governs what began under it: only its last day may be set, once. Notes of doubt are no law.
KEEP_VERSIONS = """
CREATE FUNCTION legal_rule_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(new) - 'valid_to' - 'doubt' - 'doubt_zh') <> (to_jsonb(old) - 'valid_to' - 'doubt' - 'doubt_zh')
     OR (old.valid_to IS NOT NULL AND new.valid_to IS DISTINCT FROM old.valid_to) THEN
    RAISE EXCEPTION 'a version of a rule is never changed: enter a new one';
  END IF;
  RETURN new;
END $$"""
KEEP_CHANGES = """
CREATE FUNCTION holiday_change_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'holiday_change is append-only'; END $$"""
STATEMENTS = (
    DRAFT,
    CHANGE,
    "CREATE INDEX holiday_change_day ON holiday_change USING btree (day)",
    KEEP_VERSIONS,
    (
        "CREATE TRIGGER legal_rule_versions_stay BEFORE UPDATE ON legal_rule"
        " FOR EACH ROW EXECUTE FUNCTION legal_rule_refuse_change()"
    ),
    KEEP_CHANGES,
    (
        "CREATE TRIGGER holiday_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON holiday_change"
        " FOR EACH STATEMENT EXECUTE FUNCTION holiday_change_refuse_change()"
    ),
    "GRANT INSERT, UPDATE (valid_to) ON legal_rule TO tipline_staff",
    "GRANT INSERT, DELETE, UPDATE (kind, name, source) ON holiday TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_note) ON rule_draft TO tipline_staff",
    "GRANT SELECT, INSERT ON holiday_change TO tipline_staff",
)
COMPLETE = """
UPDATE legal_rule SET doubt_zh = {}, starts_on = {}, ends_on = {}, leads_to = {}, starts_anew_on_receipt = {},
                      applies_to = {}
WHERE code = {} AND valid_from = {}"""


async def complete(rows: list[dict[str, Any]]) -> None:
    """Give the rows that stand already what the new columns hold; a note the office changed keeps no translation."""
    for row in rows:
        await LegalRule.raw(
            COMPLETE,
            row["doubt_zh"],
            row["starts_on"],
            row["ends_on"],
            row["leads_to"],
            row["starts_anew_on_receipt"],
            row["applies_to"],
            row["code"],
            row["valid_from"],
        )


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="law", description=DESCRIPTION)

    async def run() -> None:
        await LegalRule.raw(COLUMNS)
        if await LegalRule.raw("SELECT 1 FROM legal_rule LIMIT 1"):
            await complete(seed_rules())
        for statement in STATEMENTS:
            await LegalRule.raw(statement)

    manager.add_raw(run)
    return manager
