from __future__ import annotations

from uuid import UUID

import pytest

from tipline.console.live.rules import News, frame, may_hear, read_news

TIP = UUID("8d2b6f0e-6a0e-4a0b-9a57-0f1d6c9a0001")


@pytest.mark.parametrize(
    ("payload", "news"),
    [
        (f"tip 17 {TIP}", News("tip", TIP, 17)),
        (f"alarm 18 {TIP}", News("alarm", TIP, 18)),
        ("work", News("work")),
        (f"session {TIP}", News("session", TIP)),
        (f"newer 19 {TIP}", None),
        ("tip 17", None),
        ("tip x y", None),
        ("", None),
    ],
)
def test_a_notification_tells_ids_and_what_is_not_known_tells_nothing(payload: str, news: News | None) -> None:
    assert read_news(payload) == news


def test_an_event_holds_number_kind_and_id() -> None:
    assert frame(News("tip", TIP, 17)) == f"id: 17\nevent: change\ndata: tip {TIP}\n\n".encode()
    assert frame(News("work")) == b"event: change\ndata: work\n\n"


def test_news_are_for_who_may_read_it_and_a_session_is_nobodys_news() -> None:
    reader, administrator = frozenset({"read_tips"}), frozenset({"read_accounts"})

    heard = [
        [may_hear(News(kind), may) for kind in ("tip", "alarm", "work", "everything", "session")]
        for may in (reader, administrator)
    ]

    assert heard == [[True, True, True, True, False], [False, False, True, True, False]]
