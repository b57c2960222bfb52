"""What was read is asked again only if it may have changed: by a write to its table, behind a lock, or unseen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from chotxanh.storage.line import Line
from chotxanh.storage.lookups import foresee, lookup
from chotxanh.storage.memory import MOST_KEPT
from chotxanh.storage.prepared import sending_together
from chotxanh.storage.questions import Question, answers, foresee_answers
from chotxanh.storage.rows import Table, add_missing
from chotxanh.storage.statements import say

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no line to save trips on"),
]


class _Type(NamedTuple):
    app_label: str
    model: str


class _Job(NamedTuple):
    name: str


TYPES = Table(ContentType, _Type)
OWN = Question("SELECT model FROM django_content_type WHERE app_label AMONG", _Job)
LABELS = ["memory"]


def known() -> int:
    """How many rows of these labels a look-up and a question find: always the same."""
    found = lookup(TYPES, "app_label", LABELS)
    assert len(answers(OWN, LABELS)) == len(found)
    return len(found)


def add(model: str) -> None:
    """Write to the table that is looked up, as features do."""
    add_missing(TYPES, [_Type("memory", model)])


@contextmanager
def counted() -> Iterator[dict[str, int]]:
    """Count what is noted for the line, and how often something is sent."""
    counts = {"noted": 0, "trips": 0}
    add_to_line, send = Line.add, Line._sent_together

    def noting(line: Line, *args: object, **options: object) -> object:
        counts["noted"] += 1
        return add_to_line(line, *args, **options)  # type: ignore[arg-type]

    def sending(line: Line, unsent: object) -> object:
        counts["trips"] += 1
        return send(line, unsent)  # type: ignore[arg-type]

    with patch.object(Line, "add", noting), patch.object(Line, "_sent_together", sending):
        yield counts


def test_what_is_known_is_not_asked_again() -> None:
    with transaction.atomic(), sending_together(), counted() as counts:
        assert known() == known() == 0
    assert counts["noted"] == 2


def test_what_was_written_since_is_found() -> None:
    with transaction.atomic(), sending_together():
        assert known() == 0
        add("one")
        assert known() == 1
        ContentType.objects.create(app_label="memory", model="two")
        assert known() == 2
        say("INSERT INTO django_content_type (app_label, model) VALUES ('memory', %s)", ["three"])
        assert known() == 3


def test_what_another_wrote_is_found_behind_a_lock() -> None:
    with transaction.atomic(), sending_together(), counted() as counts:
        known()
        say("SELECT pg_advisory_xact_lock(725)")
        known()
    assert counts["noted"] == 5


def test_what_locks_rows_is_asked_each_time() -> None:
    with transaction.atomic(), sending_together(), counted() as counts:
        for _ in range(2):
            lookup(TYPES, "app_label", LABELS, tail="ORDER BY model FOR UPDATE")
            known()
    assert counts["noted"] == 6


def test_what_was_taken_back_is_not_remembered() -> None:
    with transaction.atomic(), sending_together():
        with pytest.raises(ValueError, match="back"), transaction.atomic(), sending_together():
            add("one")
            assert known() == 1
            raise ValueError("back")
        assert known() == 0


def test_a_block_remembers_nothing_of_another() -> None:
    for expected in range(2):
        with transaction.atomic(), sending_together(commits=True):
            assert known() == expected
            add(str(expected))


def test_what_is_foreseen_goes_with_what_is_waited_for() -> None:
    with transaction.atomic(), sending_together(), counted() as counts:
        foresee(TYPES, "app_label", LABELS)
        foresee_answers(OWN, LABELS)
        assert known() == 0
    assert counts == {"noted": 2, "trips": 1}


def test_alone_nothing_is_foreseen() -> None:
    with counted() as counts:
        foresee(TYPES, "app_label", LABELS)
        foresee_answers(OWN, LABELS)
    assert counts["noted"] == 0


def test_of_what_is_read_over_a_whole_province_little_is_remembered() -> None:
    with transaction.atomic(), sending_together(), counted() as counts:
        for number in range(2 * MOST_KEPT):
            lookup(TYPES, "app_label", [str(number)])
        lookup(TYPES, "app_label", [str(2 * MOST_KEPT - 1)])
        lookup(TYPES, "app_label", ["0"])
    assert counts["noted"] == 2 * MOST_KEPT + 1
