"""What the tip page shows: the tip, its files with frames and hints, suggestions and links, in seven queries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from evidence.tables import EvidenceItem, ItemState
from tipline.cases.access import Reader, visible_cases
from tipline.cases.errors import SuggestionNotFound
from tipline.cases.reads import list_cases
from tipline.cases.tables import CaseState, Link, LinkSuggestion
from tipline.clock import SHANGHAI
from tipline.console.reasons import shown
from tipline.console.rules import FileStatus, file_status, frame_at_s
from tipline.intake.decisions import TipNotFound
from tipline.intake.tables import ExaminationState, FileRole, HintKind, Tip, TipFile
from tipline.web.labels import LABELS, label
from tipline.work.tables import Job, Work, WorkState

CASES_FOUND: Final = 10
# What every browser draws; other photos are seen by the copy that a worker makes of them.
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
_TIP: Final = """
SELECT t.*, o.full_name AS decided_by_name, o.badge_number AS decided_by_badge,
       e.told_at, e.wants_secrecy, w.full_name AS entered_by_name, w.badge_number AS entered_by_badge
FROM tip t LEFT JOIN officer o ON o.id = t.decided_by
LEFT JOIN tip_entry e ON e.tip = t.id LEFT JOIN officer w ON w.id = e.entered_by WHERE t.id = {}"""
_FILES: Final = """
SELECT f.id, f.tip, f.item, f.role, f.position, f.file_name, f.examination, f.problem, f.facts,
       f.decision, f.decline_reason, f.decided_at, d.full_name AS decided_by_name, d.badge_number AS decided_by_badge,
       i.state AS item_state, i.media_type, i.size_bytes, i.sha256, i.received_at, i.sealed_at,
       w.id AS work_id, w.state AS work_state, w.problem AS work_problem
FROM tip_file f JOIN evidence_item i ON i.id = f.item LEFT JOIN officer d ON d.id = f.decided_by
LEFT JOIN LATERAL (
  SELECT w.id, w.state, w.problem FROM work w
  WHERE w.subject = f.item AND w.job = CASE WHEN i.state = 'checking' THEN {} ELSE {} END
  ORDER BY w.asked_at DESC LIMIT 1
) w ON true
WHERE f.tip = {} ORDER BY f.position"""
_FRAMES: Final = """
SELECT d.id, d.parent, d.label, d.media_type FROM evidence_item d JOIN tip_file f ON f.item = d.parent
WHERE f.tip = {} AND d.state = 'sealed' AND d.label LIKE 'frame:%' ORDER BY d.label"""
_HINTS: Final = """
SELECT h.id, h.tip_file, h.frame, h.at_s, h.kind, h.value, h.confidence, h.box, h.model,
       c.act AS correction, c.new_value AS corrected
FROM hint h JOIN tip_file f ON f.id = h.tip_file LEFT JOIN LATERAL (
  SELECT said.act, said.new_value FROM hint_correction said
  WHERE said.tip_file = h.tip_file AND said.kind = h.kind AND said.raw_value = h.value
  ORDER BY said.corrected_at DESC, said.id DESC LIMIT 1
) c ON true WHERE f.tip = {}
ORDER BY h.kind, h.confidence DESC, h.at_s NULLS FIRST, h.id"""
_SUGGESTIONS: Final = """
SELECT s.id, s."case", s.match_weight, s.reasons, s.model, s.state, s.decided_at, o.full_name AS decided_by_name,
       c.number, c.severity, c.happened_from, c.place_text, c.state AS case_state
FROM link_suggestion s JOIN case_file c ON c.id = s."case" LEFT JOIN officer o ON o.id = s.decided_by
WHERE s.tip = {} AND s.state <> 'withdrawn' AND {}
ORDER BY s.state = 'proposed' DESC, s.match_weight DESC"""
_LINKS: Final = """
SELECT l.id, l."case", l.decided_at, l.is_useful, o.full_name AS decided_by_name,
       c.number, c.severity, c.happened_from, c.place_text, c.state AS case_state
