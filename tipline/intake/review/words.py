"""Media review: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "DerivationKind": {
        "still": _("Still frame"),
        "crop": _("Crop"),
        "clip": _("Clip"),
        "preview": _("Preview copy"),
    },
    "DerivationState": {
        "asked": _("Asked for"),
        "kept": _("Kept"),
        "refused": _("Cannot be made"),
    },
    "CorrectionAct": {
        "corrected": _("Corrected by an officer"),
        "rejected": _("Rejected by an officer"),
        "restored": _("The machine's reading restored"),
    },
    "CutProblem": {
        "no_such_moment": _("the video is over at that moment"),
        "clip_too_large": _("the clip is larger than 128 MiB; choose a shorter one"),
        "preview_too_long": _("videos over ten minutes get no preview copy"),
        "cannot_be_copied": _("its encoding cannot be copied into a clip"),
        "too_heavy": _("it takes more time or memory than the workers have"),
        "decoder_crashed": _("the file crashes the decoder"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "FileNotFound": _("This tip has no such file."),
    "DerivationNotFound": _("Nobody asked for such a derived item."),
    "NotOfThisFile": _("This item does not belong to the file."),
    "ReadingNotFound": _("The file has no such reading any more. Look at the hints again."),
    "ReadingCorrected": _(
        "A colleague was faster: {full_name} corrected this reading at {corrected_at}. Look at it and decide again."
    ),
    "NothingChanged": _("This is how the reading stands already."),
}

PROBLEMS: Final[dict[str, str]] = {
    "not_a_moment": _("Enter a moment of the video as minutes and seconds, such as 1:02.5."),
    "clip_ends_early": _("The end must come after the beginning."),
    "clip_too_long": _("A clip can be at most {limit_s} seconds long."),
    "behind_the_end": _("The video is over by then."),
    "not_of_a_photo": _("A photo has no clips and no preview copy."),
    "not_within_the_picture": _("This does not lie within the picture; use percent from 0 to 100."),
    "crop_too_small": _("A crop must be at least 0.5 % of the picture wide and high."),
    "not_a_plate_colour": _("Please choose one of the options."),
    "not_a_capture_time": _("Please enter a valid date and time."),
    "clock_too_far": _("The two times are more than 30 years apart: this clock was never set and tells nothing."),
    "not_an_error": _("Enter how many seconds the offset may be off, from 0 to 86,400."),
}
