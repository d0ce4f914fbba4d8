"""A form with files as it comes over the wire: words first, then file after file, none of it whole in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID, uuid4

from litestar import Request

from evidence.custody import Custody
from tipline.clock import SHANGHAI, Clock
from tipline.errors import Invalid, Problem, TiplineError
from tipline.intake import service
from tipline.intake.access import Access
from tipline.intake.errors import TipFull
from tipline.intake.receipts import Receipts
from tipline.intake.rules import TipDraft, tidied
from tipline.intake.service import FILE_REFUSALS, Submitted, Upload
from tipline.intake.tables import TipChannel, VehicleColour, VehicleType
from tipline.settings import Limits
from tipline.web.locale import current_language, gettext
from tipline.web.multipart import BrokenForm, Field, File, parts
from tipline.web.wording import sentence

FORM_BESIDE_FILES_BYTES: Final = 1024 * 1024
Choice = TypeVar("Choice", VehicleType, VehicleColour)


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken, under the name its sender knows, and why."""

    file_name: str
    reason: Exception


@dataclass(slots=True)
class Taken:
    """What became of one form."""

    fields: dict[str, str] = field(default_factory=dict)
    submitted: Submitted | None = None
    refused: list[RefusedFile] = field(default_factory=list)
    is_broken_off: bool = False
    problem: TiplineError | None = None


@dataclass(frozen=True, slots=True)
class FormDoors:
    """What taking a form needs."""

    custody: Custody
    receipts: Receipts
    limits: Limits
    clock: Clock


class Words(Protocol):
    """What the fields of one kind of form tell, and how that becomes a tip."""

    def read(self, fields: Mapping[str, str]) -> TipDraft:
        """Return what the fields tell of the accident.

        Raises:
            Invalid: values that no browser sends from this form.
        """

    async def submit(
        self, draft: TipDraft, fields: Mapping[str, str], *, key: UUID, has_files: bool, doors: FormDoors
    ) -> Submitted:
        """Take in the tip; whatever is wrong with it is raised as a `TiplineError`."""


class FromTheWeb:
    """The public's own form."""

    def read(self, fields: Mapping[str, str]) -> TipDraft:
        """Return what the fields tell; see `read_draft`."""
        return read_draft(fields)

    async def submit(
        self, draft: TipDraft, fields: Mapping[str, str], *, key: UUID, has_files: bool, doors: FormDoors
    ) -> Submitted:
        """Take in a tip that its sender wrote."""
        del fields
        return await service.submit_tip(
            draft,
            request_key=key,
            channel=TipChannel.WEB,
            language=current_language(),
            receipts=doors.receipts,
            limits=doors.limits,
            now=doors.clock(),
            has_files=has_files,
        )


def read_draft(fields: Mapping[str, str]) -> TipDraft:
    """Return what the form's fields tell; times are those of Asia/Shanghai.

    Raises:
        Invalid: a time or a choice that no browser sends from our form.
    """
    problems: list[Problem] = []
    draft = TipDraft(
        story=fields.get("story", ""),
        happened_from=moment_of(fields, "happened_from", problems),
        happened_to=moment_of(fields, "happened_to", problems),
        place_text=fields.get("place_text", ""),
        plate_text=fields.get("plate_text", ""),
        vehicle_type=_choice(fields, "vehicle_type", VehicleType.UNCLEAR, problems),
        vehicle_colour=_choice(fields, "vehicle_colour", VehicleColour.UNCLEAR, problems),
        damage=fields.get("damage", ""),
        direction=fields.get("direction", ""),
        is_here_now=fields.get("is_here_now") == "1",
    )
    if problems:
        raise Invalid(*problems)
    return tidied(draft)


def request_key(fields: Mapping[str, str]) -> UUID:
    """Return the form's own key; a form that lost it counts as a new request."""
    try:
        return UUID(fields.get("form_key", ""))
    except ValueError:
        return uuid4()


