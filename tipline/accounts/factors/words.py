"""Second factors: what values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "ChallengePurpose": {"sign_in": _("Signing in"), "enrol": _("Setting up a passkey")},
}

SENTENCES: Final[dict[str, str]] = {
    "SecondFactorNeeded": _("The password is right. A second factor is needed."),
    "ProofExpired": _("That took too long. Please sign in again."),
    "FactorRefused": _("This is not right, or it was used before. Wait for the next code and try again."),
    "TotpStands": _("An authenticator app is set up already. Take it off first."),
    "PasskeyNotFound": _("There is no such passkey."),
    "PasskeyUnavailable": _("Passkeys need https, or localhost, and a host name instead of a number."),
    "FactorKeyWrong": _("The second factor cannot be checked at the moment. Please tell your administrator."),
}

PROBLEMS: Final[dict[str, str]] = {
    "factor_code_wrong": _("This code is not right. Look at the clock of your phone, and type the code shown now."),
}
