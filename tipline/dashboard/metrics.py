"""The clearance metrics of a period as one document: what `tipline metrics` prints and the page shows. Pure.

Definitions: docs/decisions/0009. The parts: `rates` (M1, M2, M3, M7), `survival` (M4), `flow` (M11).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tipline.cases.tables import Severity
from tipline.dashboard.flow import flow
from tipline.dashboard.histories import Event, History, Period, histories_known
from tipline.dashboard.rates import RATES
from tipline.dashboard.survival import cohort, share_cleared


def metrics(histories: Sequence[History], period: Period, *, as_of: datetime) -> dict[str, Any]:
    """Return M1, M2, M3 and M7 as `{"k", "n"}`, M4 as a share for each horizon or None, M11 as counts."""
    shares = {name: rate(histories, period).share for name, rate in RATES.items()}
    counted = {name: {"k": share.k, "n": share.n} for name, share in shares.items()}
    return {
        "M1": counted["M1"],
        "M2": counted["M2"],
        "M3": counted["M3"],
        "M4": share_cleared(cohort(histories, period, as_of=as_of)),
        "M7": counted["M7"],
        "M11": flow(histories, period),
    }


def of_severity(histories: Sequence[History], severity: Severity | None) -> tuple[History, ...]:
    """Return the histories of one severity; all of them for None."""
    return tuple(one for one in histories if severity is None or one.severity == severity)


def document(events: Sequence[Event], period: Period, *, as_of: datetime, by_severity: bool) -> dict[str, Any]:
    """Return the metrics of a period as known at `as_of`, with `by_severity` also apart for each severity.

    Raises:
        HistoryRefused: the events known by then contradict each other; of several faults the one with the first line.
    """
    known = histories_known(events, as_of=as_of)
    if known.faults:
        raise min((fault for _, fault in known.faults), key=lambda fault: fault.line)
    told = metrics(known.histories, period, as_of=as_of)
    if by_severity:
        told["by_severity"] = {
            severity.value: metrics(of_severity(known.histories, severity), period, as_of=as_of)
            for severity in Severity
        }
    return told
