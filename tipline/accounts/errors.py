"""What can be wrong with a sign-in or an account. Which of name and password was wrong is never told."""

from __future__ import annotations

from tipline.errors import Invalid, Refused


class SignInRefused(Refused):
    """Name and password do not belong together, or the account is not in use."""


class AccountRefused(Invalid):
    """An account cannot be made so; every problem is told at once."""


class PasswordRefused(Invalid):
    """The password cannot be changed so; the old one stays."""
