"""Rendering: one Jinja environment over all rooms' templates, and what every page knows."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import Request
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from markupsafe import Markup

from tipline.web.catalogues import rooms
from tipline.web.csrf import csrf_token, with_csrf
from tipline.web.labels import label
from tipline.web.locale import Language, current_language, gettext, ngettext
from tipline.web.sizes import size
from tipline.web.times import day, second, when
from tipline.web.wording import problem_sentence

STATIC: Final = Path(__file__).parent / "static"
HAN: Final = re.compile("[\u3400-\u9fff]")


@cache
def asset(path: str) -> str:
    """Return the address of a static file with its digest, so that browsers keep it until it changes."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


def attributes(values: dict[str, Any]) -> Markup:
    """Return `values` as HTML attributes; False and None leave one out, True writes it bare."""
    parts = [
        Markup(" {}").format(key) if value is True else Markup(' {}="{}"').format(key, value)
        for key, value in values.items()
        if value not in (None, False)
    ]
    return Markup("").join(parts)


def given(text: str) -> Markup:
    """Return what people or papers call something, shown as it is in every language, for readers and read aloud.

    Chinese in an English page says that it is Chinese; what is translated never goes through here.
    """
    if current_language() != Language.CHINESE and HAN.search(text):
        return Markup('<bdi lang="zh-CN">{}</bdi>').format(text)
    return Markup("<bdi>{}</bdi>").format(text)


def environment() -> Environment:
    """Build the Jinja environment: autoescaped, strict about names, translated."""
    folders = [room / "templates" for room in rooms() if (room / "templates").is_dir()]
    jinja = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by i18n
    jinja.filters.update(when=when, day=day, second=second, size=size, given=given)
    jinja.globals.update(asset=asset, label=label, attributes=attributes, problem_sentence=problem_sentence)
    return jinja


def template_engine() -> JinjaTemplateEngine:
    """Return Litestar's engine over our environment."""
    return JinjaTemplateEngine(engine_instance=environment())


def page(request: Request[Any, Any, Any], name: str, *, status: int = 200, **context: Any) -> Template:
    """Answer with template `name`, which also knows the officer, language, csrf and its own address.

    In a template: `csrf_url("/tips")` is a form's action, `csrf` the token for the meta tag, `officer` the signed-in
    officer or None, `lang` the language, `other_lang_url` this page in the other language.
    """
    is_chinese = current_language() == Language.CHINESE
    shared = {
        "lang": current_language().value,
        "other_lang": Language.ENGLISH.value if is_chinese else Language.CHINESE.value,
        "path": request.url.path,
        "officer": request.scope.get("user"),
        "csrf": csrf_token(request),
        "csrf_url": lambda address: with_csrf(request, address),
        "face": request.app.state.face,
        "is_demo": request.app.state.settings.is_demo,
        "other_face_url": request.app.state.other_face_url,
        "problems": (),
        "notice": None,
        "alarms": request.scope["state"].get("desk_alarms"),
        "notices": request.scope["state"].get("notices", {}),
        "request_id": request.scope["state"].get("request_id", ""),
    }
    return Template(name, context={**shared, **context}, status_code=status)
