"""Pure rules of access tokens: which right each scope needs, and what a new token must be."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from tipline.accounts.rules import RIGHTS, Right
from tipline.accounts.tables import OfficerRole
from tipline.accounts.tokens.tables import TokenScope
from tipline.errors import Problem

NAME_MAXIMUM: Final = 60
LONGEST_DAYS: Final = 90
DAYS: Final = (7, 30, LONGEST_DAYS)
# So that a token found in a file or a log is known for what it is.
PREFIX: Final = "tls_"
# Of these one is enough; the route asks for its own right once more.
RIGHTS_OF_SCOPE: Final[dict[TokenScope, frozenset[Right]]] = {
    TokenScope.TIPS_READ: frozenset({Right.READ_TIPS}),
    TokenScope.TIPS_DECIDE: frozenset({Right.DECIDE_TIPS}),
    TokenScope.CASES_READ: frozenset({Right.READ_CASES}),
    TokenScope.CASES_WRITE: frozenset({Right.WRITE_CASES}),
    TokenScope.MEASURES_WRITE: frozenset({Right.WRITE_CASES, Right.REVIEW_MEASURES}),
    TokenScope.CLEARANCE_WRITE: frozenset({Right.CLEAR_CASES}),
    TokenScope.EXPORT: frozenset({Right.READ_CASES}),
}


def scopes_for(role: OfficerRole) -> tuple[TokenScope, ...]:
    """Return the scopes that mean anything for officers of `role`, in the order shown."""
    return tuple(scope for scope, rights in RIGHTS_OF_SCOPE.items() if rights & RIGHTS[role])


def token_problems(*, name: str, scopes: Collection[str], days: int | None, role: OfficerRole) -> list[Problem]:
    """Return what is wrong with a new token: no name, no scope or one the role does not hold, or too long a life."""
    problems = []
    if not name:
        problems.append(Problem("name", "required"))
    elif len(name) > NAME_MAXIMUM:
        problems.append(Problem("name", "too_long", {"limit": NAME_MAXIMUM}))
    if not scopes:
        problems.append(Problem("scopes", "required"))
    elif set(scopes) - set(scopes_for(role)):
        problems.append(Problem("scopes", "not_a_choice"))
    if days is None or not 1 <= days <= LONGEST_DAYS:
        problems.append(Problem("days", "token_lasts_too_long", {"most": LONGEST_DAYS}))
    return problems
