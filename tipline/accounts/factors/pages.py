"""An officer's own second factors: set up, named, taken off; recovery codes shown once."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import segno
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup

from tipline.accounts.factors import service
from tipline.accounts.factors.errors import PasskeyUnavailable
from tipline.accounts.factors.keeping import FactorKey
from tipline.accounts.factors.passkeys import add_passkey, end_passkey, enrolment_options
from tipline.accounts.factors.service import factors_of
from tipline.accounts.factors.site import SITE_NAME, site_of
from tipline.accounts.factors.totp import app_address, base32_of
from tipline.accounts.pages import SEE_OTHER, signed_in
from tipline.accounts.service import confirm_password, username_of
from tipline.clock import Clock
from tipline.database import engine
from tipline.errors import Invalid, Refused, SlowDown, TiplineError
from tipline.settings import Settings
from tipline.web.errors import status_of
from tipline.web.guards import settling
from tipline.web.page import page
from tipline.web.wording import sentence

ADDRESS: Final = "/account/second-factor"
MODULE_PX: Final = 5


@get(ADDRESS, opt=settling(), include_in_schema=False)
async def factors(request: Request[Any, Any, Any], settings: NamedDependency[Settings]) -> Template:
    """Show what is set up, and offer what is not."""
    return await _page(request, settings)


@post(f"{ADDRESS}/totp", opt=settling(), include_in_schema=False)
async def begin_totp(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], factor_key: NamedDependency[FactorKey]
) -> Redirect:
    """Make a secret for an authenticator app."""
    await service.begin_totp(signed_in(request).id, key=factor_key, now=clock())
    return Redirect(f"{ADDRESS}/totp", status_code=SEE_OTHER)


@get(f"{ADDRESS}/totp", opt=settling(), include_in_schema=False)
async def totp_form(request: Request[Any, Any, Any], factor_key: NamedDependency[FactorKey]) -> Template | Redirect:
    """Show the secret as a picture and as letters, and ask for the first code."""
    return await _totp_page(request, factor_key)


@post(f"{ADDRESS}/totp/confirm", opt=settling(), include_in_schema=False)
async def confirm_totp(
    request: Request[Any, Any, Any],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    factor_key: NamedDependency[FactorKey],
) -> Template | Redirect:
    """Let the app count once its first code is right."""
    code = str((await request.form()).get("code", ""))
    me = signed_in(request)
    try:
        codes = await service.confirm_totp(me.id, await username_of(me), code, key=factor_key, now=clock())
    except (Invalid, SlowDown) as refusal:
        return await _totp_page(request, factor_key, refusal)
    return await _page(request, settings, codes=codes)


@post(f"{ADDRESS}/totp/remove", opt=settling(), include_in_schema=False)
async def remove_totp(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Template | Redirect:
    """Take the app off, after the password."""
    try:
        await _ask_password(request, "totp_password", clock)
    except (Invalid, SlowDown) as refusal:
        return await _page(request, settings, refusal)
    await service.end_totp(signed_in(request).id, now=clock())
    return Redirect(ADDRESS, status_code=SEE_OTHER)


@post(f"{ADDRESS}/passkeys/options", opt=settling(), include_in_schema=False)
async def passkey_options(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Response[str]:
    """Answer the page's script with what the browser needs to make a passkey."""
    site = site_of(settings.staff_url)
    if site is None:
        raise PasskeyUnavailable
    me = signed_in(request)
    made = await enrolment_options(
        me.id, username=await username_of(me), full_name=me.full_name, site=site, now=clock()
    )
    return Response(made, media_type="application/json")


@post(f"{ADDRESS}/passkeys", opt=settling(), include_in_schema=False)
async def keep_passkey(
    request: Request[Any, Any, Any],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    factor_key: NamedDependency[FactorKey],
) -> Template:
    """Keep the passkey that the browser made."""
    site = site_of(settings.staff_url)
    if site is None:
        raise PasskeyUnavailable
    form = await request.form()
    me = signed_in(request)
    try:
        async with engine().transaction():
            await add_passkey(me.id, str(form.get("credential", "")), str(form.get("name", "")), site=site, now=clock())
            codes = await service.first_codes(me.id, key=factor_key, now=clock())
    except Refused as refusal:
        return await _page(request, settings, refusal)
    return await _page(request, settings, codes=codes)


@post(f"{ADDRESS}/passkeys/{{passkey_id:uuid}}/remove", opt=settling(), include_in_schema=False)
async def remove_passkey(
    request: Request[Any, Any, Any],
    passkey_id: FromPath[UUID],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Template | Redirect:
    """Take a passkey off, after the password."""
    try:
        await _ask_password(request, f"password_{passkey_id}", clock)
    except (Invalid, SlowDown) as refusal:
        return await _page(request, settings, refusal)
    await end_passkey(passkey_id, of=signed_in(request).id, now=clock())
    return Redirect(ADDRESS, status_code=SEE_OTHER)


@post(f"{ADDRESS}/recovery-codes", opt=settling(), include_in_schema=False)
async def renew_codes(
    request: Request[Any, Any, Any],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    factor_key: NamedDependency[FactorKey],
) -> Template:
    """Show ten fresh recovery codes, after the password; those before count no more."""
    try:
        await _ask_password(request, "codes_password", clock)
    except (Invalid, SlowDown) as refusal:
        return await _page(request, settings, refusal)
    codes = await service.renew_codes(signed_in(request).id, key=factor_key, now=clock())
    return await _page(request, settings, codes=codes)


async def _ask_password(request: Request[Any, Any, Any], field: str, clock: Clock) -> None:
    typed = str((await request.form()).get(field, ""))
    await confirm_password(signed_in(request), typed, field=field, now=clock())


async def _page(
    request: Request[Any, Any, Any],
    settings: Settings,
    refusal: TiplineError | None = None,
    codes: list[str] | None = None,
) -> Template:
    me = signed_in(request)
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return page(
        request,
        "factors/factors.html",
        status=status_of(refusal) if refusal else 200,
        factors=await factors_of(me.id),
        is_required=me.role in settings.second_factor_roles,
        has_site=site_of(settings.staff_url) is not None,
        codes=codes or [],
        problems=problems,
        told=sentence(refusal) if refusal and not problems else "",
    )


async def _totp_page(
    request: Request[Any, Any, Any], key: FactorKey, refusal: TiplineError | None = None
) -> Template | Redirect:
    me = signed_in(request)
    secret = await service.unfinished_totp(me.id, key=key)
    if secret is None:
        return Redirect(ADDRESS, status_code=SEE_OTHER)
    address = app_address(secret, issuer=SITE_NAME, account=await username_of(me))
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    letters = base32_of(secret)
    return page(
        request,
        "factors/totp.html",
        status=status_of(refusal) if refusal else 200,
        picture=_picture_of(address),
        letters=" ".join(letters[at : at + 4] for at in range(0, len(letters), 4)),
        problems=problems,
        told=sentence(refusal) if refusal and not problems else "",
    )


def _picture_of(address: str) -> Markup:
    drawn = segno.make(address, error="m").svg_inline(scale=MODULE_PX, border=4, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704  squares drawn by the library; the address stands in it as a picture only


HANDLERS: Final = [
    factors,
    begin_totp,
    totp_form,
    confirm_totp,
    remove_totp,
    passkey_options,
    keep_passkey,
    remove_passkey,
    renew_codes,
]
