"""Who may read which case: one rule, used as a guard of addresses and as a condition of lists.

A case is read by the officers of its unit and of the units above it, by its lead and by those assigned to it. Accident
sections and command centres work for the whole unit they belong to. Commanders, legal reviewers and auditors read
every case of the bureau. To anybody else a case does not exist (docs/decisions/0037).
"""

from __future__ import annotations

from typing import Any, Final, Protocol
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from piccolo.querystring import QueryString

from tipline.accounts.rules import RIGHTS, Right
from tipline.accounts.tables import OfficerRole, UnitKind
from tipline.cases.errors import CaseNotFound
from tipline.cases.tables import Case

CASE_PARAMETER: Final = "case_id"
WORK_FOR_THE_UNIT_ABOVE: Final = [UnitKind.ACCIDENT_SECTION.value, UnitKind.COMMAND_CENTRE.value]
# UNION, not UNION ALL: units that were set in a circle by mistake end the walk.
_VISIBLE: Final = """(
  CASE_ROW.unit IN (
    WITH RECURSIVE within_reach AS (
      SELECT CASE WHEN u.kind = ANY({}::text[]) THEN coalesce(u.parent, u.id) ELSE u.id END AS id
      FROM unit u WHERE u.id = {}
      UNION SELECT below.id FROM unit below JOIN within_reach above ON below.parent = above.id
    ) SELECT id FROM within_reach)
  OR CASE_ROW.lead_officer = {}
  OR EXISTS (SELECT 1 FROM case_assignment working
             WHERE working."case" = CASE_ROW.id AND working.officer = {} AND working.ended_at IS NULL))"""


class Reader(Protocol):
    """An officer, as far as access to cases goes."""

    @property
    def id(self) -> UUID:
        """Row id of the officer."""

    @property
    def role(self) -> str:
        """Value of `OfficerRole`."""

    @property
    def unit(self) -> UUID:
        """Row id of the officer's unit."""


def visible_cases(officer: Reader, case_row: str = "c") -> QueryString:
    """Return the condition that a row of `case_file` may be read by `officer`, for a `{}` after WHERE or ON.

    Args:
        officer: who reads.
        case_row: what the statement calls `case_file`; a name from code, never from a request.
    """
    if Right.READ_EVERY_CASE in RIGHTS[OfficerRole(officer.role)]:
        return QueryString("true")
    return QueryString(
        _VISIBLE.replace("CASE_ROW", case_row), WORK_FOR_THE_UNIT_ABOVE, officer.unit, officer.id, officer.id
    )


async def require_case(officer: Reader, case_id: UUID) -> None:
    """Pass when `officer` may read the case.

    Raises:
        CaseNotFound: there is none, or it is not theirs to read: the answer is the same.
    """
    if not await Case.raw("SELECT c.id FROM case_file c WHERE c.id = {} AND {}", case_id, visible_cases(officer)):
        raise CaseNotFound(case_id)


async def guard_cases(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of the whole staff face: an address with `{case_id:uuid}` answers only those who may read the case.

    Raises:
        CaseNotFound: there is none, or it is not theirs to read.
    """
    officer: Reader | None = connection.scope.get("user")
    if officer is not None and CASE_PARAMETER in connection.path_params:
        await require_case(officer, connection.path_params[CASE_PARAMETER])
