"""A station reads what changed in its scopes, whole pages at a time, and nothing that is over."""

from datetime import timedelta

import pytest

from chotxanh.domain.problems import Problem
from chotxanh.ledger import work
from chotxanh.ledger.feed import pages as feed_pages
from chotxanh.ledger.feed.cursors import write_cursor
from chotxanh.ledger.feed.head import begin_feed, feed_head
from chotxanh.ledger.feed.sweeping import sweep_feed
from chotxanh.ledger.feed.tests.things import ELSEWHERE, HERE, ROAD, Reader, ids_of, show, show_only
from chotxanh.ledger.models import FeedCard
from chotxanh.ledger.worker.registry import known_errands
from chotxanh.storage.statements import carry_out
from chotxanh.storage.vendors import is_postgresql
from tests.cast import EVENING

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_each_change_is_read_once_and_only_in_its_scope() -> None:
    show("a", "b")
    show("c", scope=ELSEWHERE)
    reader = Reader()
    reader.read()
    assert reader.alive() == {"a", "b"}
    show("b")
    show("c", scope=ELSEWHERE)
    assert ids_of(reader.read()) == ["b"]
    assert ids_of(reader.read()) == []


def test_a_card_that_changed_often_is_one_row_and_read_in_its_last_state() -> None:
    for _ in range(5):
        show("a")
    assert FeedCard.objects.count() == 1
    reader = Reader()
    assert ids_of(reader.read()) == ["a"]


def test_a_card_that_two_scopes_of_a_station_hold_is_read_once_until_the_later_end() -> None:
    show("a", until=EVENING + 2 * HOUR)
    show("a", scope=ROAD, until=EVENING + HOUR)
    reader = Reader()
    assert ids_of(reader.read()) == ["a"]
    assert reader.held["a"].expires_at == round((EVENING + 2 * HOUR).timestamp() * 1000)


def test_a_card_that_two_scopes_hold_in_other_places_is_read_in_the_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show("a", "b", scope=ROAD)
    show("c", "d")
    show_only("a", "post", {HERE: EVENING + HOUR})
    FeedCard.objects.filter(key="a", scope=ROAD).update(position=1)  # as if it had been numbered long before
    monkeypatch.setattr(feed_pages, "PAGE", 2)
    reader = Reader()
    pages = reader.read()
    assert ids_of(pages).count("a") == 1
    assert reader.alive() == {"a", "b", "c", "d"}


def test_a_card_that_leaves_a_scope_is_gone_there_until_it_expires() -> None:
    show("a")
    here, elsewhere = Reader(), Reader(scopes=(ELSEWHERE,))
    here.read()
    show_only("a", "post", {ELSEWHERE: EVENING + HOUR})
    here.read()
    elsewhere.read()
    assert (here.held["a"].body, elsewhere.alive()) == (None, {"a"})
    assert FeedCard.objects.get(scope=HERE).is_gone


def test_a_card_that_comes_back_is_there_again() -> None:
    show("a")
    reader = Reader()
    reader.read()
    show_only("a", "post", {})
    reader.read()
    show("a")
    reader.read()
    assert reader.alive() == {"a"}


def test_a_card_that_leaves_one_scope_of_a_station_stays_while_another_holds_it() -> None:
    show("a")
    show("a", scope=ROAD)
    reader = Reader()
    reader.read()
    show_only("a", "post", {})
    assert ids_of(reader.read()) == ["a"]
    assert reader.alive() == {"a"}


def test_a_card_whose_matter_no_longer_exists_is_gone() -> None:
    show("lost")
    reader = Reader()
    reader.read()
    assert reader.alive() == set()


def test_a_longer_stay_is_never_cut_short_by_an_older_reason() -> None:
    show("a", until=EVENING + 5 * HOUR)
    show("a", until=EVENING + HOUR)
    reader = Reader()
    reader.read(EVENING + 2 * HOUR)
    assert reader.alive() == {"a"}


def test_what_has_expired_is_on_no_page_even_before_it_is_swept() -> None:
    show("a", until=EVENING + HOUR)
    show("b", until=EVENING + 2 * HOUR)
    reader = Reader()
    reader.read(EVENING + HOUR)
    assert reader.alive() == {"b"}


def test_what_is_over_when_it_is_told_begins_nowhere() -> None:
    show("a", until=EVENING)
    assert not FeedCard.objects.exists()


def test_a_stay_that_is_shortened_into_the_past_ends_at_once() -> None:
    show_only("a", "post", {HERE: EVENING + HOUR})
    reader = Reader()
    reader.read()
    show_only("a", "post", {HERE: EVENING - HOUR})
    reader.read()
    assert reader.alive() == set()


