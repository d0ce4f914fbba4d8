"""What can be wrong with what the public sends; each names a fact, none a sentence."""

from datetime import datetime
from uuid import UUID

from tipline.errors import NotFound, Overtaken, Refused, TooMuch
from tipline.intake.tables import FileDecision


class EmptyTip(Refused):
    """Neither words nor a fact nor a file: there is nothing to take in."""


class RequestKeyMissing(Refused):
    """A program sent a tip without an `Idempotency-Key`, or one that is not a UUID."""


class RequestKeyReused(Overtaken):
    """The key already belongs to a tip with other content; that tip is kept as it was."""


class ReceiptMissing(Refused):
    """A program asked for its own tip without showing a receipt code."""


class ReceiptMistyped(Refused):
    """The digits cannot be a receipt code: a length or check digits that do not hold. Nothing was looked up."""


class ReceiptUnknown(NotFound):
    """A well-formed code that opens no tip."""


class SessionOver(NotFound):
    """The browser's session has ended, or never was: the code must be shown again."""


class FileRefused(Refused):
    """One file is not taken; the tip and its other files are kept."""


class NotAMedium(FileRefused):
    """The bytes are no photo or video that we know, whatever the file is called."""


class OtherMedium(FileRefused):
    """A program announced a photo and sent a video, or the other way round."""


class TooManyPixels(FileRefused):
    """A picture that declares more pixels than any camera of the county's makes: it is not decoded and not kept."""

    def __init__(self, *, limit_megapixels: int) -> None:
        super().__init__(f"more than {limit_megapixels} megapixels")
        self.limit_megapixels = limit_megapixels


class TooManyFiles(TooMuch):
    """The tip has as many files as it may have."""

    def __init__(self, *, limit_files: int) -> None:
        super().__init__(f"more than {limit_files} files")
        self.limit_files = limit_files


class TipFull(TooMuch):
    """The files of the tip together would be larger than the limit."""

    def __init__(self, *, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes} bytes in one tip")
        self.limit_bytes = limit_bytes


class FileUnknown(NotFound):
    """The tip has no such file."""

    def __init__(self, file_id: UUID) -> None:
        super().__init__(f"no file {file_id}")
        self.file_id = file_id


class FileDecided(Overtaken):
    """The file no longer stands as the officer saw it; the facts say who decided, when and what."""

    def __init__(self, file_id: UUID, *, state: FileDecision, by_name: str, by_badge: str, at: datetime | None) -> None:
        super().__init__(f"file {file_id} is {state}, decided by {by_badge or 'nobody'} at {at}")
        self.file_id, self.state = file_id, state
        self.by_name, self.by_badge, self.at = by_name, by_badge, at
