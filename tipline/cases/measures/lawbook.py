"""Which rules of law govern a measure: their codes, and the versions of the day as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from tipline.cases.lawbook import as_rule
from tipline.cases.measures.kinds import CRIMINAL, PENALTIES
from tipline.cases.measures.rules import MeasureLaw
from tipline.cases.rules import Rule
from tipline.cases.tables import OutcomeKind
from tipline.law.service import rule
from tipline.law.tables import LegalRule, RuleKind

# How the codes of a measure's rows begin; "DOCUMENT", "AUTHORITY" and "LIMIT" say how they end.
DOCUMENT: Final = {
    OutcomeKind.CRIMINAL_DETENTION: "criminal_detention_warrant",
    OutcomeKind.ADMINISTRATIVE_DETENTION: "administrative_detention_decision",
    OutcomeKind.ARREST: "arrest_warrant",
    OutcomeKind.BAIL: "bail_decision",
    OutcomeKind.RESIDENTIAL_SURVEILLANCE: "surveillance_decision",
    OutcomeKind.FINE: "fine_decision",
    OutcomeKind.LICENCE_SUSPENSION: "licence_suspension_decision",
    OutcomeKind.LICENCE_REVOCATION: "licence_revocation_decision",
    OutcomeKind.LIFETIME_BAN: "lifetime_ban_decision",
    OutcomeKind.TRANSFER_FOR_PROSECUTION: "transfer_opinion",
    OutcomeKind.RELEASE: "release_notice",
    OutcomeKind.NO_PENALTY: "no_penalty_decision",
}
AUTHORITY: Final = {
    OutcomeKind.CRIMINAL_DETENTION: "criminal_detention_authority",
    OutcomeKind.ADMINISTRATIVE_DETENTION: "administrative_detention_authority",
    OutcomeKind.ARREST: "arrest_authority",
    OutcomeKind.BAIL: "bail_authority",
    OutcomeKind.RESIDENTIAL_SURVEILLANCE: "surveillance_authority",
    OutcomeKind.FINE: "fine_authority",
    OutcomeKind.LICENCE_SUSPENSION: "licence_suspension_authority",
    OutcomeKind.LICENCE_REVOCATION: "licence_revocation_authority",
    OutcomeKind.LIFETIME_BAN: "lifetime_ban_authority",
    OutcomeKind.TRANSFER_FOR_PROSECUTION: "transfer_authority",
    OutcomeKind.RELEASE: "release_authority",
    OutcomeKind.NO_PENALTY: "no_penalty_authority",
}
LIMIT: Final = {
    OutcomeKind.CRIMINAL_DETENTION: "criminal_detention_term",
    OutcomeKind.ADMINISTRATIVE_DETENTION: "administrative_detention_days",
    OutcomeKind.ARREST: "arrest_term",
    OutcomeKind.BAIL: "bail_term",
    OutcomeKind.RESIDENTIAL_SURVEILLANCE: "surveillance_term",
    OutcomeKind.FINE: "fine_amount",
    OutcomeKind.LICENCE_SUSPENSION: "licence_suspension_term",
    OutcomeKind.LICENCE_REVOCATION: "licence_revocation_term",
    OutcomeKind.LIFETIME_BAN: "lifetime_ban_term",
    OutcomeKind.TRANSFER_FOR_PROSECUTION: "transfer_term",
    OutcomeKind.RELEASE: "release_term",
    OutcomeKind.NO_PENALTY: "no_penalty_term",
}
COMBINED: Final = "combined_detention"
EXTENSION: Final = "detention_extension"
EXTENSION_SERIAL: Final = "detention_extension_serial"
LEGAL_REVIEW: Final = "legal_review"
JUVENILE: Final = (
    "juvenile_guardian",
    "juvenile_legal_aid",
    "juvenile_privacy",
    "juvenile_sealing",
    "juvenile_age_first",
    "juvenile_arrest_rare",
)
_PENALTY: Final = (
    "penalty_age",
    "lighter_penalty_age",
    "notice_before_penalty",
    "hearing_before_penalty",
    "hearing_fine_amount",
    "verdict_before_revocation",
)
_ADMINISTRATIVE_DETENTION: Final = (
    "registration_before_penalty",
    "one_track",
    "detention_not_executed_14_16",
    "detention_not_executed_16_18",
    "detention_not_executed_70",
    "detention_not_executed_nursing",
    "public_order_detention_exemption",
    "detention_offset",
    COMBINED,
)


def conditions_of(kind: OutcomeKind) -> tuple[str, ...]:
    """Return the codes of the conditions that govern a measure."""
    found: tuple[str, ...] = (LEGAL_REVIEW, *JUVENILE)
    if kind in CRIMINAL:
        found += ("criminal_age", "filing_before_measure")
    if kind in PENALTIES:
        found += _PENALTY
    if kind == OutcomeKind.ADMINISTRATIVE_DETENTION:
        found += _ADMINISTRATIVE_DETENTION
    if kind == OutcomeKind.CRIMINAL_DETENTION:
        found += (EXTENSION, EXTENSION_SERIAL)
    return found


async def law_of(
    kind: OutcomeKind, basis: str, ground: str | None, *, on: date
) -> tuple[MeasureLaw, LegalRule, LegalRule | None]:
    """Return the law that governs a measure on a day, and the rows of its basis and ground.

    Raises:
        RuleUnknown: basis or ground name no rule.
        RuleNotInForce: a needed rule was not in force on the day.
    """
    basis_row = await rule(basis, on=on)
    ground_row = await rule(ground, on=on) if ground else None
    law = MeasureLaw(
        basis=as_rule(basis_row),
        document=as_rule(await rule(DOCUMENT[kind], on=on)),
        authority=as_rule(await rule(AUTHORITY[kind], on=on)),
        limit=as_rule(await rule(LIMIT[kind], on=on)),
        ground=None if ground_row is None else as_rule(ground_row),
        conditions=await rules_on(conditions_of(kind), on=on),
    )
    return law, basis_row, ground_row


async def rules_on(codes: Iterable[str], *, on: date) -> Mapping[str, Rule]:
    """Return rules of a day by code, in one query.

    Raises:
        RuleUnknown, RuleNotInForce: see `rule`.
    """
    wanted = list(codes)
    rows = (
        await LegalRule.objects()
        .where(LegalRule.code.is_in(wanted) & (LegalRule.valid_from <= on))
        .where(LegalRule.valid_to.is_null() | (LegalRule.valid_to >= on))
        .order_by(LegalRule.valid_from)
    )
    found = {row.code: as_rule(row) for row in rows}
    for code in wanted:
        if code not in found:
            found[code] = as_rule(await rule(code, on=on))  # raises, and says what is nearest
    return found


async def thresholds(*, on: date) -> Mapping[str, Rule]:
    """Return the thresholds of the traffic crime that stand on a day, by code."""
    rows = (
        await LegalRule.objects()
        .where((LegalRule.kind == RuleKind.OFFENCE_THRESHOLD) & (LegalRule.valid_from <= on))
        .where(LegalRule.valid_to.is_null() | (LegalRule.valid_to >= on))
        .order_by(LegalRule.valid_from)
    )
    return {row.code: as_rule(row) for row in rows}
