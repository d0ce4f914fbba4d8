"""What can be wrong with a resumable upload; tus 1.0.0 has its own numbers for some (tipline/web/errors.py)."""

from tipline.errors import NotFound, Overtaken, Refused, TooMuch


class HeaderMalformed(Refused):
    """A header of the protocol is missing or does not have its form; `header` names it."""

    def __init__(self, header: str) -> None:
        super().__init__(header)
        self.header = header


class VersionUnsupported(Refused):
    """`Tus-Resumable` is missing or names another version than 1.0.0."""


class WrongBodyType(Refused):
    """The body of a PATCH is not declared as application/offset+octet-stream."""


class ChecksumWrong(Refused):
    """The bytes are not those of the checksum: something changed them on the way. Nothing of the request was kept."""


class SenderSilent(Refused):
    """No byte came for a while; what had come is kept."""


class SenderGone(Refused):
    """The connection broke off; what had come is kept. Nobody hears the answer."""


class UploadUnknown(NotFound):
    """No upload has this address."""


class UploadGone(NotFound):
    """The upload expired, was given up or was refused; it must begin anew."""


class OffsetWrong(Overtaken):
    """The bytes do not go on where those that are kept end; `offset` says where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the next byte is {offset}")
        self.offset = offset


class UploadTaken(Overtaken):
    """A newer request goes on with this upload; what this one had kept counts."""


class UploadWhole(Overtaken):
    """The upload is finished and its file belongs to the tip: it is not given up any more."""


class LengthExceeded(TooMuch):
    """More bytes than the upload was announced with; the surplus was not kept."""


class TooManyPieces(TooMuch):
    """The upload was broken off, or cut into small pieces, so often that it must begin anew."""
