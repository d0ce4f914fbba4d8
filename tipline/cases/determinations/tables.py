"""Rows of the register: documents of the national system by number and content, and what became of them."""

from enum import StrEnum

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.tables import Case, Person


class DeterminationKind(StrEnum):
    """Which document it is."""

    LIABILITY = "liability"
    CERTIFICATE = "certificate"
    UNSOLVED_FLIGHT = "unsolved_flight"


class Responsibility(StrEnum):
    """A party's share of the responsibility (道路交通事故处理程序规定 60)."""

    FULL = "full"
    MAIN = "main"
    EQUAL = "equal"
    SECONDARY = "secondary"
    NONE = "none"


class ResponsibilityBasis(StrEnum):
    """What the share rests on: conduct and fault (60), or flight or destroyed evidence (61)."""

    FAULT = "fault"
    INTENT = "intent"
    ACCIDENT = "accident"
    FLIGHT = "flight"
    EVIDENCE_DESTROYED = "evidence_destroyed"


class CauseShare(StrEnum):
    """How far the party's conduct caused the accident, the flight left aside (指导性案例269号)."""

    NOT_APPRAISED = "not_appraised"
    FULL = "full"
    MAIN = "main"
    EQUAL = "equal"
    SECONDARY = "secondary"
    NONE = "none"


class ReplacementGround(StrEnum):
    """Why a document takes the place of an earlier one."""

    SOLVED = "solved"
    REVIEW = "review"
    SUPERVISION = "supervision"


class ServiceMethod(StrEnum):
    """How a document was served."""

    DIRECT = "direct"
    LEFT = "left"
    ENTRUSTED = "entrusted"
    POST = "post"
    ANNOUNCEMENT = "announcement"


class ReviewChannel(StrEnum):
    """Through whom a party asked for review (72)."""

    THROUGH_UNIT = "through_unit"
    SUPERIOR = "superior"


class ReviewResult(StrEnum):
    """How a review ended (75 to 77)."""

    MAINTAINED = "maintained"
    REDETERMINATION_ORDERED = "redetermination_ordered"
    TERMINATED = "terminated"


class InquirerRelation(StrEnum):
    """Who asked how the case stands (47)."""

    VICTIM = "victim"
    FAMILY = "family"
    REPRESENTATIVE = "representative"


class UnsolvedApplication(Table, tablename="unsolved_application"):
    """书面申请: the victim's side asks for a determination while the flight is unsolved (66)."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False, index=True)
    applicant = ForeignKey(Person, on_delete=OnDelete.restrict, null=False)
    received_at = Timestamptz()
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class EvidenceDisclosure(Table, tablename="evidence_disclosure"):
    """公开证据: the parties were called together and shown the evidence (63)."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False, index=True)
    held_at = Timestamptz()
    place_text = Varchar(length=200)
    present = Text(help_text="Who came, one a line.")
    absent = Text(default="", help_text="Who was called and did not come, one a line; must be recorded.")
    withheld = Text(default="", help_text="What was kept back, and why: a witness's wish, secrets, privacy.")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class Determination(Table, tablename="determination"):
    """认定书、事故证明: one version, as it was issued."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    number = Varchar(length=60, unique=True, help_text="Of the national system.")
    version = Integer(help_text="1, 2, 3 ... within one case.")
    kind = Varchar(length=20, choices=DeterminationKind)
    made_at = Timestamptz()
    authority = Varchar(length=80)
    content = Text(help_text="Summary: facts, evidence, causes, as the document tells them.")
    is_complex = Boolean(default=False, help_text="A complex injury accident: the evidence must be shown first.")
    application = ForeignKey(UnsolvedApplication, on_delete=OnDelete.restrict, null=True, default=None, unique=True)
    replaces: ForeignKey["Determination"] = ForeignKey(
        "self", on_delete=OnDelete.restrict, null=True, default=None, unique=True
    )
    replacement_ground = Varchar(length=16, choices=ReplacementGround, null=True, default=None)
    replacement_document = Varchar(length=60, default="", help_text="Of the superior that ordered the correction.")
    states_revocation = Boolean(default=False, help_text="注明撤销原认定书")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()

    one_version_per_number = Unique([case, version])


class DeterminationParty(Table, tablename="determination_party"):
    """当事人责任: what one version says of one party."""

    id = UUID(primary_key=True, default=UUID4())
    determination = ForeignKey(Determination, on_delete=OnDelete.restrict, null=False, index=True)
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=True, default=None)
    described_as = Varchar(length=80, default="", help_text="Where the identity is not known yet (70).")
    responsibility = Varchar(length=12, choices=Responsibility, null=True, default=None, help_text="Not in a 证明.")
    basis = Varchar(length=20, choices=ResponsibilityBasis, null=True, default=None)
    cause_share = Varchar(length=16, choices=CauseShare, default=CauseShare.NOT_APPRAISED)
    cause_words = Varchar(length=500, default="")


class DeterminationService(Table, tablename="determination_service"):
    """送达: one version reached one party, with the rights it was told (65, 67)."""

    id = UUID(primary_key=True, default=UUID4())
    party = ForeignKey(DeterminationParty, on_delete=OnDelete.restrict, null=False, unique=True)
    method = Varchar(length=16, choices=ServiceMethod)
    served_at = Timestamptz()
    served_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    received_by = Varchar(length=80)
    tells_review = Boolean()
    tells_mediation = Boolean()
    tells_litigation = Boolean()
    recorded_at = Timestamptz()


class DeterminationReview(Table, tablename="determination_review"):
    """复核: a party asked the superior office to look again, and what came of it (71 to 79)."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False, index=True)
    determination = ForeignKey(Determination, on_delete=OnDelete.restrict, null=False)
    party = ForeignKey(DeterminationParty, on_delete=OnDelete.restrict, null=False)
    channel = Varchar(length=16, choices=ReviewChannel)
    requested_at = Timestamptz(help_text="The written request was received.")
    reasons = Text()
    is_refused = Boolean(default=False, help_text="Late: not accepted.")
    forwarded_at = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None, help_text="Received by the superior office (73).")
    file_asked_at = Timestamptz(null=True, default=None)
    file_submitted_at = Timestamptz(null=True, default=None)
    result = Varchar(length=24, choices=ReviewResult, null=True, default=None)
    conclusion_number = Varchar(length=60, default="")
    concluded_at = Timestamptz(null=True, default=None)
    conclusion_received_at = Timestamptz(null=True, default=None, help_text="By the unit that made the document.")
    conclusion_served_at = Timestamptz(null=True, default=None, help_text="On the last of the parties.")
    steps = Integer(default=1, help_text="Counts what was recorded; who records names the one he saw.")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False, help_text="The last of them.")
    recorded_at = Timestamptz()


class VictimInquiry(Table, tablename="victim_inquiry"):
    """受害人询问: a victim or a relative asked how the case stands, and was told (47)."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False, index=True)
    asked_by = Varchar(length=80)
    relation = Varchar(length=16, choices=InquirerRelation)
    asked_at = Timestamptz()
    question = Text()
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()
    answered_at = Timestamptz(null=True, default=None)
    answered_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    answer = Text(default="")
    withheld = Text(default="", help_text="What the law does not let be told.")
