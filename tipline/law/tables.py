"""Rows of law: every rule with its source, article and dates. Never a constant deep in code."""

from enum import StrEnum

from piccolo.columns import UUID, Boolean, Date, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from tipline.accounts.tables import Officer


class RuleKind(StrEnum):
    """What a rule is for."""

    MEASURE_BASIS = "measure_basis"
    MEASURE_LIMIT = "measure_limit"
    MEASURE_DOCUMENT = "measure_document"
    MEASURE_AUTHORITY = "measure_authority"
    MEASURE_CONDITION = "measure_condition"
    DETENTION_GROUND = "detention_ground"
    OFFENCE_THRESHOLD = "offence_threshold"
    CLEARANCE_CONDITION = "clearance_condition"
    STATUTORY_CLOCK = "statutory_clock"
    SERVICE_CLOCK = "service_clock"
    CLOCK_PAUSE = "clock_pause"
    CASE_TASK = "case_task"
    PROCEDURE_STEP = "procedure_step"
    RELIEF_GROUND = "relief_ground"
    DETERMINATION_CONDITION = "determination_condition"
    CASE_DOCUMENT = "case_document"


class ClockUnit(StrEnum):
    """How a statutory clock is counted."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"
    MONTH = "month"


class DayKind(StrEnum):
    """How a day breaks the week."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


class LegalFact(StrEnum):
    """程序节点: what sets a term or task of law going, or fulfils it."""

    CASE_RECORDED = "case_recorded"
    JURISDICTION_RECEIVED = "jurisdiction_received"
    ACCIDENT_WITH_INJURY = "accident_with_injury"
    DEATH = "death"
    LATE_REPORT_RECEIVED = "late_report_received"
    ACCEPTANCE_DECIDED = "acceptance_decided"
    FOUND_OUTSIDE_JURISDICTION = "found_outside_jurisdiction"
    CASE_TRANSFERRED = "case_transferred"
    SCENE_WORK_ENDED = "scene_work_ended"
    VEHICLE_SEIZED = "vehicle_seized"
    VEHICLE_OR_DRIVER_FOUND = "vehicle_or_driver_found"
    VEHICLE_AND_DRIVER_FOUND = "vehicle_and_driver_found"
    FOUND_BY_ANOTHER_UNIT = "found_by_another_unit"
    MILITARY_VEHICLE_SUSPECTED = "military_vehicle_suspected"
    VICTIM_INQUIRY_RECEIVED = "victim_inquiry_received"
    VICTIM_INQUIRY_ANSWERED = "victim_inquiry_answered"
    CLEARED_WITH_A_TIP = "cleared_with_a_tip"
    CLEARED_AFTER_FUND_ADVANCE = "cleared_after_fund_advance"
    REWARD_NOTIFIED = "reward_notified"
    REWARD_CLAIMED = "reward_claimed"
    LATE_EXAMINATION_NEEDED = "late_examination_needed"
    EXAMINATION_COMMISSIONED = "examination_commissioned"
    EXAMINATION_REPORT_RECEIVED = "examination_report_received"
    EXAMINATION_REPORT_FOUND_DEFECTIVE = "examination_report_found_defective"
    EXAMINATION_REPORT_SERVED = "examination_report_served"
    REEXAMINATION_REQUESTED = "reexamination_requested"
    REEXAMINATION_REFUSED = "reexamination_refused"
    EXAMINATION_CONCLUSION_FINAL = "examination_conclusion_final"
    EXAMINATION_FINAL_AND_BOTH_FOUND = "examination_final_and_both_found"
    VEHICLE_RETURN_NOTIFIED = "vehicle_return_notified"
    VICTIM_APPLICATION_RECEIVED = "victim_application_received"
    QUICK_HANDLING_REQUESTED = "quick_handling_requested"
    SUMMARY_PROCEDURE_BEGUN = "summary_procedure_begun"
    DETERMINATION_SUSPENDED = "determination_suspended"
    SUSPENSION_ENDED = "suspension_ended"
    DETERMINATION_MADE = "determination_made"
    DETERMINATION_SERVED = "determination_served"
    REVIEW_REQUEST_RECEIVED = "review_request_received"
    REVIEW_FORWARDED = "review_forwarded"
    REVIEW_NOTICE_RECEIVED = "review_notice_received"
    REVIEW_FILE_SUBMITTED = "review_file_submitted"
    REVIEW_ACCEPTED = "review_accepted"
    REVIEW_CONCLUDED = "review_concluded"
    REVIEW_CONCLUSION_SERVED = "review_conclusion_served"
    REDETERMINATION_ORDERED = "redetermination_ordered"
    MEDIATION_REQUESTED = "mediation_requested"
    MEDIATION_BEGUN = "mediation_begun"
    MEDIATION_CONCLUDED = "mediation_concluded"
    RECUSAL_REQUESTED = "recusal_requested"
    PUNISHMENT_CASE_FILED = "punishment_case_filed"
    PUNISHMENT_DECIDED = "punishment_decided"
    ADMINISTRATIVE_DETENTION_EXECUTED = "administrative_detention_executed"
    DETENTION_SUSPENSION_REQUESTED = "detention_suspension_requested"
    RELEASED = "released"
    FILING_REFUSED = "filing_refused"
    CRIMINAL_DETENTION_EXECUTED = "criminal_detention_executed"
    BROUGHT_TO_DETENTION_CENTRE = "brought_to_detention_centre"
    FIRST_INTERROGATED = "first_interrogated"
    FAMILY_NOTIFIED = "family_notified"
    ARREST_REQUESTED = "arrest_requested"
    ARREST_DECIDED = "arrest_decided"
    ARREST_EXECUTED = "arrest_executed"
    INTERROGATED_AFTER_ARREST = "interrogated_after_arrest"
    FAMILY_NOTIFIED_OF_ARREST = "family_notified_of_arrest"
    SENT_FOR_PROSECUTION = "sent_for_prosecution"
    BAIL_EXECUTED = "bail_executed"
    BAIL_ENDED = "bail_ended"
    RESIDENTIAL_SURVEILLANCE_EXECUTED = "residential_surveillance_executed"
    RESIDENTIAL_SURVEILLANCE_ENDED = "residential_surveillance_ended"
    RESCUE_BEGUN = "rescue_begun"
    FUND_APPLICATION_RECEIVED = "fund_application_received"
    FUND_REVIEW_PASSED = "fund_review_passed"
    FUND_ADVANCED = "fund_advanced"


