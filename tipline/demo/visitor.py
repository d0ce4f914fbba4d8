"""A visitor of the platform over real HTTP: a program that sends tips, and an officer who fills in forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, Final
from urllib.parse import quote
from uuid import uuid4

import httpx

from tipline.demo.html_tree import Element, Form, forms, read_page
from tipline.errors import TiplineError

TIMEOUT_S: Final = 30.0
SENTENCE_CHARACTERS: Final = 400


class StepFailed(TiplineError):
    """A step of the walk did not come out as it must; the message says what came back."""


class Sender:
    """A program that sends tips by the public API."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=TIMEOUT_S, verify=not address.startswith("https"))

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def submit_tip(self, tip: Mapping[str, Any]) -> dict[str, Any]:
        """Send a tip and return the API's answer, the receipt code in it."""
        return self._asked("POST", "/api/v1/tips", json=dict(tip), headers={"Idempotency-Key": str(uuid4())})

    def upload(self, receipt_code: str, role: str, name: str, content: BinaryIO) -> dict[str, Any]:
        """Send one photo or video of a tip."""
        headers = {
            "Tipline-Receipt": receipt_code,
            "Tipline-File-Name": quote(name),
            "Idempotency-Key": str(uuid4()),
            "Content-Type": "application/octet-stream",
        }
        return self._asked("POST", f"/api/v1/tips/mine/files?role={role}", content=content, headers=headers)

    def own_tip(self, receipt_code: str) -> dict[str, Any]:
        """Ask how the own tip stands."""
        return self._asked("GET", "/api/v1/tips/mine", headers={"Tipline-Receipt": receipt_code})

    def _asked(self, method: str, address: str, **options: Any) -> dict[str, Any]:
        with _told(f"{method} {address}"):
            answer = self._client.request(method, address, **options)
        if not answer.is_success:
            raise StepFailed(f"{method} {address}: {answer.status_code} {answer.text[:SENTENCE_CHARACTERS]}")
        told: dict[str, Any] = answer.json()
        return told


class Officer:
    """An officer at the staff face, with a session of his own."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(
            base_url=address,
            timeout=TIMEOUT_S,
            follow_redirects=True,
            headers={"Accept": "text/html", "Accept-Language": "zh-CN"},
            verify=not address.startswith("https"),
        )

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by the form.

        Raises:
            StepFailed: the platform does not know them.
        """
        page = self.open("/sign-in")
        self.submit(page, "/sign-in", {"username": username, "password": password})

    def open(self, address: str) -> Element:
        """Return a page.

        Raises:
            StepFailed: it was refused or is not there.
        """
        with _told(f"GET {address}"):
            answer = self._client.get(address)
        return self._page(answer, f"GET {address}")

    def submit(self, page: Element, action: str, fields: Mapping[str, str]) -> Element:
        """Fill in the form of `page` whose action begins with `action`, send it and return the page that follows.

        Raises:
            StepFailed: the page has no such form or field, or the answer is a refusal.
        """
        found = find_form(page, lambda form: form.action.partition("?")[0] == action, f"that goes to {action}")
        unknown = [name for name in fields if name not in found.values and name not in found.choices]
        if unknown:
            raise StepFailed(f"the form that goes to {action} has no field {', '.join(unknown)}")
        with _told(f"POST {action}"):
            answer = self._client.post(found.action, data={**found.values, **fields})
        return self._page(answer, f"POST {action}")

    def _page(self, answer: httpx.Response, what: str) -> Element:
        page = read_page(answer.text)
        if answer.is_success:
            return page
        summary = page.by_id("error-summary") or page.first("main") or page
        raise StepFailed(f"{what}: {answer.status_code} {summary.text[:SENTENCE_CHARACTERS]}")


def find_form(page: Element, is_wanted: Callable[[Form], bool], what: str) -> Form:
    """Return the first form of the page that is wanted.

    Raises:
        StepFailed: there is none; `what` says which.
    """
    found = next((form for form in forms(page) if is_wanted(form)), None)
    if found is None:
        shown = ", ".join(form.action.partition("?")[0] for form in forms(page)) or "no form at all"
        raise StepFailed(f"the page has no form {what} (it has {shown})")
    return found


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as problem:
        raise StepFailed(f"{what}: {type(problem).__name__} {problem}") from problem
