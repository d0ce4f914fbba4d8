"""What happened to cases, as known at a moment: dated events in, one replayed history a case out. Pure.

How a case may go, and why, is told in docs/decisions/0009.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, Self, TypeAlias, TypeVar
from uuid import UUID

from tipline.cases.tables import CaseEventType, Severity
from tipline.clock import SHANGHAI

CaseKey: TypeAlias = str | int | UUID
Kind = TypeVar("Kind", bound=StrEnum)
# A file of events and the rows of cases speak of the same events.
EventType: TypeAlias = CaseEventType
SHOWN_OF_A_VALUE: Final = 40


ENTRIES: Final = frozenset({EventType.RECORDED, EventType.TRANSFERRED_IN})
CLEARANCES: Final = frozenset({EventType.CLEARED, EventType.CLEARED_EXCEPTIONALLY})
LEAVINGS: Final = frozenset({EventType.UNFOUNDED, EventType.TRANSFERRED_OUT})
CLOSINGS: Final = CLEARANCES | LEAVINGS
# What changes whether a case is open; a case that is neither closed nor not yet entered is open.
TURNS: Final = ENTRIES | CLOSINGS | {EventType.REOPENED}


class HistoryRefused(ValueError):
    """An event cannot be read, or cannot have happened so; `line` says which one, `reason` why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line, self.reason = line, reason


@dataclass(frozen=True, slots=True)
class Event:
    """One dated fact. `line` is its place in its source, counted from 1; both times are UTC."""

    line: int
    case: CaseKey
    type: EventType
    severity: Severity
    happened_at: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """An entry, a closing or a reopening."""

    type: EventType
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """One case as known at a moment: its severity, and its turns in the order in which they happened."""

    case: CaseKey
    severity: Severity
    turns: tuple[Turn, ...]

    @property
    def entry(self) -> Turn:
        """How and when the case came in."""
        return self.turns[0]

    @property
    def last(self) -> Turn:
        """What stands: a clearance that no reopening followed, a leaving, or that the case is open."""
        return self.turns[-1]

    @property
    def was_recorded(self) -> bool:
        """True when the case began here, not in another jurisdiction."""
        return self.entry.type == EventType.RECORDED

    @property
    def has_left(self) -> bool:
        """True when the case turned out unfounded or went to another jurisdiction (移送管辖)."""
        return self.last.type in LEAVINGS

    @property
    def cleared_at(self) -> datetime | None:
        """When it was cleared, by the clearance that stands; an exceptional one is none."""
        return self.last.at if self.last.type == EventType.CLEARED else None

    def is_open_before(self, moment: datetime) -> bool:
        """Tell whether the turns before `moment` leave the case open; one at the moment itself does not count."""
        standing = None
        for turn in self.turns:
            if turn.at >= moment:
                break
            standing = turn.type
        return standing is not None and standing not in CLOSINGS


