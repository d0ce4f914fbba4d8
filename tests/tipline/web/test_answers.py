"""What every answer carries, and what is told when something goes wrong."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient
from litestar import get

from tests.platform import Platform
from tests.tipline.visitor import Visitor, public_face
from tipline.app import create_public_app
from tipline.database import engine
from tipline.settings import Settings
from tipline.web.csrf import Csrf
from tipline.web.errors import status_of

SECRET = "postgresql://tipline_public:hunter2@/tipline"


@get("/break", include_in_schema=False)
async def breaks() -> None:
    """Fail as nobody foresaw."""
    raise RuntimeError(SECRET)


@pytest.mark.parametrize("address", ["/", "/nothing", "/static/nothing.js", "/api/v1/nothing", "/health"])
async def test_every_answer_carries_the_headers_that_guard_it(database: Platform, address: str) -> None:
    async with public_face(database) as visitor:
        headers = (await visitor.get(address)).headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert re.fullmatch(r"[0-9a-f]{12}", headers["x-request-id"])


async def test_static_files_may_be_kept_and_lie_inside_their_folder(database: Platform) -> None:
    async with public_face(database) as visitor:
        style = await visitor.get("/static/css/tokens.css")
        outside = [
            (await visitor.get(address)).status_code
            for address in ("/static/../app.py", "/static/%2e%2e/page.py", "/static//etc/passwd", "/static/css")
        ]

    assert style.status_code == 200
    assert "immutable" in style.headers["cache-control"]
    assert outside == [404, 404, 404, 404]


@pytest.mark.parametrize(("method", "address", "status"), [("GET", "/nothing", 404), ("PUT", "/tips/new", 405)])
async def test_an_unknown_address_is_told_in_the_readers_language_with_a_number(
    database: Platform, method: str, address: str, status: int
) -> None:
    async with public_face(database) as visitor:
        chinese = await visitor.client.request(method, address)
        english = await visitor.client.request(method, address, headers={"Accept-Language": "en"})
        program = await visitor.client.request(method, address, headers={"Accept": "application/json"})

    assert chinese.status_code == english.status_code == program.status_code == status
    assert "操作未成功" in chinese.text
    assert "That did not work" in english.text
    assert chinese.headers["x-request-id"] in chinese.text
    assert program.headers["content-type"].startswith("application/problem+json")
    assert program.json()["request_id"] == program.headers["x-request-id"]


async def test_what_nobody_foresaw_shows_no_trace(database: Platform, caplog: pytest.LogCaptureFixture) -> None:
    async with public_face(database) as visitor:
        visitor.app.register(breaks)
        logging.getLogger().addHandler(caplog.handler)  # after the application has set up its own logging
        page = await visitor.get("/break")
        program = await visitor.get("/break", headers={"Accept": "application/json"})

    assert (page.status_code, program.status_code) == (500, 500)
    for told in (page.text, program.text):
        assert "hunter2" not in told
        assert "RuntimeError" not in told
        assert "Traceback" not in told
    assert "系统出现故障" in page.text
    assert page.headers["x-request-id"] in caplog.text
    assert "hunter2" in caplog.text  # the operator sees the whole of it


async def test_a_silent_database_is_told_as_passing(database: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    async with public_face(database) as visitor:
        form = await visitor.open_form()

        async def silent(*_: object, **__: object) -> None:
            raise asyncpg.CannotConnectNowError("the database system is starting up")

        monkeypatch.setattr(type(engine()), "run_querystring", silent)
        answer = await visitor.send(form=form)
        program = await visitor.send_json({"story": "货车"})

    assert answer.status_code == program.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "请稍后重试" in answer.text
    assert program.json()["title"] == "NeighbourDown"


@pytest.mark.parametrize("error", [OSError("disk"), ValueError(), KeyError("x")])
def test_an_error_of_no_tree_is_our_own_fault(error: Exception) -> None:
    assert status_of(error) == 500


async def test_a_form_needs_the_token_of_this_browser(database: Platform) -> None:
    async with public_face(database) as mine:
        action, _ = await mine.open_form()
        mine.client.cookies.clear()  # from here on it is another browser
        own_action, _ = await mine.open_form()

        answers = [
            await mine.client.post("/tips", data={"story": "x"}),
            await mine.client.post(action, data={"story": "x"}),
            await mine.client.post(own_action[:-1] + "0z", data={"story": "x"}),
            await mine.client.post("/follow-up", data={"code": "1"}),
            await mine.client.post("/tips/mine/leave"),
        ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert all("页面打开时间过长" in answer.text for answer in answers)


async def test_the_token_may_come_as_a_header(database: Platform) -> None:
    async with public_face(database) as visitor:
        shown = (await visitor.get("/follow-up")).text
        token = re.search(r'name="csrf-token" content="([0-9a-f]+)"', shown)
        assert token

        answer = await visitor.client.post("/follow-up", data={"code": "1"}, headers={"X-CSRF-Token": token[1]})

    assert "查询码有误" in answer.text


def test_the_two_faces_tokens_differ() -> None:
    public = Csrf(cookie="tl_public_csrf", secret="one", is_secure=False)
    staff = Csrf(cookie="tl_staff_csrf", secret="two", is_secure=False)

    assert public.token("nonce") != staff.token("nonce")


async def test_cookies_are_http_only_lax_and_secure_under_tls(database: Platform) -> None:
    tls = replace(database.settings, public_url="https://tips.example", staff_url="https://desk.example")
    plain, secure = [await cookies_of(settings) for settings in (database.settings, tls)]

    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in plain + secure)
    assert not any("Secure" in cookie for cookie in plain)
    assert all("Secure" in cookie for cookie in secure)


async def cookies_of(settings: Settings) -> list[str]:
    """Return the cookies that a visit with a tip sets."""
    app = create_public_app(settings)
    async with app.lifespan():
        transport = ASGITransport(app)  # type: ignore[arg-type]  # Litestar's own ASGI types
        async with AsyncClient(transport=transport, base_url="https://testserver") as client:
            visitor = Visitor(client, app)
            form = await visitor.get("/tips/new")
            client.cookies.update(form.cookies)
            sent = await visitor.send()
    return [*form.headers.get_list("set-cookie"), *sent.headers.get_list("set-cookie")]


def test_templates_never_turn_escaping_off() -> None:
    templates = Path(__file__).parents[3] / "tipline"

    offenders = [
        path.name
        for path in templates.rglob("*.html")
        if re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text())
    ]

    assert offenders == []
