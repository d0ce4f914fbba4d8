"""Grants and row-level security of tips, their files and the evidence in them.

The public face adds to the one tip whose code it showed in this transaction and reads how that one stands: never its
words back, never another's. Officers and workers see every row, within their grants. The owner passes row security.
"""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Tip

ID = "intake_0003"
VERSION = "1.38.0"
DESCRIPTION = "The public face reads and adds to its own tip only; least grants for officers and workers"

GRANTS: Final = (
    "GRANT INSERT ON tip, tip_file TO tipline_public",
    "GRANT SELECT (id, receipt, state, received_at) ON tip TO tipline_public",
    "GRANT SELECT (id, tip, item, role, position, request_sha256, examination) ON tip_file TO tipline_public",
    "GRANT SELECT (deposit, state, size_bytes, sha256, received_at, sealed_at) ON evidence_item TO tipline_public",
    "GRANT SELECT ON tip, tip_file, hint TO tipline_staff",
    "GRANT UPDATE (state, decided_by, decided_at, decline_reason) ON tip TO tipline_staff",
    "GRANT SELECT ON tip, tip_file TO tipline_worker",
    "GRANT UPDATE (examination, problem, facts) ON tip_file TO tipline_worker",
    "GRANT SELECT, INSERT, DELETE ON hint TO tipline_worker",
)

# A sub-select, so that PostgreSQL asks once a statement and not once a row.
OWN_RECEIPT: Final = "(SELECT own_receipt())"
OWN_TIP: Final = "(SELECT own_tip())"
IS_FRESH: Final = (
    "state = 'received' AND channel IN ('web', 'api') AND NOT is_demo"
    " AND decided_by IS NULL AND decided_at IS NULL AND decline_reason IS NULL"
)

PUBLIC: Final = (
    ("tip", f"FOR SELECT TO tipline_public USING (receipt = {OWN_RECEIPT})"),
    ("tip", f"FOR INSERT TO tipline_public WITH CHECK (receipt = {OWN_RECEIPT} AND {IS_FRESH})"),
    ("tip_file", f"FOR SELECT TO tipline_public USING (tip = {OWN_TIP})"),
    ("tip_file", f"FOR INSERT TO tipline_public WITH CHECK (tip = {OWN_TIP} AND examination = 'waiting')"),
    ("evidence_item", f"FOR SELECT TO tipline_public USING (deposit = {OWN_TIP} AND parent IS NULL)"),
    (
        "evidence_item",
        f"FOR INSERT TO tipline_public WITH CHECK (deposit = {OWN_TIP} AND parent IS NULL AND state = 'checking')",
    ),
    # Part digests of a sealed item, or of another's, must not be added to.
    (
        "evidence_part",
        (
            "FOR INSERT TO tipline_public WITH CHECK"
            f" (item IN (SELECT id FROM evidence_item WHERE deposit = {OWN_TIP} AND state = 'checking'))"
        ),
    ),
)
TABLES: Final = ("tip", "tip_file", "evidence_item", "evidence_part")
EVERY_ROW: Final = "FOR ALL TO tipline_staff, tipline_worker USING (true) WITH CHECK (true)"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)

    async def run() -> None:
        for statement in GRANTS:
            await Tip.raw(statement)
        for table in TABLES:
            await Tip.raw(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            await Tip.raw(f"CREATE POLICY officers_and_workers_see_every_row ON {table} {EVERY_ROW}")
        for number, (table, rule) in enumerate(PUBLIC):
            await Tip.raw(f"CREATE POLICY the_public_sees_its_own_{number} ON {table} {rule}")

    manager.add_raw(run)
    return manager
