"""The sentence of every error and form problem, for people. Keys are class names and problem codes.

`{...}` is filled from the error's attributes or the problem's facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from tipline.errors import Problem
from tipline.web.locale import gettext
from tipline.web.sizes import size
from tipline.web.times import when
from tipline.web.words_of_rooms import gathered

SENTENCES: Final[dict[str, str]] = gathered("SENTENCES")

PROBLEMS: Final[dict[str, str]] = gathered("PROBLEMS")


def sentence(error: BaseException) -> str:
    """Return the sentence for `error` in the language of the request: its own, or that of its nearest ancestor.

    A sentence for one `state` of the error (`SuggestionDecided.withdrawn`) goes before the general one.
    """
    state = getattr(error, "state", None)
    fallback = SENTENCES["TiplineError"]
    for kind in type(error).__mro__:
        for name in (f"{kind.__name__}.{state}", kind.__name__):
            if name in SENTENCES:
                return gettext(SENTENCES[name]).format(**_shown(vars(error)))
    return gettext(fallback)


def problem_sentence(problem: Problem) -> str:
    """Return the sentence for one problem of a form."""
    return gettext(PROBLEMS[problem.code]).format(**_shown(problem.facts))


def _shown(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: _for_people(name, fact) for name, fact in facts.items() if not name.startswith("_")}


def _for_people(name: str, fact: object) -> object:
    if isinstance(fact, datetime):
        return when(fact)
    return size(fact) if name.endswith("_bytes") and isinstance(fact, int) else fact
