"""The figures of relief: persons helped and sums paid in a stretch of years, as known at a moment, with their lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tipline.clock import start_of_year
from tipline.relief.tables import ReliefKind, ReliefStep

# A payment counts on its day, once a second officer had confirmed it by T and no confirmed undoing was known at T.
_PAID: Final = """
SELECT s.id, s.happened_at, s.amount_fen, s.document_number, s.body, m.id AS matter, m.purpose, r.id AS recipient,
       r.full_name, r.accident_number, r.is_demo
FROM relief_step s JOIN relief_matter m ON m.id = s.matter JOIN relief_recipient r ON r.id = m.recipient
JOIN relief_confirmation c ON c.step = s.id
WHERE m.kind = {} AND s.kind = 'paid' AND s.reverses IS NULL AND s.happened_at >= {} AND s.happened_at < {}
  AND c.decision = 'confirmed' AND c.decided_at <= {}
  AND NOT EXISTS (SELECT 1 FROM relief_step u JOIN relief_confirmation k ON k.step = u.id
                  WHERE u.reverses = s.id AND k.decision = 'confirmed' AND k.decided_at <= {})
ORDER BY s.happened_at, s.id"""


@dataclass(frozen=True, slots=True)
class ReliefFigure:
    """What was paid from one source in the years `from_year` to `to_year`, both inclusive."""

    kind: ReliefKind
    from_year: int
    to_year: int
    people: int
    amount_fen: int
    has_demo: bool
    rows: list[dict[str, Any]]

    @property
    def amount_yuan(self) -> float | int:
        """The sum in yuan: whole where there are no fen."""
        whole, cents = divmod(self.amount_fen, 100)
        return self.amount_fen / 100 if cents else whole


async def relief_figure(kind: ReliefKind, from_year: int, to_year: int, *, as_of: datetime) -> ReliefFigure:
    """Count persons and sum of confirmed payments; a person counts once, however many payments there were.

    Args:
        kind: rescue fund or judicial assistance.
        from_year: first calendar year in Asia/Shanghai.
        to_year: last one, inclusive.
        as_of: what was not yet confirmed, or not yet undone, at this moment is left as it stood then.
    """
    rows = await ReliefStep.raw(_PAID, kind.value, start_of_year(from_year), start_of_year(to_year + 1), as_of, as_of)
    return ReliefFigure(
        kind=kind,
        from_year=from_year,
        to_year=to_year,
        people=len({row["recipient"] for row in rows}),
        amount_fen=sum(row["amount_fen"] for row in rows),
        has_demo=any(row["is_demo"] for row in rows),
        rows=[dict(row) for row in rows],
    )
