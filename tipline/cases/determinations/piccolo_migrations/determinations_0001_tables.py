from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "determinations_0001"
VERSION = "1.38.0"
DESCRIPTION = "The register of determinations: versions, parties, service, review, inquiries"

TABLES = (
    """
CREATE TABLE unsolved_application (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  applicant uuid NOT NULL REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  received_at timestamptz NOT NULL,
  recorded_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at timestamptz NOT NULL
)""",
    """
CREATE TABLE evidence_disclosure (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  held_at timestamptz NOT NULL,
  place_text varchar(200) NOT NULL,
  present text NOT NULL,
  absent text NOT NULL,
  withheld text NOT NULL,
  recorded_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at timestamptz NOT NULL
)""",
    """
CREATE TABLE determination (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  number varchar(60) UNIQUE NOT NULL,
  version integer NOT NULL,
  kind varchar(20) NOT NULL,
  made_at timestamptz NOT NULL,
  authority varchar(80) NOT NULL,
  content text NOT NULL,
  is_complex boolean NOT NULL,
  application uuid UNIQUE REFERENCES unsolved_application (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  replaces uuid UNIQUE REFERENCES determination (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  replacement_ground varchar(16),
  replacement_document varchar(60) NOT NULL,
  states_revocation boolean NOT NULL,
  recorded_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT one_version_per_number UNIQUE ("case", version),
  CONSTRAINT determination_replacement_has_ground CHECK (
    (replaces IS NULL) = (replacement_ground IS NULL) AND (replaces IS NULL OR states_revocation)),
  CONSTRAINT determination_unsolved_was_applied_for CHECK (
    kind <> 'unsolved_flight' OR application IS NOT NULL OR replaces IS NOT NULL)
)""",
    """
CREATE TABLE determination_party (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  determination uuid NOT NULL REFERENCES determination (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  person uuid REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  described_as varchar(80) NOT NULL,
  responsibility varchar(12),
  basis varchar(20),
  cause_share varchar(16) NOT NULL,
  cause_words varchar(500) NOT NULL,
  CONSTRAINT determination_party_is_named CHECK ((person IS NULL) = (described_as <> '')),
  CONSTRAINT determination_party_share_has_basis CHECK ((responsibility IS NULL) = (basis IS NULL))
)""",
    """
CREATE TABLE determination_service (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  party uuid UNIQUE NOT NULL REFERENCES determination_party (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  method varchar(16) NOT NULL,
  served_at timestamptz NOT NULL,
  served_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  received_by varchar(80) NOT NULL,
  tells_review boolean NOT NULL,
  tells_mediation boolean NOT NULL,
  tells_litigation boolean NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT determination_service_tells_all_rights CHECK (tells_review AND tells_mediation AND tells_litigation)
)""",
    """
CREATE TABLE determination_review (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  determination uuid NOT NULL REFERENCES determination (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  party uuid NOT NULL REFERENCES determination_party (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  channel varchar(16) NOT NULL,
  requested_at timestamptz NOT NULL,
  reasons text NOT NULL,
  is_refused boolean NOT NULL,
  forwarded_at timestamptz,
  accepted_at timestamptz,
  file_asked_at timestamptz,
  file_submitted_at timestamptz,
  result varchar(24),
  conclusion_number varchar(60) NOT NULL,
  concluded_at timestamptz,
  conclusion_received_at timestamptz,
  conclusion_served_at timestamptz,
  steps integer NOT NULL,
  recorded_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT determination_review_ends_once CHECK ((result IS NULL) = (concluded_at IS NULL)),
  CONSTRAINT determination_review_refused_goes_no_further CHECK (
    NOT is_refused OR (accepted_at IS NULL AND result IS NULL))
)""",
    """
CREATE TABLE victim_inquiry (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  asked_by varchar(80) NOT NULL,
  relation varchar(16) NOT NULL,
  asked_at timestamptz NOT NULL,
  question text NOT NULL,
  recorded_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  recorded_at timestamptz NOT NULL,
  answered_at timestamptz,
  answered_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  answer text NOT NULL,
  withheld text NOT NULL,
  CONSTRAINT victim_inquiry_answer_has_a_name CHECK ((answered_at IS NULL) = (answered_by IS NULL))
)""",
)
REFUSE = """
CREATE FUNCTION determination_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what a determination says is not changed: register a new version'; END $$"""
APPEND_ONLY = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
ON {table} FOR EACH STATEMENT EXECUTE FUNCTION determination_refuse_change()"""
GROWING = ("unsolved_application", "evidence_disclosure", "determination", "determination_party", "determination_service")

STATEMENTS = (
    *TABLES,
    'CREATE INDEX evidence_disclosure_case ON evidence_disclosure ("case")',
    'CREATE INDEX victim_inquiry_case ON victim_inquiry ("case")',
    'CREATE INDEX unsolved_application_case ON unsolved_application ("case")',
    'CREATE INDEX determination_party_determination ON determination_party (determination)',
    'CREATE INDEX determination_review_case ON determination_review ("case")',
    # One review an accident (71): a late request that was refused does not count.
    """CREATE UNIQUE INDEX determination_review_once ON determination_review ("case") WHERE NOT is_refused""",
    REFUSE,
    *(APPEND_ONLY.format(table=table) for table in GROWING),
    *(f"GRANT SELECT, INSERT ON {table} TO tipline_staff" for table in GROWING),
    """GRANT SELECT, INSERT, UPDATE (forwarded_at, accepted_at, file_asked_at, file_submitted_at, result,
       conclusion_number, concluded_at, conclusion_received_at, conclusion_served_at, steps, recorded_by, recorded_at)
       ON determination_review TO tipline_staff""",
    """GRANT SELECT, INSERT, UPDATE (answered_at, answered_by, answer, withheld) ON victim_inquiry TO tipline_staff""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="determinations", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
