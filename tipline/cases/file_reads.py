"""What each tab of a case file shows, read by itself: the head of the file in one query, then the tab's own rows."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tipline.cases.errors import CaseNotFound
from tipline.cases.tables import Case

# Of several vehicles or drivers the head tells how far the furthest is; those excluded tell nothing.
_HEAD: Final = """
SELECT c.*, u.name AS unit_name, o.full_name AS lead_name, o.badge_number AS lead_badge,
       (SELECT v.state FROM vehicle v WHERE v."case" IN (SELECT case_family(c.id))
        AND NOT EXISTS (SELECT 1 FROM screening_candidate s WHERE s.vehicle = v.id AND s.state = 'excluded')
        ORDER BY array_position(ARRAY['seized', 'identified', 'described'], v.state::text) LIMIT 1) AS vehicle_state,
       (SELECT p.state FROM person p WHERE p."case" IN (SELECT case_family(c.id)) AND p.role = 'driver'
        AND NOT EXISTS (SELECT 1 FROM screening_candidate s WHERE s.person = p.id AND s.state = 'excluded')
        ORDER BY array_position(ARRAY['in_hand', 'identified'], p.state::text) LIMIT 1) AS driver_state,
       (SELECT d.number FROM determination d WHERE d."case" = c.id AND d.kind = 'unsolved_flight'
        AND c.state IN ('cleared', 'cleared_exceptionally')
        AND NOT EXISTS (SELECT 1 FROM determination n WHERE n.replaces = d.id) LIMIT 1) AS determination_to_replace
FROM case_file c JOIN unit u ON u.id = c.unit JOIN officer o ON o.id = c.lead_officer WHERE c.id = {}"""


async def head_of(case_id: UUID) -> dict[str, Any]:
    """Return the case with its unit and lead officer, and how far its vehicle and its driver are found.

    `vehicle_state` and `driver_state` are None while nothing is known of them. `determination_to_replace` is the number
    of the document that holds the solved case open until a new one replaces it, None where there is none.

    Raises:
        CaseNotFound: there is none.
    """
    rows: list[dict[str, Any]] = await Case.raw(_HEAD, case_id)
    if not rows:
        raise CaseNotFound(case_id)
    return rows[0]
