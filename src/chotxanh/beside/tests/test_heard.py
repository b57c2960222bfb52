"""When devices were last heard."""

from datetime import timedelta
from uuid import UUID

import pytest

from chotxanh.beside.heard import MOST_WAITING, Heard, heard, note_heard
from tests.cast import EVENING, MORNING

LANE_1, LANE_2 = UUID(int=1), UUID(int=2)

pytestmark = pytest.mark.django_db


def test_the_longest_silent_comes_first_and_the_last_word_counts() -> None:
    note_heard(LANE_1, 12, MORNING)
    note_heard(LANE_2, 3, MORNING + timedelta(minutes=1))
    note_heard(LANE_1, 0, EVENING)
    assert heard() == [Heard(LANE_2, 3, MORNING + timedelta(minutes=1)), Heard(LANE_1, 0, EVENING)]


@pytest.mark.parametrize(("said", "noted"), [(-1, 0), (2**63, MOST_WAITING)])
def test_what_a_device_says_is_held_within_reason(said: int, noted: int) -> None:
    note_heard(LANE_1, said, MORNING)
    assert heard()[0].waiting == noted
