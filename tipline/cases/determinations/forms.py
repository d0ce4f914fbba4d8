"""Reads the register's forms into drafts."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from tipline.cases.determinations.review_rules import ReviewDates
from tipline.cases.determinations.reviews import InquiryDraft, RequestDraft
from tipline.cases.determinations.rules import DeterminationDraft, PartyDraft
from tipline.cases.determinations.service import DisclosureDraft, ServiceDraft
from tipline.cases.determinations.tables import (
    CauseShare,
    DeterminationKind,
    InquirerRelation,
    ReplacementGround,
    Responsibility,
    ResponsibilityBasis,
    ReviewChannel,
    ReviewResult,
    ServiceMethod,
)
from tipline.web.answers import Answers

# The party whose identity is not known yet has no row: its fields end in this.
UNKNOWN: Final = "unknown"
Choice = TypeVar("Choice", bound=StrEnum)


def determination_draft(answers: Answers, persons: list[dict[str, Any]]) -> DeterminationDraft:
    """Return the document that was typed; `persons` are those of the case, each with fields of its own.

    Raises:
        Invalid: an answer cannot be read.
    """
    kind = answers.choice("kind", DeterminationKind, DeterminationKind.LIABILITY)
    ground = _optional(answers, "replacement_ground", ReplacementGround)
    made_at = answers.needed_moment("made_at")
    parties = [
        party
        for key in [*(str(person["id"]) for person in persons), UNKNOWN]
        if (party := _party(answers, key)) is not None
    ]
    answers.refuse_problems()
    return DeterminationDraft(
        number=answers.text("number"),
        kind=kind,
        made_at=made_at,
        authority=answers.text("authority"),
        content=answers.text("content"),
        parties=parties,
        is_complex=bool(answers.get("is_complex")),
        application=_row(answers, "application") if kind == DeterminationKind.UNSOLVED_FLIGHT else None,
        replaces=_row(answers, "replaces") if ground else None,
        replacement_ground=ground,
        replacement_document=answers.text("replacement_document"),
        states_revocation=bool(answers.get("states_revocation")),
    )


def service_draft(answers: Answers) -> ServiceDraft:
    """Return the service that was typed.

    Raises:
        Invalid: an answer cannot be read.
    """
    method = answers.choice("method", ServiceMethod, ServiceMethod.DIRECT)
    served_at = answers.needed_moment("served_at")
    answers.refuse_problems()
    return ServiceDraft(
        method=method,
        served_at=served_at,
        received_by=answers.text("received_by"),
        tells_review=bool(answers.get("tells_review")),
        tells_mediation=bool(answers.get("tells_mediation")),
        tells_litigation=bool(answers.get("tells_litigation")),
    )


def disclosure_draft(answers: Answers) -> DisclosureDraft:
    """Return the disclosure that was typed.

    Raises:
        Invalid: an answer cannot be read.
    """
    return DisclosureDraft(
        held_at=answers.needed_moment("held_at"),
        place_text=answers.text("place_text"),
        present=answers.text("present"),
        absent=answers.text("absent"),
        withheld=answers.text("withheld"),
    )


def request_draft(answers: Answers) -> RequestDraft:
    """Return the request for review that was typed.

    Raises:
        Invalid: an answer cannot be read.
    """
    channel = answers.choice("channel", ReviewChannel, ReviewChannel.THROUGH_UNIT)
    requested_at = answers.needed_moment("requested_at")
    answers.refuse_problems()
    return RequestDraft(
        channel=channel,
        requested_at=requested_at,
        reasons=answers.text("reasons"),
        is_refused=bool(answers.get("is_refused")),
    )


def progress_of(answers: Answers) -> tuple[ReviewDates, ReviewResult | None, str, int]:
    """Return what has become of a review: dates, result, number of the conclusion, and how far the officer saw it.

    Raises:
        Invalid: an answer cannot be read.
    """
    dates = ReviewDates(**{name: answers.moment(name, is_required=False) for name in ReviewDates.__dataclass_fields__})
    result = _optional(answers, "result", ReviewResult)
    seen = answers.whole("seen")
    answers.refuse_problems()
    return dates, result, answers.text("conclusion_number"), seen or 0


def inquiry_draft(answers: Answers) -> InquiryDraft:
    """Return the inquiry that was typed.

    Raises:
        Invalid: an answer cannot be read.
    """
    relation = answers.choice("relation", InquirerRelation, InquirerRelation.VICTIM)
    asked_at = answers.needed_moment("asked_at")
    answers.refuse_problems()
    return InquiryDraft(
        asked_by=answers.text("asked_by"), relation=relation, asked_at=asked_at, question=answers.text("question")
    )


def _party(answers: Answers, key: str) -> PartyDraft | None:
    """Return the party whose fields end in `key`; None when it is not ticked."""
    if not answers.get(f"party-{key}"):
        return None
    return PartyDraft(
        person=None if key == UNKNOWN else UUID(key),
        described_as=answers.text("described_as") if key == UNKNOWN else "",
        responsibility=_optional(answers, f"responsibility-{key}", Responsibility),
        basis=_optional(answers, f"basis-{key}", ResponsibilityBasis),
        cause_share=_optional(answers, f"cause_share-{key}", CauseShare) or CauseShare.NOT_APPRAISED,
        cause_words=answers.text(f"cause_words-{key}"),
    )


def _optional(answers: Answers, name: str, options: type[Choice]) -> Choice | None:
    if not answers.text(name):
        return None
    return answers.choice(name, options, next(iter(options)))


def _row(answers: Answers, name: str) -> UUID | None:
    return answers.row(name) if answers.text(name) else None
