"""The sentence of every error and form problem, for people. Keys are class names and problem codes.

`{...}` is filled from the error's attributes or the problem's facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from tipline.errors import Problem
from tipline.web.locale import gettext
from tipline.web.locale import lazy as _
from tipline.web.sizes import size
from tipline.web.times import when

SENTENCES: Final[dict[str, str]] = {
    # the roots
    "TiplineError": _("The platform could not do this."),
    "Refused": _("What was sent does not hold. Please check it and send it again."),
    "Invalid": _("Some answers need another look."),
    "TooMuch": _("That is more than this service can take."),
    "NotFound": _("This page does not exist, or it is not yours to see."),
    "NotSignedIn": _("Please sign in."),
    "NotAllowed": _("Your role does not include this. Ask your administrator if you need it."),
    "Overtaken": _("Someone else was faster. Look at the present state and decide again."),
    "SlowDown": _("Too many tries. Please wait {retry_after_s} seconds and try again."),
    "NeighbourDown": _(
        "A part of the service does not answer at the moment. Nothing was lost; please try again shortly."
    ),
    # web
    "ForgedRequest": _(
        "This page was open too long or came from elsewhere. Go back, reload the page and send it again."
    ),
    "BrokenForm": _("The form arrived incomplete. Please send it again."),
    # tips as the public sends them
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
    "TipFull": _("The files of one tip can have at most {limit_bytes} together."),
    # resumable uploads
    "HeaderMalformed": _("The header {header} is missing or malformed."),
    "VersionUnsupported": _("The header Tus-Resumable must be 1.0.0."),
    "WrongBodyType": _("The body must be declared as application/offset+octet-stream."),
    "ChecksumWrong": _("The bytes changed on the way. Nothing of them was kept; please send them again."),
    "SenderGone": _("The connection broke off. What had come is kept; please go on from there."),
    "SenderSilent": _("No more bytes came for a while. What had come is kept; please go on from there."),
    "UploadUnknown": _("There is no such upload."),
    "UploadGone": _("This upload has ended. Please send the file from its beginning."),
    "OffsetWrong": _("Please go on from byte {offset}."),
    "UploadTaken": _("A newer request goes on with this upload."),
    "UploadWhole": _("This file has arrived and belongs to the tip."),
    "LengthExceeded": _("These are more bytes than the upload was announced with."),
    "TooManyPieces": _("This upload was broken off too often. Please send the file from its beginning."),
    # kept bytes
    "EvidenceError": _("The file store could not do this."),
    "TooLarge": _("This file is larger than {limit_bytes}, the most that can be taken."),
    "EmptyFile": _("This file is empty (0 bytes)."),
    "ItemNotFound": _("There is no such file, or it is not yours to see."),
    "NotSealed": _("This file is still being checked."),
    "StorageDown": _("Files cannot be taken at the moment. What you wrote is kept; please send the file again later."),
    "CustodyBroken": _("The stored bytes of this file are no longer what was received. The custody officer was told."),
    # decisions on tips
    "TipNotFound": _("There is no such tip."),
    "TipDecided": _("{by_name} ({by_badge}) was faster and decided on this tip at {at}."),
    # cases
    "CaseNotFound": _("There is no such case."),
    "VehicleNotFound": _("There is no such vehicle in this case."),
    "PersonNotFound": _("There is no such person in this case."),
    "SuggestionNotFound": _("There is no such suggestion."),
    "LinkNotFound": _("A tip named as helpful is not linked to this case."),
    "OfficerNotFound": _("There is no such officer."),
    "ApproverNotCommander": _("Only a commander in office approves a clearance."),
    "CaseAlreadyCleared": _("{by_name} ({by_badge}) was faster: the case has counted as cleared since {at}."),
    "AlreadyLinked": _("{by_name} ({by_badge}) was faster: tip and case have been linked since {at}."),
    "SuggestionDecided": _("{by_name} ({by_badge}) was faster and decided on this suggestion at {at}."),
    "SuggestionDecided.withdrawn": _("The suggestion was withdrawn meanwhile, because it no longer held."),
    "VehicleMovedOn": _("The vehicle is as far, or further, since {at}."),
    "DriverAlreadyInHand": _("The driver has been in hand since {at}."),
    # law
    "RuleUnknown": _("No legal rule of this name is recorded."),
    "RuleNotInForce": _("{article} was not in force on that day (it applies from {valid_from} on)."),
    "HolidaysUnknown": _("The holidays of {year} are not in the table yet; the time limit cannot be counted."),
    "DaysOutOfBounds": _("The law allows {minimum} to {maximum} days here, not {days}."),
    # work
    "WorkUnknown": _("There is no such piece of work."),
    "WorkNotFailed": _("This work is not failed any more: it waits, runs or is done."),
    # accounts
    "SignInRefused": _("User name and password do not belong together, or the account is not in use."),
}

PROBLEMS: Final[dict[str, str]] = {
    "required": _("Please fill this in."),
    "too_long": _("At most {limit} characters."),
    "not_a_choice": _("Please choose one of the options."),
    "not_a_number": _("Please enter a number."),
    "not_a_time": _("Please enter a valid date and time."),
    "in_the_future": _("This time lies in the future."),
    "ends_before_it_begins": _("This lies before the beginning."),
    "empty_tip": _("Tell us something: words, a place, a number plate, or at least one photo or video."),
    "key_reused": _(
        "This was sent before with other words, and that tip is kept. Send again if this is to be another tip."
    ),
    "position_incomplete": _("A position needs latitude, longitude and datum (wgs84, gcj02 or bd09)."),
    "not_a_position": _("This is no position on the earth."),
    "malformed": _("This is missing or does not have the form that the description of the API gives it."),
    "receipt_mistyped": _("This is not a receipt code: a digit is wrong or missing. Please compare it once more."),
    "receipt_unknown": _("There is no tip with this receipt code."),
    # cases
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
    "days_not_for_this_measure": _("A criminal detention is not decided for a number of days ({article})."),
    "ground_missing": _("The ground of the detention is missing ({article})."),
    "not_a_ground": _("This is no ground of this detention ({article})."),
    # accounts
    "password_too_short": _("At least {minimum} characters."),
    "password_too_easy": _("This password is too easy to guess, or it contains your own name."),
    "password_wrong": _("This is not your present password."),
    "passwords_differ": _("The two new passwords differ."),
    "not_a_username": _(
        "2 to 40 small letters, digits, dots, dashes or underscores, beginning with a letter or digit."
    ),
    "not_a_badge_number": _("At most 20 letters, digits or dashes."),
    "taken": _("This is taken already."),
}


def sentence(error: BaseException) -> str:
    """Return the sentence for `error` in the language of the request: its own, or that of its nearest ancestor.

    A sentence for one `state` of the error (`SuggestionDecided.withdrawn`) goes before the general one.
    """
    state = getattr(error, "state", None)
    fallback = SENTENCES["TiplineError"]
    for kind in type(error).__mro__:
        for name in (f"{kind.__name__}.{state}", kind.__name__):
            if name in SENTENCES:
                return gettext(SENTENCES[name]).format(**_shown(vars(error)))
    return gettext(fallback)


def problem_sentence(problem: Problem) -> str:
    """Return the sentence for one problem of a form."""
    return gettext(PROBLEMS[problem.code]).format(**_shown(problem.facts))


def _shown(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: _for_people(name, fact) for name, fact in facts.items() if not name.startswith("_")}


def _for_people(name: str, fact: object) -> object:
    if isinstance(fact, datetime):
        return when(fact)
    return size(fact) if name.endswith("_bytes") and isinstance(fact, int) else fact
