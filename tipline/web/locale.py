"""The language of a request, and the translations behind it."""

from __future__ import annotations

from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from gettext import NullTranslations
from typing import Any, Final
from urllib.parse import parse_qs

from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from tipline.web.catalogues import load_catalogue

LANGUAGE_COOKIE: Final = "tl_language"
ONE_YEAR_S: Final = 365 * 24 * 3600


class Language(StrEnum):
    """A language every page is complete in."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


_language: ContextVar[Language] = ContextVar("language", default=Language.CHINESE)


def current_language() -> Language:
    """Return the language of the request being answered; Chinese outside a request."""
    return _language.get()


@cache
def translations(language: Language) -> NullTranslations:
    """Return the merged catalogues of all rooms for `language`."""
    return load_catalogue(language)


def gettext(message: str) -> str:
    """Translate `message` into the language of the request."""
    return translations(current_language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Translate a message with a count into the language of the request."""
    return translations(current_language()).ngettext(singular, plural, number)


def lazy(message: str) -> str:
    """Mark a msgid for extraction; it is translated where it is shown."""
    return message


def choose_language(query: bytes, kept: str, accept: str) -> Language:
    """Decide a request's language: `?lang=`, then the cookie's choice, then Accept-Language, then Chinese."""
    asked = parse_qs(query.decode("latin-1")).get("lang", [""])[0]
    for wish in (asked, kept):
        if wish in set(Language):
            return Language(wish)
    for part in accept.split(","):
        wish = part.split(";")[0].strip().lower()
        if wish.startswith("zh"):
            return Language.CHINESE
        if wish.startswith("en"):
            return Language.ENGLISH
    return Language.CHINESE


class LanguageMiddleware(ASGIMiddleware):
    """Sets the language for the request and remembers a choice made by `?lang=`."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer the request in its language."""
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope.get("query_string", b"")
        kept = ASGIConnection[Any, Any, Any, Any](scope).cookies.get(LANGUAGE_COOKIE, "")
        language = choose_language(query, kept, headers.get(b"accept-language", ""))
        token = _language.set(language)
        is_choice = b"lang=" in query

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableScopeHeaders.from_message(message)
                answer["Content-Language"] = language
                answer.extend_header_value("Vary", "Accept-Language, Cookie")
                if is_choice:
                    cookie = f"{LANGUAGE_COOKIE}={language}; Path=/; Max-Age={ONE_YEAR_S}; SameSite=Lax"
                    answer.add("Set-Cookie", cookie)
            await send(message)

        try:
            await next_app(scope, receive, tell)
        finally:
            _language.reset(token)
