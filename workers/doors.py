"""The doors that jobs work through, built once a process, and the errors after which a job is not tried again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from evidence.custody import Custody
from evidence.errors import CustodyBroken, EmptyFile, ItemNotFound, KeyRefused, NotSealed
from tipline.clock import Clock, utc_now
from tipline.doors import open_custody
from tipline.errors import NotFound
from tipline.settings import Settings


class Permanent(Exception):
    """A job cannot succeed, however often it is tried: it is recorded on the row and stops. Jobs derive their own."""


# What ends a job for good. Everything else is taken for a neighbour's passing trouble and tried again.
PERMANENT: Final[tuple[type[Exception], ...]] = (
    Permanent,
    CustodyBroken,
    EmptyFile,
    ItemNotFound,
    KeyRefused,
    NotFound,
    NotSealed,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """What a job may use of the world outside."""

    settings: Settings
    custody: Custody
    now: Clock


_opened: list[Doors] = []


def open_doors(settings: Settings, *, now: Clock = utc_now) -> Doors:
    """Build this process's doors from `settings`; called by the composition root, and by tests for each test anew."""
    _opened[:] = [Doors(settings=settings, custody=open_custody(settings), now=now)]
    return _opened[0]


def doors() -> Doors:
    """Return this process's doors; where nobody opened them, they are built from the environment.

    Raises:
        SettingMissing: nobody opened them and the environment lacks a setting.
    """
    return _opened[0] if _opened else open_doors(Settings.from_env(os.environ))