async def take_form(request: Request[Any, Any, Any], doors: FormDoors, words: Words | None = None) -> Taken:
    """Take in a whole form, the public's unless `words` says otherwise.

    The words are committed before the first file is kept, and stay whatever happens to files. A form whose words do not
    hold is read to its end and dropped, so that the browser gets the answer.
    """
    taken = Taken()
    words = words or FromTheWeb()
    key = ""
    try:
        async for part in parts(request):
            if isinstance(part, Field):
                taken.fields.setdefault(part.name, part.value)
                continue
            key = key or str(request_key(taken.fields))
            await _take_words(taken, key, doors, words, is_before_files=True)
            if taken.problem is not None:
                continue
            if _is_over(request, doors.limits):
                taken.refused.append(RefusedFile(part.file_name, TipFull(limit_bytes=doors.limits.tip_bytes)))
                break
            upload = await _look_at(part, key, taken.refused, doors.limits)
            if upload is None:
                continue
            await _take_words(taken, key, doors, words, has_files=True)
            if taken.submitted is not None:
                await keep(taken.submitted.access, upload, taken.refused, doors)
    except BrokenForm:
        if taken.submitted is None:
            raise
        taken.is_broken_off = True
    key = key or str(request_key(taken.fields))
    await _take_words(taken, key, doors, words)
    return taken


async def take_files(request: Request[Any, Any, Any], access: Access, doors: FormDoors) -> Taken:
    """Take in further files of a tip."""
    taken = Taken()
    key = ""
    try:
        async for part in parts(request):
            if isinstance(part, Field):
                taken.fields.setdefault(part.name, part.value)
                continue
            if _is_over(request, doors.limits):
                taken.refused.append(RefusedFile(part.file_name, TipFull(limit_bytes=doors.limits.tip_bytes)))
                break
            key = key or str(request_key(taken.fields))
            upload = await _look_at(part, key, taken.refused, doors.limits)
            if upload is not None:
                await keep(access, upload, taken.refused, doors)
    except BrokenForm:
        taken.is_broken_off = True
    return taken


def told_files(taken: Taken) -> list[tuple[str, str]]:
    """Return each file that was not taken and the sentence why."""
    told = [(one.file_name, sentence(one.reason)) for one in taken.refused]
    if taken.is_broken_off:
        told.append(("", gettext("The form arrived incomplete: files at its end may be missing below.")))
    return told


async def keep(access: Access, upload: Upload, refused: list[RefusedFile], doors: FormDoors) -> None:
    """Keep one file, or note why not."""
    try:
        await service.add_file(
            access,
            upload,
            custody=doors.custody,
            receipts=doors.receipts,
            limits=doors.limits,
            clock=doors.clock,
        )
    except FILE_REFUSALS as problem:
        refused.append(RefusedFile(upload.file_name, problem))


async def _take_words(
    taken: Taken, key: str, doors: FormDoors, words: Words, *, is_before_files: bool = False, has_files: bool = False
) -> None:
    """Submit the words once; a tip of files only waits until one of them turns out to be a photo or video."""
    if taken.submitted is not None or taken.problem is not None:
        return
    try:
        draft = words.read(taken.fields)
        if is_before_files and draft.is_empty:
            return
        taken.submitted = await words.submit(draft, taken.fields, key=UUID(key), has_files=has_files, doors=doors)
    except TiplineError as problem:
        taken.problem = problem


async def _look_at(part: File, key: str, refused: list[RefusedFile], limits: Limits) -> Upload | None:
    try:
        return await service.look_at(part.chunks, file_name=part.file_name, limits=limits, request_key=key)
    except FILE_REFUSALS as problem:
        refused.append(RefusedFile(part.file_name, problem))
        return None


def _is_over(request: Request[Any, Any, Any], limits: Limits) -> bool:
    """Tell whether the whole form is longer than all files of a tip may be, by what the browser announced."""
    announced = request.headers.get("content-length", "")
    return announced.isdecimal() and int(announced) > limits.tip_bytes + FORM_BESIDE_FILES_BYTES


def moment_of(fields: Mapping[str, str], name: str, problems: list[Problem]) -> datetime | None:
    """Return a moment typed in Asia/Shanghai, in UTC; None when nothing was typed, or with a problem noted."""
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        problems.append(Problem(name, "not_a_time"))
        return None


def _choice(fields: Mapping[str, str], name: str, default: Choice, problems: list[Problem]) -> Choice:
    try:
        return type(default)(fields.get(name) or default)
    except ValueError:
        problems.append(Problem(name, "not_a_choice"))
        return default
