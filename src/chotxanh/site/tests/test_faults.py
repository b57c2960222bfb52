"""A fault of ours is logged by its kind and place, and never by what it held."""

import logging
import os
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
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
    answer = guard.process_exception(rf.get("/api/v1/feed"), Problem("cursor_invalid"))
    assert answer is not None
    assert answer.status_code == 400
    assert not caplog.records


def test_a_machine_reads_a_problem_in_its_language(client: Client) -> None:
    answer = client.get("/api/v1/feed", headers={"accept": "application/json", "accept-language": "en"})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "session_over"


def test_what_django_says_of_a_path_is_written_nowhere(tmp_path: Path) -> None:
    # In a process of its own: pytest hangs handlers on every logger, and Python's last resort is then not reached.
    words = (
        "import django, logging; django.setup();"
        f"logging.getLogger('django.request').warning('Not Found: %s', '{SECRET_PATH}')"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "chotxanh.settings",
        "PYTHONPATH": str(settings.PROJECT_ROOT / "src"),
        "CHOTXANH_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", words], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_secret_link_that_is_refused_stands_in_no_log(
    db: None, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(SECRET_PATH)
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    told = {record.name for record in caplog.records if SECRET_PATH in record.getMessage()}
    assert told <= {"django.request"}  # whose records go nowhere