@pytest.mark.parametrize("plan", ["hash", "nested loop"])
def test_sweeping_takes_what_has_expired_in_slices_and_nothing_else(plan: str) -> None:
    if (
        plan == "nested loop" and is_postgresql()
    ):  # as after the statistics of a small table: it asks once a row
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            carry_out(f"SET LOCAL enable_{way} = off")
    show(*(f"old {number}" for number in range(5)), until=EVENING + HOUR)
    show("new", until=EVENING + 2 * HOUR)
    assert [sweep_feed(EVENING + HOUR, 3) for _ in range(3)] == [3, 2, 0]
    assert FeedCard.objects.get().key == "new"


def test_the_worker_sweeps_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    show(*(f"old {number}" for number in range(5)), until=EVENING + HOUR)
    monkeypatch.setattr(work, "SLICE", 2)
    assert work.SWEEP in known_errands()
    work.sweep(EVENING.date(), EVENING + HOUR)
    assert not FeedCard.objects.exists()


def test_small_pages_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"t{number:02d}" for number in range(17)]
    show(*keys)
    monkeypatch.setattr(feed_pages, "PAGE", 4)
    reader = Reader()
    pages = reader.read()
    assert len(pages) > 4
    assert reader.alive() == set(keys)


def test_a_page_is_bounded_in_bytes_and_the_rest_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"t{number:02d}" for number in range(17)]
    show(*keys)
    monkeypatch.setattr(feed_pages, "PAGE_BYTES", 50)
    reader = Reader()
    pages = reader.read()
    assert all(sum(len(bytes(card.body or b"")) for card in page.cards) <= 50 for page in pages)
    assert reader.alive() == set(keys)
    show(*keys)
    assert len(ids_of(reader.read())) == len(keys)


def test_a_single_card_larger_than_a_page_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    show("a", "b")
    monkeypatch.setattr(feed_pages, "PAGE_BYTES", 1)
    reader = Reader()
    reader.read()
    assert reader.alive() == {"a", "b"}


def test_a_new_station_gets_at_most_so_many_cards_and_the_oldest_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(9):
        show(f"t{number}", scope=(HERE, ROAD)[number % 2])
    monkeypatch.setattr(feed_pages, "MOST_CARDS", 5)
    reader = Reader()
    reader.read()
    assert reader.alive() == {"t4", "t5", "t6", "t7", "t8"}


def test_what_is_held_longest_of_the_first_kind_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_pages, "FIRST_KIND", "thing")
    show("open", until=EVENING + 9 * HOUR)
    show("resulted", "resulted too", until=EVENING + HOUR)
    monkeypatch.setattr(feed_pages, "PAGE", 1)
    first = Reader().page()
    assert (ids_of([first]), first.is_snapshot, first.has_more) == (["open"], True, True)


@pytest.mark.parametrize("cursor", ["", "0", write_cursor("another", 3), "another.5.seal"])
def test_who_comes_from_another_life_of_the_feed_begins_anew(cursor: str) -> None:
    show("a")
    reader = Reader(cursor=cursor)
    pages = reader.read()
    assert [page.is_snapshot for page in pages] == [True] + [False] * (len(pages) - 1)
    assert reader.alive() == {"a"}


@pytest.mark.parametrize(
    "cursor",
    ["x", "17", ".5.x", "a.-1.x", "a.٣.x", "a.x.x", f"a.{'9' * 19}.x", "a.1." + "x" * 90, "a..", "\x00"],
)
def test_a_strange_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        Reader(cursor=cursor).page()
    assert refused.value.code == "cursor_invalid"


def test_a_new_feed_makes_every_station_begin_anew_and_no_version_falls() -> None:
    show("a", "b")
    reader = Reader()
    reader.read()
    before = reader.epoch, reader.held["b"].version
    begin_feed()
    FeedCard.objects.all().delete()
    show("b")
    pages = reader.read()
    assert pages[0].is_snapshot
    assert reader.alive() == {"b"}
    assert reader.epoch == before[0], "the node is the same"
    assert reader.held["b"].version > before[1]


def test_a_poll_in_which_nothing_changed_only_reads() -> None:
    show("a")
    reader = Reader()
    reader.read()
    only_read(is_on=True)
    try:
        page = reader.page()
    finally:
        only_read(is_on=False)
    assert (page.cards, page.has_more) == ((), False)


def only_read(*, is_on: bool) -> None:
    """Let the database refuse every writing."""
    if is_postgresql() and is_on:
        carry_out("SAVEPOINT reading")
        carry_out("SET LOCAL transaction_read_only = on")
    elif is_postgresql():
        carry_out("ROLLBACK TO SAVEPOINT reading")
    else:
        carry_out(f"PRAGMA query_only = {'ON' if is_on else 'OFF'}")


def test_changes_elsewhere_move_an_idle_station_on() -> None:
    show("a")
    reader = Reader()
    reader.read()
    show("c", scope=ELSEWHERE)
    assert ids_of(reader.read()) == []
    assert reader.cursor == write_cursor(feed_head().feed_epoch, feed_head().position)
