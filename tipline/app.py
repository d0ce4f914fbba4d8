"""Composition of the two faces, and nothing else: settings are read here, doors are built here."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from litestar import Litestar, Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import ASGIMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components
from litestar.template.config import TemplateConfig
from litestar.types import ControllerRouterHandler, Guard

from evidence.custody import Custody
from tipline.accounts import pages as account_pages
from tipline.accounts import session_pages
from tipline.accounts.administration import pages as administration_pages
from tipline.accounts.administration import unit_pages
from tipline.accounts.audit.views import entering_views
from tipline.accounts.factors import pages as factor_pages
from tipline.accounts.factors import sign_in_pages as proof_pages
from tipline.accounts.factors.keeping import FactorKey
from tipline.accounts.service import SignedInOfficer, officer_of_session
from tipline.accounts.tokens import pages as token_pages
from tipline.accounts.tokens.service import TokenOfficer, officer_of_token
from tipline.cases import audit_pages as case_audit_pages
from tipline.cases import file_pages, from_tip_pages
from tipline.cases import staff_pages as cases_pages
from tipline.cases.access import guard_cases
from tipline.cases.assignments import pages as assignment_pages
from tipline.cases.clocks import pages as clock_pages
from tipline.cases.closing import pages as closing_pages
from tipline.cases.determinations import pages as determination_pages
from tipline.cases.determinations import review_pages as determination_review_pages
from tipline.cases.documents import pages as document_pages
from tipline.cases.imports import pages as import_pages
from tipline.cases.joining import pages as joining_pages
from tipline.cases.measures import deed_pages as measure_deed_pages
from tipline.cases.measures import pages as measure_pages
from tipline.cases.measures import person_pages
from tipline.cases.measures.identities import Identities
from tipline.cases.procedure import pages as procedure_pages
from tipline.cases.screening import pages as screening_pages
from tipline.cases.tasks import due_pages
from tipline.cases.tasks import pages as task_pages
from tipline.clock import Clock, utc_now
from tipline.console import case_map_pages, case_pages, link_pages, media_pages, tip_file_pages, tip_pages
from tipline.console import pages as console_pages
from tipline.console.api import routes as staff_api
from tipline.console.auditing import pages as auditing_pages
from tipline.console.live import pages as live_pages
from tipline.console.live.hub import Hub
from tipline.console.notices import NoticesMiddleware
from tipline.console.review import compare_pages
from tipline.console.review import pages as review_pages
from tipline.console.searching import pages as search_pages
from tipline.console.triage import deed_pages
from tipline.console.triage import pages as triage_pages
from tipline.dashboard import clearance_pages
from tipline.dashboard import pages as dashboard_pages
from tipline.database import connect_as, engine
from tipline.doors import open_custody
from tipline.intake import api as public_api
from tipline.intake import public_pages
from tipline.intake.alarms import staff_pages as alarm_pages
from tipline.intake.alarms.banner import AlarmsMiddleware
from tipline.intake.desk import staff_pages as desk_pages
from tipline.intake.receipts import Receipts
from tipline.intake.uploads import pages as upload_pages
from tipline.law.drafts import pages as law_pages
from tipline.law.holidays import pages as holiday_pages
from tipline.relief import pages as relief_pages
from tipline.settings import Role, Settings
from tipline.web.csrf import Csrf, CsrfMiddleware, refuse_forged
from tipline.web.errors import HANDLERS, AnswersMiddleware
from tipline.web.guards import StaffSessionMiddleware, StaffTokenMiddleware, open_to_all, require_role, require_scope
from tipline.web.head import HeadMiddleware
from tipline.web.headers import HeadersMiddleware
from tipline.web.locale import LanguageMiddleware
from tipline.web.page import template_engine
from tipline.web.static_files import static_file

POOL_SIZE: Final = 10
OPENAPI: Final = "/api/v1/openapi.json"
PUBLIC_API: Final = (
    "Send a tip on a hit-and-run, add photos and videos to it, and see how it stands. No account: the receipt code that"
    " POST /api/v1/tips returns once is the only key. Errors are problem+json (RFC 9457) in the language of"
    " Accept-Language: `title` names the error for programs, `detail` tells it to people."
)


@get("/health", opt=open_to_all(), include_in_schema=False)
async def health() -> dict[str, str]:
    """Answer once the face can reach its database under its own role."""
    await engine().run_ddl("SELECT 1")
    return {"status": "ok"}


def create_public_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Litestar:
    """Build the public face: it can add a tip, follow its own, and nothing else."""
    settings = settings or Settings.from_env(os.environ)
    receipts = Receipts(settings.secret("receipt_pepper"))
    return _face(
        "public",
        settings,
        role=Role.PUBLIC,
        handlers=[*public_pages.HANDLERS, *public_api.HANDLERS, *upload_pages.HANDLERS],
        guards=[refuse_forged],
        clock=clock,
        doors={"receipts": Provide(lambda: receipts, sync_to_thread=False)},
        closing=[receipts.close],
        description=_description("Hit-and-run tip line", PUBLIC_API, []),
    )


def create_staff_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Litestar:
    """Build the staff face: every route denied unless it names the roles it serves."""
    settings = settings or Settings.from_env(os.environ)
    receipts = Receipts(settings.secret("receipt_pepper"))
    hub = Hub(settings)

    async def load(token: str, is_used: bool) -> SignedInOfficer | None:  # noqa: FBT001  as the middleware calls it
        return await officer_of_session(token, now=clock(), factor_roles=settings.second_factor_roles, is_used=is_used)

    async def load_program(token: str) -> TokenOfficer | None:
        return await officer_of_token(token, now=clock(), factor_roles=settings.second_factor_roles)

    factor_key = FactorKey(settings.secret("factor_key"))
    identities = Identities(settings.secret("identity_key"))

    return _face(
        "staff",
        settings,
        role=Role.STAFF,
        handlers=[
            *account_pages.HANDLERS,
            *assignment_pages.HANDLERS,
            *case_audit_pages.HANDLERS,
            *auditing_pages.HANDLERS,
            *session_pages.HANDLERS,
            *token_pages.HANDLERS,
            *staff_api.HANDLERS,
            *administration_pages.HANDLERS,
            *unit_pages.HANDLERS,
            *proof_pages.HANDLERS,
            *factor_pages.HANDLERS,
            *console_pages.HANDLERS,
            *triage_pages.HANDLERS,
            *deed_pages.HANDLERS,
            *tip_pages.HANDLERS,
            *tip_file_pages.HANDLERS,
            *link_pages.HANDLERS,
            *media_pages.HANDLERS,
            *review_pages.HANDLERS,
            *compare_pages.HANDLERS,
            *cases_pages.HANDLERS,
            *import_pages.HANDLERS,
            *file_pages.HANDLERS,
            *from_tip_pages.HANDLERS,
            *procedure_pages.HANDLERS,
            *joining_pages.HANDLERS,
            *closing_pages.HANDLERS,
            *clock_pages.HANDLERS,
            *task_pages.HANDLERS,
            *due_pages.HANDLERS,
            *law_pages.HANDLERS,
            *holiday_pages.HANDLERS,
            *measure_pages.HANDLERS,
            *measure_deed_pages.HANDLERS,
            *person_pages.HANDLERS,
            *case_pages.HANDLERS,
            *case_map_pages.HANDLERS,
            *screening_pages.HANDLERS,
            *document_pages.HANDLERS,
            *determination_pages.HANDLERS,
            *determination_review_pages.HANDLERS,
            *dashboard_pages.HANDLERS,
            *clearance_pages.HANDLERS,
            *relief_pages.HANDLERS,
            *search_pages.HANDLERS,
            *desk_pages.HANDLERS,
            *alarm_pages.HANDLERS,
            *live_pages.HANDLERS,
        ],
        guards=[require_role, require_scope, refuse_forged, guard_cases, entering_views(clock)],
        clock=clock,
        inner=[
            StaffSessionMiddleware(load),
            StaffTokenMiddleware(load_program),
            AlarmsMiddleware(clock),
            NoticesMiddleware(clock),
        ],
        doors={
            "factor_key": Provide(lambda: factor_key, sync_to_thread=False),
            "receipts": Provide(lambda: receipts, sync_to_thread=False),
            "identities": Provide(lambda: identities, sync_to_thread=False),
            "hub": Provide(lambda: hub, sync_to_thread=False),
        },
        closing=[hub.close, receipts.close],
        ending=[hub.end_streams],
        description=_description("Hit-and-run tip line, staff", staff_api.DESCRIPTION, [staff_api.SECURITY]),
    )


def _face(
    face: str,
    settings: Settings,
    *,
    role: Role,
    handlers: Sequence[ControllerRouterHandler],
    guards: Sequence[Guard],
    clock: Clock,
    inner: Sequence[ASGIMiddleware] = (),
    doors: Mapping[str, Provide] | None = None,
    closing: Sequence[Callable[[], Awaitable[None] | None]] = (),
    ending: Sequence[Callable[[], None]] = (),
    description: OpenAPIConfig,
) -> Litestar:
    connect_as(settings, role)
    custody = open_custody(settings)
    csrf = Csrf(cookie=f"tl_{face}_csrf", secret=settings.secret(f"csrf_{face}"), is_secure=settings.has_tls)

    def give_custody() -> Custody:
        return custody

    def give_clock() -> Clock:
        return clock

    def give_settings() -> Settings:
        return settings

    async def open_pool() -> None:
        await engine().start_connection_pool(min_size=1, max_size=POOL_SIZE)

    async def close_pool() -> None:
        await engine().close_connection_pool()

    app = Litestar(
        route_handlers=[health, static_file, *handlers],
        guards=list(guards),
        exception_handlers=HANDLERS,
        dependencies={
            "custody": Provide(give_custody, sync_to_thread=False),
            "clock": Provide(give_clock, sync_to_thread=False),
            "settings": Provide(give_settings, sync_to_thread=False),
            **(doors or {}),
        },
        template_config=TemplateConfig(instance=template_engine()),
        openapi_config=description,
        on_startup=[open_pool],
        on_shutdown=[close_pool, *closing],
        state=State(
            {
                "csrf": csrf,
                "face": face,
                "settings": settings,
                "other_face_url": _other_face(face, settings),
                # Called at the signal to stop, before open answers are waited for.
                "ending": tuple(ending),
            }
        ),
        debug=False,
    )
    # Wrapped around the whole application, so that an unknown address gets its language and headers too.
    around = (AnswersMiddleware(), CsrfMiddleware(csrf), LanguageMiddleware(), HeadersMiddleware(), HeadMiddleware())
    for layer in (*reversed(inner), *around):
        app.asgi_handler = layer(app.asgi_handler)
    return app


def _description(title: str, description: str, components: list[Components]) -> OpenAPIConfig:
    # Its own folder: beside its documents the plugin answers every unknown address with a page of its own.
    return OpenAPIConfig(
        title=title,
        version="1",
        description=description,
        components=components,
        openapi_router=Router(OPENAPI, route_handlers=[], opt=open_to_all(), include_in_schema=False),
        render_plugins=[JsonRenderPlugin(path="/")],
    )


def _other_face(face: str, settings: Settings) -> str:
    return settings.public_url if face == "staff" else settings.staff_url
