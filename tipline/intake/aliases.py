"""Two words by which officers speak of a tip: easy to say on the telephone, and no key to anything."""

from __future__ import annotations

import secrets
from typing import Final

WORD_LETTERS: Final = 2
FIRST: Final = (
    "青松翠竹红梅白杨绿柳金菊墨兰丹枫苍柏银杏玉兰海棠紫藤芦苇水杉牡丹蔷薇茉莉桂花荷花"
    "杜鹃石榴山楂樱桃葡萄麦穗稻花棉桃枣林梨园桃溪杏村"
)
SECOND: Final = (
    "明月朝阳晚霞晨星清风细雨瑞雪春雷秋霜彩虹白云远山长河平湖古桥高塔灯塔渡口沙洲溪流"
    "山泉飞雁白鹭喜鹊云雀骏马黄牛青鸟锦鲤蜻蜓春燕归帆"
)


def new_alias() -> str:
    """Return two words drawn at random, such as 青松 明月; several tips may bear the same two."""
    return f"{_one_of(FIRST)} {_one_of(SECOND)}"


def _one_of(words: str) -> str:
    start = secrets.randbelow(len(words) // WORD_LETTERS) * WORD_LETTERS
    return words[start : start + WORD_LETTERS]
