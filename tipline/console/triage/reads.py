"""What the inbox shows: a page of tips and the counts beside them, in as many queries for fifty tips as for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

from tipline.cases.access import Reader, visible_cases
from tipline.console.triage.wishes import SNOOZED, STATES, InboxWish
from tipline.intake.response.reads import Late, responses
from tipline.intake.tables import Tip, TipState

PAGE_SIZE: Final = 50

# As the index of the queue has it: the end of a snooze, or the moment a tip came up again, stands in for receipt.
AT: Final = "coalesce(t.surfaced_at, t.received_at)"
TEXTS: Final = "t.alias || ' ' || t.plate_text || ' ' || t.place_text || ' ' || t.story"
_SUGGESTED: Final = "EXISTS (SELECT 1 FROM link_suggestion x WHERE x.tip = t.id AND x.state = 'proposed')"
# The pairs find the few rows by an index; the texts themselves have the last word.
_PAIRS: Final = f"character_pairs({TEXTS}) @> character_pairs({{}})"
_WORDS: Final = "(t.alias ILIKE {} OR t.plate_text ILIKE {} OR t.place_text ILIKE {} OR t.story ILIKE {})"
_TAGGED: Final = "EXISTS (SELECT 1 FROM tip_tag b JOIN tag g ON g.id = b.tag WHERE b.tip = t.id AND g.name = {})"
_SEEN: Final = f"SELECT 1 FROM tip_seen v WHERE v.tip = t.id AND v.officer = {{}} AND v.seen_at >= {AT}"  # noqa: S608  ours
_UNREAD: Final = f"NOT EXISTS ({_SEEN})"
_AGAIN: Final = "t.state = 'declined' AND t.surfaced_at IS NOT NULL"
_FOUND: Final = f"SELECT t.id, {AT} AS at FROM tip t WHERE {{}} AND {{}}"  # noqa: S608  ours
_PART: Final = f"({_FOUND} ORDER BY {AT} DESC, t.id LIMIT {{}})"
_COUNTS: Final = f"""
SELECT state, count(*) AS tips,
       count(*) FILTER (WHERE state = 'received' AND {AT} > {{}}) AS snoozed,
       count(*) FILTER (WHERE {_AGAIN}) AS again
FROM tip t GROUP BY state"""  # noqa: S608  made of this file's own constants
_ROWS: Final = f"""
SELECT t.id, t.alias, t.state, t.channel, t.received_at, t.happened_from, t.happened_to, t.place_text, t.plate_text,
       t.vehicle_colour, t.vehicle_type, t.is_demo, t.surfaced_at, t.first_seen_at, t.decline_reason,
       left(t.story, 90) AS story_start,
       EXISTS ({_SEEN}) AS is_seen, h.full_name AS assigned_name, h.id AS assigned_to, y.alias AS duplicate_of_alias,
       array_length(d.ids, 1) - 1 AS duplicates,
       ARRAY(SELECT g.name FROM tip_tag b JOIN tag g ON g.id = b.tag WHERE b.tip = t.id ORDER BY g.name) AS tags,
       f.photos, f.videos, f.waiting, f.unreadable, f.damaged, f.failed,
       s.match_weight, s.case_number, s.proposed, l.linked_number, r.because_alias, r.happened_at AS came_up_at
