"""线索提示: writes down what the machine saw in a tip's file. A hint has a confidence and is never a conclusion."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tipline.database import engine
from tipline.errors import NotFound
from tipline.intake.tables import ExaminationState, Hint, HintKind, TipFile
from tipline.work.service import ask
from tipline.work.tables import Job


class FileNotOfATip(NotFound):
    """The evidence item is no tip's file (any more); there is nothing to write its examination on."""

    def __init__(self, item_id: UUID) -> None:
        super().__init__(f"item {item_id} belongs to no tip")
        self.item_id = item_id


@dataclass(frozen=True, kw_only=True, slots=True)
class NewHint:
    """One thing seen.

    `frame` is the evidence item of the picture that `box` (x, y, width, height as fractions) lies on; `at_s` is None
    for a photo. For a plate `reading` is what stood before the vote of the frames: `reading` (this
    frame's own text), `confidence` (of it), `characters` (a probability for each), `alternatives` (for each character
    the likeliest others with theirs), `free` (what the recogniser said without the grammar), `frames` (on how many).
    """

    frame: UUID
    at_s: float | None
    kind: HintKind
    value: str
    confidence: float
    box: Sequence[float] | None
    model: str
    reading: Mapping[str, Any] = field(default_factory=dict)


async def file_of_item(item_id: UUID) -> TipFile:
    """Return the tip's file whose sealed original is `item_id`.

    Raises:
        FileNotOfATip: no tip has it.
    """
    found = await TipFile.objects().where(TipFile.item == item_id).first()
    if found is None:
        raise FileNotOfATip(item_id)
    return found


async def record_examination(
    item_id: UUID, *, facts: Mapping[str, Any], hints: Sequence[NewHint], problem: str, now: datetime
) -> None:
    """Replace what is known of a file by what was seen this time, and ask for case suggestions for its tip.

    Safe to repeat: the hints of the file are the last examination's, whole. One transaction.

    Args:
        item_id: the sealed original.
        facts: what the file says of itself; never a position.
        hints: all of them.
        problem: empty, or the code of why it is not all (`truncated_video`).
        now: timezone-aware.

    Raises:
        FileNotOfATip: no tip has the item.
    """
    async with engine().transaction():
        file = await _locked(item_id)
        await Hint.delete().where(Hint.tip_file == file.id)
        rows = [_row(file.id, hint, now) for hint in hints]
        if rows:
            await Hint.insert(*rows)
        await _settle(file, ExaminationState.EXAMINED, problem, facts, now)


async def record_unreadable(item_id: UUID, *, problem: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Write down that a file cannot be read and why, and ask for case suggestions: the tip's words still count.

    Hints of an earlier examination go. One transaction; safe to repeat.

    Args:
        item_id: the sealed original.
        problem: code of why, for example `not_a_video`.
        facts: what could be learned all the same.
        now: timezone-aware.

    Raises:
        FileNotOfATip: no tip has the item.
    """
    async with engine().transaction():
        file = await _locked(item_id)
        await Hint.delete().where(Hint.tip_file == file.id)
        await _settle(file, ExaminationState.UNREADABLE, problem, facts, now)


async def _locked(item_id: UUID) -> TipFile:
    """The file's row, locked until the transaction ends: two examinations at once must not both leave hints."""
    found = await TipFile.objects().where(TipFile.item == item_id).lock_rows("NO KEY UPDATE").first()
    if found is None:
        raise FileNotOfATip(item_id)
    return found


async def _settle(
    file: TipFile, state: ExaminationState, problem: str, facts: Mapping[str, Any], now: datetime
) -> None:
    await TipFile.update(
        {TipFile.examination: state, TipFile.problem: problem, TipFile.facts: json.dumps(facts, ensure_ascii=False)}
    ).where(TipFile.id == file.id)
    await ask(Job.SUGGEST_CASES, file.tip, now=now)


def _row(file_id: UUID, hint: NewHint, now: datetime) -> Hint:
    return Hint(
        id=uuid4(),
        tip_file=file_id,
        frame=hint.frame,
        at_s=hint.at_s,
        kind=hint.kind,
        value=hint.value,
        confidence=hint.confidence,
        box=None if hint.box is None else json.dumps(list(hint.box)),
        reading=json.dumps(hint.reading, ensure_ascii=False),
        model=hint.model,
        created_at=now,
    )