class DraftState(StrEnum):
    """What became of a new version of a rule that somebody entered."""

    WAITING = "waiting"
    IN_FORCE = "in_force"
    REFUSED = "refused"


class LegalRule(Table, tablename="legal_rule"):
    """法规: one version of one rule."""

    id = UUID(primary_key=True, default=UUID4())
    code = Varchar(length=60, help_text="Stable name, for example administrative_detention_days.")
    kind = Varchar(length=24, choices=RuleKind)
    applies_to = Varchar(
        length=60, default="", help_text="Measure it governs; clock it pauses or, as another clock, extends; or empty."
    )
    source = Varchar(length=120, help_text="Short name and year of the statute.")
    article = Varchar(length=60)
    title_zh = Varchar(length=200)
    title_en = Varchar(length=200)
    minimum = Integer(null=True, default=None)
    maximum = Integer(null=True, default=None)
    unit = Varchar(
        length=16, default="", help_text="day, month, year, yuan, person, a ClockUnit for a clock, or empty."
    )
    moves_off_holidays = Boolean(default=False, help_text="A clock's last day on a holiday moves to the next workday.")
    valid_from = Date()
    valid_to = Date(null=True, default=None)
    doubt = Text(default="", help_text="What the legal officer must confirm, in English; empty when nothing.")
    doubt_zh = Text(default="", help_text="The same in Chinese.")
    starts_on = Varchar(length=40, choices=LegalFact, null=True, default=None, help_text="Of a clock, task or pause.")
    ends_on = Varchar(length=40, choices=LegalFact, null=True, default=None, help_text="The fact that fulfils it.")
    leads_to = Varchar(
        length=60, default="", help_text="A clock: of a task the one that limits it, of a pause the one that follows."
    )
    starts_anew_on_receipt = Boolean(default=False, help_text="Counted from the receipt of the case (order 146, 11).")

    one_version_per_start = Unique([code, valid_from])


class Holiday(Table):
    """节假日: one day that breaks the week, off (放假) or worked (调休上班)."""

    id = UUID(primary_key=True, default=UUID4())
    day = Date(unique=True)
    kind = Varchar(length=16, choices=DayKind)
    name = Varchar(length=40, help_text="As the notice calls it, for example 春节.")
    source = Varchar(length=120, help_text="The notice that sets it.")


class RuleDraft(Table, tablename="rule_draft"):
    """拟订版本: a new version of a rule, entered by one officer and put in force by another."""

    id = UUID(primary_key=True, default=UUID4())
    code = Varchar(length=60)
    kind = Varchar(length=24, choices=RuleKind)
    applies_to = Varchar(length=60, default="")
    source = Varchar(length=120)
    article = Varchar(length=60)
    title_zh = Varchar(length=200)
    title_en = Varchar(length=200)
    minimum = Integer(null=True, default=None)
    maximum = Integer(null=True, default=None)
    unit = Varchar(length=16, default="")
    moves_off_holidays = Boolean(default=False)
    valid_from = Date()
    doubt = Text(default="")
    doubt_zh = Text(default="")
    starts_on = Varchar(length=40, choices=LegalFact, null=True, default=None)
    ends_on = Varchar(length=40, choices=LegalFact, null=True, default=None)
    leads_to = Varchar(length=60, default="")
    starts_anew_on_receipt = Boolean(default=False)
    state = Varchar(length=16, choices=DraftState, default=DraftState.WAITING)
    entered_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    entered_at = Timestamptz()
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_note = Varchar(length=300, default="")


class HolidayChange(Table, tablename="holiday_change"):
    """节假日变更: who set, changed or took out which day, and by which notice; added, never changed."""

    id = UUID(primary_key=True, default=UUID4())
    day = Date(index=True)
    kind_before = Varchar(length=16, choices=DayKind, null=True, default=None)
    kind_after = Varchar(length=16, choices=DayKind, null=True, default=None, help_text="None: taken out.")
    name = Varchar(length=40)
    source = Varchar(length=120)
    changed_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    changed_at = Timestamptz()
