"""One deed of this server recorded over two connections at once: it is recorded once, and both are answered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from chotxanh.ledger.models import Entry
from chotxanh.ledger.recording import EntryAnswer
from chotxanh.ledger.server_log import record_signed, signed
from chotxanh.ledger.tests.test_registers_at_once import FORGET, WAITING
from chotxanh.people.example import EXAMPLE, EXAMPLE_PERSONAL
from chotxanh.storage.statements import ask
from tests.cast import EVENING
from tests.device import deed_of
from tests.stage import keys_of_the_tests, own_keys, set_the_stage

__all__ = ["keys_of_the_tests", "own_keys"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_keys"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


def test_who_stored_it_a_moment_later_begins_anew_and_finds_it() -> None:
    set_the_stage()
    entry = signed(deed_of("person.registered", EXAMPLE, EXAMPLE_PERSONAL), EVENING)

    def tap() -> list[EntryAnswer]:
        try:
            return record_signed([entry], EVENING)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            first = record_signed([entry], EVENING)
            second = thread.submit(tap)
            while ask(FORGET) and ask(WAITING) == [(0,)] and not second.done():
                pass
        answers = [*first, *second.result()]
    assert [each.answer for each in answers] == ["applied", "duplicate"]
    assert Entry.objects.filter(kind="person.registered").count() == 1
