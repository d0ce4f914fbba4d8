from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.clocks.tables import CaseClock

ID = "clocks_0003"
VERSION = "1.38.0"
DESCRIPTION = "Duties of the first hours in custody, done or noted as impossible, are facts that clocks are kept by"
FACTS = """
CREATE FUNCTION duties_for_clocks(cases uuid[])
RETURNS TABLE ("case" uuid, kind text, happened_at timestamptz, key text, person uuid, document_number text,
               recorded_by uuid, clock uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT x."case", t.fact, coalesce(d.done_at, d.recorded_at), 'duty:' || d.id, x.person, '', d.recorded_by, NULL::uuid
  FROM custody_duty d JOIN outcome x ON x.id = d.outcome
  JOIN (VALUES ('detention_to_custody', 'brought_to_detention_centre'), ('first_interrogation', 'first_interrogated'),
               ('family_notice', 'family_notified'), ('arrest_interrogation', 'interrogated_after_arrest'),
               ('arrest_family_notice', 'family_notified_of_arrest')) AS t (duty, fact) ON t.duty = d.kind
  WHERE x."case" = ANY(cases);
END $$"""
STATEMENTS = (
    FACTS,
    "REVOKE EXECUTE ON FUNCTION duties_for_clocks(uuid[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION duties_for_clocks(uuid[]) TO tipline_staff, tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clocks", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await CaseClock.raw(statement)

    manager.add_raw(run)
    return manager
