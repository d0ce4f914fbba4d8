"""Reads tests/access_matrix.txt: which roles each staff route serves, as written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tipline.accounts.tables import OfficerRole

FILE: Final = Path(__file__).with_name("access_matrix.txt")
EVERYBODY: Final = "open"
EVERY_OFFICER: Final = "every officer"
HEADING: Final = re.compile(r"\[([a-z_ ]+)\]")
LINE: Final = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/\S*)")


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address of the staff face."""

    name: str
    handler: HTTPRouteHandler


def staff_routes(app: Litestar) -> Iterator[Route]:
    """Every route of an application, those that Litestar makes for OPTIONS and HEAD left out."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(set(handler.http_methods) - {"OPTIONS", "HEAD"}):
                    yield Route(f"{method} {route.path_format}", handler)


def written_matrix() -> dict[str, frozenset[str] | None]:
    """Return the roles of each route; None where it is open to who has not signed in.

    Raises:
        ValueError: a line is neither a heading, a route nor a remark, or a route stands twice.
    """
    matrix: dict[str, frozenset[str] | None] = {}
    roles: frozenset[str] | None = frozenset()
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        if heading := HEADING.fullmatch(line):
            roles = _roles_of(heading[1], number)
            continue
        if not LINE.fullmatch(line):
            raise ValueError(f"{FILE.name}:{number}: neither a heading `[role role]` nor a route `GET /path`: {line!r}")
        if line in matrix:
            raise ValueError(f"{FILE.name}:{number}: {line} stands twice")
        matrix[line] = roles
    return matrix


def _roles_of(words: str, number: int) -> frozenset[str] | None:
    if words == EVERYBODY:
        return None
    if words == EVERY_OFFICER:
        return frozenset(OfficerRole)
    roles = frozenset(words.split())
    if strangers := roles - set(OfficerRole):
        raise ValueError(f"{FILE.name}:{number}: no such role: {', '.join(sorted(strangers))}")
    return roles
