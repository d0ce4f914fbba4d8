from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.work.tables import Work

ID = "work_0002"
VERSION = "1.38.0"
DESCRIPTION = "Never two of one piece of work at once; each role may do its part only (docs/decisions/0004)"

STATEMENTS = (
    # A fresh ask while one is waiting adds nothing. A retry (attempts > 0) does not count: the ask may know more.
    "CREATE UNIQUE INDEX work_one_fresh_ask ON work (job, subject) WHERE state = 'waiting' AND attempts = 0",
    "CREATE UNIQUE INDEX work_one_in_hand ON work (job, subject) WHERE state IN ('queued', 'running')",
    "CREATE INDEX work_due ON work (due_at) WHERE state = 'waiting'",
    "CREATE INDEX work_queued ON work (queued_at) WHERE state = 'queued'",
    "CREATE INDEX work_leased ON work (lease_until) WHERE state = 'running'",
    "CREATE INDEX work_failed ON work (finished_at) WHERE state = 'failed'",
    "CREATE INDEX work_subject ON work (subject)",
    "GRANT INSERT, SELECT (id) ON work TO tipline_public",
    "GRANT SELECT, INSERT, UPDATE (state, due_at, problem) ON work TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE ON work TO tipline_worker",
    "GRANT SELECT ON presence TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON presence TO tipline_worker",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="work", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Work.raw(statement)

    manager.add_raw(run)
    return manager
