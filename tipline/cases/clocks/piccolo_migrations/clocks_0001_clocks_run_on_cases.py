"""Clocks run on cases, and keep what moved them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.clocks.tables import CaseClock

ID = "clocks_0001"
VERSION = "1.38.0"
DESCRIPTION = "Clocks run on cases, and keep what moved them"
CASE_CLOCK = """
CREATE TABLE case_clock (
  id UUID PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" UUID NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  person UUID REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  rule UUID NOT NULL REFERENCES legal_rule (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  rule_code VARCHAR(60) NOT NULL DEFAULT '',
  source_key VARCHAR(120) NOT NULL DEFAULT '',
  trigger_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  days INTEGER,
  due_at TIMESTAMPTZ,
  due_date DATE,
  is_provisional BOOLEAN NOT NULL DEFAULT false,
  state VARCHAR(16) NOT NULL DEFAULT 'running',
  started_by UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  started_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  done_at TIMESTAMPTZ,
  done_by UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  ended_by_key VARCHAR(120) NOT NULL DEFAULT '',
  document_number VARCHAR(60) NOT NULL DEFAULT '',
  note VARCHAR(500) NOT NULL DEFAULT ''
)"""
CASE_FACT = """
CREATE TABLE case_fact (
  id UUID PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" UUID NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  person UUID REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  kind VARCHAR(40) NOT NULL DEFAULT '',
  happened_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  document_number VARCHAR(60) NOT NULL DEFAULT '',
  note VARCHAR(500) NOT NULL DEFAULT '',
  clock UUID REFERENCES case_clock (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_by UUID NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  withdrawn_by UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  withdrawn_at TIMESTAMPTZ,
  withdrawal_reason VARCHAR(300) NOT NULL DEFAULT ''
)"""
CLOCK_STEP = """
CREATE TABLE clock_step (
  id UUID PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  clock UUID NOT NULL REFERENCES case_clock (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  act VARCHAR(16) NOT NULL DEFAULT '',
  ground UUID REFERENCES legal_rule (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  effective_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  approval_number VARCHAR(60) NOT NULL DEFAULT '',
  state VARCHAR(16) NOT NULL DEFAULT 'waiting',
  requested_by UUID NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  requested_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  decided_by UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  decided_at TIMESTAMPTZ,
  decision_note VARCHAR(300) NOT NULL DEFAULT ''
)"""
CLOCK_ENTRY = """
CREATE TABLE clock_entry (
  id UUID PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  clock UUID NOT NULL REFERENCES case_clock (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  act VARCHAR(16) NOT NULL DEFAULT '',
  due_at TIMESTAMPTZ,
  is_provisional BOOLEAN NOT NULL DEFAULT false,
  recorded_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  recorded_by UUID REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  note VARCHAR(500) NOT NULL DEFAULT ''
)"""

REFUSE = """
CREATE FUNCTION clock_entry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'clock_entry is append-only'; END $$"""
TRIGGER = """
CREATE TRIGGER clock_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON clock_entry
FOR EACH STATEMENT EXECUTE FUNCTION clock_entry_refuse_change()"""
TWO_OFFICERS = """
ALTER TABLE clock_step
  ADD CONSTRAINT clock_step_decided_whole CHECK (
    (state = 'waiting') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  ADD CONSTRAINT clock_step_approved_by_another CHECK (state <> 'approved' OR decided_by <> requested_by),
  ADD CONSTRAINT clock_step_has_ground CHECK (act = 'resume' OR ground IS NOT NULL)"""
DUE = """
ALTER TABLE case_clock
  ADD CONSTRAINT case_clock_due_whole CHECK ((due_at IS NULL) = (due_date IS NULL)),
  ADD CONSTRAINT case_clock_running_has_end CHECK (state <> 'running' OR due_at IS NOT NULL),
  ADD CONSTRAINT case_clock_done_has_time CHECK ((state = 'done') = (done_at IS NOT NULL))"""
CLOCK_GRANT = """
GRANT SELECT, INSERT, UPDATE (rule, trigger_at, days, due_at, due_date, is_provisional, state, done_at, done_by,
  ended_by_key, document_number, note) ON case_clock TO tipline_staff, tipline_worker"""
# A function, not a view: it reads columns that a later version of the file adds, and holds none of them in place.
MEASURES = """
CREATE FUNCTION measures_for_clocks(cases uuid[])
RETURNS TABLE (id uuid, "case" uuid, person uuid, kind varchar, document_number varchar, days integer,
               approved_at timestamptz, executed_at timestamptz, ended_at timestamptz, recorded_by uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT x.id, x."case", x.person, x.kind, x.document_number,
         coalesce((to_jsonb(x) ->> 'days_to_serve')::integer, x.days),
         x.approved_at, x.executed_at, (to_jsonb(x) ->> 'ended_at')::timestamptz, x.recorded_by
  FROM outcome x WHERE x."case" = ANY(cases);
END $$"""
STATEMENTS = (
    CASE_CLOCK,
    'CREATE INDEX case_clock_case ON case_clock USING btree ("case")',
    'ALTER TABLE case_clock ADD CONSTRAINT one_clock_per_rule_and_source UNIQUE ("case", rule_code, source_key)',
    CASE_FACT,
    'CREATE INDEX case_fact_case ON case_fact USING btree ("case")',
    CLOCK_STEP,
    "CREATE INDEX clock_step_clock ON clock_step USING btree (clock)",
    CLOCK_ENTRY,
    "CREATE INDEX clock_entry_clock ON clock_entry USING btree (clock)",
    REFUSE,
    TRIGGER,
    TWO_OFFICERS,
    DUE,
    "CREATE UNIQUE INDEX clock_step_one_waiting ON clock_step (clock) WHERE state = 'waiting'",
    "CREATE INDEX case_clock_by_end ON case_clock (due_at) WHERE state = 'running'",
    CLOCK_GRANT,
    "GRANT SELECT, INSERT, UPDATE (withdrawn_by, withdrawn_at, withdrawal_reason) ON case_fact TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_note) ON clock_step TO tipline_staff",
    "GRANT SELECT ON case_fact, clock_step TO tipline_worker",
    "GRANT SELECT, INSERT ON clock_entry TO tipline_staff, tipline_worker",
    MEASURES,
    "REVOKE EXECUTE ON FUNCTION measures_for_clocks(uuid[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION measures_for_clocks(uuid[]) TO tipline_staff, tipline_worker",
    # The worker sees that and when something happened, never who a person is.
    'GRANT SELECT (id, "case", role, in_hand_at) ON person TO tipline_worker',
    'GRANT SELECT ("case", recorded_at) ON outcome TO tipline_worker',
    'GRANT SELECT ("case", cleared_at, recorded_at, approved_by) ON clearance TO tipline_worker',
    'GRANT SELECT (id, "case", type, happened_at, recorded_by) ON case_event TO tipline_worker',
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clocks", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await CaseClock.raw(statement)

    manager.add_raw(run)
    return manager
