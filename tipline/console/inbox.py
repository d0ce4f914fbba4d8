"""What the inbox shows: tips with their media and strongest suggestion, in two queries however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tipline.cases.access import Reader, visible_cases
from tipline.intake.tables import Tip, TipState
from tipline.web.numbers import page_from

PAGE_SIZE: Final = 50
WORDS_MAXIMUM: Final = 60

_WHERE: Final = """
WHERE ({}::text = '' OR t.state = {}::text)
AND (NOT {}::boolean OR EXISTS (SELECT 1 FROM link_suggestion x WHERE x.tip = t.id AND x.state = 'proposed'))
AND ({}::text = '' OR t.alias ILIKE {}::text OR t.plate_text ILIKE {}::text OR t.place_text ILIKE {}::text
     OR t.story ILIKE {}::text)"""
_LIST: Final = f"""
SELECT t.id, t.alias, t.state, t.channel, t.received_at, t.happened_from, t.happened_to, t.place_text, t.plate_text,
       t.vehicle_colour, t.vehicle_type, t.is_demo, left(t.story, 90) AS story_start,
       f.photos, f.videos, f.waiting, f.unreadable, f.damaged, f.failed,
       s.match_weight, s.case_number, s.proposed, l.linked_number
FROM (SELECT t.* FROM tip t {_WHERE} ORDER BY t.received_at DESC, t.id LIMIT {{}} OFFSET {{}}) t
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE f.role = 'photo') AS photos, count(*) FILTER (WHERE f.role = 'video') AS videos,
         count(*) FILTER (WHERE f.examination = 'waiting' AND i.state <> 'broken') AS waiting,
         count(*) FILTER (WHERE f.examination = 'unreadable') AS unreadable,
         count(*) FILTER (WHERE i.state = 'broken') AS damaged,
         count(*) FILTER (WHERE f.examination = 'waiting' AND EXISTS (
           SELECT 1 FROM work w WHERE w.subject = f.item AND w.state = 'failed')) AS failed
  FROM tip_file f JOIN evidence_item i ON i.id = f.item WHERE f.tip = t.id
) f ON true
LEFT JOIN LATERAL (
  SELECT s.match_weight, c.number AS case_number, count(*) OVER () AS proposed
  FROM link_suggestion s JOIN case_file c ON c.id = s."case"
  WHERE s.tip = t.id AND s.state = 'proposed' AND {{}} ORDER BY s.match_weight DESC LIMIT 1
) s ON true
LEFT JOIN LATERAL (
  SELECT c.number AS linked_number FROM link l JOIN case_file c ON c.id = l."case"
  WHERE l.tip = t.id AND {{}} ORDER BY l.decided_at LIMIT 1
) l ON true
ORDER BY t.received_at DESC, t.id"""  # noqa: S608  made of this file's own constants
_COUNTS: Final = f"""
SELECT t.state, count(*) AS tips, count(*) FILTER (
  WHERE EXISTS (SELECT 1 FROM link_suggestion x WHERE x.tip = t.id AND x.state = 'proposed')) AS suggested,
  (SELECT count(*) FROM tip t {_WHERE}) AS found
FROM tip t GROUP BY t.state"""  # noqa: S608  made of this file's own constants


@dataclass(frozen=True, slots=True)
class InboxWish:
    """Which tips an officer wants to see; an empty state means all; words are looked for in its texts."""

    state: str = TipState.RECEIVED
    has_suggestion: bool = False
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of tips, newest first, and how many there are."""

    tips: list[dict[str, Any]]
    found: int
    counts: dict[str, int]
    suggested: int

    @property
    def page_count(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.found // PAGE_SIZE))


def wish_from(state: str, suggested: str, words: str, page: str) -> InboxWish:
    """Read a wish from an address; what cannot be understood falls back to new tips, page one."""
    return InboxWish(
        state=state if state in {*TipState, ""} else TipState.RECEIVED,
        has_suggestion=suggested == "1",
        words=words.strip()[:WORDS_MAXIMUM],
        page=page_from(page),
    )


async def read_inbox(wish: InboxWish, *, of: Reader) -> Inbox:
    """Return the page of tips that was wished for; cases are named only where `of` may read them."""
    like = f"%{_escaped(wish.words)}%"
    where = [wish.state, wish.state, wish.has_suggestion, wish.words, like, like, like, like]
    counts = await Tip.raw(_COUNTS, *where)
    tips = await Tip.raw(_LIST, *where, PAGE_SIZE, (wish.page - 1) * PAGE_SIZE, visible_cases(of), visible_cases(of))
    return Inbox(
        tips=tips,
        found=counts[0]["found"] if counts else 0,
        counts=dict.fromkeys(TipState, 0) | {row["state"]: row["tips"] for row in counts},
        suggested=sum(row["suggested"] for row in counts if wish.state in {"", row["state"]}),
    )


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
