"""Invented relief that adds up to what is known: the rescue fund of 2021, judicial assistance of 2019 to 2021.

Known are the persons and the sums (45 persons and 1,200,000 yuan; 21 persons and 380,000 yuan in three years, taken as
2019 to 2021). Who they were, how the sums split and when each was paid is invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tipline.accounts.tables import Officer, OfficerRole
from tipline.clock import start_of_year
from tipline.demo.casefile import RuleBook
from tipline.demo.chance import Chance
from tipline.demo.people import Names
from tipline.law.service import day_of
from tipline.relief.tables import (
    Confirmation,
    ReliefConfirmation,
    ReliefKind,
    ReliefMatter,
    ReliefPurpose,
    ReliefRecipient,
    ReliefStep,
    ReliefStepKind,
)

# A stream of its own: what stands beside it in the county does not change when relief does.
SEED: Final = 75
HUNDRED_YUAN: Final = 100_00
GROUNDS: Final = ("rescue_fund_flight", "rescue_fund_over_the_limit", "rescue_fund_uninsured")
FUND_BODY: Final = "演示县道路交通事故社会救助基金管理机构"
JUDICIAL_BODY: Final = "演示县司法救助工作机构"


@dataclass(frozen=True, slots=True)
class YearOfRelief:
    """Persons and yuan paid from one source in one year."""

    kind: ReliefKind
    year: int
    people: int
    yuan: int


PAID: Final = (
    YearOfRelief(ReliefKind.RESCUE_FUND, 2021, 45, 1_200_000),
    YearOfRelief(ReliefKind.JUDICIAL_ASSISTANCE, 2019, 6, 105_000),
    YearOfRelief(ReliefKind.JUDICIAL_ASSISTANCE, 2020, 7, 125_000),
    YearOfRelief(ReliefKind.JUDICIAL_ASSISTANCE, 2021, 8, 150_000),
)


@dataclass(slots=True)
class Relief:
    """Rows of relief, in the order of writing."""

    recipients: list[ReliefRecipient] = field(default_factory=list)
    matters: list[ReliefMatter] = field(default_factory=list)
    steps: list[ReliefStep] = field(default_factory=list)
    confirmations: list[ReliefConfirmation] = field(default_factory=list)


def relief(staff: list[Officer], rules: RuleBook) -> Relief:
    """Return the relief of the demo county, every matter granted, paid and confirmed by a second officer."""
    chance = Chance(SEED)
    drawing = _Drawing(
        chance=chance,
        names=Names(chance),
        clerk=next(one for one in staff if one.role == OfficerRole.INVESTIGATOR),
        second=next(one for one in staff if one.role == OfficerRole.COMMANDER),
        rules=rules,
    )
    for paid in PAID:
        for number, fen in enumerate(split(paid.yuan * 100, paid.people, chance), start=1):
            drawing.add_matter(paid, number, fen)
    return drawing.drawn


def split(total_fen: int, people: int, chance: Chance) -> list[int]:
    """Return `people` sums in whole hundreds of yuan that make `total_fen` exactly; none is zero."""
    weights = [chance.part(0.4, 2.2) for _ in range(people)]
    hundreds = total_fen // HUNDRED_YUAN
    sums = [max(1, int(hundreds * weight / sum(weights))) for weight in weights]
    sums[0] += hundreds - sum(sums)
    return [one * HUNDRED_YUAN for one in sums]


@dataclass(kw_only=True, slots=True)
class _Drawing:
    """What is drawn so far, and what it is drawn from."""

    chance: Chance
    names: Names
    clerk: Officer
    second: Officer
    rules: RuleBook
    drawn: Relief = field(default_factory=Relief)

    def add_matter(self, paid: YearOfRelief, number: int, fen: int) -> None:
        """Draw one recipient with one matter, from the notice or application to the payment."""
        begin = start_of_year(paid.year)
        accident_at = self.chance.moment(begin + timedelta(days=2), begin + timedelta(days=330))
        is_fund = paid.kind == ReliefKind.RESCUE_FUND
        fund_purposes = [(ReliefPurpose.EMERGENCY_CARE, 0.8), (ReliefPurpose.FUNERAL, 0.2)]
        purpose = self.chance.weighed(fund_purposes) if is_fund else ReliefPurpose.HARDSHIP
        recipient = ReliefRecipient(
            id=self.chance.uuid(),
            full_name=self.names.next(),
            accident_number=f"演示事故{paid.year}{'基' if is_fund else '司'}{number:03d}",
            case=None,
            accident_at=accident_at,
            care_began_at=accident_at + timedelta(minutes=40) if purpose == ReliefPurpose.EMERGENCY_CARE else None,
            unit=self.clerk.unit,
            recorded_by=self.clerk.id,
            recorded_at=accident_at + timedelta(days=1),
            is_demo=True,
        )
        matter = ReliefMatter(
            id=self.chance.uuid(),
            recipient=recipient.id,
            kind=paid.kind,
            purpose=purpose,
            ground=self.rules(self.chance.pick(GROUNDS), day_of(accident_at)) if is_fund else None,
            recorded_by=self.clerk.id,
            recorded_at=accident_at + timedelta(days=1),
        )
        self.drawn.recipients.append(recipient)
        self.drawn.matters.append(matter)
        told_at = accident_at + timedelta(days=1, hours=2)
        granted_at = told_at + timedelta(days=self.chance.whole(2, 4))
        first = ReliefStepKind.NOTICE_TO_FUND if is_fund else ReliefStepKind.APPLICATION_RECEIVED
        self._step(matter.id, first, told_at, number=f"演示通知{paid.year}-{number:03d}")
        body = FUND_BODY if is_fund else JUDICIAL_BODY
        self._paid(matter.id, ReliefStepKind.GRANTED, granted_at, f"演示决定{paid.year}-{number:03d}", fen, body)
        self._paid(matter.id, ReliefStepKind.PAID, granted_at + timedelta(days=2), "", fen, body)

    def _paid(self, matter: UUID, kind: ReliefStepKind, at: datetime, number: str, fen: int, body: str) -> None:
        step = self._step(matter, kind, at, number=number, fen=fen, body=body)
        self.drawn.confirmations.append(
            ReliefConfirmation(
                id=self.chance.uuid(),
                step=step.id,
                decision=Confirmation.CONFIRMED,
                reason="",
                decided_by=self.second.id,
                decided_at=at + timedelta(hours=5),
            )
        )

    def _step(
        self, matter: UUID, kind: ReliefStepKind, at: datetime, *, number: str, fen: int | None = None, body: str = ""
    ) -> ReliefStep:
        step = ReliefStep(
            id=self.chance.uuid(),
            matter=matter,
            kind=kind,
            happened_at=at,
            amount_fen=fen,
            document_number=number,
            body=body,
            note="",
            reverses=None,
            recorded_by=self.clerk.id,
            recorded_at=at + timedelta(hours=2),
        )
        self.drawn.steps.append(step)
        return step
