"""Measures: what their values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "OutcomeKind": {
        "criminal_detention": _("Criminal detention"),
        "administrative_detention": _("Administrative detention"),
        "arrest": _("Arrest"),
        "bail": _("Bail"),
        "residential_surveillance": _("Residential surveillance"),
        "fine": _("Fine"),
        "licence_suspension": _("Licence suspended"),
        "licence_revocation": _("Licence revoked"),
        "lifetime_ban": _("Barred from driving for life"),
        "transfer_for_prosecution": _("Transfer for prosecution"),
        "release": _("Release"),
        "no_penalty": _("No penalty"),
    },
    "OutcomeStage": {
        "proposed": _("waits for the legal review"),
        "reviewed": _("waits for approval"),
        "returned": _("given back"),
        "approved": _("approved, not executed"),
        "refused": _("not approved"),
        "executed": _("executed"),
        "ended": _("over"),
        "revoked": _("revoked"),
    },
    "OutcomeStepKind": {
        "proposed": _("Measure proposed"),
        "reviewed": _("Passed the legal review"),
        "returned": _("Given back by the legal review"),
        "approved": _("Measure approved"),
        "refused": _("Measure not approved"),
        "executed": _("Executed"),
        "extended": _("Extended"),
        "ended": _("Ended"),
        "changed": _("Changed for another measure"),
        "revoked": _("Revoked"),
    },
    "Deed": {
        "review": _("Legal review"),
        "notice": _("Told before the penalty"),
        "approve": _("Enter the approval"),
        "refuse": _("Enter a refusal"),
        "execute": _("Enter the execution"),
        "duty": _("Enter a duty as done"),
        "extend": _("Extend"),
        "end": _("End or change"),
        "revoke": _("Revoke"),
    },
    "DutyKind": {
        "detention_to_custody": _("Brought to the detention centre"),
        "first_interrogation": _("First interrogation"),
        "family_notice": _("Family told of the detention"),
        "arrest_interrogation": _("Interrogation after the arrest"),
        "arrest_family_notice": _("Family told of the arrest"),
    },
    "RulingKind": {
        "guilty": _("Found guilty"),
        "not_guilty": _("Acquitted"),
        "not_prosecuted": _("Not prosecuted"),
        "investigation_ended": _("Investigation ended as to this person"),
    },
    "JuvenileFactKind": {
        "guardian_present": _("Guardian present"),
        "guardian_absent": _("Guardian could not come; another adult present"),
        "legal_aid": _("Legal aid asked for"),
        "record_sealed": _("Record sealed"),
        "record_unsealed": _("Seal of the record lifted"),
    },
    "ConcernCode": {
        "age_unknown": _("The age is not known: establish whether the person was 14, 16 or 18 at the act."),
        "guardian_missing": _("Under 18: no guardian is recorded as present."),
        "legal_aid_missing": _("Under 18: legal aid is not recorded."),
        "juvenile_arrest_rare": _("Under 18: an arrest is to be kept rare."),
        "lighter_penalty": _("From 14 to under 18: the penalty must be lighter or reduced."),
        "detention_not_executed_14_16": _("From 14 to under 16: the detention is decided but not carried out."),
        "detention_not_executed_16_18": _(
            "From 16 to under 18: the detention is not carried out if it is the first time."
        ),
        "detention_not_executed_70": _("70 or over: the detention is decided but not carried out."),
        "detention_not_executed_nursing": _("Pregnant or nursing: the detention is decided but not carried out."),
        "public_order_exemption": _("Compare the law on public order, whose exemptions changed in 2026."),
        "nursing": _("Pregnant or nursing: consider bail or residential surveillance."),
        "gravely_ill": _("Gravely ill: consider whether the measure can be borne."),
    },
    "Liability": {
        "full": _("Full liability"),
        "main": _("Main liability"),
        "equal": _("Equal liability"),
        "secondary": _("Secondary liability"),
        "none": _("No liability"),
    },
    "Circumstance": {
        "drink_or_drugs": _("(1) Driving after drink or drugs"),
        "no_licence": _("(2) Driving without being entitled to"),
        "unsafe_vehicle": _("(3) Knowingly driving an unsafe vehicle"),
        "no_plate_or_scrapped": _("(4) Knowingly driving without plates, or a scrapped vehicle"),
        "overloaded": _("(5) Gravely overloaded"),
    },
    "Reading": {
        "no_crime": _("Does not reach the thresholds: an administrative matter"),
        "crime": _("Reaches the threshold without the flight"),
        "crime_by_flight": _("Reaches the threshold only with the flight, article 2 (2)(6)"),
        "aggravated_by_flight": _("Flight after a crime: the higher range of article 133"),
        "especially_bad": _("Especially bad circumstances: the higher range of article 133"),
        "death_by_flight": _("Death caused by the flight: the highest range of article 133"),
    },
    "Caution": {
        "flight_counted_once": _(
            "The flight makes the crime here; it does not aggravate it a second time (article 3)."
        ),
        "liability_from_flight": _(
            "Without the flight the liability is another one; liability presumed from flight is no basis of the crime."
        ),
        "liability_not_appraised": _(
            "The liability may be presumed from the flight; have the causes appraised without it first."
        ),
        "death_needs_causation": _("It must be shown that the victim would have been saved."),
        "provincial_sums": _("The sums are the lowest of the interpretation; the province may have set higher ones."),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "MeasureNotFound": _("There is no such measure in this case."),
    "MeasureMovedOn": _("{by_name} ({by_badge}) was faster: the measure has moved on, at {at}."),
    "ReviewedByProposer": _("Nobody reviews a measure that they proposed ({article})."),
    "ReviewerNotLegal": _("Only a legal reviewer in office reviews a measure."),
}

PROBLEMS: Final[dict[str, str]] = {
    "under_criminal_age": _(
        "The person was {age} at the act: no criminal measure for this crime under {minimum} ({article})."
    ),
    "under_penalty_age": _(
        "The person was {age} at the act: no penalty under {minimum}, only “no penalty” ({article})."
    ),
    "amount_missing": _("The sum is missing: {minimum} to {maximum} yuan ({article})."),
    "amount_outside_limit": _("{amount} yuan are outside the limit of {minimum} to {maximum} ({article})."),
    "amount_not_for_this_measure": _("This measure has no sum ({article})."),
    "authority_not_judicial": _("“{authority}” cannot approve an arrest: a procuratorate or a court must ({article})."),
    "authority_not_municipal": _(
        "“{authority}” cannot decide this: the traffic department of a city with districts must ({article})."
    ),
    "authority_not_traffic": _(
        "“{authority}” cannot decide this: a traffic department of county level or above must ({article})."
    ),
    "filing_missing": _(
        "The case is not filed as a criminal case (立案); without that there is no such measure ({article})."
    ),
    "filed_after_measure": _("The case was filed later than this, at {filed_at} ({article})."),
    "filing_ended": _("The criminal case, or the proceeding against the person, ended at {ended_at} ({article})."),
    "filing_below_county": _("“{authority}” cannot file a criminal case ({article})."),
    "registration_missing": _("The case is not registered (受案); without that there is no such penalty ({article})."),
    "registered_after_penalty": _("The case was registered later than this, at {registered_at} ({article})."),
    "criminal_measure_stands": _(
        "A criminal measure stands for the same act: it must be withdrawn, ended or not prosecuted first, or the legal "
        "reviewer must have said why not ({article})."
    ),
    "notice_missing": _(
        "The person was not told before the penalty: what, why, and the right to be heard ({article})."
    ),
    "statement_not_weighed": _("What the person said was not answered yet ({article})."),
    "hearing_not_offered": _("The person was not told of the right to a hearing ({article})."),
    "hearing_not_held": _("The person asked for a hearing, and none was held before the decision ({article})."),
    "verdict_missing": _("After a crime the licence is revoked only once a court has convicted ({article})."),
    "nobody_to_release": _("The person is not in custody in this case ({article})."),
    "nothing_left_to_serve": _("Custody and the joint limit leave no day to serve; it is not carried out ({article})."),
    "review_reason_missing": _("Say why: something here calls for care, or it is given back ({article})."),
    "extended_already": _("It was extended already ({article})."),
    "extended_too_late": _("The term had ended by then, at {due_at} ({article})."),
    "ground_not_serial": _("The ground of this detention is not serial, repeated or gang offences ({article})."),
    "notice_of_no_penalty": _("This measure is no penalty; nothing is told before it."),
    "not_an_identity_number": _("This is no identity number: 18 characters, and the last one must fit."),
    "born_otherwise": _("By the identity number the person was born on {born_on}."),
    "not_a_day_of_birth": _("This is no day of birth."),
    "not_an_age": _("This is no age."),
    "two_ages": _("Give the day of birth or the age, not both."),
}
