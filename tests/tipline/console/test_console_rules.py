from __future__ import annotations

import pytest

from evidence.tables import ItemState
from tipline.console.rules import FileStatus, RangeNotSatisfiable, Stretch, file_status, frame_at_s, stretch_of
from tipline.intake.tables import ExaminationState
from tipline.work.tables import WorkState


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", Stretch(0, 100, is_whole=True)),
        ("bytes=0-", Stretch(0, 100, is_whole=False)),
        ("bytes=10-19", Stretch(10, 20, is_whole=False)),
        ("bytes=90-500", Stretch(90, 100, is_whole=False)),
        ("bytes=-10", Stretch(90, 100, is_whole=False)),
        ("bytes=-500", Stretch(0, 100, is_whole=False)),
        ("bytes=19-10", Stretch(0, 100, is_whole=True)),
        ("bytes=0-1,5-6", Stretch(0, 100, is_whole=True)),
        ("bytes=-", Stretch(0, 100, is_whole=True)),
        (f"bytes=0-{'9' * 5000}", Stretch(0, 100, is_whole=True)),
        ("seconds=1-2", Stretch(0, 100, is_whole=True)),
    ],
)
def test_a_range_is_read_as_the_standard_has_it(header: str, expected: Stretch) -> None:
    assert stretch_of(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        stretch_of(header, 100)


@pytest.mark.parametrize(
    ("item", "examination", "work", "expected"),
    [
        (ItemState.CHECKING, ExaminationState.WAITING, None, FileStatus.WAITING),
        (ItemState.CHECKING, ExaminationState.WAITING, WorkState.QUEUED, FileStatus.WAITING),
        (ItemState.CHECKING, ExaminationState.WAITING, WorkState.RUNNING, FileStatus.RUNNING),
        (ItemState.SEALED, ExaminationState.WAITING, WorkState.FAILED, FileStatus.FAILED),
        (ItemState.SEALED, ExaminationState.UNREADABLE, WorkState.DONE, FileStatus.UNREADABLE),
        (ItemState.SEALED, ExaminationState.EXAMINED, WorkState.RUNNING, FileStatus.EXAMINED),
        (ItemState.BROKEN, ExaminationState.EXAMINED, WorkState.DONE, FileStatus.DAMAGED),
    ],
)
def test_a_file_says_in_one_word_how_far_it_is(
    item: ItemState, examination: ExaminationState, work: WorkState | None, expected: FileStatus
) -> None:
    assert file_status(item, examination, work) == expected


def test_only_key_frames_have_a_moment() -> None:
    assert [frame_at_s(label) for label in ("frame:00004200", "preview", "")] == [4.2, None, None]
