"""Steps of a walk: each runs once, tells what came back, and the first that fails stops the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from tipline.demo.visitor import StepFailed

Detail = dict[str, Any]
Found = TypeVar("Found")

POLL_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one step; `detail` holds `reason` when it is not ok."""

    step: str
    ok: bool
    detail: Detail

    def as_json(self) -> dict[str, Any]:
        """Return the step as the command prints it."""
        return {"step": self.step, "ok": self.ok, "detail": self.detail}


def walk(named: list[tuple[str, Callable[[], Detail]]], tell: Callable[[Step], None]) -> list[Step]:
    """Run the steps in order and return what came of each; those after a failed one are not run and not ok.

    Args:
        named: name and deed of each step; a deed raises `StepFailed` when it does not come out as it must.
        tell: called with each step at its end.
    """
    done: list[Step] = []
    failed = ""
    for name, deed in named:
        if failed:
            step = Step(name, ok=False, detail={"reason": f"not run: {failed} failed"})
        else:
            begin = time.monotonic()
            try:
                detail = deed()
                step = Step(name, ok=True, detail={**detail, "seconds": round(time.monotonic() - begin, 2)})
            except StepFailed as problem:
                failed = name
                step = Step(name, ok=False, detail={"reason": str(problem)})
            except (LookupError, ValueError) as problem:
                failed = name
                step = Step(name, ok=False, detail={"reason": f"the answer was not understood: {problem!r}"})
        done.append(step)
        tell(step)
    return done


def wait_for(what: str, look: Callable[[], Found | None], *, within_s: float) -> Found:
    """Return what `look` finds, asking again until it does.

    Raises:
        StepFailed: nothing within the time; `what` names it.
    """
    until = time.monotonic() + within_s
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > until:
            raise StepFailed(f"no {what} within {within_s:.0f} s")
        time.sleep(POLL_S)
