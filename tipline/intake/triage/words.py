"""Triage: what deeds, errors and choices are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "TipDeed": {
        "accepted": _("Tip accepted"),
        "declined": _("Tip declined"),
        "marked_duplicate": _("Marked as a duplicate"),
        "linked": _("Linked to a case"),
        "snoozed": _("Put off"),
        "resurfaced": _("Came up again"),
        "assigned": _("Put into hands"),
        "tagged": _("Tagged"),
        "untagged": _("Tag taken off"),
        "noted": _("Note written"),
        "undone": _("Taken back"),
    },
    "Snooze": {
        "one_hour": _("For one hour"),
        "four_hours": _("For four hours"),
        "tomorrow": _("Until tomorrow, 08:30"),
        "three_days": _("For three days"),
        "one_week": _("For one week"),
    },
    "Likeness": {
        "same_file": _("The very same file"),
        "same_plate": _("Same number plate"),
        "plate_fits": _("Number plate fits"),
        "near": _("Near in place and time"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "TipNotFound": _("There is no such tip."),
    "TipDecided": _("{by_name} ({by_badge}) was faster and decided on this tip at {at}."),
    "TipDecided.received": _("{by_name} ({by_badge}) took the decision on this tip back at {at}; it is open again."),
    "TipDecided.accepted": _("{by_name} ({by_badge}) was faster and accepted this tip at {at}."),
    "TipDecided.declined": _("{by_name} ({by_badge}) was faster and declined this tip at {at}."),
    "TipDecided.duplicate": _("{by_name} ({by_badge}) was faster and marked this tip as a duplicate at {at}."),
    "DuplicateOfItself": _("A tip cannot be a duplicate of itself or of its own duplicate. Choose another tip."),
    "SnoozeEnded": _("Choose a moment that is still to come."),
    "AssigneeUnknown": _("Choose an officer who is in office and decides on tips."),
    "TagUnfit": _("A tag is a word of 1 to 40 characters."),
    "NoteUnfit": _("A note needs words, at most 4,000 characters."),
    "SearchUnfit": _(
        "A saved search needs a new name of 1 to 40 characters, and you can keep twelve. Remove one, or choose another"
        " name."
    ),
    "DeedNotFound": _("There is no such deed."),
    "DeedOfAnother": _("Only who did it can take it back. You can decide anew."),
    "DeedStays": _("This is not taken back. Take the tag off, or write another note."),
    "DeedOvertaken": _("This can no longer be taken back: {by_name} ({by_badge}) went on from it at {at}."),
    "DeedOvertaken.undone": _("{by_name} ({by_badge}) took this back already, at {at}."),
    "DeedOvertaken.accepted": _("This can no longer be taken back: {by_name} ({by_badge}) accepted the tip at {at}."),
    "DeedOvertaken.declined": _("This can no longer be taken back: {by_name} ({by_badge}) declined the tip at {at}."),
    "DeedOvertaken.marked_duplicate": _(
        "This can no longer be taken back: {by_name} ({by_badge}) marked the tip as a duplicate at {at}."
    ),
    "DeedOvertaken.linked": _(
        "This can no longer be taken back: {by_name} ({by_badge}) linked the tip to a case at {at}."
    ),
}
