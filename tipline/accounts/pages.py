"""Staff pages of accounts: sign in, sign out, one's own password, the list of officers."""

from __future__ import annotations

import secrets
from typing import Any, Final, cast

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from tipline.accounts import service
from tipline.accounts.device_words import device_words
from tipline.accounts.errors import PasswordRefused, SignInRefused
from tipline.accounts.factors.errors import SecondFactorNeeded
from tipline.accounts.rules import PASSWORD_MINIMUM, Right, roles_with
from tipline.accounts.service import SignedInOfficer
from tipline.accounts.tries import DEVICE_LASTS
from tipline.clock import Clock
from tipline.errors import SlowDown
from tipline.settings import Settings
from tipline.web.guards import STAFF_SESSION_COOKIE, open_to_all, serves, settling
from tipline.web.locale import gettext
from tipline.web.page import page
from tipline.web.wording import sentence

DEVICE_COOKIE: Final = "tl_staff_device"
PROOF_COOKIE: Final = "tl_staff_proof"
SEE_OTHER: Final = 303
REFUSED: Final = 422
SLOW_DOWN: Final = 429


def signed_in(request: Request[Any, Any, Any]) -> SignedInOfficer:
    """Return the officer of a request that the guard has let through."""
    return cast("SignedInOfficer", request.scope["user"])


@get("/sign-in", opt=open_to_all(), include_in_schema=False)
async def sign_in_form(request: Request[Any, Any, Any]) -> Template | Redirect:
    """Ask for name and password; who is signed in already goes to the start page."""
    if request.scope.get("user"):
        return Redirect("/", status_code=SEE_OTHER)
    return page(request, "accounts/sign_in.html", username="", told="")


@post("/sign-in", opt=open_to_all(), include_in_schema=False)
async def sign_in(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Response[Any] | Template | Redirect:
    """Open a session, or say why not and keep the name typed."""
    form = await request.form()
    username = str(form.get("username", ""))
    device = request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(32)
    words = device_words(request.headers.get("user-agent", ""))
    try:
        token = await service.sign_in(username, str(form.get("password", "")), clock(), device=device, words=words)
    except SecondFactorNeeded as needed:
        return Redirect(
            "/sign-in/second-factor",
            status_code=SEE_OTHER,
            cookies=[staff_cookie(PROOF_COOKIE, needed.token, settings)],
        )
    except SignInRefused as refusal:
        return page(request, "accounts/sign_in.html", status=REFUSED, username=username, told=sentence(refusal))
    except SlowDown as refusal:
        answer = page(request, "accounts/sign_in.html", status=SLOW_DOWN, username=username, told=sentence(refusal))
        answer.headers["Retry-After"] = str(refusal.retry_after_s)
        return answer
    return await let_in(request, token, device, settings=settings, clock=clock)


async def let_in(
    request: Request[Any, Any, Any], token: str, device: str, *, settings: Settings, clock: Clock
) -> Redirect:
    """Answer a sign-in that succeeded: the session's cookie, the device's, and the start page."""
    earlier = request.cookies.get(STAFF_SESSION_COOKIE)
    if earlier:
        await service.sign_out(earlier, clock())
    known = staff_cookie(DEVICE_COOKIE, device, settings)
    known.max_age = int(DEVICE_LASTS.total_seconds())
    return Redirect("/", status_code=SEE_OTHER, cookies=[staff_cookie(STAFF_SESSION_COOKIE, token, settings), known])


@post("/sign-out", opt=settling(), include_in_schema=False)
async def sign_out(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Redirect:
    """End the session and forget the cookie."""
    await service.sign_out(request.cookies.get(STAFF_SESSION_COOKIE, ""), clock())
    gone = staff_cookie(STAFF_SESSION_COOKIE, "", settings)
    gone.max_age = 0
    return Redirect("/sign-in", status_code=SEE_OTHER, cookies=[gone])


@get("/account/password", opt=settling(), include_in_schema=False)
async def password_form(request: Request[Any, Any, Any]) -> Template:
    """Ask for the old and the new password."""
    return page(request, "accounts/password.html", minimum=PASSWORD_MINIMUM, told="")


@post("/account/password", opt=settling(), include_in_schema=False)
async def change_password(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Change one's own password; other browsers are signed out."""
    form = await request.form()
    words = {name: str(form.get(name, "")) for name in ("old", "new", "again")}
    try:
        await service.change_password(signed_in(request), **words, now=clock())
    except PasswordRefused as refusal:
        return page(
            request,
            "accounts/password.html",
            status=REFUSED,
            minimum=PASSWORD_MINIMUM,
            told="",
            problems=refusal.problems,
        )
    except SlowDown as refusal:
        return page(
            request, "accounts/password.html", status=SLOW_DOWN, minimum=PASSWORD_MINIMUM, told=sentence(refusal)
        )
    notice = gettext("Your password was changed. Other browsers were signed out.")
    return page(request, "accounts/password.html", minimum=PASSWORD_MINIMUM, told="", notice=notice)


@get("/accounts", opt=serves(*roles_with(Right.READ_ACCOUNTS)), include_in_schema=False)
async def officers(request: Request[Any, Any, Any]) -> Template:
    """List every account."""
    return page(request, "accounts/officers.html", officers=await service.list_officers())


def staff_cookie(name: str, value: str, settings: Settings) -> Cookie:
    """Return a cookie of the staff face: for its own pages alone, out of reach of scripts, Secure under https."""
    return Cookie(key=name, value=value, httponly=True, samesite="lax", secure=settings.has_tls, path="/")


HANDLERS: Final = [sign_in_form, sign_in, sign_out, password_form, change_password, officers]
