"""Rows around a measure: its steps, what was told and found before it, and who the person is in the eye of the law.

All of them only grow: what turns out wrong is answered by a later row.
"""

from enum import StrEnum

from piccolo.columns import UUID, Boolean, Date, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.tables import Case, Outcome, Person


class OutcomeStepKind(StrEnum):
    """One step in the life of a measure."""

    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    EXECUTED = "executed"
    EXTENDED = "extended"
    ENDED = "ended"
    CHANGED = "changed"
    REVOKED = "revoked"


class RulingKind(StrEnum):
    """What was ruled about a person's criminal liability."""

    GUILTY = "guilty"
    NOT_GUILTY = "not_guilty"
    NOT_PROSECUTED = "not_prosecuted"
    INVESTIGATION_ENDED = "investigation_ended"


class DutyKind(StrEnum):
    """What the law asks within hours of a person being taken; the values are names of statutory clocks."""

    DETENTION_TO_CUSTODY = "detention_to_custody"
    FIRST_INTERROGATION = "first_interrogation"
    FAMILY_NOTICE = "family_notice"
    ARREST_INTERROGATION = "arrest_interrogation"
    ARREST_FAMILY_NOTICE = "arrest_family_notice"


class JuvenileFactKind(StrEnum):
    """What was done to protect a person under 18."""

    GUARDIAN_PRESENT = "guardian_present"
    GUARDIAN_ABSENT = "guardian_absent"
    LEGAL_AID = "legal_aid"
    RECORD_SEALED = "record_sealed"
    RECORD_UNSEALED = "record_unsealed"


class OutcomeStep(Table, tablename="outcome_step"):
    """措施步骤: who did what to a measure, when, under which number."""

    id = UUID(primary_key=True, default=UUID4())
    outcome = ForeignKey(Outcome, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=16, choices=OutcomeStepKind)
    happened_at = Timestamptz()
    recorded_at = Timestamptz()
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    authority = Varchar(length=80, default="", help_text="The body that decided this step, where one did.")
    document_number = Varchar(length=60, default="")
    reason = Varchar(length=500, default="", help_text="What it rests on; a reviewer's answer to the warnings.")


class PenaltyNotice(Table, tablename="penalty_notice"):
    """处罚前告知: what the person was told before a penalty was decided, and what the person said."""

    id = UUID(primary_key=True, default=UUID4())
    outcome = ForeignKey(Outcome, on_delete=OnDelete.restrict, null=False)
    informed_at = Timestamptz()
    statement = Text(default="", help_text="陈述、申辩; empty when nothing was said.")
    statement_answer = Text(default="", help_text="复核: what the office made of it.")
    is_hearing_offered = Boolean(default=False)
    is_hearing_asked = Boolean(default=False)
    hearing_held_at = Timestamptz(null=True, default=None)
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class Ruling(Table, tablename="ruling"):
    """裁决文书: what ended the criminal proceeding against a person, or convicted the person."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=24, choices=RulingKind)
    authority = Varchar(length=80, help_text="The court, procuratorate or bureau.")
    document_number = Varchar(length=60)
    decided_at = Timestamptz()
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class CustodyDuty(Table, tablename="custody_duty"):
    """法定时限义务: a duty of the first hours in custody as done, or why it could not be done."""

    id = UUID(primary_key=True, default=UUID4())
    outcome = ForeignKey(Outcome, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=32, choices=DutyKind)
    done_at = Timestamptz(null=True, default=None)
    reason = Varchar(length=300, default="", help_text="Why it could not be done, as the law asks it to be noted.")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class PersonIdentity(Table, tablename="person_identity"):
    """身份: one human being, whatever number of cases name the person. The number itself is stored nowhere."""

    id = UUID(primary_key=True, default=UUID4())
    digest = Varchar(length=64, unique=True, help_text="HMAC-SHA-256 of the identity number; the key is a secret file.")
    masked = Varchar(length=24, help_text="First six and last two characters.")
    created_at = Timestamptz()


class PersonParticulars(Table, tablename="person_particulars"):
    """人员信息: birth, identity and circumstances as far as known; the latest row counts."""

    id = UUID(primary_key=True, default=UUID4())
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=False)
    identity = ForeignKey(PersonIdentity, on_delete=OnDelete.restrict, null=True, default=None)
    born_on = Date(null=True, default=None)
    age_at_act = Integer(null=True, default=None, help_text="Whole years, where the day of birth is not known.")
    is_nursing = Boolean(default=False, help_text="Pregnant or nursing; a note for the legal review only.")
    is_gravely_ill = Boolean(default=False, help_text="A note for the legal review only.")
    note = Varchar(length=300, default="", help_text="What it rests on.")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class JuvenileFact(Table, tablename="juvenile_fact"):
    """未成年人保护: a guardian present, legal aid asked for, a record sealed."""

    id = UUID(primary_key=True, default=UUID4())
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=24, choices=JuvenileFactKind)
    happened_at = Timestamptz()
    detail = Varchar(length=300, default="", help_text="Name and kinship of the guardian, number of the letter ...")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()
