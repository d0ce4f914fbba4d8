"""Which kind of photo or video some bytes are, told by their beginning and never by a file's name. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipline.intake.errors import NotAMedium
from tipline.intake.tables import FileRole

# Enough for every signature below and to tell two files of one camera apart.
HEAD_BYTES: Final = 64 * 1024

PNG: Final = b"\x89PNG\r\n\x1a\n"
MATROSKA: Final = b"\x1a\x45\xdf\xa3"
# ISO base media brands, https://mp4ra.org/registered-types/brands
PICTURE_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
FOREIGN_BRANDS: Final = frozenset({b"avif", b"avis", b"crx ", b"M4A ", b"M4B ", b"M4P ", b"jp2 ", b"jpm ", b"jpx "})
# Boxes that begin a QuickTime film written before `ftyp` was invented (some dash cameras still do).
OLD_QUICKTIME_BOXES: Final = frozenset({b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot"})
TRANSPORT_PACKET_BYTES: Final = (188, 192)
SYNC_BYTE: Final = 0x47
PACKETS_TO_BE_SURE: Final = 4


@dataclass(frozen=True, slots=True)
class Medium:
    """What some bytes turned out to be."""

    role: FileRole
    media_type: str


QUICKTIME: Final = Medium(FileRole.VIDEO, "video/quicktime")
SIGNATURES: Final = (
    (b"\xff\xd8\xff", Medium(FileRole.PHOTO, "image/jpeg")),
    (PNG, Medium(FileRole.PHOTO, "image/png")),
)
RIFF_FORMS: Final = {
    b"WEBP": Medium(FileRole.PHOTO, "image/webp"),
    b"AVI ": Medium(FileRole.VIDEO, "video/x-msvideo"),
}


def judge(head: bytes) -> Medium:
    """Return what a file that begins with `head` (up to 64 KiB) is.

    Takes JPEG, PNG, WebP, HEIC; MP4, MOV, 3GP, AVI, Matroska, WebM and MPEG-TS.

    Raises:
        NotAMedium: none of these.
    """
    for signature, medium in SIGNATURES:
        if head.startswith(signature):
            return medium
    if head[:4] == b"RIFF" and head[8:12] in RIFF_FORMS:
        return RIFF_FORMS[head[8:12]]
    if head.startswith(MATROSKA):
        return Medium(FileRole.VIDEO, "video/webm" if b"webm" in head[:64] else "video/x-matroska")
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head[4:8] in OLD_QUICKTIME_BOXES:
        return QUICKTIME
    if _is_transport_stream(head):
        return Medium(FileRole.VIDEO, "video/mp2t")
    raise NotAMedium


def declared_pixels(head: bytes) -> int | None:
    """Return how many pixels a PNG or WebP says it has; None for another kind or an unreadable header.

    Only these can be bombs of a few kilobytes: what a camera writes as JPEG or HEIC has the size of its pixels.

    Source: PNG specification 11.2.1 (IHDR); RFC 9649, 2.5 to 2.7 (VP8, VP8L, VP8X).
    """
    if head.startswith(PNG) and head[12:16] == b"IHDR":
        return int.from_bytes(head[16:20], "big") * int.from_bytes(head[20:24], "big")
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    kind = head[12:16]
    if kind == b"VP8X":
        return (int.from_bytes(head[24:27], "little") + 1) * (int.from_bytes(head[27:30], "little") + 1)
    if kind == b"VP8L":
        packed = int.from_bytes(head[21:25], "little")
        return ((packed & 0x3FFF) + 1) * ((packed >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        return (int.from_bytes(head[26:28], "little") & 0x3FFF) * (int.from_bytes(head[28:30], "little") & 0x3FFF)
    return None


def _of_brand(brand: bytes) -> Medium:
    if brand in PICTURE_BRANDS:
        return Medium(FileRole.PHOTO, "image/heic")
    if brand in FOREIGN_BRANDS:
        raise NotAMedium
    if brand == b"qt  ":
        return QUICKTIME
    if brand[:3] in {b"3gp", b"3g2"}:
        return Medium(FileRole.VIDEO, "video/3gpp")
    return Medium(FileRole.VIDEO, "video/mp4")


def _is_transport_stream(head: bytes) -> bool:
    """Tell an MPEG transport stream by its sync bytes; a dash camera's may carry 4 bytes of time before each packet."""
    for length in TRANSPORT_PACKET_BYTES:
        first = length - TRANSPORT_PACKET_BYTES[0]
        places = range(first, first + PACKETS_TO_BE_SURE * length, length)
        if len(head) > places[-1] and all(head[place] == SYNC_BYTE for place in places):
            return True
    return False
