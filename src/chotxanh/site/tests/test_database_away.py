"""The database goes away under a request: who only looks is answered all the same, who sends is told to send again."""

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from chotxanh.declarations.models import Declaration
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.site.middleware import Guard
from chotxanh.storage.statements import ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def postgresql() -> None:
    """Only PostgreSQL can go away."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lives in the process itself")


class Cut:
    """Answers by the database, whose connection is cut under the first `times` requests."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, 0
        self.guard = Guard(self.answer)

    def asked_by(self, request: HttpRequest) -> HttpResponse:
        """Answer from outside, as the guard does."""
        answer = self.guard(request)
        assert isinstance(answer, HttpResponse)
        return answer

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer, with what Django does about a fault."""
        self.asked += 1
        try:
            if self.asked <= self.times:
                cut()
            return HttpResponse(str(ask("SELECT 7")))
        except Exception as fault:
            told = self.guard.process_exception(request, fault)
            assert told is not None
            return told


def cut() -> None:
    """Lose the connection in the middle of things."""
    ask("SELECT pg_terminate_backend(pg_backend_pid())")


def test_f5_a_page_is_asked_for_once_more(rf: RequestFactory) -> None:
    answer = Cut(1).asked_by(rf.get("/"))
    assert (answer.status_code, answer.content) == (200, b"[(7,)]")


def test_a_page_is_asked_for_no_third_time(rf: RequestFactory) -> None:
    site = Cut(9)
    answer = site.asked_by(rf.get("/"))
    assert (answer.status_code, answer["Retry-After"], site.asked) == (503, "2", 2)


def test_what_was_sent_is_not_done_again_unasked(rf: RequestFactory) -> None:
    site = Cut(1)
    answer = site.asked_by(rf.post("/api/v1/entries"))
    assert (answer.status_code, answer["Retry-After"], site.asked) == (503, "2", 1)
    assert b"database_away" in answer.content


def test_a_transaction_that_lost_its_connection_before_the_end_is_begun_anew() -> None:
    attempts = []

    def work() -> int:
        attempts.append(Declaration.objects.count())
        if len(attempts) == 1:
            cut()
        return len(attempts)

    assert in_one_transaction(work) == 2


def test_a_part_of_a_larger_transaction_is_not_begun_anew_alone() -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        in_one_transaction(cut)
