"""What can be wrong with an administrator's deed."""

from __future__ import annotations

from tipline.errors import NotFound, Refused


class AccountNotFound(NotFound):
    """There is no such account."""


class UnitNotFound(NotFound):
    """There is no such unit."""


class LastAdministrator(Refused):
    """Nobody could administer accounts any more."""


class UnitInUse(Refused):
    """Officers in use or open units still belong to the unit."""