@dataclass(frozen=True, slots=True)
class Known:
    """What the events known at a moment come to: the histories, and for each case without one the first fault."""

    histories: tuple[History, ...]
    faults: tuple[tuple[CaseKey, HistoryRefused], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in Asia/Shanghai, both ends included; as moments from `begins` until before `ends`."""

    first: date
    last: date
    begins: datetime
    ends: datetime

    @classmethod
    def of_days(cls, first: date, last: date) -> Self:
        """Return the period from `first` to `last`.

        Raises:
            ValueError: the last day comes before the first.
            OverflowError: a day beyond what a calendar here holds.
        """
        if last < first:
            raise ValueError(f"{last} comes before {first}")
        return cls(first, last, _midnight(first), _midnight(last + timedelta(days=1)))

    @property
    def last_moment(self) -> datetime:
        """A moment of the last day, for showing it."""
        return self.ends - timedelta(microseconds=1)

    def holds(self, moment: datetime | None) -> bool:
        """Tell whether something happened, and in these days."""
        return moment is not None and self.begins <= moment < self.ends


def read_events(lines: Iterable[bytes]) -> Iterator[Event]:
    r"""Read a file of events: one JSON object a line, in UTF-8, lines parted by `\n`; empty lines are passed over.

    Raises:
        HistoryRefused: a line is no event; times must carry their offset from UTC.
    """
    for line, written in enumerate(lines, start=1):
        text = written.removeprefix(b"\xef\xbb\xbf") if line == 1 else written
        if text.strip():
            yield _event(line, _document(line, text))


def histories_known(events: Iterable[Event], *, as_of: datetime) -> Known:
    """Replay every case from its events known at `as_of`, cases in the order of their first line.

    A case none of whose events was known yet does not exist.
    """
    by_case: dict[CaseKey, list[Event]] = {}
    for event in events:
        if event.known_at <= as_of:
            by_case.setdefault(event.case, []).append(event)
    histories, faults = [], []
    for case, known in by_case.items():
        try:
            histories.append(replay(known))
        except HistoryRefused as fault:
            faults.append((case, fault))
    return Known(tuple(histories), tuple(faults))


def replay(events: Sequence[Event]) -> History:
    """Return the history that the events of one case come to.

    Args:
        events: at least one, in the order in which they were given; they are sorted by `happened_at` here, and
            events of the same moment keep their order.

    Raises:
        HistoryRefused: they contradict each other; names the first event that cannot have happened.
    """
    ordered = sorted(events, key=lambda event: event.happened_at)
    turns: list[Turn] = []
    for event in ordered:
        contradiction = _contradiction(event.type, turns[-1].type if turns else None)
        if contradiction:
            raise HistoryRefused(event.line, contradiction)
        if event.type in TURNS:
            turns.append(Turn(event.type, event.happened_at))
    if not turns:
        raise HistoryRefused(ordered[0].line, "the case was neither recorded nor transferred in")
    return History(ordered[0].case, ordered[-1].severity, tuple(turns))


def _contradiction(event: EventType, standing: EventType | None) -> str:
    """Say why `event` cannot follow the turn that stands (None: the case has not come in); empty when it can."""
    if event not in TURNS | {EventType.RECLASSIFIED}:
        return ""  # a vehicle may be stopped, a driver known, before there is a case, and after it is closed
    if event in ENTRIES:
        return "" if standing is None else f"{event.value}, but the case has come in before"
    if standing is None:
        return f"{event.value}, but the case has not come in yet"
    if event in CLOSINGS and standing in CLOSINGS:
        return f"{event.value}, but the case is not open: it is {standing.value}"
    if event == EventType.REOPENED and standing not in CLEARANCES:
        return "reopened, but the case is not cleared"
    return ""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI).astimezone(UTC)


def _document(line: int, written: bytes) -> dict[str, Any]:
    try:
        document = json.loads(written.decode("utf-8"), object_pairs_hook=_once_each)
    except UnicodeDecodeError as problem:
        raise HistoryRefused(line, "not UTF-8") from problem
    except json.JSONDecodeError as problem:
        raise HistoryRefused(line, f"not JSON at character {problem.pos + 1}: {problem.msg}") from problem
    except (ValueError, RecursionError) as problem:
        raise HistoryRefused(line, f"not JSON that can be read: {problem}") from problem
    if not isinstance(document, dict):
        raise HistoryRefused(line, "not a JSON object")
    return document


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("a name stands twice")
    return document


def _event(line: int, document: dict[str, Any]) -> Event:
    for name in ("case", "type", "severity", "happened_at", "known_at"):
        if name not in document:
            raise HistoryRefused(line, f"{name} is missing")
    case = document["case"]
    if not isinstance(case, str | int) or isinstance(case, bool) or case == "":
        raise HistoryRefused(line, "case is neither text nor a whole number")
    event = Event(
        line,
        case,
        _one_of(EventType, line, "type", document["type"]),
        _one_of(Severity, line, "severity", document["severity"]),
        _moment(line, "happened_at", document["happened_at"]),
        _moment(line, "known_at", document["known_at"]),
    )
    if event.known_at < event.happened_at:
        raise HistoryRefused(line, "known_at comes before happened_at")
    return event


def _one_of(kinds: type[Kind], line: int, name: str, value: object) -> Kind:
    known = {kind.value: kind for kind in kinds}
    if not isinstance(value, str) or value not in known:
        raise HistoryRefused(line, f"{name} is {_shown(value)}, none of: {', '.join(known)}")
    return known[value]


def _moment(line: int, name: str, value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise HistoryRefused(line, f"{name} is {_shown(value)}, no time in ISO 8601")
    if moment.utcoffset() is None:
        raise HistoryRefused(line, f"{name} is {_shown(value)}, without its offset from UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError as problem:
        raise HistoryRefused(line, f"{name} is {_shown(value)}, beyond the calendar") from problem


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= SHOWN_OF_A_VALUE else f"{text[:SHOWN_OF_A_VALUE]}..."
