"""Looking never waits for recording: while the ledger is being written, a look is answered and logged."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from chotxanh.beside.heard import heard, note_heard
from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.problems import Problem
from chotxanh.ledger.models import Entry
from chotxanh.registers.devices.models import Session
from chotxanh.registers.staff.passwords import Asker, check_password
from tests.cast import DRIVER, EVENING, QL51
from tests.stage import Stage, set_the_stage

WITHIN_SECONDS = 60
TOKEN = "the-token-of-this-session"


@pytest.fixture
def stage_while_writing(transactional_db: None, own_keys: object) -> Iterator[Stage]:
    """A stage on which somebody has begun to write to the main database and does not come to an end."""
    stage = set_the_stage()
    stage.must_apply(stage.station.register(DRIVER), stage.station.declare(DRIVER))
    Session.objects.create(
        digest=hashlib.sha256(TOKEN.encode()).digest(),
        device_id=stage.station.id,
        member=stage.staff.officer,
        expires_at=timezone.now() + timedelta(hours=1),
    )
    is_writing, is_over = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            Entry.objects.update(version=1)
            is_writing.set()
            is_over.wait(WITHIN_SECONDS)
        connections.close_all()

    writer = Thread(target=write)
    writer.start()
    assert is_writing.wait(WITHIN_SECONDS)
    yield stage
    was_writing = writer.is_alive()
    is_over.set()
    writer.join()
    assert was_writing, "the writing ended too early to prove anything"


def test_a_card_is_answered_and_the_look_is_logged(stage_while_writing: Stage, client: Client) -> None:
    address = f"/api/v1/cards/person/{DRIVER.code}"
    assert client.get(address, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert PersonalAccess.objects.get().subject == DRIVER.code


def test_a_wrong_password_is_told_and_counted(stage_while_writing: Stage) -> None:
    with pytest.raises(Problem, match="sign_in_wrong"):
        check_password("truong-ca", "sai", Asker("device 1", is_known=True), EVENING)


def test_a_device_is_heard(stage_while_writing: Stage) -> None:
    note_heard(stage_while_writing.station.id, QL51, 3, EVENING)
    assert [each.waiting for each in heard()] == [3]
