"""What a tip must be to be taken in, and what its sender may learn of it. Pure."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from tipline.errors import Invalid, Problem
from tipline.intake.errors import EmptyTip
from tipline.intake.tables import Datum, TipState, VehicleColour, VehicleType
from tipline.settings import Limits
from tipline.texts import clean

# A phone's clock may be ahead of ours.
CLOCK_SLACK: Final = timedelta(minutes=10)
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_FILE_NAME: Final = 200
LONGEST: Final = {"place_text": 200, "plate_text": 20, "damage": 200, "direction": 100}
# Normalising takes the square of the length of a run of combining marks: minutes for what a request may hold.
LONGEST_NORMALISED: Final = 200
PLATE_SEPARATORS: Final = str.maketrans("", "", " \t\n-_.·•・")
WIDEST_LATITUDE: Final = 90
WIDEST_LONGITUDE: Final = 180


class PublicStatus(StrEnum):
    """How far a tip has come, as its sender is told: never a case, never another tip."""

    RECEIVED = "received"
    IN_WORK = "in_work"
    MORE_NEEDED = "more_needed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TipDraft:
    """What someone told us, before it is checked. Times are aware; empty means not told."""

    story: str = ""
    happened_from: datetime | None = None
    happened_to: datetime | None = None
    place_text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    datum: Datum | None = None
    plate_text: str = ""
    vehicle_type: VehicleType = VehicleType.UNCLEAR
    vehicle_colour: VehicleColour = VehicleColour.UNCLEAR
    damage: str = ""
    direction: str = ""
    is_here_now: bool = False

    @property
    def is_empty(self) -> bool:
        """True when nothing was told at all; 'unclear' tells nothing, nor does that it is here without any 'where'."""
        return replace(self, is_here_now=False) == TipDraft()

    def as_bytes(self) -> bytes:
        """Return the content as bytes, the same for the same content."""
        told = [
            self.story,
            *(None if moment is None else moment.astimezone(UTC).isoformat() for moment in self._moments()),
            self.place_text,
            self.latitude,
            self.longitude,
            self.datum,
            self.plate_text,
            self.vehicle_type,
            self.vehicle_colour,
            self.damage,
            self.direction,
            *(["here now"] if self.is_here_now else []),
        ]
        return json.dumps(told, ensure_ascii=False).encode()

    def _moments(self) -> tuple[datetime | None, datetime | None]:
        return self.happened_from, self.happened_to


def clean_file_name(name: str) -> str:
    """Return a file's name as it can be stored: without folders, at most 200 characters."""
    return clean(name.replace("\\", "/").rsplit("/", 1)[-1])[:LONGEST_FILE_NAME]


def clean_plate(text: str) -> str:
    """Return a plate as typed but upper case, half width and without separators; '?' stands for a place not seen."""
    tidy = clean(text).translate(PLATE_SEPARATORS)
    if len(tidy) > LONGEST_NORMALISED:
        return tidy  # far too long, and told so
    return unicodedata.normalize("NFKC", tidy).upper().translate(PLATE_SEPARATORS)


def checked(draft: TipDraft, *, limits: Limits, now: datetime, has_files: bool = False) -> TipDraft:
    """Return the draft as it may be stored.

    Args:
        draft: as it came.
        limits: how long a story may be.
        now: the present, timezone-aware.
        has_files: true when a photo or video comes with it, so that no words are needed.

    Raises:
        EmptyTip: nothing was told and no file comes.
        Invalid: fields that do not hold, all of them.
    """
    tidy = tidied(draft)
    if tidy.is_empty and not has_files:
        raise EmptyTip
    problems = [*_too_long(tidy, limits), *_wrong_times(tidy, now), *_wrong_position(tidy)]
    if problems:
        raise Invalid(*problems)
    return tidy


def tidied(draft: TipDraft) -> TipDraft:
    """Return the draft with every text cleaned; what holds only blanks is empty then."""
    return TipDraft(
        story=clean(draft.story),
        happened_from=draft.happened_from,
        happened_to=draft.happened_to,
        place_text=clean(draft.place_text),
        latitude=draft.latitude,
        longitude=draft.longitude,
        datum=draft.datum,
        plate_text=clean_plate(draft.plate_text),
        vehicle_type=draft.vehicle_type,
        vehicle_colour=draft.vehicle_colour,
        damage=clean(draft.damage),
        direction=clean(draft.direction),
        is_here_now=draft.is_here_now,
    )


def public_status(state: TipState) -> PublicStatus:
    """Return what the sender of a tip in `state` is told; `MORE_NEEDED` will come with questions to the sender.

    A duplicate is told by the state of the tip that speaks for it.
    """
    return {
        TipState.RECEIVED: PublicStatus.RECEIVED,
        TipState.ACCEPTED: PublicStatus.IN_WORK,
        TipState.DECLINED: PublicStatus.CLOSED,
        TipState.DUPLICATE: PublicStatus.RECEIVED,
    }[state]


def _too_long(draft: TipDraft, limits: Limits) -> list[Problem]:
    longest = {"story": limits.story_characters, **LONGEST}
    return [
        Problem(name, "too_long", {"limit": limit})
        for name, limit in longest.items()
        if len(getattr(draft, name)) > limit
    ]


def _wrong_times(draft: TipDraft, now: datetime) -> list[Problem]:
    problems = []
    for name in ("happened_from", "happened_to"):
        moment: datetime | None = getattr(draft, name)
        if moment is not None and moment < EARLIEST:
            problems.append(Problem(name, "not_a_time"))
        elif moment is not None and moment > now + CLOCK_SLACK:
            problems.append(Problem(name, "in_the_future"))
    if draft.happened_from and draft.happened_to and draft.happened_to < draft.happened_from:
        problems.append(Problem("happened_to", "ends_before_it_begins"))
    return problems


def _wrong_position(draft: TipDraft) -> list[Problem]:
    given = [draft.latitude, draft.longitude, draft.datum]
    if all(one is None for one in given):
        return []
    if draft.latitude is None or draft.longitude is None or draft.datum is None:
        return [Problem("latitude", "position_incomplete")]
    if not (abs(draft.latitude) <= WIDEST_LATITUDE and abs(draft.longitude) <= WIDEST_LONGITUDE):
        return [Problem("latitude", "not_a_position")]
    return []
