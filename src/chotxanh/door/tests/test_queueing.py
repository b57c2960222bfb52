"""Who asks much waits behind themselves; beyond a stated load nobody waits."""

from threading import Event
from types import SimpleNamespace

import pytest

from chotxanh.door import queueing
from chotxanh.door.queueing import Lane, Room, TurnTaking


def test_networks_take_turns() -> None:
    queue = TurnTaking[str](10, 10)
    for what in ("a1", "a2", "a3", "b1", "b2", "c1"):
        assert queue.put(what[0], what)
    assert [queue.get() for _ in range(6)] == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_comes_while_a_crowd_waits_is_next() -> None:
    queue = TurnTaking[int](1000, 1000)
    for number in range(900):
        queue.put("a crowd", number)
    queue.get()
    queue.put("somebody", -1)
    assert -1 in (queue.get(), queue.get())


def test_one_network_leaves_room_for_others() -> None:
    queue = TurnTaking[int](4, 2)
    assert [queue.put("a", number) for number in range(3)] == [True, True, False]
    assert queue.put("b", 1)


def test_beyond_the_stated_load_nobody_waits() -> None:
    queue = TurnTaking[int](2, 2)
    assert [queue.put(name, 1) for name in "abc"] == [True, True, False]
    queue.get()
    assert queue.put("c", 1)


def test_a_posts_network_may_take_all_there_is() -> None:
    queue = TurnTaking[int](4, 2)
    assert all(queue.put("a", number, has_wide_share=True) for number in range(4))


def test_a_lane_carries_out_what_waits() -> None:
    lane, done = Lane("test", 1, TurnTaking(1, 1)), Event()
    lane.open()
    assert lane.put("a", done.set)
    assert done.wait(60)


def test_what_is_heavy_rests_as_long_again_and_leaves_the_machine_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments, rests, rested = iter([10.0, 11.5]), list[float](), Event()

    def sleep(seconds: float) -> None:
        rests.append(seconds)
        rested.set()

    monkeypatch.setattr(queueing, "time", SimpleNamespace(monotonic=lambda: next(moments), sleep=sleep))
    lane = Lane("test", 1, TurnTaking(1, 1), rest=2.0)
    lane.open()
    lane.put("a", lambda: None)
    assert rested.wait(60)
    assert rests == [3.0]


def test_room_is_given_back() -> None:
    room = Room(2, 1)
    with (
        room.place("a") as first,
        room.place("a") as again,
        room.place("b") as second,
        room.place("c") as third,
    ):
        assert (first, again, second, third) == (True, False, True, False)
    with room.place("a") as anew:
        assert anew
