"""What can be wrong with an access token."""

from __future__ import annotations

from tipline.errors import Invalid, NotFound


class TokenRefused(Invalid):
    """A token cannot be made so; every problem is told at once."""


class TokenNotFound(NotFound):
    """There is no such token of this officer, or it has ended."""
