"""How values and times stand on a paper: in Chinese, whatever language the officer's page is in."""

from __future__ import annotations

from datetime import datetime

from tipline.clock import SHANGHAI
from tipline.web.labels import LABELS
from tipline.web.locale import Language, translations


def called(enum_name: str, value: str | None) -> str:
    """Return what a stored value is called in Chinese; empty for none."""
    return "" if value is None else translations(Language.CHINESE).gettext(LABELS[enum_name][value])


def at(moment: datetime | None) -> str:
    """Return a moment in Asia/Shanghai to the minute; empty for none."""
    return "" if moment is None else f"{moment.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"


def size(bytes_: int) -> str:
    """Return a number of bytes with separators."""
    return f"{bytes_:,} 字节"
