"""Where passkeys belong: to the name of the staff face. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

SITE_NAME: Final = "tipline"


@dataclass(frozen=True, slots=True)
class PasskeySite:
    """The relying party (WebAuthn): keys made for `rp_id` are asked for only by pages of `origin`."""

    rp_id: str
    origin: str


def site_of(staff_url: str) -> PasskeySite | None:
    """Return the site of the staff face; None where browsers offer no passkeys.

    They ask for a secure context (https, or localhost) and for a name that is no IP address (WebAuthn level 2, 5.1.2).
    """
    parts = urlsplit(staff_url)
    host = parts.hostname or ""
    if parts.scheme != "https" and host != "localhost" and not host.endswith(".localhost"):
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return PasskeySite(host, f"{parts.scheme}://{parts.netloc}") if host else None
    return None
