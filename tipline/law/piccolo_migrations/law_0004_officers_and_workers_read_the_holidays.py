from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.law.tables import Holiday

ID = "law_0004"
VERSION = "1.38.0"
DESCRIPTION = "Officers and workers read the holidays; a clock has a length or bounds"
STATEMENTS = (
    "GRANT SELECT ON holiday TO tipline_staff, tipline_worker",
    "ALTER TABLE holiday ADD CONSTRAINT holiday_kind_known CHECK (kind IN ('holiday', 'workday'))",
    (
        "ALTER TABLE legal_rule ADD CONSTRAINT legal_rule_clock_is_counted CHECK (kind <> 'statutory_clock' OR"
        " (maximum > 0 AND unit IN ('working_day', 'calendar_day', 'hour', 'month')))"
    ),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="law", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Holiday.raw(statement)

    manager.add_raw(run)
    return manager
