"""Turns every error into its answer: a page in the reader's language, or problem+json (RFC 9457) for the API.

This is the only place beside the worker's harness that catches everything.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from litestar import Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, ValidationException
from litestar.middleware import ASGIMiddleware
from litestar.response import Redirect, Template
from litestar.types import ASGIApp, ExceptionHandlersMap, Message, Receive, Scope, Send

from evidence.errors import EvidenceError
from tipline.errors import (
    Invalid,
    NeighbourDown,
    NotAllowed,
    NotFound,
    NotSettled,
    NotSignedIn,
    Overtaken,
    Problem,
    Refused,
    SlowDown,
    TiplineError,
    TooMuch,
)
from tipline.web.locale import gettext
from tipline.web.page import page
from tipline.web.wording import problem_sentence, sentence

log = logging.getLogger(__name__)

# First match wins; evidence's own tree is answered by name because it knows nothing of HTTP or of tipline's roots.
STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (NotSignedIn, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Overtaken, 409),
    (TooMuch, 413),
    (Refused, 422),
    (SlowDown, 429),
    (NeighbourDown, 503),
)
# What Litestar says when the browser goes away in the middle of a body.
GONE: Final = "client disconnected prematurely"
# What decodes bodies and forms before our own code sees them.
READERS: Final = ("litestar.", "multipart")
# Numbers that tus 1.0.0 asks for; they go before those of the roots.
TUS_STATUS: Final[dict[str, int]] = {
    "HeaderMalformed": 400,
    "SenderGone": 400,
    "SenderSilent": 408,
    "UploadGone": 410,
    "VersionUnsupported": 412,
    "WrongBodyType": 415,
    "ChecksumWrong": 460,
}
EVIDENCE_STATUS: Final[dict[str, int]] = {
    "TooLarge": 413,
    "EmptyFile": 422,
    "ItemNotFound": 404,
    "NotSealed": 409,
    "StorageDown": 503,
    "StorageFull": 503,
    "WriterFenced": 409,
    "PiecesReplaced": 410,
}


def status_of(error: Exception) -> int:
    """Return the HTTP status of a foreseen error; 500 for what nobody foresaw."""
    if type(error).__name__ in TUS_STATUS:
        return TUS_STATUS[type(error).__name__]
    for kind, status in STATUS:
        if isinstance(error, kind):
            return status
    if isinstance(error, EvidenceError):
        return next(
            (EVIDENCE_STATUS[one.__name__] for one in type(error).__mro__ if one.__name__ in EVIDENCE_STATUS), 500
        )
    return 500


def answer_foreseen(request: Request[Any, Any, Any], error: Exception) -> Response[Any] | Template | Redirect:
    """Answer a `TiplineError` or `EvidenceError`."""
    status = status_of(error)
    if status >= 500:  # noqa: PLR2004  an alarm for operators, told by class and facts only
        log.error("request %s: %s: %s", _request_id(request), type(error).__name__, error)
    if isinstance(error, NotSignedIn) and not _wants_json(request):
        return Redirect("/sign-in")
    if isinstance(error, NotSettled) and not _wants_json(request):
        return Redirect(error.address, status_code=303)
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, SlowDown) else {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, 11.6.1: a 401 says how to come in
    return _answer(request, status, type(error).__name__, sentence(error), headers, error)


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any] | Template:
    """Answer what the framework itself refused: unknown address, wrong method, unreadable JSON, a body broken off."""
    if error.detail == GONE:  # nobody reads this; the log shall not count it as our failure
        return _answer(request, 400, "BrokenOff", gettext("What was sent could not be understood."), {}, error)
    if error.status_code >= 500:  # noqa: PLR2004  the framework's own failure
        return answer_unforeseen(request, error)
    told = {
        404: gettext("This page does not exist, or it is not yours to see."),
        405: gettext("This address does not take that kind of request."),
        413: gettext("That is more than this service can take."),
    }.get(error.status_code, gettext("What was sent could not be understood."))
    code = type(error).__name__.removesuffix("Exception") or "Http"
    return _answer(request, error.status_code, code, told, dict(error.headers or {}), error)


def answer_unreadable(request: Request[Any, Any, Any], error: Exception) -> Response[Any] | Template:
    """Answer bytes that the framework or the database could not read: broken UTF-8, NUL, brackets nested too deep.

    The same error out of our own code is nobody's input and stays an alarm.
    """
    if not (isinstance(error, asyncpg.PostgresError) or _was_raised_by(error).startswith(READERS)):
        return answer_unforeseen(request, error)
    log.warning("request %s: %s", _request_id(request), type(error).__name__)
    return _answer(request, 400, "Unreadable", gettext("What was sent could not be understood."), {}, error)


def answer_silent_database(request: Request[Any, Any, Any], error: Exception) -> Response[Any] | Template:
    """Answer when the database does not: it passes by itself, so the person may try again."""
    log.error("request %s: the database does not answer", _request_id(request), exc_info=error)
    return _answer(request, 503, "NeighbourDown", sentence(NeighbourDown("database")), {"Retry-After": "10"}, error)


def answer_unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[Any] | Template:
    """Answer an error nobody foresaw: no trace to the reader, the whole trace to the log."""
    log.error("request %s failed", _request_id(request), exc_info=error)
    return _answer(
        request,
        500,
        "InternalError",
        gettext("Something went wrong on our side. Nothing you sent before was lost."),
        {},
        error,
    )


def _answer(
    request: Request[Any, Any, Any], status: int, code: str, told: str, headers: dict[str, str], error: Exception
) -> Response[Any] | Template:
    if _wants_json(request):
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": code,
            "status": status,
            "detail": told,
            "request_id": _request_id(request),
        }
        if problems := _problems(error):
            body["problems"] = [
                {"field": one.field, "code": one.code, "detail": problem_sentence(one)} for one in problems
            ]
        return Response(body, status_code=status, media_type="application/problem+json", headers=headers)
    answer = page(request, "web/error.html", status=status, told=told, problems=_problems(error))
    answer.headers.update(headers)
    return answer


def _was_raised_by(error: Exception) -> str:
    """Return the name of the module in whose code the error began."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return "" if place is None else str(place.tb_frame.f_globals.get("__name__", ""))


