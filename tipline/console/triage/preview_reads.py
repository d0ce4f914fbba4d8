"""What stands beside the list: one tip in short, the tips like it, the cases it may belong to, and its story here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tipline.accounts.rules import Right, roles_with
from tipline.accounts.tables import Officer
from tipline.cases.access import Reader, visible_cases
from tipline.cases.tables import LinkSuggestion
from tipline.console.cases import media_of_tips
from tipline.console.reasons import ShownReason, shown
from tipline.console.triage.reads import TEXTS
from tipline.intake.tables import Tip
from tipline.intake.triage.errors import TipNotFound
from tipline.intake.triage.history import read_back
from tipline.intake.triage.rules import UNDOABLE
from tipline.intake.triage.similar import SimilarTip, similar_tips
from tipline.intake.triage.tables import Tag, TipEvent, TipNote

CASES_SHOWN: Final = 9
REASONS_SHOWN: Final = 3
TAGS_OFFERED: Final = 200
_TIP: Final = """
SELECT t.*, h.full_name AS assigned_name, o.full_name AS decided_by_name, o.badge_number AS decided_by_badge,
       y.alias AS duplicate_of_alias,
       ARRAY(SELECT g.name FROM tip_tag b JOIN tag g ON g.id = b.tag WHERE b.tip = t.id ORDER BY g.name) AS tags
FROM tip t LEFT JOIN officer h ON h.id = t.assigned_to LEFT JOIN officer o ON o.id = t.decided_by
LEFT JOIN tip y ON y.id = t.duplicate_of WHERE t.id = {}"""
_DUPLICATES: Final = """
WITH RECURSIVE told AS (
  SELECT id FROM tip WHERE duplicate_of = {} UNION SELECT d.id FROM tip d JOIN told ON d.duplicate_of = told.id
) SELECT t.id, t.alias, t.received_at, left(t.story, 120) AS story_start FROM tip t JOIN told ON told.id = t.id
ORDER BY t.received_at"""
_SUGGESTIONS: Final = """
SELECT s.id, s."case", s.match_weight, s.reasons, c.number, c.severity, c.happened_from, c.place_text
FROM link_suggestion s JOIN case_file c ON c.id = s."case"
WHERE s.tip = {} AND s.state = 'proposed' AND {} ORDER BY s.match_weight DESC, s.id LIMIT {}"""
_LINKS: Final = """
SELECT DISTINCT c.id, c.number FROM link l JOIN case_file c ON c.id = l."case"
WHERE l.tip = ANY({}::uuid[]) AND {} ORDER BY c.number"""
_HISTORY: Final = """
SELECT e.id, e.number, e.deed, e.officer, e.happened_at, e.changed_from, e.changed_to, o.full_name, o.badge_number,
       EXISTS (SELECT 1 FROM tip_event u WHERE u.undoes = e.id) AS is_undone, undone.deed AS undone_deed,
       coalesce(b.alias, y.alias) AS other_alias, h.full_name AS assigned_name, c.number AS case_number
FROM tip_event e LEFT JOIN officer o ON o.id = e.officer
LEFT JOIN tip_event undone ON undone.id = e.undoes
LEFT JOIN tip b ON b.id = (e.changed_to ->> 'because')::uuid
LEFT JOIN tip y ON y.id = (e.changed_to ->> 'duplicate_of')::uuid
LEFT JOIN officer h ON h.id = (e.changed_to ->> 'assigned_to')::uuid
LEFT JOIN case_file c ON c.id = (e.changed_to ->> 'case')::uuid AND {}
WHERE e.tip = {} ORDER BY e.number DESC"""
_NOTES: Final = """
SELECT n.text, n.written_at, o.full_name, o.badge_number FROM tip_note n JOIN officer o ON o.id = n.author
WHERE n.tip = {} ORDER BY n.written_at, n.id"""
_LAST_DEED: Final = """
SELECT e.id, e.deed, e.tip, t.alias FROM tip_event e JOIN tip t ON t.id = e.tip
WHERE e.officer = {} AND e.deed = ANY({}::text[]) AND NOT EXISTS (SELECT 1 FROM tip_event u WHERE u.undoes = e.id)
ORDER BY e.happened_at DESC, e.number DESC LIMIT 1"""
_TIPS_BY_WORDS: Final = f"""
SELECT id, alias, state, received_at, plate_text, left(story, 120) AS story_start FROM tip t
WHERE id <> {{}} AND character_pairs({TEXTS}) @> character_pairs({{}})
AND (alias ILIKE {{}} OR plate_text ILIKE {{}} OR story ILIKE {{}})
ORDER BY received_at DESC LIMIT 9"""  # noqa: S608  made of this room's own constants


@dataclass(frozen=True, slots=True)
class SuggestedCase:
    """A case that the tip may belong to, and the reasons that weigh most."""

    row: dict[str, Any]
    reasons: list[ShownReason]


@dataclass(frozen=True, slots=True)
class Preview:
    """One tip beside the list; its duplicates' files and links are among its own."""

    tip: dict[str, Any]
    files: list[dict[str, Any]]
    duplicates: list[dict[str, Any]]
    links: list[dict[str, Any]]
    cases: list[SuggestedCase]
    similar: list[SimilarTip]
    notes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TipSide:
    """What officers did with a tip and said about it, for the tip's own page."""

    tip: dict[str, Any]
    duplicates: list[dict[str, Any]]
    similar: list[SimilarTip]
    notes: list[dict[str, Any]]
    history: list[dict[str, Any]]


