"""law_0005 completes the rows of law that an older platform holds."""

from __future__ import annotations

from datetime import date

from tests.platform import Platform
from tipline.law.piccolo_migrations.law_0005_rules_start_on_facts_and_are_entered_by_two import complete
from tipline.law.service import load_seed_rules, seed_rules
from tipline.law.tables import LegalFact, LegalRule

EMPTY = "UPDATE legal_rule SET starts_on = NULL, ends_on = NULL, doubt_zh = '' WHERE code = 'bail_end'"


async def test_a_standing_row_learns_which_fact_starts_it(database: Platform) -> None:
    await load_seed_rules()
    admin = await database.admin()
    await admin.execute("ALTER TABLE legal_rule DISABLE TRIGGER legal_rule_versions_stay")
    await admin.execute(EMPTY)

    await complete(seed_rules())

    await admin.execute("ALTER TABLE legal_rule ENABLE TRIGGER legal_rule_versions_stay")
    await admin.close()
    row = await LegalRule.objects().where((LegalRule.code == "bail_end") & (LegalRule.valid_from == date(2020, 9, 1)))
    assert [(one.starts_on, one.ends_on) for one in row] == [(LegalFact.BAIL_EXECUTED, LegalFact.BAIL_ENDED)]
    assert row[0].doubt_zh
