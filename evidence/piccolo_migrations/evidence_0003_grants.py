"""Who may touch the tables of evidence: the least each face and the workers need."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from evidence.tables import EvidenceItem

ID = "evidence_0003"
VERSION = "1.38.0"
DESCRIPTION = "Grants on the tables of evidence"

# The public face deposits: a row it inserts is `checking`, the column's default; it can neither seal, nor read parts,
# nor see or write the ledger. Which of its own items it may read is the business of the room that knows whose they are.
PUBLIC: Final = (
    (
        "GRANT INSERT (id, deposit, label, object_key, media_type, size_bytes, received_at)"
        " ON evidence_item TO tipline_public"
    ),
    "GRANT SELECT (id) ON evidence_item TO tipline_public",
    "GRANT INSERT ON evidence_part TO tipline_public",
    "GRANT SELECT (id) ON evidence_part TO tipline_public",
)

# Staff enter views and keep derived items; workers seal, verify and derive. Nobody may delete, and only the columns
# that sealing sets may be updated.
KEEPERS: Final = tuple(
    statement.format(role=role)
    for role in ("tipline_staff", "tipline_worker")
    for statement in (
        "GRANT SELECT ON evidence_item, evidence_part, custody_entry, ledger_head TO {role}",
        "GRANT INSERT ON evidence_item, evidence_part, custody_entry TO {role}",
        "GRANT UPDATE (state, sha256, sm3, sealed_at) ON evidence_item TO {role}",
        "GRANT UPDATE (size, root_sha256, frontier) ON ledger_head TO {role}",
    )
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="evidence", description=DESCRIPTION)

    async def run() -> None:
        for statement in (*PUBLIC, *KEEPERS):
            await EvidenceItem.raw(statement)

    manager.add_raw(run)
    return manager
