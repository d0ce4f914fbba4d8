"""Questions of law: which version of a rule governs a given day. Rules are rows, loaded once from the shipped files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final, cast
from uuid import uuid4

from tipline.clock import SHANGHAI
from tipline.database import engine
from tipline.law.tables import LegalRule, RuleKind
from tipline.law.versions import governing

INSERT: Final = """
INSERT INTO legal_rule (id, code, kind, applies_to, source, article, title_zh, title_en, minimum, maximum, unit,
                        moves_off_holidays, valid_from, valid_to, doubt, doubt_zh, starts_on, ends_on, leads_to,
                        starts_anew_on_receipt)
VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})
ON CONFLICT (code, valid_from) DO NOTHING RETURNING id"""
SEEDS: Final = (
    "rules.json",
    "measures.json",
    "clocks.json",
    "services.json",
    "pauses.json",
    "tasks.json",
    "procedure.json",
    "determinations.json",
    "documents.json",
)
UNLESS_SAID: Final[dict[str, Any]] = {
    "moves_off_holidays": False,
    "doubt_zh": "",
    "starts_on": None,
    "ends_on": None,
    "leads_to": "",
    "starts_anew_on_receipt": False,
}
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
                    rule_row["moves_off_holidays"],
                    rule_row["valid_from"],
                    rule_row["valid_to"],
                    rule_row["doubt"],
                    rule_row["doubt_zh"],
                    rule_row["starts_on"],
                    rule_row["ends_on"],
                    rule_row["leads_to"],
                    rule_row["starts_anew_on_receipt"],
                )
            )
            if rule_row["valid_to"] is not None:
                await LegalRule.raw(END, rule_row["valid_to"], rule_row["code"], rule_row["valid_from"])
    return added


def seed_rules() -> list[dict[str, Any]]:
    """Return the rows of `rules.json`, `clocks.json` and so on, with their days as dates; starts no service."""
    rows: list[dict[str, Any]] = []
    for name in SEEDS:
        rows += json.loads(files("tipline.law").joinpath(name).read_text(encoding="utf-8"))
    return [
        {
            **UNLESS_SAID,
            **row,
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": None if row["valid_to"] is None else date.fromisoformat(row["valid_to"]),
        }
        for row in rows
    ]


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
    versions = await LegalRule.objects().where(LegalRule.code == code)
    return governing([_Version(one) for one in versions], code, on=on).row


def cited(rule_row: LegalRule) -> str:
    """Return how a rule is cited: statute and article, for example `道路交通安全法（2021修正） 第一百一十一条`."""
    return f"{rule_row.source} {rule_row.article}"


@dataclass(frozen=True, slots=True)
class _Version:
    row: LegalRule

    @property
    def valid_from(self) -> date:
        return self.row.valid_from

    @property
    def valid_to(self) -> date | None:
        return cast("date | None", self.row.valid_to)  # Piccolo types a nullable column as if it were never null

    @property
    def citation(self) -> str:
        return cited(self.row)


def day_of(moment: datetime) -> date:
    """Return the calendar day of a moment in Asia/Shanghai, the day by which the law in force is chosen."""
    return moment.astimezone(SHANGHAI).date()
