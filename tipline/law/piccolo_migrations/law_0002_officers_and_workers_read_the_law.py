from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.law.tables import LegalRule

ID = "law_0002"
VERSION = "1.38.0"
DESCRIPTION = "Officers and workers read the law; only the owner writes it, the public face does not see it"
STATEMENTS = (
    "GRANT SELECT ON legal_rule TO tipline_staff, tipline_worker",
    "ALTER TABLE legal_rule ADD CONSTRAINT legal_rule_days_in_order CHECK (valid_to >= valid_from)",
    "ALTER TABLE legal_rule ADD CONSTRAINT legal_rule_limits_in_order CHECK (minimum <= maximum)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="law", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await LegalRule.raw(statement)

    manager.add_raw(run)
    return manager
