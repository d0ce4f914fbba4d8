"""What can be wrong with a second factor. Why exactly one was refused is never told."""

from __future__ import annotations

from tipline.errors import Invalid, NotFound, Overtaken, Refused


class SecondFactorNeeded(Refused):
    """The password was right; `token` names the sign-in that now waits for a second factor."""

    def __init__(self, token: str) -> None:
        super().__init__("a second factor is needed")
        self._token = token

    @property
    def token(self) -> str:
        """For the cookie of the waiting sign-in; kept out of what errors tell."""
        return self._token


class ProofExpired(Refused):
    """The sign-in waited too long, or was used: the password is asked for again."""


class FactorRefused(Refused):
    """The code or passkey is not right, or was used before."""


class FactorInvalid(Invalid):
    """A field of a second factor's form does not hold."""


class TotpStands(Overtaken):
    """An authenticator app is set up already; it is taken off before another one is."""


class PasskeyNotFound(NotFound):
    """There is no such passkey of this officer."""


class PasskeyUnavailable(Refused):
    """This address cannot use passkeys: they need https, or localhost, and a name instead of a number."""
