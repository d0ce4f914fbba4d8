"""The register: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "DeterminationKind": {
        "liability": _("Liability determination"),
        "certificate": _("Accident certificate"),
        "unsolved_flight": _("Determination while the flight is unsolved"),
    },
    "Responsibility": {
        "full": _("Full responsibility"),
        "main": _("Main responsibility"),
        "equal": _("Equal responsibility"),
        "secondary": _("Secondary responsibility"),
        "none": _("No responsibility"),
    },
    "ResponsibilityBasis": {
        "fault": _("Conduct and fault"),
        "intent": _("One party's intent"),
        "accident": _("Mere accident"),
        "flight": _("Flight"),
        "evidence_destroyed": _("Scene or evidence destroyed"),
    },
    "CauseShare": {
        "not_appraised": _("Not appraised yet"),
        "full": _("Sole cause"),
        "main": _("Main cause"),
        "equal": _("Equal cause"),
        "secondary": _("Secondary cause"),
        "none": _("No cause"),
    },
    "ReplacementGround": {
        "solved": _("The case is solved"),
        "review": _("Ordered by the review"),
        "supervision": _("Corrected by the superior"),
    },
    "ServiceMethod": {
        "direct": _("In person"),
        "left": _("Left with the party"),
        "entrusted": _("Through another office"),
        "post": _("By post"),
        "announcement": _("By announcement"),
    },
    "ReviewChannel": {
        "through_unit": _("Through the unit that made it"),
        "superior": _("Directly to the superior office"),
    },
    "ReviewResult": {
        "maintained": _("Upheld"),
        "redetermination_ordered": _("New investigation and determination ordered"),
        "terminated": _("Ended: request withdrawn"),
    },
    "InquirerRelation": {
        "victim": _("Victim"),
        "family": _("Family of the victim"),
        "representative": _("Representative"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "DeterminationNotFound": _("There is no such document in this case."),
    "PartyNotFound": _("There is no such party in this case."),
    "ReviewNotFound": _("There is no such review in this case."),
    "InquiryNotFound": _("There is no such inquiry in this case."),
    "DeterminationReplaced": _("{by_name} ({by_badge}) was faster: {number}, recorded at {at}, has taken its place."),
    "AlreadyServed": _("{by_name} ({by_badge}) was faster and recorded this service at {at}."),
    "ReviewMovedOn": _(
        "{by_name} ({by_badge}) was faster and recorded more of this review at {at}. Below is how it stands now; your"
        " own entry was not recorded."
    ),
    "InquiryAnswered": _("{by_name} ({by_badge}) was faster: it was answered at {at}."),
}

PROBLEMS: Final[dict[str, str]] = {
    "applicant_is_no_victim": _("Only the victim's side applies for it ({article})."),
    "solved_already": _("The case is solved by then: this kind of document is no longer made ({article})."),
    "application_missing": _("The written application of the victim's side is missing ({article})."),
    "application_too_late": _("The application was received later than the document was made ({article})."),
    "evidence_not_shown": _(
        "After a fatal or a complex injury accident the evidence is shown to the parties before the document is made"
        " ({article})."
    ),
    "nothing_to_replace": _("No document stands that this one could replace."),
    "must_replace_what_stands": _("A document stands already; say why this one takes its place ({article})."),
    "revocation_not_stated": _("The new document must state that the former is revoked ({article})."),
    "not_an_unsolved_one": _(
        "This ground serves to replace a determination of an unsolved flight by a new determination only ({article})."
    ),
    "not_solved_yet": _("Vehicle and driver were not both found by then ({article})."),
    "no_review_ordered_it": _("No review of the standing document ordered a new determination ({article})."),
    "correction_order_missing": _("The number of the superior's order is missing ({article})."),
    "parties_missing": _("Name at least one party."),
    "unknown_party_not_described": _("Say who the party is whose identity is not known yet."),
    "certificate_gives_no_share": _("A certificate gives no shares of responsibility ({article})."),
    "share_missing": _("Share and basis are missing for a party ({article})."),
    "unsolved_without_flight": _("A party must bear responsibility for flight or for destroyed evidence ({article})."),
    "victims_share_missing": _("It must state the victim's responsibility ({article})."),
    "shares_do_not_add_up": _(
        "The shares do not go together: one party bears all, or one the main and others secondary shares, or two or"
        " more equal ones, or in a mere accident nobody any ({article})."
    ),
    "accident_bears_no_share": _("In a mere accident nobody bears responsibility ({article})."),
    "evidence_destroyed_is_not_reduced": _(
        "Who destroyed scene or evidence bears it all; it is not reduced ({article})."
    ),
    "flight_bears_it_all": _(
        "Who fled bears the full responsibility unless another party is proven at fault too ({article})."
    ),
    "rights_not_told": _("Review, mediation and suit, with their terms, must all be told ({article})."),
    "served_on_victims_only": _("It is served on the victim's side ({article})."),
    "not_the_standing_one": _("The document does not stand any more."),
    "review_is_once": _("There is one review an accident, and there was one ({article})."),
    "review_comes_late": _("The request came after the end of its term and is not accepted ({article})."),
    "timely_request_refused": _("A request that came in time is accepted with its receipt ({article})."),
    "refused_review_goes_no_further": _("A request that was not accepted goes no further ({article})."),
    "result_missing": _("Say how the review ended ({article})."),
    "not_accepted_yet": _("Say when the superior office received the request; that is its acceptance ({article})."),
    "answer_missing": _("Who asks is told, and it is recorded ({article})."),
}
