"""Deeds on the holiday table: enter a year's notice, or set one day. Clocks are counted again afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from tipline.database import engine
from tipline.errors import Problem
from tipline.law.calendar import MarkedDay
from tipline.law.holidays.errors import HolidaysMovedOn, NoticeInvalid
from tipline.law.holidays.reads import days_of, marked
from tipline.law.holidays.rules import NAME_LIMIT, SOURCE_LIMIT, Difference, Notice, differences, digest
from tipline.law.tables import DayKind, Holiday, HolidayChange
from tipline.work.service import ask
from tipline.work.subjects import EVERY_CASE
from tipline.work.tables import Job

HOLD: Final = "SELECT pg_advisory_xact_lock(hashtext('holiday'), {})"


async def preview(notice: Notice, year: int) -> list[Difference]:
    """Return what entering the notice would change: days of its year replace what stands, neighbours are added."""
    return differences(*await _sides(notice.days, year))


async def enter_notice(
    year: int, notice: Notice, source: str, *, seen: str, by: UUID, now: datetime
) -> list[Difference]:
    """Put a year's notice into the table and ask for every clock to be counted again; return what changed.

    Args:
        year: of the notice.
        notice: as read, without problems.
        source: title and number of the notice.
        seen: `digest` of the changes that the preview showed; another one means that a colleague was faster.
        by: who enters it.
        now: when.

    Raises:
        NoticeInvalid: it has problems, or the source is missing or too long.
        HolidaysMovedOn: the table changed since the preview.
    """
    problems = [*notice.problems, *_source_problems(source)]
    if problems:
        raise NoticeInvalid(*problems)
    async with engine().transaction():
        await Holiday.raw(HOLD, year)
        changes = await preview(notice, year)
        if digest(changes) != seen:
            raise HolidaysMovedOn(year)
        for change in changes:
            await _change(change, source.strip(), by=by, now=now)
        await ask(Job.KEEP_CLOCKS, EVERY_CASE, now=now)
    return changes


async def set_day(day: date, kind: DayKind | None, name: str, source: str, *, by: UUID, now: datetime) -> None:
    """Set one day off or worked, or take it out (`kind` None), and ask for every clock to be counted again.

    Raises:
        NoticeInvalid: name or source is missing or too long.
    """
    problems = _source_problems(source)
    if kind is not None and not name.strip():
        problems.append(Problem("name", "required"))
    if len(name) > NAME_LIMIT:
        problems.append(Problem("name", "too_long", {"limit": NAME_LIMIT}))
    if problems:
        raise NoticeInvalid(*problems)
    async with engine().transaction():
        await Holiday.raw(HOLD, day.year)
        standing = {one.day: one for one in marked(await days_of(day.year))}
        wanted = None if kind is None else MarkedDay(day, kind, name.strip())
        if standing.get(day) != wanted:
            await _change(Difference(day, standing.get(day), wanted), source.strip(), by=by, now=now)
            await ask(Job.KEEP_CLOCKS, EVERY_CASE, now=now)


async def _sides(days: Sequence[MarkedDay], year: int) -> tuple[list[MarkedDay], list[MarkedDay]]:
    """Return what stands and what will: a notice rules its own year; of the neighbours only the days it names."""
    named = {one.day for one in days}
    standing: list[MarkedDay] = []
    for of_year in (year - 1, year, year + 1):
        standing += [one for one in marked(await days_of(of_year)) if one.day.year == year or one.day in named]
    return standing, list(days)


async def _change(change: Difference, source: str, *, by: UUID, now: datetime) -> None:
    after = change.after
    if after is None:
        await Holiday.delete().where(Holiday.day == change.day)
    elif change.before is None:
        await Holiday(id=uuid4(), day=change.day, kind=after.kind, name=after.name, source=source).save()
    else:
        await Holiday.update({Holiday.kind: after.kind, Holiday.name: after.name, Holiday.source: source}).where(
            Holiday.day == change.day
        )
    told = after or change.before
    entry = HolidayChange(
        id=uuid4(),
        day=change.day,
        kind_before=None if change.before is None else change.before.kind,
        kind_after=None if after is None else after.kind,
        name="" if told is None else told.name,
        source=source,
        changed_by=by,
        changed_at=now,
    )
    await entry.save()


def _source_problems(source: str) -> list[Problem]:
    if not source.strip():
        return [Problem("source", "required")]
    return [Problem("source", "too_long", {"limit": SOURCE_LIMIT})] if len(source) > SOURCE_LIMIT else []
