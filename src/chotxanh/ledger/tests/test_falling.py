"""What was written later cannot have happened earlier: a time that falls while numbers grow is in doubt (B2)."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chotxanh.certificates.models import Certificate
from chotxanh.domain.marks import Mark
from chotxanh.ledger.models import Entry
from tests.cast import DRIVER, EVENING, RIDER
from tests.device import MINUTE, id_of
from tests.halves import orders
from tests.stage import Stage


def at(stage: Stage, minute: float, tube: str) -> bytes:
    """Return a sampling dated at this minute, written after everything before it."""
    stage.station.minute = minute
    return stage.station.collect(tube, [DRIVER if tube == "BR1" else RIDER])


def kept(entry: bytes) -> Entry:
    """Return an entry as it is stored."""
    return Entry.objects.get(id=id_of(entry))


@pytest.mark.parametrize(("minute", "is_doubtful"), [(55, False), (54, True), (1, True)])
def test_b2_a_time_that_falls_while_numbers_grow_is_in_doubt(
    declared: Stage, minute: float, *, is_doubtful: bool
) -> None:
    before, after = at(declared, 60, "BR1"), at(declared, minute, "BR2")
    declared.must_apply(before)
    declared.must_apply(after)
    assert (Mark(kept(after).marks) is Mark.TIME_DOUBTFUL) is is_doubtful
    assert kept(before).earliest_at is None
    began = declared.station.began
    assert kept(after).earliest_at == (began + 60 * MINUTE if is_doubtful else None)


def test_b2_it_is_doubted_in_any_order_of_arrival(declared: Stage) -> None:
    entries = [
        at(declared, 60, "BR1"),
        at(declared, 20, "BR2"),
        at(declared, 61, "BR3"),
        at(declared, 30, "BR4"),
    ]
    found = set()
    for order in orders(entries):
        with transaction.atomic():
            for entry in order:
                declared.must_apply(entry)
            stored = [kept(entry) for entry in entries]
            found.add(tuple((each.marks, each.earliest_at) for each in stored))
            transaction.set_rollback(True)
    with transaction.atomic():
        declared.must_apply(*entries)
        found.add(tuple((kept(each).marks, kept(each).earliest_at) for each in entries))
        transaction.set_rollback(True)
    began = declared.station.began
    doubts = [(0, None), (1, began + 60 * MINUTE), (0, None), (1, began + 61 * MINUTE)]
    assert found == {tuple(doubts)}


def test_b2_no_paper_begins_before_what_was_written_earlier(declared: Stage) -> None:
    """Whoever dates a sampling back past a suspension, or a grant's end, gains nothing: its bounds are later."""
    first = at(declared, 60, "BR2")
    back = at(declared, 10, "BR1")
    declared.station.minute = 70
    declared.must_apply(first, back, declared.station.result("BR1", "negative"))
    assert Certificate.objects.get().sampled_at == declared.station.began + 60 * MINUTE
    assert kept(back).received_at == EVENING


def test_a_gap_of_many_is_filled_in_as_many_questions_as_of_one(declared: Stage) -> None:
    late = [at(declared, 10 + minute, f"BR{minute}") for minute in range(20)]
    last = at(declared, 60, "BR99")
    declared.must_apply(last)
    questions = []
    for entries in (late[:1], late[1:]):
        with CaptureQueriesContext(connection) as asked:
            declared.must_apply(*entries)
        about = [each["sql"] for each in asked if "unsettled_boot" in each["sql"] and "SELECT" in each["sql"]]
        questions.append(len([sql for sql in about if "unread" in sql and "effective_at" in sql]))
    assert 0 < questions[1] <= questions[0]
    assert kept(last).earliest_at is None


def test_what_cannot_be_read_says_nothing_of_when_others_were_written(declared: Stage) -> None:
    station = declared.station
    station.minute = 300
    unread = station.entry("weather.seen", {"rain": True})
    after = at(declared, 60, "BR1")
    for order in orders([unread, after]):
        with transaction.atomic():
            for entry in order:
                declared.record(entry)
            assert kept(after).earliest_at is None
            transaction.set_rollback(True)
