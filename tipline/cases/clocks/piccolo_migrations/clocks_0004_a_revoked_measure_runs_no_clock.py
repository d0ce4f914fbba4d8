from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.clocks.tables import CaseClock

ID = "clocks_0004"
VERSION = "1.38.0"
DESCRIPTION = "A revoked measure runs no clock"

MEASURES = """
CREATE OR REPLACE FUNCTION measures_for_clocks(cases uuid[])
RETURNS TABLE (id uuid, "case" uuid, person uuid, kind varchar, document_number varchar, days integer,
               approved_at timestamptz, executed_at timestamptz, ended_at timestamptz, recorded_by uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT x.id, x."case", x.person, x.kind, x.document_number,
         coalesce((to_jsonb(x) ->> 'days_to_serve')::integer, x.days),
         x.approved_at, x.executed_at, (to_jsonb(x) ->> 'ended_at')::timestamptz, x.recorded_by
  FROM outcome x WHERE x."case" = ANY(cases)
    AND coalesce(to_jsonb(x) ->> 'stage', '') <> 'revoked';
END $$"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clocks", description=DESCRIPTION)

    async def run() -> None:
        await CaseClock.raw(MEASURES)

    manager.add_raw(run)
    return manager
