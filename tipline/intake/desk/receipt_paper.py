"""线索凭证 on paper: drawn within the one answer that shows the code, kept by nobody."""

from __future__ import annotations

import asyncio
import base64
import logging
from datetime import datetime
from typing import Final

from tipline.clock import SHANGHAI
from tipline.papers.glyphs import NotDrawable
from tipline.papers.sheet import Code, Facts, Sheet, Words, draw

log = logging.getLogger(__name__)

WHAT_FOR: Final = (
    "凭查询码可以查询线索办理情况、补充照片和视频。查询码等同钥匙，请妥善保管，不要告诉他人。\n"
    "查询码只在出具本凭证时显示一次，平台不保存，公安机关也无法代为查询。"
)
NOT_OFFICIAL: Final = "本凭证不是受案回执。需要报案的，请到公安机关当面报案或者拨打110、122。"


def receipt_sheet(*, code: str, where: str, received_at: datetime) -> Sheet:
    """Return the receipt of a tip: it names nobody, so that who finds it does not learn who gave the tip."""
    when = f"{received_at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"
    return Sheet(
        title="线索凭证",
        issuer="公安交通警察线索受理",
        lines=(f"接收时间：{when}",),
        blocks=(Code("查询码", code), Facts("", (("查询地址", where),)), Words("说明", WHAT_FOR)),
        closing=(NOT_OFFICIAL,),
        signatures=(),
        mark="线索凭证",
        foot=f"{when} 接收　辅助文书",
    )


async def receipt_link(*, code: str, where: str, received_at: datetime) -> str:
    """Return the receipt as a `data:` address of a PDF, to be saved from the page; empty when it cannot be drawn.

    The code stands in the answer alone: no file, row, ledger or log holds it. The page shows the code whatever happens.
    """
    sheet = receipt_sheet(code=code, where=where, received_at=received_at).as_data()
    try:
        pdf = await asyncio.to_thread(draw, sheet, made_at=received_at)
    except NotDrawable as refusal:
        log.error("a receipt could not be drawn: %s", type(refusal).__name__)  # noqa: TRY400  its words may hold the code
        return ""
    return f"data:application/pdf;base64,{base64.b64encode(pdf).decode()}"
