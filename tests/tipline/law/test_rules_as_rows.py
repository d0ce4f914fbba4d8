from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import asyncpg
import pytest

from tests.platform import Platform, as_role
from tipline.law.errors import RuleNotInForce, RuleUnknown
from tipline.law.service import cited, day_of, load_seed_rules, rule, rules_in_force, seed_rules
from tipline.law.tables import LegalRule, RuleKind
from tipline.settings import Role


async def test_seed_rules_are_loaded_once_and_what_stands_is_kept(database: Platform) -> None:
    await load_seed_rules()
    await LegalRule.update({LegalRule.doubt: "法制大队已核"}).where(LegalRule.code == "ground_fled")

    added = await load_seed_rules()

    assert added == 0
    assert await LegalRule.count() == len(seed_rules())
    assert {one.doubt for one in await LegalRule.objects().where(LegalRule.code == "ground_fled")} == {"法制大队已核"}
    await LegalRule.update({LegalRule.doubt: ""}).where(LegalRule.code == "ground_fled")


async def test_each_measure_has_basis_authority_document_and_limit_today(database: Platform) -> None:
    await load_seed_rules()
    kinds = (RuleKind.MEASURE_BASIS, RuleKind.MEASURE_AUTHORITY, RuleKind.MEASURE_DOCUMENT, RuleKind.MEASURE_LIMIT)

    found = {
        (measure, kind): await rules_in_force(kind=kind, applies_to=measure, on=date(2026, 11, 24))
        for measure in ("administrative_detention", "criminal_detention")
        for kind in kinds
    }

    assert {len(rules) for rules in found.values()} == {1}


async def test_article_124_offers_its_seven_grounds_and_no_more(database: Platform) -> None:
    await load_seed_rules()

    grounds = await rules_in_force(kind=RuleKind.DETENTION_GROUND, applies_to="criminal_detention", on=date(2021, 6, 1))

    assert sorted(one.article for one in grounds) == sorted(
        f"第一百二十四条第（{number}）项" for number in "一二三四五六七"
    )


async def test_the_days_of_article_99_paragraph_2_are_one_to_fifteen(database: Platform) -> None:
    await load_seed_rules()

    limit = await rule("administrative_detention_days", on=date(2021, 6, 1))

    assert (limit.minimum, limit.maximum, limit.unit) == (1, 15, "day")
    assert cited(limit) == "道路交通安全法（2021修正） 第九十九条第二款"


@pytest.mark.parametrize(
    ("day", "article"),
    [
        (date(2018, 10, 25), "第八十条"),
        (date(2018, 10, 26), "第八十二条"),
        (date(2026, 1, 1), "第八十二条"),
    ],
)
async def test_the_version_of_the_day_governs(database: Platform, day: date, article: str) -> None:
    await load_seed_rules()

    assert (await rule("criminal_detention_of_suspect", on=day)).article == article


async def test_a_rule_not_in_force_on_the_day_is_refused_with_its_article_and_dates(database: Platform) -> None:
    await load_seed_rules()

    with pytest.raises(RuleNotInForce) as refused:
        await rule("administrative_detention_for_flight", on=date(2004, 4, 30))

    assert "第九十九条" in refused.value.article
    assert refused.value.valid_from == date(2004, 5, 1)


async def test_an_unknown_rule_is_told_as_such(database: Platform) -> None:
    with pytest.raises(RuleUnknown):
        await rule("no_such_rule", on=date(2026, 1, 1))


def test_versions_of_one_rule_follow_each_other_without_gap_or_overlap() -> None:
    by_code: dict[str, list[tuple[date, date | None]]] = {}
    for row in seed_rules():
        by_code.setdefault(row["code"], []).append((row["valid_from"], row["valid_to"]))

    for versions in by_code.values():
        versions.sort()
        assert versions[-1][1] is None
        for (_, ended), (begun, _) in pairwise(versions):
            assert ended is not None
            assert ended + timedelta(days=1) == begun


def test_the_day_that_governs_is_shanghais() -> None:
    assert day_of(datetime(2018, 10, 25, 16, 0, tzinfo=UTC)) == date(2018, 10, 26)


@pytest.mark.parametrize("role", [Role.STAFF, Role.WORKER])
async def test_officers_and_workers_read_the_law_and_cannot_change_it(database: Platform, role: Role) -> None:
    await load_seed_rules()
    as_role(database, role)

    assert (await rule("ground_fled", on=date(2026, 1, 1))).kind == RuleKind.DETENTION_GROUND
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await LegalRule.update({LegalRule.maximum: 30}).where(LegalRule.code == "administrative_detention_days")


async def test_the_public_role_does_not_read_the_law_rows(database: Platform) -> None:
    as_role(database, Role.PUBLIC)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await LegalRule.select()
