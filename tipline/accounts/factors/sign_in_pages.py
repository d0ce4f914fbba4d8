"""The second step of signing in: a code, a passkey or a recovery code."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from tipline.accounts.device_words import device_words
from tipline.accounts.factors.errors import FactorRefused, PasskeyUnavailable, ProofExpired
from tipline.accounts.factors.keeping import FactorKey
from tipline.accounts.factors.passkeys import prove_by_passkey, sign_in_options
from tipline.accounts.factors.proofs import prove_by_code, waiting
from tipline.accounts.factors.site import site_of
from tipline.accounts.pages import DEVICE_COOKIE, PROOF_COOKIE, REFUSED, SEE_OTHER, SLOW_DOWN, let_in
from tipline.accounts.sessions import open_session
from tipline.clock import Clock
from tipline.errors import SlowDown, TiplineError
from tipline.settings import Settings
from tipline.web.guards import open_to_all
from tipline.web.page import page
from tipline.web.wording import sentence

ADDRESS: Final = "/sign-in/second-factor"


@get(ADDRESS, opt=open_to_all(), include_in_schema=False)
async def proof_form(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Template | Redirect:
    """Ask for the second factor of the sign-in that waits; without one the password is asked for."""
    return await _form(request, clock, settings)


@post(ADDRESS, opt=open_to_all(), include_in_schema=False)
async def prove_code(
    request: Request[Any, Any, Any],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    factor_key: NamedDependency[FactorKey],
) -> Template | Redirect:
    """Take a code of the app, or a recovery code."""
    code = str((await request.form()).get("code", ""))
    proven = prove_by_code(_token(request), code, key=factor_key, now=clock())
    return await _let_in(request, proven, clock=clock, settings=settings)


@post(f"{ADDRESS}/passkey/options", opt=open_to_all(), include_in_schema=False)
async def passkey_options(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Response[str]:
    """Answer the page's script with what the browser needs to ask for a passkey."""
    site = site_of(settings.staff_url)
    if site is None:
        raise PasskeyUnavailable
    return Response(await sign_in_options(_token(request), site=site, now=clock()), media_type="application/json")


@post(f"{ADDRESS}/passkey", opt=open_to_all(), include_in_schema=False)
async def prove_passkey(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Template | Redirect:
    """Take what the passkey signed."""
    site = site_of(settings.staff_url)
    if site is None:
        raise PasskeyUnavailable
    credential = str((await request.form()).get("credential", ""))
    proven = prove_by_passkey(_token(request), credential, site=site, now=clock())
    return await _let_in(request, proven, clock=clock, settings=settings)


async def _let_in(
    request: Request[Any, Any, Any], proven: Awaitable[UUID], *, clock: Clock, settings: Settings
) -> Template | Redirect:
    try:
        officer = await proven
    except (FactorRefused, SlowDown) as refusal:
        return await _form(request, clock, settings, refusal)
    except ProofExpired:
        return Redirect("/sign-in", status_code=SEE_OTHER)
    device = request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(32)
    words = device_words(request.headers.get("user-agent", ""))
    token = await open_session(officer, device=device, words=words, now=clock())
    answer = await let_in(request, token, device, settings=settings, clock=clock)
    answer.delete_cookie(PROOF_COOKIE)
    return answer


async def _form(
    request: Request[Any, Any, Any], clock: Clock, settings: Settings, refusal: TiplineError | None = None
) -> Template | Redirect:
    try:
        proof = await waiting(_token(request), clock())
    except ProofExpired:
        return Redirect("/sign-in", status_code=SEE_OTHER)
    status = 200 if refusal is None else SLOW_DOWN if isinstance(refusal, SlowDown) else REFUSED
    answer = page(
        request,
        "factors/proof.html",
        status=status,
        proof=proof,
        has_site=site_of(settings.staff_url) is not None,
        told=sentence(refusal) if refusal else "",
    )
    if isinstance(refusal, SlowDown):
        answer.headers["Retry-After"] = str(refusal.retry_after_s)
    return answer


def _token(request: Request[Any, Any, Any]) -> str:
    return request.cookies.get(PROOF_COOKIE, "")


HANDLERS: Final = [proof_form, prove_code, passkey_options, prove_passkey]
