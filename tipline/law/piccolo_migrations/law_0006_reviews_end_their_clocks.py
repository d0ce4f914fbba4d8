from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.law.tables import LegalRule

ID = "law_0006"
VERSION = "1.38.0"
DESCRIPTION = "Clocks of review, and the task of an inquiry, name the facts that fulfil them"
ENDS = {
    "review_forward": "review_forwarded",
    "review_file_submission": "review_file_submitted",
    "review_conclusion_service": "review_conclusion_served",
    "task_answer_inquiry": "victim_inquiry_answered",
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="law", description=DESCRIPTION)

    async def run() -> None:
        # What fulfils a clock was not written down whole; the law of the version is not touched.
        await LegalRule.raw("ALTER TABLE legal_rule DISABLE TRIGGER legal_rule_versions_stay")
        for code, fact in ENDS.items():
            await LegalRule.raw("UPDATE legal_rule SET ends_on = {} WHERE code = {}", fact, code)
        await LegalRule.raw("ALTER TABLE legal_rule ENABLE TRIGGER legal_rule_versions_stay")

    manager.add_raw(run)
    return manager
