"""What every face shares: its values, errors and form problems (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

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
        "made": _("Made here"),
        "viewed": _("Viewed"),
        "found_broken": _("Found damaged"),
    },
    "Job": {
        "workers.sealing.seal_item": _("Seal evidence"),
        "workers.media.examine_item": _("Examine a file"),
        "workers.linking.suggest_cases": _("Suggest cases"),
        "workers.deriving.derive_item": _("Make a derived item"),
        "workers.alarms.call_desk": _("Call the desk"),
        "workers.uploads.settle_upload": _("Settle an upload"),
        "workers.clocks.keep_clocks": _("Keep clocks and tasks"),
        "workers.documents.make_document": _("Make a document"),
    },
    "WorkState": {
        "waiting": _("Waiting"),
        "queued": _("Queued"),
        "running": _("Running"),
        "done": _("Done"),
        "failed": _("Failed"),
    },
    "Part": {"worker": _("Worker"), "dispatcher": _("Dispatcher")},
}

SENTENCES: Final[dict[str, str]] = {
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
    "ForgedRequest": _(
        "This page was open too long or came from elsewhere. Go back, reload the page and send it again."
    ),
    "BrokenForm": _("The form arrived incomplete. Please send it again."),
    "EvidenceError": _("The file store could not do this."),
    "TooLarge": _("This file is larger than {limit_bytes}, the most that can be taken."),
    "EmptyFile": _("This file is empty (0 bytes)."),
    "ItemNotFound": _("There is no such file, or it is not yours to see."),
    "NotSealed": _("This file is still being checked."),
    "StorageDown": _("Files cannot be taken at the moment. What you wrote is kept; please send the file again later."),
    "CustodyBroken": _("The stored bytes of this file are no longer what was received. The custody officer was told."),
    "WorkUnknown": _("There is no such piece of work."),
    "WorkNotFailed": _("This work is not failed any more: it waits, runs or is done."),
}

PROBLEMS: Final[dict[str, str]] = {
    "required": _("Please fill this in."),
    "too_long": _("At most {limit} characters."),
    "not_a_choice": _("Please choose one of the options."),
    "not_a_number": _("Please enter a number."),
    "not_a_time": _("Please enter a valid date and time."),
    "in_the_future": _("This time lies in the future."),
    "ends_before_it_begins": _("This lies before the beginning."),
    "not_a_position": _("This is no position on the earth."),
    "malformed": _("This is missing or does not have the form that the description of the API gives it."),
}