FROM link l JOIN case_file c ON c.id = l."case" JOIN officer o ON o.id = l.decided_by
WHERE l.tip = {} AND {} ORDER BY l.decided_at"""

_PAIR: Final = """
SELECT s.tip, s."case" FROM link_suggestion s JOIN case_file c ON c.id = s."case" WHERE s.id = {} AND {}"""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a file with the hints that lie on it; `number` is how a hint in the list names its box."""

    item: UUID
    at_s: float | None
    is_original: bool
    hints: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of a tip as the page shows it."""

    row: dict[str, Any]
    facts: dict[str, Any]
    status: FileStatus
    problem: str
    pictures: list[Picture]
    other_hints: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TipView:
    """Everything of the tip page."""

    tip: dict[str, Any]
    files: list[FileView]
    suggestions: list[dict[str, Any]]
    links: list[dict[str, Any]]
    linking: dict[str, Any] | None


async def read_tip(tip_id: UUID, *, of: Reader) -> TipView:
    """Return the tip with all that the page shows; of cases only those that `of` may read.

    Raises:
        TipNotFound: there is none.
    """
    tips = await Tip.raw(_TIP, tip_id)
    if not tips:
        raise TipNotFound(tip_id)
    files = await TipFile.raw(_FILES, Job.SEAL_ITEM.value, Job.EXAMINE_ITEM.value, tip_id)
    frames = await EvidenceItem.raw(_FRAMES, tip_id)
    hints = await TipFile.raw(_HINTS, tip_id)
    suggestions = await LinkSuggestion.raw(_SUGGESTIONS, tip_id, visible_cases(of))
    for row in suggestions:
        row["shown"] = shown(json.loads(row["reasons"]))
    linking = await (
        Work.select(Work.id, Work.state, Work.problem)
        .where((Work.subject == tip_id) & (Work.job == Job.SUGGEST_CASES))
        .order_by(Work.asked_at, ascending=False)
        .first()
    )
    return TipView(
        tip=tips[0],
        files=[_file_view(row, frames, hints) for row in files],
        suggestions=suggestions,
        links=await Link.raw(_LINKS, tip_id, visible_cases(of)),
        linking=linking,
    )


async def find_open_cases(tip_id: UUID, words: str, *, of: Reader) -> list[dict[str, Any]]:
    """Return up to ten open cases of `of`, not linked to the tip yet, whose number, place or plate has `words`."""
    if not words:
        return []
    found = await list_cases(of=of, state=CaseState.OPEN, words=words, rows_a_page=CASES_FOUND)
    linked = await Link.select(Link.case).where(Link.tip == tip_id).output(as_list=True)
    return [case for case in found.rows if case["id"] not in linked]


async def pair_of_suggestion(suggestion_id: UUID, *, of: Reader) -> tuple[UUID, UUID]:
    """Return the tip and the case that a suggestion is about.

    Raises:
        SuggestionNotFound: there is none, or its case is not `of`'s to read.
    """
    rows: list[dict[str, Any]] = await LinkSuggestion.raw(_PAIR, suggestion_id, visible_cases(of))
    if not rows:
        raise SuggestionNotFound(suggestion_id)
    return rows[0]["tip"], rows[0]["case"]


def problem_words(role: str, code: str) -> str:
    """Return why a file cannot be read, or not whole, in words."""
    named = "VideoProblem" if role == FileRole.VIDEO else "PictureProblem"
    # A code that a newer worker writes is shown as it is until it has its words.
    return label(named, code) if code in LABELS[named] else code


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _file_view(row: dict[str, Any], frames: list[dict[str, Any]], hints: list[dict[str, Any]]) -> FileView:
    pictures = [
        Picture(
            item=one["id"], at_s=frame_at_s(one["label"]) if row["role"] == FileRole.VIDEO else None, is_original=False
        )
        for one in frames
        if one["parent"] == row["item"] and one["media_type"].startswith("image/")
    ]
    if row["role"] == "photo" and not pictures and row["item_state"] == ItemState.SEALED and row["media_type"] in SHOWN:
        pictures = [Picture(item=row["item"], at_s=None, is_original=True)]
    by_item = {picture.item: picture for picture in pictures}
    other_hints, number = [], 0
    for hint in hints:
        if hint["tip_file"] != row["id"]:
            continue
        told = dict(hint, box=json.loads(hint["box"]) if hint["box"] else None, number=0)
        if told["kind"] == HintKind.CAPTURE_TIME:
            told["moment"] = _moment(told["value"])
            told["corrected_moment"] = _moment(told["corrected"] or "")
        if told["box"] and hint["frame"] in by_item:
            number += 1
            told["number"] = number
            by_item[hint["frame"]].hints.append(told)
        else:
            other_hints.append(told)
    return FileView(
        row=row,
        facts=json.loads(row["facts"]) if isinstance(row["facts"], str) else dict(row["facts"]),
        status=file_status(
            ItemState(row["item_state"]),
            ExaminationState(row["examination"]),
            WorkState(row["work_state"]) if row["work_state"] else None,
        ),
        problem=problem_words(row["role"], row["problem"]),
        pictures=pictures,
        other_hints=other_hints,
    )
