"""What every enum value is called on a page: all rooms' `LABELS`, by the enum's class name and the stored value."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import gettext
from tipline.web.words_of_rooms import gathered

LABELS: Final[dict[str, dict[str, str]]] = gathered("LABELS")


def label(enum_name: str, value: str | None) -> str:
    """Return what `value` of the enum called `enum_name` is called in the language of the request.

    Raises:
        KeyError: the enum or the value has no label (tests/test_rules.py finds it first).
    """
    if value is None:
        return gettext("not known")
    return gettext(LABELS[enum_name][value])
