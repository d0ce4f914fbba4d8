"""The columns of a list of cases: the same out and in, named in the first row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tipline.clock import SHANGHAI

COLUMNS: Final = (
    "number",
    "severity",
    "happened_from",
    "happened_to",
    "place_text",
    "latitude",
    "longitude",
    "datum",
    "lead_badge",
    "recorded_at",
    "summary",
)
NEEDED: Final = ("number", "severity", "happened_from", "place_text")
# Told in an export, passed over in an import: what a case has become is decided here, step by step.
ONLY_OUT: Final = ("state", "unit_name")


def as_row(case: Mapping[str, Any]) -> list[object]:
    """Return a case as a row of the list; times in Asia/Shanghai, with offset."""
    return [_cell(case.get(name)) for name in (*COLUMNS, *ONLY_OUT)]


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    return "" if value is None else value
