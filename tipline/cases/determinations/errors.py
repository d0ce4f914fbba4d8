"""What can go wrong in the register. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.errors import Invalid, NotFound, Overtaken


class DeterminationNotFound(NotFound):
    """There is no such document, or it is another case's."""

    def __init__(self, determination_id: UUID) -> None:
        super().__init__(f"no determination {determination_id}")
        self.determination_id = determination_id


class PartyNotFound(NotFound):
    """There is no such party, or it is another document's."""

    def __init__(self, party_id: UUID) -> None:
        super().__init__(f"no party {party_id}")
        self.party_id = party_id


class ReviewNotFound(NotFound):
    """There is no such review, or it is another case's."""

    def __init__(self, review_id: UUID) -> None:
        super().__init__(f"no review {review_id}")
        self.review_id = review_id


class InquiryNotFound(NotFound):
    """There is no such inquiry, or it is another case's."""

    def __init__(self, inquiry_id: UUID) -> None:
        super().__init__(f"no inquiry {inquiry_id}")
        self.inquiry_id = inquiry_id


class DeterminationUnlawful(Invalid):
    """What was written down does not hold in law; the facts of each problem of law name `rule` and `article`."""


class DeterminationReplaced(Overtaken):
    """Another version took the document's place; says which, by whom and when."""

    def __init__(self, determination_id: UUID, *, number: str, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"determination {determination_id} was replaced by {number}, recorded by {by_badge} at {at}")
        self.determination_id, self.number = determination_id, number
        self.by_name, self.by_badge, self.at = by_name, by_badge, at


class AlreadyServed(Overtaken):
    """The document was served on this party; says by whom it was recorded and when."""

    def __init__(self, party_id: UUID, *, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"party {party_id} was served, by {by_badge} at {at}")
        self.party_id, self.by_name, self.by_badge, self.at = party_id, by_name, by_badge, at


class ReviewMovedOn(Overtaken):
    """A colleague recorded more of the review meanwhile."""

    def __init__(self, review_id: UUID, *, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"review {review_id} was carried on by {by_badge} at {at}")
        self.review_id, self.by_name, self.by_badge, self.at = review_id, by_name, by_badge, at


class InquiryAnswered(Overtaken):
    """A colleague answered the inquiry."""

    def __init__(self, inquiry_id: UUID, *, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"inquiry {inquiry_id} was answered by {by_badge} at {at}")
        self.inquiry_id, self.by_name, self.by_badge, self.at = inquiry_id, by_name, by_badge, at
