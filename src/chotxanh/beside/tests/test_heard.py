"""When devices were last heard."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chotxanh.beside.heard import MOST_WAITING, Heard, heard, note_heard
from tests.cast import EVENING, MORNING, QL51, QL56

LANE_1, LANE_2 = UUID(int=1), UUID(int=2)

pytestmark = pytest.mark.django_db


def test_the_longest_silent_comes_first_and_the_last_word_counts() -> None:
    later = MORNING + timedelta(minutes=1)
    note_heard(LANE_1, QL51, 12, MORNING)
    note_heard(LANE_2, QL56, 3, later)
    note_heard(LANE_1, QL56, 0, EVENING)
    assert heard() == [Heard(LANE_2, QL56, 3, later), Heard(LANE_1, QL56, 0, EVENING)]
    assert heard(since=EVENING) == [Heard(LANE_1, QL56, 0, EVENING)]


def test_the_same_word_is_written_once_in_ten_seconds() -> None:
    device = uuid4()
    for seconds in (0, 4, 9, 10, 14):
        note_heard(device, QL51, 0, MORNING + timedelta(seconds=seconds))
    assert heard() == [Heard(device, QL51, 0, MORNING + timedelta(seconds=10))]
    note_heard(device, QL51, 1, MORNING + timedelta(seconds=15))
    assert heard()[0].waiting == 1, "another word at once"


@pytest.mark.parametrize(("said", "noted"), [(-1, 0), (2**63, MOST_WAITING)])
def test_what_a_device_says_is_held_within_reason(said: int, noted: int) -> None:
    note_heard(uuid4(), QL51, said, MORNING)
    assert heard()[0].waiting == noted
