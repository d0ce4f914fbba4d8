"""The case file: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "Severity": {
        "fatal": _("Fatal"),
        "serious_injury": _("Serious injury"),
        "minor_injury": _("Minor injury"),
        "property": _("Property damage"),
    },
    "CaseState": {
        "open": _("Open"),
        "cleared": _("Cleared"),
        "cleared_exceptionally": _("Exceptionally cleared"),
        "unfounded": _("Unfounded"),
        "transferred_out": _("Handed to another jurisdiction"),
        "merged": _("Merged"),
    },
    "CaseEventType": {
        "recorded": _("Case recorded"),
        "transferred_in": _("Taken over from another jurisdiction"),
        "unfounded": _("Found unfounded"),
        "transferred_out": _("Handed over to another jurisdiction"),
        "reclassified": _("Severity changed"),
        "vehicle_identified": _("Vehicle identified"),
        "vehicle_seized": _("Vehicle seized"),
        "driver_identified": _("Driver identified"),
        "driver_in_hand": _("Driver in hand"),
        "cleared": _("Case cleared"),
        "cleared_exceptionally": _("Exceptionally cleared"),
        "reopened": _("Reopened"),
    },
    "TimelineFact": {
        "tip_linked": _("Tip linked"),
        "link_withdrawn": _("Link taken back"),
        "note": _("Note on a tip"),
        "inquiry": _("Inquiry of a victim"),
        "step_revoked": _("Official step taken back"),
        "determination": _("Determination issued"),
    },
    "VehicleGround": {
        "destroyed": _("Proven destroyed"),
        "untraceable": _("Proven untraceable"),
    },
    "VehicleState": {
        "described": _("Described"),
        "identified": _("Identified"),
        "seized": _("Seized"),
    },
    "PersonRole": {
        "driver": _("Driver"),
        "victim": _("Victim"),
        "other_party": _("Other party"),
        "other": _("Other person"),
    },
    "PersonState": {"identified": _("Identified"), "in_hand": _("In hand")},
    "SuggestionState": {
        "proposed": _("Proposed"),
        "accepted": _("Accepted"),
        "dismissed": _("Dismissed"),
        "withdrawn": _("Withdrawn"),
    },
    "Field": {
        "prior": _("Starting point"),
        "plate": _("Number plate"),
        "colour": _("Colour"),
        "vehicle_type": _("Type"),
        "space_time": _("Time and place"),
        "words": _("Words"),
        "case_number": _("Case number"),
    },
    "Level": {
        "open_cases": _("one of the open cases"),
        "not_stated": _("not stated"),
        "plate_same": _("the same"),
        "plate_fits_in_part": _("fits as far as it was seen"),
        "plate_alike": _("alike, easily misread"),
        "plate_differs": _("differs"),
        "plate_excluded": _("excluded for this case, does not count"),
        "colour_same": _("the same"),
        "colour_alike": _("easily taken for it"),
        "colour_differs": _("differs"),
        "colour_allowed": _("not ruled out"),
        "type_same": _("the same"),
        "type_alike": _("easily taken for it"),
        "type_differs": _("differs"),
        "type_allowed": _("not ruled out"),
        "time_and_place_fit": _("both fit"),
        "time_and_place_loose": _("fit loosely"),
        "time_fits": _("the time fits"),
        "time_loose": _("the time fits loosely"),
        "place_fits": _("the place fits"),
        "place_loose": _("the place fits loosely"),
        "out_of_reach": _("cannot be reached in that time"),
        "words_shared": _("words in common"),
        "nothing_shared": _("nothing in common"),
        "number_named": _("the tip names the case"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "CaseNotFound": _("There is no such case."),
    "VehicleNotFound": _("There is no such vehicle in this case."),
    "PersonNotFound": _("There is no such person in this case."),
    "SuggestionNotFound": _("There is no such suggestion."),
    "LinkNotFound": _("A tip named as helpful is not linked to this case."),
    "OfficerNotFound": _("There is no such officer."),
    "ApproverNotCommander": _("Only a commander in office approves a clearance."),
    "CaseClosed": _("{by_name} ({by_badge}) was faster: the case has been closed since {at}."),
    "CaseClosed.cleared_exceptionally": _(
        "{by_name} ({by_badge}) was faster: the case has been exceptionally cleared since {at}."
    ),
    "CaseClosed.unfounded": _("{by_name} ({by_badge}) was faster: the case has counted as unfounded since {at}."),
    "CaseClosed.transferred_out": _(
        "{by_name} ({by_badge}) was faster: the case went to another jurisdiction at {at}."
    ),
    "CaseClosed.merged": _("{by_name} ({by_badge}) was faster: the case was merged into another one at {at}."),
    "CaseAlreadyCleared": _("{by_name} ({by_badge}) was faster: the case has counted as cleared since {at}."),
    "AlreadyLinked": _("{by_name} ({by_badge}) was faster: tip and case have been linked since {at}."),
    "SuggestionDecided": _("{by_name} ({by_badge}) was faster and decided on this suggestion at {at}."),
    "SuggestionDecided.withdrawn": _("The suggestion was withdrawn meanwhile, because it no longer held."),
    "VehicleMovedOn": _("The vehicle is as far, or further, since {at}."),
    "DriverAlreadyInHand": _("The driver has been in hand since {at}."),
}

PROBLEMS: Final[dict[str, str]] = {
    "case_number_taken": _("The number {number} is taken by another case."),
    "document_number_taken": _("The number {number} is recorded already."),
    "not_a_coordinate": _("Degrees as a decimal number, for example 36.8662."),
    "half_a_point": _("Give latitude, longitude and datum together, or none of them."),
    "not_a_case_number": _("4 to 40 characters: letters, digits, Chinese characters, brackets and dashes."),
    "before_the_accident": _("This lies before the accident ({earliest})."),
    "too_early": _("This cannot be before {earliest}."),
    "not_a_plate": _("This cannot be a number plate. Write ? for a character that is not known."),
    "plate_not_whole": _("The plate of an identified vehicle must be whole, without ?."),
    "vehicle_not_seized": _("The vehicle has not been seized yet ({article})."),
    "cleared_before_seizure": _("The vehicle was seized later than this, at {seized_at} ({article})."),
    "not_the_driver": _("This person is not recorded as the driver ({article})."),
    "driver_not_in_hand": _("The driver is not in hand yet ({article})."),
    "cleared_before_arrest": _("The driver was in hand later than this, at {in_hand_at} ({article})."),
    "basis_of_another_measure": _("This article is no basis of this measure ({article})."),
    "authority_below_county": _(
        "“{authority}” cannot decide this: a public security bureau of county rank or above must ({article})."
    ),
    "document_number_missing": _("The number of the document is missing ({article})."),
    "executed_before_approval": _("It cannot be executed before it is approved ({article})."),
    "days_missing": _("The number of days is missing: {minimum} to {maximum} ({article})."),
    "days_outside_limit": _("{days} days are outside the limit of {minimum} to {maximum} ({article})."),
    "ground_not_for_this_measure": _("This measure takes no ground of detention ({article})."),
    "days_not_for_this_measure": _("This measure is not decided for a number of days ({article})."),
    "ground_missing": _("The ground of the detention is missing ({article})."),
    "not_a_ground": _("This is no ground of this detention ({article})."),
}
