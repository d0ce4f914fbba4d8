"""Tips: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

# Said to whoever sees the vehicle now, before and after sending.
HERE_NOW: Final = _(
    "Call 110 or 122 now. Keep away from the vehicle and the people in it, do not chase it, and post nothing online."
)

LABELS: Final[dict[str, dict[str, str]]] = {
    "Datum": {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"},
    "TipChannel": {
        "web": _("Web form"),
        "api": _("API"),
        "phone": _("Telephone"),
        "desk": _("At the desk"),
        "hotline_12345": _("12345 hotline"),
        "wechat": _("WeChat"),
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
        "duplicate": _("Duplicate tip"),
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
    "FileDecision": {
        "undecided": _("Not decided yet"),
        "accepted": _("Taken as evidence"),
        "declined": _("Left aside"),
    },
    "FileDeclineReason": {
        "not_about_the_accident": _("Not about the accident"),
        "nothing_to_see": _("Nothing to be made out"),
        "same_as_another": _("The same as another file"),
        "only_bystanders": _("Shows only people who have no part in it"),
        "other": _("Another reason"),
    },
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
    "PlateColour": {
        "blue": _("Blue"),
        "yellow": _("Yellow"),
        "green": _("Green"),
        "white": _("White"),
        "black": _("Black"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "EmptyTip": _("Tell us something: words, a place, a number plate, or at least one photo or video."),
    "RequestKeyMissing": _("The header Idempotency-Key is missing or is no UUID. Make one UUID for each tip."),
    "RequestKeyReused": _(
        "This was sent before with other words, and that tip is kept. Send again if this is to be another tip."
    ),
    "ReceiptMissing": _("Show the receipt code of your tip in the header Tipline-Receipt."),
    "ReceiptMistyped": _("This is not a receipt code: a digit is wrong or missing. Please compare it once more."),
    "ReceiptUnknown": _("There is no tip with this receipt code."),
    "SessionOver": _("For your safety we closed your tip. Enter its receipt code again."),
    "FileRefused": _("This file was not taken."),
    "NotAMedium": _(
        "This is no photo or video that we can take (JPEG, PNG, WebP, HEIC, MP4, MOV, 3GP, AVI, MKV, WebM, MPEG-TS)."
    ),
    "OtherMedium": _("These bytes are not of the kind that the sender announced (photo or video)."),
    "TooManyPixels": _("This picture has more than {limit_megapixels} million pixels. Please send a smaller one."),
    "TooManyFiles": _("One tip can hold at most {limit_files} files."),
    "FileUnknown": _("There is no such file in this tip."),
    "FileDecided": _("{by_name} ({by_badge}) was faster and decided on this file at {at}."),
    "TipFull": _("The files of one tip can have at most {limit_bytes} together."),
}

PROBLEMS: Final[dict[str, str]] = {
    "empty_tip": _("Tell us something: words, a place, a number plate, or at least one photo or video."),
    "key_reused": _(
        "This was sent before with other words, and that tip is kept. Send again if this is to be another tip."
    ),
    "position_incomplete": _("A position needs latitude, longitude and datum (wgs84, gcj02 or bd09)."),
    "receipt_mistyped": _("This is not a receipt code: a digit is wrong or missing. Please compare it once more."),
    "receipt_unknown": _("There is no tip with this receipt code."),
}
