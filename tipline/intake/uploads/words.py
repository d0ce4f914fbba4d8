"""Resumable uploads: what its values and errors are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "UploadState": {
        "open": _("Under way"),
        "finished": _("Arrived"),
        "ending": _("Being given up"),
        "ended": _("Given up"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "HeaderMalformed": _("The header {header} is missing or malformed."),
    "VersionUnsupported": _("The header Tus-Resumable must be 1.0.0."),
    "WrongBodyType": _("The body must be declared as application/offset+octet-stream."),
    "ChecksumWrong": _("The bytes changed on the way. Nothing of them was kept; please send them again."),
    "SenderGone": _("The connection broke off. What had come is kept; please go on from there."),
    "SenderSilent": _("No more bytes came for a while. What had come is kept; please go on from there."),
    "UploadUnknown": _("There is no such upload."),
    "UploadGone": _("This upload has ended. Please send the file from its beginning."),
    "OffsetWrong": _("Please go on from byte {offset}."),
    "UploadTaken": _("A newer request goes on with this upload."),
    "UploadWhole": _("This file has arrived and belongs to the tip."),
    "LengthExceeded": _("These are more bytes than the upload was announced with."),
    "TooManyPieces": _("This upload was broken off too often. Please send the file from its beginning."),
}
