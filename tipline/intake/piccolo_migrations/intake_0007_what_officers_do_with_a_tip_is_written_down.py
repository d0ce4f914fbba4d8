"""Columns and tables of triage."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Tip

ID = "intake_0007"
VERSION = "1.38.0"
DESCRIPTION = "Deeds on tips, tags, notes, and what each officer keeps for himself"

TO: Final = "ON DELETE RESTRICT ON UPDATE CASCADE DEFAULT null"
KEY: Final = "id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid()"
OF_TIP: Final = f"tip uuid NOT NULL REFERENCES tip (id) {TO}"
MOMENT: Final = "timestamptz NOT NULL DEFAULT current_timestamp"

STATEMENTS: Final = (
    f"ALTER TABLE tip ADD COLUMN duplicate_of uuid REFERENCES tip (id) {TO}",
    f"ALTER TABLE tip ADD COLUMN assigned_to uuid REFERENCES officer (id) {TO}",
    "ALTER TABLE tip ADD COLUMN surfaced_at timestamptz DEFAULT null",
    (
        "ALTER TABLE tip ADD CONSTRAINT a_duplicate_names_its_tip"
        " CHECK ((state = 'duplicate') = (duplicate_of IS NOT NULL))"
    ),
    "ALTER TABLE tip ADD CONSTRAINT no_tip_is_its_own_duplicate CHECK (duplicate_of <> id)",
    f"""CREATE TABLE tip_event ({KEY}, {OF_TIP}, number integer NOT NULL DEFAULT 0,
        deed varchar(24) NOT NULL DEFAULT '', officer uuid REFERENCES officer (id) {TO}, happened_at {MOMENT},
        changed_from jsonb NOT NULL DEFAULT jsonb_build_object(),
        changed_to jsonb NOT NULL DEFAULT jsonb_build_object(),
        undoes uuid UNIQUE REFERENCES tip_event (id) {TO},
        CONSTRAINT one_deed_per_number UNIQUE (tip, number))""",
    f"CREATE TABLE tag ({KEY}, name varchar(40) UNIQUE NOT NULL DEFAULT '')",
    f"""CREATE TABLE tip_tag ({KEY}, {OF_TIP}, tag uuid NOT NULL REFERENCES tag (id) {TO},
        CONSTRAINT one_tag_once UNIQUE (tip, tag))""",
    f"""CREATE TABLE tip_note ({KEY}, {OF_TIP}, text text NOT NULL DEFAULT '',
        author uuid NOT NULL REFERENCES officer (id) {TO}, written_at {MOMENT})""",
    "CREATE INDEX tip_note_tip ON tip_note (tip)",
    f"""CREATE TABLE tip_seen ({KEY}, {OF_TIP}, officer uuid NOT NULL REFERENCES officer (id) {TO}, seen_at {MOMENT},
        CONSTRAINT one_mark_each UNIQUE (tip, officer))""",
    f"""CREATE TABLE saved_search ({KEY}, officer uuid NOT NULL REFERENCES officer (id) {TO},
        name varchar(40) NOT NULL DEFAULT '', query varchar(400) NOT NULL DEFAULT '', created_at {MOMENT},
        CONSTRAINT one_search_per_name UNIQUE (officer, name))""",
    f"""CREATE TABLE triage_preference ({KEY}, officer uuid UNIQUE NOT NULL REFERENCES officer (id) {TO},
        has_single_keys boolean NOT NULL DEFAULT true)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Tip.raw(statement)

    manager.add_raw(run)
    return manager
