"""Lists for spreadsheets."""

from __future__ import annotations

import pytest

from tipline.web.sheets import as_cell, csv_bytes


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert as_cell(text) == "'" + text


def test_an_ordinary_cell_is_left_as_it_is() -> None:
    assert [as_cell(value) for value in ("高唐县", None, 7)] == ["高唐县", "", "7"]


def test_a_list_begins_with_its_mark_and_ends_its_lines_as_the_standard_says() -> None:
    written = csv_bytes(["案号", "数"], [["鲁-1", 2], ['"a",b', None]])

    assert written.decode() == '\ufeff案号,数\r\n鲁-1,2\r\n"""a"",b",\r\n'
