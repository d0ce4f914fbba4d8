from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.tables import Case

ID = "measures_0001"
VERSION = "1.38.0"
DESCRIPTION = "Steps of measures, notices, rulings, duties, identities and particulars (docs/decisions/0034, 0035)"

KEY = "id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid()"
OFFICER = "uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE"
OUTCOME = "uuid NOT NULL REFERENCES outcome (id) ON DELETE RESTRICT ON UPDATE CASCADE"
PERSON = "uuid NOT NULL REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE"
RECORDED = f"recorded_by {OFFICER}, recorded_at timestamptz NOT NULL"

TABLES = {
    "outcome_step": f"""{KEY}, outcome {OUTCOME}, kind varchar(16) NOT NULL, happened_at timestamptz NOT NULL,
        {RECORDED}, authority varchar(80) NOT NULL DEFAULT '', document_number varchar(60) NOT NULL DEFAULT '',
        reason varchar(500) NOT NULL DEFAULT ''""",
    "penalty_notice": f"""{KEY}, outcome {OUTCOME}, informed_at timestamptz NOT NULL,
        statement text NOT NULL DEFAULT '', statement_answer text NOT NULL DEFAULT '',
        is_hearing_offered boolean NOT NULL DEFAULT false, is_hearing_asked boolean NOT NULL DEFAULT false,
        hearing_held_at timestamptz, {RECORDED}""",
    "ruling": f"""{KEY},
        "case" uuid NOT NULL REFERENCES case_file (id) ON DELETE RESTRICT ON UPDATE CASCADE, person {PERSON},
        kind varchar(24) NOT NULL, authority varchar(80) NOT NULL, document_number varchar(60) NOT NULL,
        decided_at timestamptz NOT NULL, {RECORDED}""",
    "custody_duty": f"""{KEY}, outcome {OUTCOME}, kind varchar(32) NOT NULL, done_at timestamptz,
        reason varchar(300) NOT NULL DEFAULT '', {RECORDED},
        CONSTRAINT custody_duty_done_or_reasoned CHECK (done_at IS NOT NULL OR reason <> '')""",
    "person_identity": f"""{KEY}, digest varchar(64) NOT NULL UNIQUE, masked varchar(24) NOT NULL,
        created_at timestamptz NOT NULL""",
    "person_particulars": f"""{KEY}, person {PERSON},
        identity uuid REFERENCES person_identity (id) ON DELETE RESTRICT ON UPDATE CASCADE,
        born_on date, age_at_act integer, is_nursing boolean NOT NULL DEFAULT false,
        is_gravely_ill boolean NOT NULL DEFAULT false, note varchar(300) NOT NULL DEFAULT '', {RECORDED},
        CONSTRAINT person_particulars_one_age CHECK (born_on IS NULL OR age_at_act IS NULL)""",
    "juvenile_fact": f"""{KEY}, person {PERSON}, kind varchar(24) NOT NULL, happened_at timestamptz NOT NULL,
        detail varchar(300) NOT NULL DEFAULT '', {RECORDED}""",
}
REFUSE = """
CREATE FUNCTION measures_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
# What was recorded before there was a chain: the two steps that are known of it, entered by whoever recorded it.
OLD_STEPS = """
INSERT INTO outcome_step (outcome, kind, happened_at, recorded_by, recorded_at, authority, document_number, reason)
SELECT o.id, s.kind, s.at, o.recorded_by, o.recorded_at, o.authority, o.document_number, 'recorded before the chain'
FROM outcome o, LATERAL (VALUES ('approved', o.approved_at), ('executed', o.executed_at)) AS s (kind, at)
WHERE s.at IS NOT NULL"""
STATEMENTS = (
    *(f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()),
    OLD_STEPS,
    REFUSE,
    *(
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION measures_refuse_change()"
        for name in TABLES
    ),
    "CREATE INDEX outcome_step_of_outcome ON outcome_step (outcome, happened_at)",
    # Two officers who take one step at the same moment: a measure is proposed, reviewed, approved, executed once.
    "CREATE UNIQUE INDEX outcome_step_once ON outcome_step (outcome, kind) WHERE kind <> 'extended'",
    "CREATE INDEX penalty_notice_of_outcome ON penalty_notice (outcome, recorded_at)",
    "CREATE INDEX ruling_of_person ON ruling (person)",
    "CREATE INDEX custody_duty_of_outcome ON custody_duty (outcome)",
    "CREATE INDEX person_particulars_of_person ON person_particulars (person, recorded_at DESC)",
    "CREATE INDEX person_particulars_of_identity ON person_particulars (identity) WHERE identity IS NOT NULL",
    "CREATE INDEX juvenile_fact_of_person ON juvenile_fact (person, happened_at)",
    *(f"GRANT SELECT, INSERT ON {name} TO tipline_staff" for name in TABLES),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="measures", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Case.raw(statement)

    manager.add_raw(run)
    return manager
