"""A fault of ours is logged by its kind and place, and never by what it held."""

import logging

import pytest
from django.test import Client, RequestFactory

from chotxanh.domain.problems import Problem
from chotxanh.site.middleware import Guard

SECRET_PATH = "/p/Zm9yIGhlciBleWVzIG9ubHk"


@pytest.fixture
def guard() -> Guard:
    """The guard around nothing."""
    return Guard(lambda request: pytest.fail("nothing is asked for"))


def test_a_fault_is_logged_without_its_message_and_its_path(
    guard: Guard, rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise LookupError("Nguyễn Văn An, 0912345678")
    except LookupError as fault:
        with caplog.at_level(logging.ERROR, logger="chotxanh.faults"):
            assert guard.process_exception(rf.get(SECRET_PATH), fault) is None
    assert "LookupError" in caplog.text
    assert "test_faults.py" in caplog.text
    assert SECRET_PATH not in caplog.text
    assert "Nguyễn" not in caplog.text


def test_a_problem_is_no_fault(guard: Guard, rf: RequestFactory, caplog: pytest.LogCaptureFixture) -> None:
    answer = guard.process_exception(rf.get("/feed"), Problem("cursor_invalid"))
    assert answer is not None
    assert answer.status_code == 400
    assert not caplog.records


def test_a_machine_reads_a_problem_in_its_language(client: Client) -> None:
    answer = client.get("/feed", headers={"accept": "application/json", "accept-language": "en"})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "session_over"


def test_an_unknown_secret_link_is_written_nowhere(
    client: Client, db: None, capfd: pytest.CaptureFixture[str]
) -> None:
    assert client.get(SECRET_PATH).status_code == 404
    assert SECRET_PATH not in "".join(capfd.readouterr())
