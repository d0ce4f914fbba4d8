"""Procedure: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "ProcedureKind": {
        "registration": _("Registration of the case"),
        "filing": _("Filing as a criminal case"),
        "non_filing": _("Decision not to file"),
        "administrative_handling": _("Handling as an administrative case"),
        "withdrawal": _("Withdrawal of the criminal case"),
        "transfer_of_jurisdiction": _("Transfer of jurisdiction"),
        "transfer_for_prosecution": _("Transfer for prosecution"),
    },
    "TransferDirection": {"in": _("Taken over"), "out": _("Handed over")},
}

SENTENCES: Final[dict[str, str]] = {
    "StepNotFound": _("There is no such step in this case."),
    "StepAlreadyRevoked": _("{by_name} ({by_badge}) was faster and took the entry back at {at}."),
    "ReceiptAlreadyNoted": _("The receipt is noted already: {at}."),
}

PROBLEMS: Final[dict[str, str]] = {
    "before_the_last_turn": _("This cannot come before the record of the case or its last turn ({earliest})."),
    "received_before_decided": _("It cannot be received before it was decided ({earliest})."),
    "registered_already": _("The case is registered already; it is registered once ({article})."),
    "not_registered": _("The case must be registered before, and not later than, this ({article})."),
    "filed_already": _("The case is filed already; it would have to be withdrawn first ({article})."),
    "filing_stands": _("The filing stands; the criminal case must be withdrawn first ({article})."),
    "not_filed": _("There is no filing of this case that stood at that time ({article})."),
    "breaks_a_later_step": _("A later step of this case could not have followed it ({article})."),
    "transfer_not_revoked": _("A transfer of jurisdiction closed or began the case here and cannot be taken back."),
    "another_step_rests_on_it": _("Another step rests on this one; take that one back first."),
}
