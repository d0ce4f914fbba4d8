"""When an officer first looked at a tip, for the response clocks; what is known of earlier tips is filled in."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Tip

ID = "intake_0015"
VERSION = "1.38.0"
DESCRIPTION = "A tip keeps when it was first looked at; late ones are counted by their indexes"

STATEMENTS: Final = (
    "ALTER TABLE tip ADD COLUMN first_seen_at timestamptz DEFAULT null",
    # A later look overwrites an officer's earlier one, so this may be too late, never too early.
    """UPDATE tip t SET first_seen_at = coalesce(
         (SELECT min(s.seen_at) FROM tip_seen s JOIN officer o ON o.id = s.officer
          WHERE s.tip = t.id AND o.role IN ('intake_officer', 'investigator', 'commander')), t.decided_at)""",
    "GRANT UPDATE (first_seen_at) ON tip TO tipline_staff",
    (
        "CREATE POLICY the_public_has_not_looked ON tip AS RESTRICTIVE FOR INSERT TO tipline_public"
        " WITH CHECK (first_seen_at IS NULL)"
    ),
    "CREATE INDEX tip_unanswered ON tip (received_at) WHERE state = 'received'",
    "CREATE INDEX tip_never_seen ON tip (received_at) WHERE state = 'received' AND first_seen_at IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Tip.raw(statement)

    manager.add_raw(run)
    return manager
