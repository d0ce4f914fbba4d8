"""Which version of a rule governs a day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

from tipline.law.errors import RuleNotInForce, RuleUnknown


class Dated(Protocol):
    """What has a first day in force, and a last one or none."""

    @property
    def valid_from(self) -> date:
        """Return the first day in force."""

    @property
    def valid_to(self) -> date | None:
        """Return the last day in force, or None while it lasts."""

    @property
    def citation(self) -> str:
        """Return statute and article."""


Version = TypeVar("Version", bound=Dated)


def governing(versions: Sequence[Version], code: str, *, on: date) -> Version:
    """Return the version of the rule `code` that governs the day.

    Raises:
        RuleUnknown: there are no versions.
        RuleNotInForce: none was in force; the error names the nearest, the latest that began before, else the first.
    """
    if not versions:
        raise RuleUnknown(code)
    ordered = sorted(versions, key=lambda one: one.valid_from)
    begun = [one for one in ordered if one.valid_from <= on]
    lasting = [one for one in begun if one.valid_to is None or on <= one.valid_to]
    if lasting:
        return lasting[-1]
    nearest = begun[-1] if begun else ordered[0]
    raise RuleNotInForce(code, on, article=nearest.citation, valid_from=nearest.valid_from, valid_to=nearest.valid_to)
