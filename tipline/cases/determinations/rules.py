"""Pure rules of a determination: shares that add up, what must come before it, and what it may take the place of.

The articles are those of 道路交通事故处理程序规定; which version governs comes in as `Articles` (docs/decisions/0030).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from tipline.cases.determinations.tables import (
    CauseShare,
    DeterminationKind,
    ReplacementGround,
    Responsibility,
    ResponsibilityBasis,
    ReviewResult,
)
from tipline.cases.rules import moment_problems, text_problems
from tipline.cases.tables import PersonRole, Severity
from tipline.errors import Problem

NUMBER_LIMIT: Final = 60
AUTHORITY_LIMIT: Final = 80
CONTENT_LIMIT: Final = 5_000
WORDS_LIMIT: Final = 500
DESCRIBED_LIMIT: Final = 80
SHARED_EQUALLY: Final = 2
BY_ARTICLE_61: Final = frozenset({ResponsibilityBasis.FLIGHT, ResponsibilityBasis.EVIDENCE_DESTROYED})
# Facts of the governing version of each rule: {code: {"rule", "article"}}.
Articles: TypeAlias = Mapping[str, dict[str, object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyDraft:
    """What a document says of one party; a certificate (证明) gives no share.

    Attributes:
        person: of the case, None while the identity is not known (article 70): then `described_as` says who.
        role: the person's role in the case, looked up by the service.
        cause_share: how far the conduct caused the accident, the flight left aside (指导性案例269号).
    """

    person: UUID | None = None
    described_as: str = ""
    responsibility: Responsibility | None = None
    basis: ResponsibilityBasis | None = None
    cause_share: CauseShare = CauseShare.NOT_APPRAISED
    cause_words: str = ""
    role: PersonRole | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeterminationDraft:
    """One document of the national system as it is registered."""

    number: str
    kind: DeterminationKind
    made_at: datetime
    authority: str
    content: str
    parties: Sequence[PartyDraft]
    is_complex: bool = False
    application: UUID | None = None
    replaces: UUID | None = None
    replacement_ground: ReplacementGround | None = None
    replacement_document: str = ""
    states_revocation: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The document that stands in the case now, and the result of its review, if there was one."""

    id: UUID
    kind: DeterminationKind
    made_at: datetime
    review_result: ReviewResult | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What the case says around a document.

    Attributes:
        severity: of the accident.
        happened_from: when it happened.
        solved_at: since when both vehicle and driver are found; None while they are not.
        shown_at: when the evidence was first shown to the parties (63).
        applied_at: when the named application of the victim's side was received (66).
        standing: the document that stands now.
    """

    severity: Severity
    happened_from: datetime
    solved_at: datetime | None = None
    shown_at: datetime | None = None
    applied_at: datetime | None = None
    standing: Standing | None = None


def determination_problems(
    draft: DeterminationDraft, around: Circumstances, articles: Articles, *, now: datetime
) -> list[Problem]:
    """Check a document against the law of its day; every problem at once, each of law naming its article."""
    return [
        *text_problems("number", draft.number, NUMBER_LIMIT),
        *text_problems("authority", draft.authority, AUTHORITY_LIMIT),
        *text_problems("content", draft.content, CONTENT_LIMIT),
        *moment_problems("made_at", draft.made_at, not_before=around.happened_from, now=now),
        *_order_problems(draft, around, articles),
        *_replacement_problems(draft, around, articles),
        *party_problems(draft.kind, draft.parties, articles),
    ]


def party_problems(kind: DeterminationKind, parties: Sequence[PartyDraft], articles: Articles) -> list[Problem]:
    """Check the parties of a document by themselves: articles 60, 61, 66 and 67."""
    if not parties:
        return [Problem("parties", "parties_missing")]
    problems = [
        *(p for one in parties for p in text_problems("parties", one.cause_words, WORDS_LIMIT, is_required=False)),
        *(p for one in parties for p in text_problems("parties", one.described_as, DESCRIBED_LIMIT, is_required=False)),
    ]
    if any(one.person is None and not one.described_as.strip() for one in parties):
        problems.append(Problem("parties", "unknown_party_not_described"))
    if kind == DeterminationKind.CERTIFICATE:
        if any(one.responsibility or one.basis for one in parties):
            problems.append(Problem("parties", "certificate_gives_no_share", articles["accident_certificate"]))
        return problems
    if any(one.responsibility is None or one.basis is None for one in parties):
        return [*problems, Problem("parties", "share_missing", articles["determination_by_fault"])]
    problems += _share_problems(parties, articles)
    problems += _flight_problems(parties, articles)
    if kind == DeterminationKind.UNSOLVED_FLIGHT:
        if not any(one.basis in BY_ARTICLE_61 for one in parties):
            problems.append(Problem("parties", "unsolved_without_flight", articles["determination_unsolved_flight"]))
        if not any(one.role == PersonRole.VICTIM for one in parties):
            problems.append(Problem("parties", "victims_share_missing", articles["determination_unsolved_flight"]))
    return problems


def service_problems(
    kind: DeterminationKind,
    articles: Articles,
    *,
    made_at: datetime,
    served_at: datetime,
    tells: Sequence[bool],
    role: PersonRole | None,
    now: datetime,
) -> list[Problem]:
    """Check a service: not before the document, with all three rights told (65, 67), an article 66 one on victims only.

    Args:
        kind: of the document.
        articles: of the day of service.
        made_at: of the document.
        served_at: when the party received it.
        tells: whether review, mediation and suit were told.
        role: of the party, None while unknown.
        now: the present moment.
    """
    problems = moment_problems("served_at", served_at, not_before=made_at, now=now, code="too_early")
    certificate = kind == DeterminationKind.CERTIFICATE
    if not all(tells):
        code = "accident_certificate" if certificate else "determination_service_notice"
        problems.append(Problem("tells", "rights_not_told", articles[code]))
    if kind == DeterminationKind.UNSOLVED_FLIGHT and role != PersonRole.VICTIM:
        problems.append(Problem("party", "served_on_victims_only", articles["determination_unsolved_flight"]))
    return problems


def _order_problems(draft: DeterminationDraft, around: Circumstances, articles: Articles) -> Iterator[Problem]:
    if draft.kind == DeterminationKind.UNSOLVED_FLIGHT:
        if around.solved_at is not None and around.solved_at <= draft.made_at:
            yield Problem("kind", "solved_already", articles["determination_unsolved_flight"])
        if draft.replaces is None and around.applied_at is None:
            yield Problem("application", "application_missing", articles["determination_unsolved_flight"])
        elif around.applied_at is not None and around.applied_at > draft.made_at:
            yield Problem("application", "application_too_late", articles["determination_unsolved_flight"])
        return
    must_show = around.severity == Severity.FATAL or draft.is_complex
    if must_show and (around.shown_at is None or around.shown_at > draft.made_at):
        yield Problem("made_at", "evidence_not_shown", articles["determination_disclosure"])


def _replacement_problems(draft: DeterminationDraft, around: Circumstances, articles: Articles) -> Iterator[Problem]:
    standing = around.standing
    if standing is None:
        if draft.replaces is not None or draft.replacement_ground is not None:
            yield Problem("replaces", "nothing_to_replace")
        return
    unsolved = standing.kind == DeterminationKind.UNSOLVED_FLIGHT
    if draft.replaces is None or draft.replacement_ground is None:
        code = "determination_after_solving" if unsolved else "review_redetermination_revokes"
        yield Problem("replacement_ground", "must_replace_what_stands", articles[code])
        return
    if draft.made_at < standing.made_at:
        yield Problem("made_at", "too_early", {"earliest": standing.made_at})
    if not draft.states_revocation:
        code = "determination_after_solving" if unsolved else "review_redetermination_revokes"
        yield Problem("states_revocation", "revocation_not_stated", articles[code])
    yield from _ground_problems(draft, draft.replacement_ground, standing, around.solved_at, articles)


def _ground_problems(
    draft: DeterminationDraft,
    ground: ReplacementGround,
    standing: Standing,
    solved_at: datetime | None,
    articles: Articles,
) -> Iterator[Problem]:
    """Articles 66 (2), 79 and 103 (2): what lets a document take the place of the one that stands."""
    if ground == ReplacementGround.SOLVED:
        facts = articles["determination_after_solving"]
        if standing.kind != DeterminationKind.UNSOLVED_FLIGHT or draft.kind != DeterminationKind.LIABILITY:
            yield Problem("replacement_ground", "not_an_unsolved_one", facts)
        if solved_at is None or solved_at > draft.made_at:
            yield Problem("replacement_ground", "not_solved_yet", facts)
    elif ground == ReplacementGround.REVIEW:
        if standing.review_result != ReviewResult.REDETERMINATION_ORDERED:
            yield Problem("replacement_ground", "no_review_ordered_it", articles["review_redetermination_revokes"])
    elif not draft.replacement_document.strip():
        yield Problem("replacement_document", "correction_order_missing", articles["determination_correction"])


def _share_problems(parties: Sequence[PartyDraft], articles: Articles) -> Iterator[Problem]:
    """Articles 60 and 61: one bears all, or several bear main, equal and secondary shares, or nobody bears any."""
    counts = Counter(one.responsibility for one in parties)
    full = [one for one in parties if one.responsibility == Responsibility.FULL]
    others = len(parties) - len(full) - counts[Responsibility.NONE]
    if full:
        # Two that both fled each bear the full responsibility by article 61.
        holds = not others and (len(full) == 1 or all(one.basis in BY_ARTICLE_61 for one in full))
    elif others == 0:
        holds = all(one.basis == ResponsibilityBasis.ACCIDENT for one in parties)
    elif counts[Responsibility.MAIN]:
        holds = (
            counts[Responsibility.MAIN] == 1
            and counts[Responsibility.SECONDARY] > 0
            and not counts[Responsibility.EQUAL]
        )
    else:
        holds = counts[Responsibility.EQUAL] >= SHARED_EQUALLY
    if not holds:
        yield Problem("parties", "shares_do_not_add_up", articles["determination_by_fault"])
    if any(one.basis == ResponsibilityBasis.ACCIDENT and one.responsibility != Responsibility.NONE for one in parties):
        yield Problem("parties", "accident_bears_no_share", articles["determination_by_fault"])


def _flight_problems(parties: Sequence[PartyDraft], articles: Articles) -> Iterator[Problem]:
    for one in parties:
        if one.basis not in BY_ARTICLE_61 or one.responsibility == Responsibility.FULL:
            continue
        if one.basis == ResponsibilityBasis.EVIDENCE_DESTROYED:
            yield Problem("parties", "evidence_destroyed_is_not_reduced", articles["determination_flight_reduced"])
        elif one.responsibility == Responsibility.NONE or not _another_at_fault(one, parties):
            yield Problem("parties", "flight_bears_it_all", articles["determination_flight_full"])


def _another_at_fault(one: PartyDraft, parties: Sequence[PartyDraft]) -> bool:
    return any(
        other is not one
        and other.basis in {ResponsibilityBasis.FAULT, ResponsibilityBasis.INTENT}
        and other.responsibility not in {None, Responsibility.NONE}
        for other in parties
    )
