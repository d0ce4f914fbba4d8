"""Moments as people read them: always in Asia/Shanghai, in the language of the request."""

from __future__ import annotations

from datetime import datetime

from tipline.clock import SHANGHAI
from tipline.web.locale import Language, current_language, gettext


def when(moment: datetime | None) -> str:
    """Show a moment in Asia/Shanghai: 2021年3月5日 14:07, or 5 Mar 2021, 14:07 (UTC+8)."""
    if moment is None:
        return gettext("not known")
    local = moment.astimezone(SHANGHAI)
    if current_language() == Language.CHINESE:
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.day} {local:%b %Y, %H:%M} (UTC+8)"


def second(moment: datetime | None) -> str:
    """Show a moment in Asia/Shanghai to the second: 2021年3月5日 14:07:09, or 5 Mar 2021, 14:07:09 (UTC+8)."""
    if moment is None:
        return gettext("not known")
    local = moment.astimezone(SHANGHAI)
    if current_language() == Language.CHINESE:
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"
    return f"{local.day} {local:%b %Y, %H:%M:%S} (UTC+8)"


def typed(moment: datetime | None) -> str:
    """Return a moment as a field for date and time takes it, in Asia/Shanghai; empty for none."""
    return "" if moment is None else moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def day(moment: datetime | None) -> str:
    """Show the day of a moment in Asia/Shanghai."""
    if moment is None:
        return gettext("not known")
    local = moment.astimezone(SHANGHAI)
    if current_language() == Language.CHINESE:
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {local:%b %Y}"