def _problems(error: Exception) -> Sequence[Problem]:
    """Tell which fields are wrong; of what the framework refused only their names, never its own words."""
    if isinstance(error, Invalid):
        return error.problems
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        return [Problem(str(one["key"]), "malformed") for one in error.extra if one.get("key", "data") != "data"]
    return ()


def _wants_json(request: Request[Any, Any, Any]) -> bool:
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def _request_id(request: Request[Any, Any, Any]) -> str:
    return str(request.scope["state"].get("request_id", ""))


HANDLERS: Final[ExceptionHandlersMap] = {
    TiplineError: answer_foreseen,
    EvidenceError: answer_foreseen,
    HTTPException: answer_http,
    # What asyncpg raises for a server that is gone, starting, stopping or full (connections, memory, disk), whose disk
    # fails, and for a connection that broke in use.
    asyncpg.PostgresConnectionError: answer_silent_database,
    asyncpg.OperatorInterventionError: answer_silent_database,
    asyncpg.InsufficientResourcesError: answer_silent_database,
    asyncpg.PostgresSystemError: answer_silent_database,
    asyncpg.InterfaceError: answer_silent_database,
    ConnectionError: answer_silent_database,
    FileNotFoundError: answer_silent_database,
    UnicodeDecodeError: answer_unreadable,
    RecursionError: answer_unreadable,
    asyncpg.CharacterNotInRepertoireError: answer_unreadable,
    Exception: answer_unforeseen,
}


class AnswersMiddleware(ASGIMiddleware):
    """Answers what fails around the routes, a session that cannot be looked up above all, like what fails in them."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on, and answer in its place if it fails before an answer began."""
        has_begun = False

        async def tell(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await next_app(scope, receive, tell)
        except Exception as error:
            if has_begun:
                raise
            request = Request[Any, Any, Any](scope, receive)
            handler = next(HANDLERS[kind] for kind in type(error).__mro__ if kind in HANDLERS)
            answer = handler(request, error).to_asgi_response(app=None, request=request)
            await answer(scope, receive, send)