async def read_side(tip_id: UUID, *, of: Reader) -> TipSide:
    """Return what stands beside a tip on its own page.

    Raises:
        TipNotFound: there is none.
    """
    tips: list[dict[str, Any]] = await Tip.raw(_TIP, tip_id)
    if not tips:
        raise TipNotFound(tip_id)
    return TipSide(
        tip=tips[0],
        duplicates=await Tip.raw(_DUPLICATES, tip_id),
        similar=await similar_tips(tip_id),
        notes=await notes_on(tip_id),
        history=await history_of(tip_id, of=of),
    )


async def read_preview(tip_id: UUID, *, of: Reader) -> Preview:
    """Return a tip in short with what it is decided by; cases only where `of` may read them.

    Raises:
        TipNotFound: there is none.
    """
    tips: list[dict[str, Any]] = await Tip.raw(_TIP, tip_id)
    if not tips:
        raise TipNotFound(tip_id)
    duplicates: list[dict[str, Any]] = await Tip.raw(_DUPLICATES, tip_id)
    told = [tip_id, *(row["id"] for row in duplicates)]
    media = await media_of_tips(told)
    suggested: list[dict[str, Any]] = await LinkSuggestion.raw(_SUGGESTIONS, tip_id, visible_cases(of), CASES_SHOWN)
    return Preview(
        tip=tips[0],
        files=[file for one in told for file in media[one]],
        duplicates=duplicates,
        links=await Tip.raw(_LINKS, told, visible_cases(of)),
        cases=[SuggestedCase(row, _strongest(row["reasons"])) for row in suggested],
        similar=await similar_tips(tip_id),
        notes=await notes_on(tip_id),
    )


async def history_of(tip_id: UUID, *, of: Reader) -> list[dict[str, Any]]:
    """Return every deed on a tip, the latest first; `may_undo` where `of` did it and it can be taken back as a kind."""
    rows: list[dict[str, Any]] = await TipEvent.raw(_HISTORY, visible_cases(of), tip_id)
    for row in rows:
        row |= {name: json.loads(row[name]) for name in ("changed_from", "changed_to")}
        row["until"] = read_back(row["changed_to"]).get("surfaced_at")
        row["may_undo"] = row["officer"] == of.id and row["deed"] in UNDOABLE and not row["is_undone"]
    return rows


async def notes_on(tip_id: UUID) -> list[dict[str, Any]]:
    """Return the internal notes on a tip, the first first."""
    rows: list[dict[str, Any]] = await TipNote.raw(_NOTES, tip_id)
    return rows


async def last_deed_of(officer: UUID) -> dict[str, Any] | None:
    """Return the latest deed of an officer that could be taken back; None when there is none."""
    rows: list[dict[str, Any]] = await TipEvent.raw(_LAST_DEED, officer, [deed.value for deed in UNDOABLE])
    return rows[0] if rows else None


async def deciders() -> list[dict[str, Any]]:
    """Return the officers in office who decide on tips, by badge number."""
    return await (
        Officer.select(Officer.id, Officer.full_name, Officer.badge_number)
        .where((Officer.is_active == True) & Officer.role.is_in(list(roles_with(Right.DECIDE_TIPS))))
        .order_by(Officer.badge_number)
    )


async def tags_known() -> list[str]:
    """Return up to 200 tags in use anywhere, for completing what an officer types."""
    names: list[str] = await Tag.select(Tag.name).order_by(Tag.name).limit(TAGS_OFFERED).output(as_list=True)
    return names


async def find_tips(tip_id: UUID, words: str) -> list[dict[str, Any]]:
    """Return up to nine other tips with `words` in alias, plate or story, the latest first."""
    if not words:
        return []
    like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows: list[dict[str, Any]] = await Tip.raw(_TIPS_BY_WORDS, tip_id, words, like, like, like)
    return rows


def _strongest(reasons: str) -> list[ShownReason]:
    ranked = sorted(shown(json.loads(reasons)), key=lambda one: -one.bits)
    return [one for one in ranked if one.bits > 0 and one.name != "prior"][:REASONS_SHOWN]
