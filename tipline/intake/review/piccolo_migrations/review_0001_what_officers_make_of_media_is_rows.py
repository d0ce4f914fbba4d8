"""The tables of the media review: what may be refused is refused by PostgreSQL too, and nothing of it is rewritten."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.review.tables import Derivation

ID = "review_0001"
VERSION = "1.38.0"
DESCRIPTION = "Derivations, markers, corrections of hints, clocks and seen frames are rows (docs/decisions/0024, 0025)"

KEY: Final = "id UUID PRIMARY KEY NOT NULL DEFAULT gen_random_uuid()"
FILE: Final = "tip_file UUID NOT NULL REFERENCES tip_file (id) ON DELETE RESTRICT ON UPDATE CASCADE"
NOW: Final = "TIMESTAMPTZ NOT NULL DEFAULT current_timestamp"


def by(name: str) -> str:
    return f"{name} UUID NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE"


def item(name: str, null: str) -> str:
    return f"{name} UUID {null} REFERENCES evidence_item (id) ON DELETE RESTRICT ON UPDATE CASCADE"


TABLES: Final = (
    f"""CREATE TABLE derivation (
        {KEY}, {FILE},
        kind VARCHAR(16) NOT NULL DEFAULT '',
        label VARCHAR(80) NOT NULL DEFAULT '' CHECK (label <> ''),
        parameters JSONB NOT NULL DEFAULT jsonb_build_object(),
        {by("asked_by")},
        badge_number VARCHAR(20) NOT NULL DEFAULT '',
        asked_at {NOW},
        state VARCHAR(16) NOT NULL DEFAULT 'asked',
        {item("item", "NULL")},
        facts JSONB NOT NULL DEFAULT jsonb_build_object(),
        problem VARCHAR(40) NOT NULL DEFAULT '',
        settled_at TIMESTAMPTZ,
        CONSTRAINT one_derivation_per_label UNIQUE (tip_file, label),
        CONSTRAINT derivation_kept_has_item CHECK ((state = 'kept') = (item IS NOT NULL)),
        CONSTRAINT derivation_refused_has_problem CHECK ((state = 'refused') = (problem <> '')))""",
    f"""CREATE TABLE marker (
        {KEY}, {FILE},
        at_ms INTEGER NOT NULL DEFAULT 0 CHECK (at_ms >= 0),
        note VARCHAR(400) NOT NULL DEFAULT '',
        still UUID NOT NULL REFERENCES derivation (id) ON DELETE RESTRICT ON UPDATE CASCADE,
        {by("made_by")},
        made_at {NOW})""",
    f"""CREATE TABLE hint_correction (
        {KEY}, {FILE},
        kind VARCHAR(16) NOT NULL DEFAULT '',
        raw_value VARCHAR(80) NOT NULL DEFAULT '',
        reading JSONB NOT NULL DEFAULT jsonb_build_object(),
        act VARCHAR(16) NOT NULL DEFAULT '',
        old_value VARCHAR(80) NOT NULL DEFAULT '',
        new_value VARCHAR(80) NOT NULL DEFAULT '',
        reason VARCHAR(200) NOT NULL DEFAULT '',
        {by("corrected_by")},
        corrected_at {NOW},
        CONSTRAINT hint_correction_rejects_to_nothing CHECK ((act = 'rejected') = (new_value = '')))""",
    f"""CREATE TABLE clock_offset (
        {KEY}, {FILE},
        at_ms INTEGER NOT NULL DEFAULT 0 CHECK (at_ms >= 0),
        shown_at {NOW},
        true_at {NOW},
        offset_s DOUBLE PRECISION NOT NULL DEFAULT 0,
        error_s DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (error_s >= 0),
        covers_file_time BOOLEAN NOT NULL DEFAULT false,
        reason VARCHAR(200) NOT NULL DEFAULT '',
        {by("set_by")},
        set_at {NOW})""",
    f"""CREATE TABLE frame_seen (
        {KEY},
        {item("frame", "NOT NULL")},
        {by("officer")},
        seen_at {NOW},
        CONSTRAINT one_look_per_officer UNIQUE (frame, officer))""",
)
REFUSE: Final = """
CREATE FUNCTION review_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
ONLY_GROW: Final = ("marker", "hint_correction", "clock_offset", "frame_seen")
REST: Final = (
    "CREATE INDEX marker_of_file ON marker (tip_file, at_ms)",
    "CREATE INDEX hint_correction_of_file ON hint_correction (tip_file, corrected_at)",
    "CREATE INDEX clock_offset_of_file ON clock_offset (tip_file, set_at)",
    "GRANT SELECT, INSERT ON derivation, marker, hint_correction, clock_offset, frame_seen TO tipline_staff",
    # What was refused may be asked for again; what is kept stays.
    "GRANT UPDATE (state, problem, settled_at) ON derivation TO tipline_staff",
    "GRANT SELECT ON derivation, hint_correction, clock_offset TO tipline_worker",
    "GRANT UPDATE (state, item, facts, problem, settled_at) ON derivation TO tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="review", description=DESCRIPTION)

    async def run() -> None:
        for statement in (*TABLES, REFUSE):
            await Derivation.raw(statement)
        for table in ONLY_GROW:
            await Derivation.raw(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
                f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION review_refuse_change()"
            )
        for statement in REST:
            await Derivation.raw(statement)

    manager.add_raw(run)
    return manager
