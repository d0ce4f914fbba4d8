"""What can be wrong with an assignment."""

from __future__ import annotations

from tipline.errors import Invalid, NotAllowed, NotFound, Overtaken


class NotTheLead(NotAllowed):
    """Only the lead of the case, or a commander, decides who works on it."""


class AssignmentInvalid(Invalid):
    """The officer chosen cannot work on cases."""


class AlreadyAssigned(Overtaken):
    """A colleague put the same officer on the case."""


class AssignmentNotFound(NotFound):
    """There is no such assignment of this case, or it has ended."""
