"""Health check of one container: `alive.py URL` asks a face, `alive.py worker|dispatcher` looks for its signature.

Workers and dispatchers listen on no port; they sign the presence table every few seconds instead.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import urllib.request

from tipline.clock import utc_now
from tipline.database import connect_as
from tipline.settings import Role, Settings
from tipline.work.presence import present
from tipline.work.tables import Part

PATIENCE_S = 4


def face_answers(url: str) -> bool:
    """True when the face says it is well."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S):  # noqa: S310  the address stands in docker-compose.yml
            return True
    except OSError:  # refused, timed out, or an answer of 400 and above
        return False


async def has_signed(part: Part) -> bool:
    """True when a process of `part` on this host signed lately."""
    connect_as(Settings.from_env(os.environ), Role.WORKER)
    mark = f"@{socket.gethostname()}"
    return any(mark in one.name for one in await present(part, now=utc_now()))


def main(arguments: list[str]) -> int:
    """Run the check; 0 alive, 1 not, 2 wrong arguments."""
    if len(arguments) != 1:
        print("usage: alive.py URL|worker|dispatcher", file=sys.stderr)
        return 2
    if arguments[0].startswith("http"):
        return 0 if face_answers(arguments[0]) else 1
    return 0 if asyncio.run(has_signed(Part(arguments[0]))) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
