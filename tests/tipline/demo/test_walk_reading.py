"""The walk reads pages and tells of failures; what it is told wrongly it says in one plain sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tipline.demo.html_tree import forms, read_page
from tipline.demo.staff_reading import figures_of, files_of_tip, links_to, listed_cases, moment_in, suggestions_of_tip
from tipline.demo.steps import Detail, Step, walk
from tipline.demo.visitor import StepFailed

CASE = "/cases/30995d18-e9ed-4665-a3b6-e60d6b6d2921"


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tipline.cli", "demo", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_form_is_read_with_the_values_it_would_send_untouched() -> None:
    page = read_page(
        '<form method="post" action="/x?csrf=1"><input type="hidden" name="seen" value="received">'
        '<input type="radio" name="basis" value="a"><input type="radio" name="basis" value="b" checked>'
        '<input type="checkbox" name="useful" value="1"><textarea name="story">两\n行</textarea>'
        '<select name="colour"><option value="">选</option><option value="white" selected>白</option></select>'
        '<input type="file" name="photos"><button>发送</button></form><form action="/search"><input name="q"></form>'
    )

    [form] = forms(page)

    assert form.action == "/x?csrf=1"
    assert form.values == {"seen": "received", "basis": "b", "story": "两 行", "colour": "white"}
    assert form.choices == {"basis": ("a", "b"), "useful": ("1",), "colour": ("", "white")}


def test_elements_without_an_end_do_not_swallow_what_follows() -> None:
    page = read_page('<p>一<br>二<img src="x"><p class="a b">三</p></div>四')

    assert page.text == "一二三四"
    assert [one.text for one in page.all("p", css_class="b")] == ["三"]


def test_case_list_is_read_with_number_address_and_moment() -> None:
    page = read_page(
        f'<table><tr><th>编号</th></tr><tr><td><a href="{CASE}">演示第014号</a></td>'
        "<td>2026年3月5日 19:40 – 2026年3月5日 19:45</td></tr></table>"
    )

    [case] = listed_cases(page)

    assert (case.address, case.number) == (CASE, "演示第014号")
    assert case.happened_at.isoformat() == "2026-03-05T19:40:00+08:00"


def test_text_without_a_moment_has_none() -> None:
    assert moment_in("没有时间") is None


def test_files_of_a_tip_are_read_with_frames_hints_and_plates() -> None:
    page = read_page(
        '<article class="card file"><div class="heading"><h3>视频 2</h3><span class="tag ok">已查看</span></div>'
        '<ul><li><figure class="frame"></figure></li><li><figure class="frame"></figure></li></ul>'
        '<table class="hints"><thead><tr></tr></thead><tbody><tr><td><span class="plate">鲁PYS618</span></td></tr>'
        "<tr><td>蓝色</td></tr></tbody></table></article>"
    )

    [file] = files_of_tip(page)

    assert (file.name, file.state, file.frames, file.hints, file.plates) == ("视频 2", "ok", 2, 2, ("鲁PYS618",))


def test_suggestions_are_read_with_weight_and_deed() -> None:
    accept = "/suggestions/30995d18-e9ed-4665-a3b6-e60d6b6d2921/accept"
    page = read_page(
        f'<article class="card suggestion"><div class="heading"><h3><a href="{CASE}">第014号</a></h3>'
        f'<span class="tag">+33.9 比特</span></div><table><tbody><tr><td>号牌</td></tr></tbody></table>'
        f'<form method="post" action="{accept}?csrf=1"></form></article>'
    )

    [found] = suggestions_of_tip(page)

    assert (found.case_address, found.number, found.bits, found.accept) == (CASE, "第014号", 33.9, accept)
    assert found.reasons == ("号牌",)


def test_figures_are_read_by_the_lists_they_open() -> None:
    page = read_page(
        '<a href="/dashboard/list/cleared?year=2021">93</a><a href="/dashboard/list/cleared?year=2020">75</a>'
        '<a href="/dashboard/list/recorded_fatal?year=2021">3</a><a href="/dashboard?year=2021">2021</a>'
    )

    assert figures_of(page, 2021) == {"cleared": 93, "recorded_fatal": 3}


def test_links_are_found_by_pattern_each_once() -> None:
    page = read_page(f'<a href="{CASE}">a</a><a href="{CASE}#outcomes">b</a><a href="/cases/new">c</a>')

    assert links_to(page, "/cases/ID") == [CASE]


def test_failed_step_stops_the_walk_and_the_rest_is_told_as_not_run() -> None:
    ran: list[str] = []
    told: list[Step] = []

    def works() -> Detail:
        ran.append("works")
        return {"found": 1}

    def fails() -> Detail:
        raise StepFailed("nothing came back")

    steps = walk([("one", works), ("two", fails), ("three", works)], told.append)

    assert ran == ["works"]
    assert [step.ok for step in steps] == [True, False, False]
    assert steps[0].detail["found"] == 1
    assert steps[1].detail == {"reason": "nothing came back"}
    assert steps[2].detail == {"reason": "not run: two failed"}
    assert told == steps


def test_answer_that_is_not_understood_fails_its_step() -> None:
    def lacks_a_field() -> Detail:
        told: dict[str, str] = json.loads("{}")
        return {"status": told["status"]}

    [step] = walk([("one", lacks_a_field)], lambda _: None)

    assert not step.ok
    assert "not understood" in step.detail["reason"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--media", "nothing-here.jpg"), "nothing-here.jpg cannot be read: No such file or directory."),
        (("--against", "nothing-here.json"), "nothing-here.json cannot be read: No such file or directory."),
        (("--against", "README.md"), "README.md is no ready file of `tipline up`."),
        (("--media", "README.md"), "README.md is neither a photo nor a video."),
        (("README.md",), "files belong behind --media"),
        (("--fast",), "No such option"),
    ],
)
def test_wrong_arguments_are_told_in_a_plain_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    told = demo(*arguments)

    assert told.returncode == 2
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""


def test_wrong_arguments_with_json_are_one_document(tmp_path: Path) -> None:
    words = tmp_path / "video.mp4"
    words.write_text("text renamed", encoding="utf-8")

    told = demo("--json", "--media", str(words))

    assert told.returncode == 2
    assert json.loads(told.stdout)["error"]["code"] == "wrong_arguments"
