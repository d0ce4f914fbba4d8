from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "determinations_0002"
VERSION = "1.38.0"
DESCRIPTION = "The clocks read the facts of the register, and the worker never its words"

# The service that completes a document may end its term; the others only begin their own party's terms, so they name
# a clock that there is not. A request made directly to the superior office begins no term of forwarding.
FACTS = """
CREATE FUNCTION register_facts(cases uuid[])
RETURNS TABLE ("case" uuid, kind text, happened_at timestamptz, key text, person uuid, document_number text,
               recorded_by uuid, clock uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT a."case", 'victim_application_received', a.received_at, 'application:' || a.id, NULL::uuid, '', a.recorded_by,
         NULL::uuid
  FROM unsolved_application a WHERE a."case" = ANY(cases)
  UNION ALL
  SELECT d."case", 'determination_made', d.made_at, 'determination:' || d.id, NULL, d.number, d.recorded_by, NULL
  FROM determination d WHERE d."case" = ANY(cases)
  UNION ALL
  SELECT s."case", 'determination_served', s.served_at, 'service:' || s.id, s.person, s.number, s.served_by,
         CASE WHEN s.place = s.wanted THEN NULL ELSE s.id END
  FROM (
    SELECT v.id, v.served_at, v.served_by, q.person, d."case", d.number,
           row_number() OVER (PARTITION BY d.id ORDER BY v.served_at, v.id) AS place,
           (SELECT count(*) FROM determination_party w LEFT JOIN person p ON p.id = w.person
            WHERE w.determination = d.id AND (d.kind <> 'unsolved_flight' OR p.role = 'victim')) AS wanted
    FROM determination_service v JOIN determination_party q ON q.id = v.party
    JOIN determination d ON d.id = q.determination WHERE d."case" = ANY(cases)
  ) s
  UNION ALL
  SELECT r."case", f.kind, f.at, f.kind || ':' || r.id, CASE WHEN f.is_the_partys THEN q.person END,
         coalesce(f.number, ''), r.recorded_by, NULL
  FROM determination_review r JOIN determination_party q ON q.id = r.party
  CROSS JOIN LATERAL (VALUES
    ('review_request_received', CASE WHEN r.channel = 'through_unit' THEN r.requested_at END, true, NULL),
    ('review_notice_received', r.file_asked_at, false, NULL),
    ('review_accepted', r.accepted_at, false, NULL),
    ('review_concluded', r.concluded_at, false, r.conclusion_number),
    ('redetermination_ordered', CASE WHEN r.result = 'redetermination_ordered'
      THEN coalesce(r.conclusion_received_at, r.concluded_at) END, false, r.conclusion_number)
  ) AS f (kind, at, is_the_partys, number)
  WHERE r."case" = ANY(cases) AND NOT r.is_refused AND f.at IS NOT NULL
  UNION ALL
  SELECT i."case", 'victim_inquiry_received', i.asked_at, 'inquiry:' || i.id, NULL, '', i.recorded_by, NULL
  FROM victim_inquiry i WHERE i."case" = ANY(cases)
$$"""
STATEMENTS = (
    FACTS,
    "REVOKE EXECUTE ON FUNCTION register_facts(uuid[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION register_facts(uuid[]) TO tipline_staff, tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="determinations", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
