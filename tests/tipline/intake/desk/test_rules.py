from __future__ import annotations

from datetime import timedelta

import pytest

from tests.make import NOON
from tipline.intake.desk.rules import TOLD_BY, Telling, telling_problems
from tipline.intake.tables import TipChannel


@pytest.mark.parametrize("channel", TOLD_BY)
def test_a_tip_may_be_told_by_telephone_at_the_desk_by_the_hotline_or_wechat(channel: TipChannel) -> None:
    assert telling_problems(Telling(channel=channel, told_at=NOON), now=NOON) == []


@pytest.mark.parametrize(
    ("telling", "field", "code"),
    [
        (Telling(channel=TipChannel.WEB, told_at=NOON), "channel", "not_a_choice"),
        (Telling(channel=None, told_at=NOON), "channel", "not_a_choice"),
        (Telling(channel=TipChannel.PHONE, told_at=None), "told_at", "required"),
        (Telling(channel=TipChannel.PHONE, told_at=NOON + timedelta(hours=1)), "told_at", "in_the_future"),
        (Telling(channel=TipChannel.PHONE, told_at=NOON.replace(year=1021)), "told_at", "not_a_time"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(telling: Telling, field: str, code: str) -> None:
    problems = telling_problems(telling, now=NOON)

    assert [(one.field, one.code) for one in problems] == [(field, code)]
