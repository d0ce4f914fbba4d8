"""Relief: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "ReliefKind": {
        "rescue_fund": _("Rescue fund"),
        "judicial_assistance": _("Judicial assistance"),
    },
    "ReliefPurpose": {
        "emergency_care": _("Emergency care"),
        "funeral": _("Funeral"),
        "hardship": _("Hardship"),
    },
    "ReliefStepKind": {
        "notice_to_fund": _("Fund notified in writing"),
        "family_informed": _("Family told that it may apply"),
        "application_received": _("Application received by the body"),
        "granted": _("Granted"),
        "refused": _("Not granted"),
        "paid": _("Paid"),
        "insurer_paid": _("Paid by the compulsory insurance"),
        "driver_named_to_fund": _("Fund told who drove"),
        "recovered": _("Recovered from the liable person"),
        "withdrawn": _("Withdrawn"),
    },
    "Confirmation": {"confirmed": _("Confirmed"), "rejected": _("Rejected")},
    "MatterState": {
        "opened": _("Opened"),
        "applied": _("Applied for"),
        "granted": _("Granted"),
        "paid": _("Paid"),
        "refused": _("Not granted"),
        "withdrawn": _("Withdrawn"),
    },
    "ReliefLimit": {
        "rescue_window": _("Costs of emergency care that may be advanced"),
        "fund_review": _("Review by the fund"),
        "fund_payment": _("Payment by the fund"),
    },
    "PaidTwice": {
        "insurer_too": _("The compulsory insurance has paid for the same purpose, too. Please check and settle it."),
        "other_fund_too": _("The other fund has paid for the same purpose, too. Please check."),
        "same_fund_too": _("The same fund has paid for the same purpose in another matter. Please check."),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "ReliefNotFound": _("There is no such matter."),
    "OwnStep": _("You recorded this step yourself: another officer has to confirm it."),
    "StepDecided": _("{by_name} ({by_badge}) was faster and decided on this step at {at}."),
}

PROBLEMS: Final[dict[str, str]] = {
    "not_a_sum": _("Please enter a sum in yuan, for example 12,000 or 12,000.50."),
    "step_without_a_sum": _("This step has no sum."),
    "step_of_the_fund_only": _("Only an advance of the rescue fund has this step."),
    "matter_withdrawn": _("This matter was withdrawn; nothing can be added."),
    "paid_before_granted": _("Nothing is paid before it is granted."),
    "more_than_granted": _("This is more than was granted and confirmed; ¥{left} are left."),
    "more_than_paid": _("This is more than was paid and confirmed; ¥{left} are outstanding."),
    "refused_after_payment": _("Money has been paid; undo the payment first."),
    "undoing_asked_for": _("The undoing of this step was asked for already."),
    "case_unknown": _("There is no such case, or it is not yours to see."),
}
