"""Gathers what every room calls its values, errors and form problems.

A room keeps its words in `words.py`: `LABELS`, `SENTENCES`, `PROBLEMS`. They are found by address, because this room
lies below the others and imports none of them.
"""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType
from typing import Any

from tipline.web.catalogues import PACKAGE, rooms


@cache
def _words() -> tuple[ModuleType, ...]:
    addresses = (
        ".".join((PACKAGE.name, *room.relative_to(PACKAGE).parts, "words"))
        for room in rooms()
        if (room / "words.py").exists()
    )
    return tuple(importlib.import_module(address) for address in addresses)


def gathered(name: str) -> dict[str, Any]:
    """Return the entries of every room's dictionary called `name`.

    Raises:
        ValueError: two rooms speak of the same key.
    """
    found: dict[str, Any] = {}
    for words in _words():
        for key, said in getattr(words, name, {}).items():
            if key in found:
                raise ValueError(f"{name}[{key!r}] stands in {words.__name__} and in another room")
            found[key] = said
    return found
