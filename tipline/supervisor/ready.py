"""The ready file and the demo sign-ins: what scripts and people need to reach a running platform."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tipline.datafolder import DataFolder, EmbeddedError


class ReadyFile:
    """Says that every part answers, and where; absent while it does not."""

    def __init__(self, path: Path) -> None:
        """Name the file; an old one is removed at once.

        Raises:
            EmbeddedError: its folder cannot be written to.
        """
        self._path = path.absolute()
        self.remove()
        if not os.access(self._path.parent, os.W_OK):
            raise EmbeddedError(
                f"the ready file cannot be written to {self._path.parent}",
                "name a folder that exists with --ready-file",
            )

    def write(self, *, public_url: str, staff_url: str, accounts: list[dict[str, Any]], data: Path) -> None:
        """Write it whole, 0600: a reader sees all of it or no file. `data` is the data folder."""
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            told = {"public_url": public_url, "staff_url": staff_url, "accounts": accounts, "data": str(data)}
            json.dump(told, file, ensure_ascii=False)
        part.replace(self._path)

    def remove(self) -> None:
        """Take the file away."""
        self._path.unlink(missing_ok=True)


def demo_accounts(folder: DataFolder) -> list[dict[str, Any]]:
    """Return the sign-ins of the demo county, empty without one."""
    try:
        accounts = json.loads(folder.demo_accounts.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [account for account in accounts if isinstance(account, dict)] if isinstance(accounts, list) else []
