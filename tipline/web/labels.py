"""What every enum value is called on a page. Keys are the enum's class name and the stored value."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import gettext
from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "ItemState": {
        "checking": _("Being checked"),
        "sealed": _("Received"),
        "broken": _("Damaged in store"),
    },
    "CustodyAct": {
        "received": _("Received and sealed"),
        "derived": _("Derived"),
        "viewed": _("Viewed"),
        "found_broken": _("Found damaged"),
    },
    "Job": {
        "workers.sealing.seal_item": _("Seal evidence"),
        "workers.media.examine_item": _("Examine a file"),
        "workers.linking.suggest_cases": _("Suggest cases"),
        "workers.uploads.settle_upload": _("Settle an upload"),
    },
    "UploadState": {
        "open": _("Under way"),
        "finished": _("Arrived"),
        "ending": _("Being given up"),
        "ended": _("Given up"),
    },
    "WorkState": {
        "waiting": _("Waiting"),
        "queued": _("Queued"),
        "running": _("Running"),
        "done": _("Done"),
        "failed": _("Failed"),
    },
    "Part": {"worker": _("Worker"), "dispatcher": _("Dispatcher")},
    "OfficerRole": {
        "intake_officer": _("Intake officer"),
        "investigator": _("Investigator"),
        "legal_reviewer": _("Legal reviewer"),
        "commander": _("Commander"),
        "auditor": _("Auditor"),
        "administrator": _("Administrator"),
    },
    "UnitKind": {
        "brigade": _("Brigade"),
        "accident_section": _("Accident section"),
        "squadron": _("Squadron"),
        "command_centre": _("Command centre"),
    },
    "Datum": {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"},
    "TipChannel": {
        "web": _("Web form"),
        "api": _("API"),
        "phone": _("Telephone"),
        "desk": _("At the desk"),
    },
    "PublicStatus": {
        "received": _("Received"),
        "in_work": _("In progress"),
        "more_needed": _("More information needed"),
        "closed": _("Concluded"),
    },
    "TipState": {
        "received": _("New"),
        "accepted": _("Taken up"),
        "declined": _("Not taken up"),
    },
    "DeclineReason": {
        "not_about_a_hit_and_run": _("Not about a hit-and-run"),
        "too_little_to_work_with": _("Too little to work with"),
        "duplicate": _("Duplicate"),
        "other": _("Other reason"),
    },
    "VehicleType": {
        "unclear": _("Unclear"),
        "car": _("Car"),
        "suv": _("SUV"),
        "van": _("Van"),
        "light_truck": _("Light truck"),
        "heavy_truck": _("Heavy truck"),
        "bus": _("Bus"),
        "motorcycle": _("Motorcycle"),
        "tricycle": _("Tricycle"),
        "electric_bike": _("Electric bike"),
        "other": _("Other"),
    },
    "VehicleColour": {
        "unclear": _("Unclear"),
        "white": _("White"),
        "black": _("Black"),
        "grey": _("Grey"),
        "silver": _("Silver"),
        "red": _("Red"),
        "blue": _("Blue"),
        "yellow": _("Yellow"),
        "green": _("Green"),
        "brown": _("Brown"),
        "other": _("Other"),
    },
    "FileRole": {"photo": _("Photo"), "video": _("Video")},
    "ExaminationState": {
        "waiting": _("Not yet examined"),
        "examined": _("Examined"),
        "unreadable": _("Cannot be read"),
    },
    "HintKind": {
        "plate": _("Number plate"),
        "plate_colour": _("Plate colour"),
        "capture_time": _("Time of capture"),
    },
    "Severity": {
        "fatal": _("Fatal"),
        "serious_injury": _("Serious injury"),
        "minor_injury": _("Minor injury"),
        "property": _("Property damage"),
    },
    "CaseState": {"open": _("Open"), "cleared": _("Cleared")},
    "CaseEventType": {
        "recorded": _("Case recorded"),
        "vehicle_identified": _("Vehicle identified"),
        "vehicle_seized": _("Vehicle seized"),
        "driver_identified": _("Driver identified"),
        "driver_in_hand": _("Driver in hand"),
        "cleared": _("Case cleared"),
    },
    "VehicleState": {
        "described": _("Described"),
        "identified": _("Identified"),
        "seized": _("Seized"),
    },
    "PersonRole": {"driver": _("Driver"), "other": _("Other person")},
    "PersonState": {"identified": _("Identified"), "in_hand": _("In hand")},
    "SuggestionState": {
        "proposed": _("Proposed"),
        "accepted": _("Accepted"),
        "dismissed": _("Dismissed"),
        "withdrawn": _("Withdrawn"),
    },
    "OutcomeKind": {
        "criminal_detention": _("Criminal detention"),
        "administrative_detention": _("Administrative detention"),
    },
    "RuleKind": {
        "measure_basis": _("Basis of a measure"),
        "measure_limit": _("Limit of a measure"),
        "measure_document": _("Document of a measure"),
        "measure_authority": _("Who decides a measure"),
        "detention_ground": _("Ground of detention"),
        "clearance_condition": _("Condition of a clearance"),
        "statutory_clock": _("Statutory time limit"),
    },
    "ClockUnit": {
        "working_day": _("working day"),
        "calendar_day": _("calendar day"),
        "hour": _("hour"),
        "month": _("month"),
    },
    "DayKind": {"holiday": _("Day off"), "workday": _("Worked in exchange")},
    "VideoProblem": {
        "not_a_video": _("this is no video"),
        "no_video_stream": _("it holds sound only"),
        "truncated_video": _("its end is missing; what came is shown"),
        "too_many_pixels": _("its pictures are larger than can be decoded"),
        "too_long": _("it is too long to be looked through whole"),
        "undecodable_video": _("not one frame can be decoded"),
    },
    "PictureProblem": {
        "not_a_picture": _("this is no picture"),
        "too_many_pixels": _("it has more pixels than can be decoded"),
        "truncated_picture": _("its end is missing; what came is shown"),
    },
    "FileStatus": {
        "waiting": _("Waiting"),
        "running": _("Being examined"),
        "failed": _("Failed"),
        "unreadable": _("Cannot be read"),
        "examined": _("Examined"),
        "damaged": _("Damaged in store"),
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
    "PlateColour": {
        "blue": _("Blue"),
        "yellow": _("Yellow"),
        "green": _("Green"),
        "white": _("White"),
        "black": _("Black"),
    },
}


def label(enum_name: str, value: str | None) -> str:
    """Return what `value` of the enum called `enum_name` is called in the language of the request.

    Raises:
        KeyError: the enum or the value has no label (tests/test_rules.py finds it first).
    """
    if value is None:
        return gettext("not known")
    return gettext(LABELS[enum_name][value])
