"""A database that is older than what was already told is noticed: at the start, or by the stations that were told."""

from pathlib import Path

import pytest
from pytest_django import Settings

from chotxanh.ledger.feed.cursors import write_cursor
from chotxanh.ledger.feed.head import begin_node, feed_head
from chotxanh.ledger.feed.numbering import number_changes
from chotxanh.ledger.feed.tests.things import Reader, show
from chotxanh.ledger.feed.witness import FILE, begin_new_life, notice_restore, read_witness
from chotxanh.ledger.models import FeedHead
from tests.cast import EVENING

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_witness(settings: Settings, tmp_path: Path) -> Path:
    """A witness of this test alone."""
    settings.KEYS_DIRECTORY = tmp_path
    return tmp_path / FILE


def test_a_database_as_new_as_the_witness_goes_on_with_its_life() -> None:
    show("a")
    number_changes(EVENING)
    assert notice_restore() is False
    before = feed_head()
    assert notice_restore() is False
    assert feed_head() == before


def test_f7_a_database_older_than_the_witness_begins_a_new_life() -> None:
    show("a", "b")
    number_changes(EVENING)
    notice_restore()
    before = feed_head()
    FeedHead.objects.update(position=1)  # what a backup taken earlier would say
    assert notice_restore() is True
    assert feed_head().node_epoch != before.node_epoch
    assert notice_restore() is False, "it is noticed once"


def test_f7_a_backup_of_an_earlier_life_begins_a_new_one() -> None:
    show("a")
    number_changes(EVENING)
    backup = FeedHead.objects.get()
    notice_restore()
    begin_node(backup.node_epoch)
    notice_restore()
    backup.save()
    assert notice_restore() is True


def test_of_several_who_find_a_life_too_old_one_begins_the_next() -> None:
    old = feed_head().node_epoch
    begin_new_life(old)
    begun = feed_head().node_epoch
    begin_new_life(old)
    assert old != begun == feed_head().node_epoch


def test_a_witness_that_is_lost_or_torn_is_written_anew(own_witness: Path) -> None:
    own_witness.write_bytes(b"{")
    assert notice_restore() is False
    assert read_witness() is not None


def test_f7_a_station_that_was_told_a_later_position_shows_that_the_database_is_older() -> None:
    show("a")
    reader = Reader()
    reader.read()
    reader.cursor = write_cursor(feed_head().feed_epoch, feed_head().position + 7)
    before = reader.epoch
    assert reader.read()[0].is_snapshot
    assert reader.epoch != before
    assert reader.alive() == {"a"}


def test_nobody_can_make_up_a_later_position() -> None:
    show("a")
    reader = Reader()
    reader.read()
    epoch, position, seal = reader.cursor.split(".")
    reader.cursor = f"{epoch}.{int(position) + 7}.{seal}"
    before = reader.epoch
    assert reader.read()[0].is_snapshot
    assert reader.epoch == before
