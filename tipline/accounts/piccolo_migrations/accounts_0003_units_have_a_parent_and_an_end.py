from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.accounts.tables import Unit

ID = "accounts_0003"
VERSION = "1.38.0"
DESCRIPTION = "Units stand in a tree, from which the access to cases follows, and are closed instead of removed"
BELONGS_TO_THE_BRIGADE = """
UPDATE unit SET parent = (SELECT b.id FROM unit b WHERE b.kind = 'brigade')
WHERE kind <> 'brigade' AND (SELECT count(*) FROM unit b WHERE b.kind = 'brigade') = 1"""
STATEMENTS = (
    "ALTER TABLE unit ADD COLUMN parent uuid REFERENCES unit (id) ON DELETE RESTRICT ON UPDATE CASCADE",
    "ALTER TABLE unit ADD COLUMN closed_at timestamptz",
    "ALTER TABLE unit ADD CONSTRAINT unit_is_not_its_own_parent CHECK (parent <> id)",
    BELONGS_TO_THE_BRIGADE,
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Unit.raw(statement)

    manager.add_raw(run)
    return manager