FROM ({{}}) found JOIN tip t ON t.id = found.id
LEFT JOIN officer h ON h.id = t.assigned_to
LEFT JOIN tip y ON y.id = t.duplicate_of
LEFT JOIN LATERAL (
  WITH RECURSIVE told AS (
    SELECT t.id UNION SELECT e.id FROM tip e JOIN told ON e.duplicate_of = told.id
  ) SELECT array_agg(id) AS ids FROM told
) d ON true
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE f.role = 'photo') AS photos, count(*) FILTER (WHERE f.role = 'video') AS videos,
         count(*) FILTER (WHERE f.examination = 'waiting' AND i.state <> 'broken') AS waiting,
         count(*) FILTER (WHERE f.examination = 'unreadable') AS unreadable,
         count(*) FILTER (WHERE i.state = 'broken') AS damaged,
         count(*) FILTER (WHERE f.examination = 'waiting' AND EXISTS (
           SELECT 1 FROM work w WHERE w.subject = f.item AND w.state = 'failed')) AS failed
  FROM tip_file f JOIN evidence_item i ON i.id = f.item WHERE f.tip = ANY(d.ids)
) f ON true
LEFT JOIN LATERAL (
  SELECT s.match_weight, c.number AS case_number, count(*) OVER () AS proposed
  FROM link_suggestion s JOIN case_file c ON c.id = s."case"
  WHERE s.tip = t.id AND s.state = 'proposed' AND {{}} ORDER BY s.match_weight DESC LIMIT 1
) s ON true
LEFT JOIN LATERAL (
  SELECT c.number AS linked_number FROM link l JOIN case_file c ON c.id = l."case"
  WHERE l.tip = ANY(d.ids) AND {{}} ORDER BY l.decided_at LIMIT 1
) l ON true
LEFT JOIN LATERAL (
  SELECT e.happened_at, b.alias AS because_alias FROM tip_event e
  LEFT JOIN tip b ON b.id = (e.changed_to ->> 'because')::uuid
  WHERE e.tip = t.id AND e.deed = 'resurfaced' AND e.happened_at = t.surfaced_at ORDER BY e.number DESC LIMIT 1
) r ON true
ORDER BY found.at DESC, found.id"""  # noqa: S608  made of this file's own constants
_SEARCHES: Final = "SELECT id, name, query FROM saved_search WHERE officer = {} ORDER BY name"
SEARCH_COUNTED_TO: Final = 1_000


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of tips, latest first, how many the wish found, and how many stand in each state."""

    tips: list[dict[str, Any]]
    found: int
    counts: dict[str, int]
    late: Late

    @property
    def page_count(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.found // PAGE_SIZE))


async def read_inbox(wish: InboxWish, *, of: Reader, now: datetime) -> Inbox:
    """Return the page of tips that was wished for; cases are named only where `of` may read them."""
    counts = await _counts(now)
    narrowed, branches = _narrowed(wish, of.id), _branches(wish.state, now)
    parts = [QueryString(_PART, one, narrowed, wish.page * PAGE_SIZE) for one in branches]
    found = QueryString(
        f"SELECT * FROM ({' UNION ALL '.join(['{}'] * len(parts))}) every"  # noqa: S608  no value stands in it
        " ORDER BY at DESC, id LIMIT {} OFFSET {}",
        *parts,
        PAGE_SIZE,
        (wish.page - 1) * PAGE_SIZE,
    )
    tips: list[dict[str, Any]] = await Tip.raw(_ROWS, of.id, found, visible_cases(of), visible_cases(of))
    total = await _total(wish, of.id, now) if wish.is_narrowed else counts[wish.state]
    response = await responses(tips, now=now)
    marked = [row | {"response": response.marks[row["id"]]} for row in tips]
    return Inbox(tips=marked, found=total, counts=counts, late=response.late)


async def read_row(tip_id: UUID, *, of: Reader) -> dict[str, Any] | None:
    """Return one tip as the inbox shows it; None when there is none."""
    found = QueryString("SELECT id, received_at AS at FROM tip WHERE id = {}", tip_id)
    rows: list[dict[str, Any]] = await Tip.raw(_ROWS, of.id, found, visible_cases(of), visible_cases(of))
    return rows[0] | {"response": ()} if rows else None


async def read_searches(wishes: dict[UUID, InboxWish], *, officer: UUID, now: datetime) -> dict[UUID, int]:
    """Return how many tips each saved search finds, counted up to 1,000, in one query."""
    if not wishes:
        return {}
    counted = [
        QueryString(
            "SELECT {}::uuid AS id, (SELECT count(*) FROM ({} LIMIT {}) counted) AS found",
            search,
            _every(wish, officer, now),
            SEARCH_COUNTED_TO,
        )
        for search, wish in wishes.items()
    ]
    rows: list[dict[str, Any]] = await Tip.raw(" UNION ALL ".join(["{}"] * len(counted)), *counted)
    return {row["id"]: row["found"] for row in rows}


async def searches_of(officer: UUID) -> list[dict[str, Any]]:
    """Return an officer's saved searches by name."""
    rows: list[dict[str, Any]] = await Tip.raw(_SEARCHES, officer)
    return rows


async def _counts(now: datetime) -> dict[str, int]:
    rows: list[dict[str, Any]] = await Tip.raw(_COUNTS, now)
    counts = dict.fromkeys(STATES, 0)
    for row in rows:
        counts[row["state"]] += row["tips"] - row["snoozed"]
        counts[SNOOZED] += row["snoozed"]
        counts[TipState.RECEIVED.value] += row["again"]
        counts[""] += row["tips"]
    return counts


async def _total(wish: InboxWish, officer: UUID, now: datetime) -> int:
    rows = await Tip.raw("SELECT count(*) AS found FROM ({}) every", _every(wish, officer, now))
    return int(rows[0]["found"])


def _every(wish: InboxWish, officer: UUID, now: datetime) -> QueryString:
    narrowed, branches = _narrowed(wish, officer), _branches(wish.state, now)
    return QueryString(
        f"SELECT * FROM ({' UNION ALL '.join(['({})'] * len(branches))}) every",  # noqa: S608  no value stands in it
        *(QueryString(_FOUND, one, narrowed) for one in branches),
    )


def _branches(state: str, now: datetime) -> list[QueryString]:
    """Return the conditions of a state, each served by an index of its own."""
    if state == TipState.RECEIVED:
        return [QueryString(f"t.state = 'received' AND {AT} <= {{}}", now), QueryString(_AGAIN)]
    if state == SNOOZED:
        return [QueryString(f"t.state = 'received' AND {AT} > {{}}", now)]
    return [QueryString("t.state = {}", state)] if state else [QueryString("true")]


def _narrowed(wish: InboxWish, officer: UUID) -> QueryString:
    conditions = [QueryString("true")]
    if wish.has_suggestion:
        conditions.append(QueryString(_SUGGESTED))
    if wish.words:
        like = f"%{_escaped(wish.words)}%"
        conditions.append(QueryString(_WORDS, like, like, like, like))
        if len(wish.words) > 1:
            conditions.append(QueryString(_PAIRS, wish.words))
    if wish.tag:
        conditions.append(QueryString(_TAGGED, wish.tag))
    if wish.is_mine:
        conditions.append(QueryString("t.assigned_to = {}", officer))
    if wish.is_unread:
        conditions.append(QueryString(_UNREAD, officer))
    return QueryString(" AND ".join(["{}"] * len(conditions)), *conditions)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
