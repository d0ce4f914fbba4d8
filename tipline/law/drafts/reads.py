"""What the law screens show: the rules, one rule with all its versions, and new versions that wait."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from tipline.law.drafts.errors import DraftNotFound
from tipline.law.errors import RuleUnknown
from tipline.law.tables import LegalRule, RuleDraft, RuleKind

_RULES: Final = """
SELECT DISTINCT ON (r.kind, r.applies_to, r.code) r.code, r.kind, r.applies_to, r.source, r.article, r.title_zh,
       r.title_en, r.minimum, r.maximum, r.unit, r.valid_from, r.valid_to, r.doubt, r.doubt_zh,
       (SELECT count(*) FROM legal_rule v WHERE v.code = r.code) AS versions,
       EXISTS (SELECT 1 FROM rule_draft d WHERE d.code = r.code AND d.state = 'waiting') AS has_draft
FROM legal_rule r
WHERE ({}::text IS NULL OR r.kind = {}) AND (NOT {} OR r.doubt <> '')
  AND ({} = '' OR r.code ILIKE {} OR r.title_zh ILIKE {} OR r.title_en ILIKE {} OR r.source || r.article ILIKE {})
ORDER BY r.kind, r.applies_to, r.code, (r.valid_from <= {}) DESC, r.valid_from DESC"""
_DRAFTS: Final = """
SELECT d.*, e.full_name AS entered_by_name, q.full_name AS decided_by_name
FROM rule_draft d JOIN officer e ON e.id = d.entered_by LEFT JOIN officer q ON q.id = d.decided_by
WHERE ({}::text IS NULL OR d.code = {}) AND ({}::uuid IS NULL OR d.id = {}) AND (NOT {} OR d.state = 'waiting')
ORDER BY d.entered_at DESC, d.id LIMIT 200"""


async def rules_shown(*, kind: RuleKind | None, words: str, only_doubtful: bool, on: date) -> list[dict[str, Any]]:
    """Return each rule once, in the version that governs the day (else the nearest), with how many versions it has."""
    part = f"%{words.replace(chr(92), '').replace('%', '').replace('_', chr(92) + '_')}%"
    chosen = None if kind is None else kind.value
    rows: list[dict[str, Any]] = await LegalRule.raw(
        _RULES, chosen, chosen, only_doubtful, words, part, part, part, part, on
    )
    return rows


async def versions_of(code: str) -> list[LegalRule]:
    """Return the versions of a rule, the latest first.

    Raises:
        RuleUnknown: there is none.
    """
    rows = await LegalRule.objects().where(LegalRule.code == code).order_by(LegalRule.valid_from, ascending=False)
    if not rows:
        raise RuleUnknown(code)
    return rows


async def drafts_of(code: str | None = None, *, only_waiting: bool = False) -> list[dict[str, Any]]:
    """Return the new versions entered for a rule, or for all, the latest first."""
    rows: list[dict[str, Any]] = await RuleDraft.raw(_DRAFTS, code, code, None, None, only_waiting)
    return rows


async def draft_shown(draft_id: UUID) -> dict[str, Any]:
    """Return one new version.

    Raises:
        DraftNotFound: there is none.
    """
    rows: list[dict[str, Any]] = await RuleDraft.raw(_DRAFTS, None, None, draft_id, draft_id, False)
    if not rows:
        raise DraftNotFound(draft_id)
    return rows[0]
