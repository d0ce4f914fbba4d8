"""The screening: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "CandidateKind": {"vehicle": _("Vehicle"), "person": _("Person")},
    "CandidateSource": {
        "tip": _("Tip"),
        "hint": _("Machine hint"),
        "suggestion": _("Suggested tip"),
        "sighting": _("Camera pass"),
        "officer": _("An officer's own finding"),
    },
    "ScreeningState": {
        "pending": _("To be checked"),
        "checked": _("Checked"),
        "excluded": _("Excluded"),
        "locked": _("Locked on"),
    },
    "ScreeningAct": {
        "added": _("Put into the table"),
        "checked": _("Checked"),
        "excluded": _("Excluded"),
        "lock_proposed": _("Lock proposed"),
        "lock_rejected": _("Lock not confirmed"),
        "locked": _("Lock confirmed"),
        "unlocked": _("Unlocked"),
        "resumed": _("Taken up again"),
    },
    "ScreeningMethod": {
        "trace_comparison": _("Comparison of traces"),
        "trajectory": _("Trajectory"),
        "interview": _("Interview"),
        "other": _("Other"),
    },
    "LockBasisKind": {
        "evidence_item": _("Sealed evidence"),
        "forensic_conclusion": _("Forensic conclusion"),
        "sighting": _("Camera pass"),
        "statement": _("Statement"),
        "admission": _("Admission"),
        "tip": _("Independent tip"),
    },
    "SourceRow": {
        "tip": _("Tip"),
        "hint": _("Machine hint"),
        "suggestion": _("Suggested tip"),
        "vehicle": _("Vehicle of the file"),
        "person": _("Person of the file"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "CandidateNotFound": _("There is no such candidate in this case."),
    "SourceNotFound": _("What this candidate should come from does not belong to the case."),
    "AlreadyScreened": _("{by_name} ({by_badge}) was faster: it has stood in the table since {at}."),
    "CandidateMovedOn": _(
        "{by_name} ({by_badge}) was faster and took a step at {at}. Below is how it stands now; your own step was not"
        " recorded."
    ),
    "SecondOfficerNeeded": _("Who proposed a lock cannot confirm it; a second officer must."),
}

PROBLEMS: Final[dict[str, str]] = {
    "plate_or_description": _("Give a plate, as far as it is known, or say how the vehicle is recognised."),
    "step_not_open": _("This step cannot follow on how the candidate stands now."),
    "other_method_needs_words": _("Say in words how it was checked."),
    "lock_basis_missing": _(
        "A lock needs something beyond a machine hint or a single tip: sealed evidence, a forensic conclusion, a camera"
        " pass, a statement, an admission or a second, independent tip."
    ),
    "lock_from_one_tip": _(
        "All of this comes from one tip, its photos and films included. A lock needs something beyond a single tip."
    ),
    "not_sealed_evidence": _("A file that was chosen is not sealed evidence of this case."),
    "vehicle_excluded": _("This vehicle is excluded by the screening; it cannot clear the case."),
    "driver_excluded": _("This person is excluded by the screening and cannot clear the case."),
    "not_a_linked_tip": _("A tip that was chosen is not linked to this case."),
}
