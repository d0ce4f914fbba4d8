"""Questions of law: which version of a rule governs a given day. Rules are rows, loaded once from `rules.json`."""

from __future__ import annotations

import json
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final, cast
from uuid import uuid4

from tipline.clock import SHANGHAI
from tipline.database import engine
from tipline.law.errors import RuleNotInForce, RuleUnknown
from tipline.law.tables import LegalRule, RuleKind

INSERT: Final = """
INSERT INTO legal_rule (id, code, kind, applies_to, source, article, title_zh, title_en, minimum, maximum, unit,
                        valid_from, valid_to, doubt)
VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})
ON CONFLICT (code, valid_from) DO NOTHING RETURNING id"""
# A version that a later release of the seed has ended; an end that stands already is not moved.
END: Final = "UPDATE legal_rule SET valid_to = {} WHERE code = {} AND valid_from = {} AND valid_to IS NULL"


async def load_seed_rules() -> int:
    """Add the rules shipped with the platform that the database does not know yet; return how many were new.

    What stands is left as it is, so that a correction by the legal officer survives; only an open version that the
    seed has ended since receives its last day. Needs the owner's role; safe to run at every start.
    """
    added = 0
    async with engine().transaction():
        for rule_row in seed_rules():
            added += len(
                await LegalRule.raw(
                    INSERT,
                    uuid4(),
                    rule_row["code"],
                    RuleKind(rule_row["kind"]).value,
                    rule_row["applies_to"],
                    rule_row["source"],
                    rule_row["article"],
                    rule_row["title_zh"],
                    rule_row["title_en"],
                    rule_row["minimum"],
                    rule_row["maximum"],
                    rule_row["unit"],
                    rule_row["valid_from"],
                    rule_row["valid_to"],
                    rule_row["doubt"],
                )
            )
            if rule_row["valid_to"] is not None:
                await LegalRule.raw(END, rule_row["valid_to"], rule_row["code"], rule_row["valid_from"])
    return added


def seed_rules() -> list[dict[str, Any]]:
    """Return the rows of `rules.json` with their days as dates; starts no service."""
    rows: list[dict[str, Any]] = json.loads(files("tipline.law").joinpath("rules.json").read_text(encoding="utf-8"))
    for row in rows:
        row["valid_from"] = date.fromisoformat(row["valid_from"])
        row["valid_to"] = None if row["valid_to"] is None else date.fromisoformat(row["valid_to"])
    return rows


async def rules_in_force(*, kind: RuleKind, applies_to: str, on: date) -> list[LegalRule]:
    """Return the rules of one kind that govern a measure on that day, in the order of their articles' codes."""
    return (
        await LegalRule.objects()
        .where((LegalRule.kind == kind) & (LegalRule.applies_to == applies_to) & (LegalRule.valid_from <= on))
        .where(LegalRule.valid_to.is_null() | (LegalRule.valid_to >= on))
        .order_by(LegalRule.code)
    )


async def rule(code: str, *, on: date) -> LegalRule:
    """Return the version of a rule that governs the day.

    Raises:
        RuleUnknown: no version of the rule is recorded at all.
        RuleNotInForce: none was in force on the day; the error names the article and its dates.
    """
    versions = await LegalRule.objects().where(LegalRule.code == code).order_by(LegalRule.valid_from)
    if not versions:
        raise RuleUnknown(code)
    begun = [one for one in versions if one.valid_from <= on]
    governing = [one for one in begun if on <= _last_day(one)]
    if governing:
        return governing[-1]
    nearest = begun[-1] if begun else versions[0]
    raise RuleNotInForce(code, on, article=cited(nearest), valid_from=nearest.valid_from, valid_to=nearest.valid_to)


def _last_day(version: LegalRule) -> date:
    ends = cast("date | None", version.valid_to)  # Piccolo types a nullable column as if it were never null
    return date.max if ends is None else ends


def cited(rule_row: LegalRule) -> str:
    """Return how a rule is cited: statute and article, for example `道路交通安全法（2021修正） 第一百一十一条`."""
    return f"{rule_row.source} {rule_row.article}"


def day_of(moment: datetime) -> date:
    """Return the calendar day of a moment in Asia/Shanghai, the day by which the law in force is chosen."""
    return moment.astimezone(SHANGHAI).date()
