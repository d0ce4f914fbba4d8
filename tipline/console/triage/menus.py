"""What the forms of deeds offer to choose from."""

from __future__ import annotations

from typing import Any

from tipline.console.triage.preview_reads import deciders, tags_known
from tipline.intake.tables import DeclineReason
from tipline.intake.triage.rules import Snooze


async def menus() -> dict[str, Any]:
    """Return reasons, moments, officers and tags; a duplicate is no reason here but a deed that names the other tip."""
    return {
        "reasons": [reason.value for reason in DeclineReason if reason != DeclineReason.DUPLICATE],
        "snoozes": [snooze.value for snooze in Snooze],
        "officers": await deciders(),
        "tags_known": await tags_known(),
    }
