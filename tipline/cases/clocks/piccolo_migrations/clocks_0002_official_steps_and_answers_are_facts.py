from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.clocks.tables import CaseClock

ID = "clocks_0002"
VERSION = "1.38.0"
DESCRIPTION = "Official steps, answers to inquiries and the ends of a review are facts that clocks are kept by"
# Asked by staff and workers alike, so it reads with the owner's rights and gives back no more than kinds, times and
# numbers. The register of determinations tells its other facts by a function of its own.
FACTS = """
CREATE FUNCTION steps_for_clocks(cases uuid[])
RETURNS TABLE ("case" uuid, kind text, happened_at timestamptz, key text, person uuid, document_number text,
               recorded_by uuid, clock uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT s."case", CASE s.kind WHEN 'non_filing' THEN 'filing_refused'
                               WHEN 'administrative_handling' THEN 'punishment_case_filed'
                               WHEN 'transfer_for_prosecution' THEN 'sent_for_prosecution'
                               ELSE CASE s.direction WHEN 'in' THEN 'jurisdiction_received' ELSE 'case_transferred' END
                   END,
         CASE WHEN s.direction = 'in' THEN s.received_at ELSE s.decided_at END,
         'step:' || s.id, NULL::uuid, s.document_number::text, s.recorded_by, NULL::uuid
  FROM procedure_step s
  WHERE s."case" = ANY(cases) AND s.revoked_at IS NULL
    AND s.kind IN ('non_filing', 'administrative_handling', 'transfer_for_prosecution', 'transfer_of_jurisdiction')
    AND (s.direction IS DISTINCT FROM 'in' OR s.received_at IS NOT NULL)
  UNION ALL
  SELECT r."case", t.kind, t.at, t.kind || ':' || r.id, NULL, r.conclusion_number::text, r.recorded_by, NULL
  FROM determination_review r CROSS JOIN LATERAL (VALUES
    ('review_forwarded', r.forwarded_at), ('review_file_submitted', r.file_submitted_at),
    ('review_conclusion_served', r.conclusion_served_at)) AS t (kind, at)
  WHERE r."case" = ANY(cases) AND NOT r.is_refused AND t.at IS NOT NULL
  UNION ALL
  SELECT i."case", 'victim_inquiry_answered', i.answered_at, 'inquiry:' || i.id, NULL, '', i.answered_by, NULL
  FROM victim_inquiry i WHERE i."case" = ANY(cases) AND i.answered_at IS NOT NULL;
END $$"""
STATEMENTS = (
    FACTS,
    "REVOKE EXECUTE ON FUNCTION steps_for_clocks(uuid[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION steps_for_clocks(uuid[]) TO tipline_staff, tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clocks", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await CaseClock.raw(statement)

    manager.add_raw(run)
    return manager
