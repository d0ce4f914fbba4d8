"""What can go wrong around a case. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.cases.tables import CaseState, SuggestionState, VehicleState
from tipline.errors import Invalid, NotAllowed, NotFound, Overtaken


class CaseNotFound(NotFound):
    """There is no such case."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__(f"no case {case_id}")
        self.case_id = case_id


class VehicleNotFound(NotFound):
    """There is no such vehicle, or it is another case's."""

    def __init__(self, vehicle_id: UUID) -> None:
        super().__init__(f"no vehicle {vehicle_id}")
        self.vehicle_id = vehicle_id


class PersonNotFound(NotFound):
    """There is no such person, or it is another case's."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__(f"no person {person_id}")
        self.person_id = person_id


class SuggestionNotFound(NotFound):
    """There is no such suggestion, or it is about another tip or case."""

    def __init__(self, suggestion_id: UUID) -> None:
        super().__init__(f"no suggestion {suggestion_id}")
        self.suggestion_id = suggestion_id


class LinkNotFound(NotFound):
    """A link named as useful is not one of this case."""

    def __init__(self, link_id: UUID) -> None:
        super().__init__(f"no link {link_id}")
        self.link_id = link_id


class OfficerNotFound(NotFound):
    """There is no such officer."""

    def __init__(self, officer_id: UUID) -> None:
        super().__init__(f"no officer {officer_id}")
        self.officer_id = officer_id


class CaseInvalid(Invalid):
    """What was written for a case, vehicle or person does not hold; each problem names its field."""


class ClearanceUnlawful(Invalid):
    """The case cannot count as cleared; the facts of each problem of law name `rule` and `article`."""


class ApproverNotCommander(NotAllowed):
    """Only an active commander approves a clearance."""

    def __init__(self, officer_id: UUID, role: str) -> None:
        super().__init__(f"officer {officer_id} is {role}")
        self.officer_id, self.role = officer_id, role


class CaseClosed(Overtaken):
    """The case is open no longer: cleared exceptionally, unfounded, handed over or merged; says by whom and when."""

    def __init__(self, case_id: UUID, *, state: CaseState, by_name: str, by_badge: str, at: datetime | None) -> None:
        super().__init__(f"case {case_id} is {state} by {by_badge} since {at}")
        self.case_id, self.state, self.by_name, self.by_badge, self.at = case_id, state, by_name, by_badge, at


class CaseAlreadyCleared(CaseClosed):
    """The case was cleared meanwhile; says by whom and when."""

    def __init__(self, case_id: UUID, *, by_name: str, by_badge: str, at: datetime | None) -> None:
        super().__init__(case_id, state=CaseState.CLEARED, by_name=by_name, by_badge=by_badge, at=at)


class AlreadyLinked(Overtaken):
    """Tip and case are linked already; says by whom and when."""

    def __init__(self, tip_id: UUID, case_id: UUID, *, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"tip {tip_id} was linked to case {case_id} by {by_badge} at {at}")
        self.tip_id, self.case_id = tip_id, case_id
        self.by_name, self.by_badge, self.at = by_name, by_badge, at


class SuggestionDecided(Overtaken):
    """The suggestion is no longer open: decided by a colleague, or withdrawn because it no longer held."""

    def __init__(
        self, suggestion_id: UUID, *, state: SuggestionState, by_name: str, by_badge: str, at: datetime | None
    ) -> None:
        super().__init__(f"suggestion {suggestion_id} is {state}, by {by_badge or 'the machine'} at {at}")
        self.suggestion_id, self.state = suggestion_id, state
        self.by_name, self.by_badge, self.at = by_name, by_badge, at


class VehicleMovedOn(Overtaken):
    """The vehicle is as far, or further, by now."""

    def __init__(self, vehicle_id: UUID, *, state: VehicleState, at: datetime | None) -> None:
        super().__init__(f"vehicle {vehicle_id} is {state} since {at}")
        self.vehicle_id, self.state, self.at = vehicle_id, state, at


class DriverAlreadyInHand(Overtaken):
    """The driver is in hand already, since `at`."""

    def __init__(self, person_id: UUID, *, at: datetime) -> None:
        super().__init__(f"person {person_id} is in hand since {at}")
        self.person_id, self.at = person_id, at
