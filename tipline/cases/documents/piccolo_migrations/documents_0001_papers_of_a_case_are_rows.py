"""The table of papers: what one says never changes; only how far it is may be written on."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.cases.documents.tables import CaseDocument

ID = "documents_0001"
VERSION = "1.38.0"
DESCRIPTION = "Auxiliary papers of a case, each version a row (docs/decisions/0040)"

TO: Final = "ON DELETE RESTRICT ON UPDATE CASCADE"
TABLE: Final = f"""
CREATE TABLE case_document (
  id UUID PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  "case" UUID NOT NULL REFERENCES case_file (id) {TO},
  kind VARCHAR(24) NOT NULL DEFAULT '',
  subject UUID NOT NULL DEFAULT gen_random_uuid(),
  version INTEGER NOT NULL DEFAULT 0 CHECK (version >= 1),
  official_number VARCHAR(60) NOT NULL DEFAULT '',
  fields JSONB NOT NULL DEFAULT jsonb_build_object(),
  sheet JSONB NOT NULL DEFAULT jsonb_build_object(),
  sheet_sha256 VARCHAR(64) NOT NULL DEFAULT '',
  made_by UUID NOT NULL REFERENCES officer (id) {TO},
  badge_number VARCHAR(20) NOT NULL DEFAULT '',
  made_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
  state VARCHAR(8) NOT NULL DEFAULT 'asked',
  item UUID REFERENCES evidence_item (id) {TO},
  problem VARCHAR(40) NOT NULL DEFAULT '',
  settled_at TIMESTAMPTZ,
  CONSTRAINT one_document_per_version UNIQUE ("case", kind, subject, version),
  CONSTRAINT case_document_kept_has_item CHECK ((state = 'kept') = (item IS NOT NULL)),
  CONSTRAINT case_document_refused_has_problem CHECK ((state = 'refused') = (problem <> '')))"""
STATEMENTS: Final = (
    TABLE,
    "GRANT SELECT, INSERT ON case_document TO tipline_staff",
    # What was refused may be asked for again; what is kept stays.
    "GRANT UPDATE (state, problem, settled_at) ON case_document TO tipline_staff",
    "GRANT SELECT ON case_document TO tipline_worker",
    "GRANT UPDATE (state, item, problem, settled_at) ON case_document TO tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="documents", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await CaseDocument.raw(statement)

    manager.add_raw(run)
    return manager
