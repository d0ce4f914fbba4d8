"""The staff face adds tips of its own channels, by the code it has just made, and cannot open anybody's later.

It may make a receipt, show it within the same transaction, and put files into the tip shown; it is granted neither the
table of receipts nor the functions that find a receipt by its locator (docs/decisions/0022).
"""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Tip

ID = "desk_0001"
VERSION = "1.38.0"
DESCRIPTION = "Officers enter tips that were told to them; who, how and when is a row that stays"

TABLE: Final = """
CREATE TABLE tip_entry (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  tip uuid UNIQUE NOT NULL REFERENCES tip (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  entered_by uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  told_at timestamptz NOT NULL DEFAULT current_timestamp,
  wants_secrecy boolean NOT NULL DEFAULT false,
  entered_at timestamptz NOT NULL DEFAULT current_timestamp
)"""
SHOWN: Final = (
    "receipt = (SELECT own_receipt()) AND channel IN ('phone', 'desk', 'hotline_12345', 'wechat') AND NOT is_demo"
    " AND state = 'received' AND decided_by IS NULL AND decided_at IS NULL AND decline_reason IS NULL"
)
STATEMENTS: Final = (
    TABLE,
    "GRANT SELECT, INSERT ON tip_entry TO tipline_staff",
    "GRANT INSERT ON tip, tip_file TO tipline_staff",
    (
        "GRANT EXECUTE ON FUNCTION file_receipt(uuid, text, bytea, bytea, text, timestamptz),"
        " receipt_of_request(text), open_own_tip(uuid, bytea), own_receipt(), own_tip() TO tipline_staff"
    ),
    # What is under way counts against the files a tip may hold; its address and bytes are nothing to officers.
    "GRANT SELECT (tip, length_bytes, state, expires_at) ON upload TO tipline_staff",
    "CREATE POLICY officers_count_every_row ON upload FOR SELECT TO tipline_staff USING (true)",
    # Restrictive: they narrow what officers_and_workers_see_every_row lets through.
    (
        f"CREATE POLICY officers_add_what_they_were_told ON tip AS RESTRICTIVE FOR INSERT TO tipline_staff"
        f" WITH CHECK ({SHOWN})"
    ),
    (
        "CREATE POLICY officers_add_to_the_tip_shown ON tip_file AS RESTRICTIVE FOR INSERT TO tipline_staff"
        " WITH CHECK (tip = (SELECT own_tip()) AND examination = 'waiting')"
    ),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="desk", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Tip.raw(statement)

    manager.add_raw(run)
    return manager
