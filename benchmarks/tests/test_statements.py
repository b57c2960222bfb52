"""The statements of a batch are bounded by the kinds of what it touches, never by how many entries it has."""

from uuid import UUID

import pytest

from benchmarks.operating import Desk
from benchmarks.statements import KINDS, counted_statements, counts_of
from chotxanh.ledger.models import Log
from chotxanh.registers.posts.models import Post


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_of_a_hundred_takes_no_more_statements_than_one_of_ten(desk: Desk, kind: str) -> None:
    _, of_ten, of_a_hundred = counts_of(desk, KINDS[kind], (1, 10, 100))  # a process asks once for a test
    assert 0 < of_a_hundred == of_ten


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_batch_takes_few_more_statements_than_one_of_fifty(desk: Desk, kind: str) -> None:
    of_fifty, of_five_hundred = counts_of(desk, KINDS[kind], (50, 500))
    assert of_five_hundred <= of_fifty * 1.5  # SQLite binds at most 900 keys a look-up


def test_every_statement_is_counted_once(db: None) -> None:
    with counted_statements() as counter:
        list(Post.objects.all())
        Post.objects.count()
    assert counter.sent == 2


def test_f4_a_gap_that_is_never_filled_costs_later_batches_nothing(desk: Desk) -> None:
    write = KINDS["declarations"]
    counts_of(desk, write, (10,))  # the first batch of a log has more to make
    before = counts_of(desk, write, (10,))
    desk.station.seq += 1
    counts_of(desk, write, (10,))
    assert Log.objects.get(missing=1).id == UUID(desk.station.log)
    assert counts_of(desk, write, (10, 10)) == before * 2
