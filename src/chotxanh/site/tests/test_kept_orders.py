"""What was erased after a backup is erased again once that backup was put back."""

from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.worker.loop import Worker
from chotxanh.people.models import Registration
from chotxanh.people.queries import details_of
from chotxanh.site.kept_orders import FILE, carry_out_missing
from chotxanh.site.tests.test_dump import found_in
from tests.cast import ASSISTANT, DRIVER, EVENING
from tests.stage import Stage


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Path:
    """A home of this test alone."""
    settings.HOME = tmp_path
    return tmp_path


def erase_and_put_an_older_database_back(stage: Stage, registration: Registration) -> None:
    """Erase somebody, let the worker do what follows, and lose all that the database knows of it."""
    with transaction.atomic():
        record_deeds([Deed(PersonalErased(registration.id, "request"), actor=stage.staff.lead.id)], EVENING)
        Worker(lambda: EVENING).work_until_idle()
        assert details_of(registration.id) is None
        transaction.set_rollback(True)


def test_what_was_erased_after_a_backup_is_erased_again_when_it_is_put_back(
    declared: Stage, home: Path
) -> None:
    driver = Registration.objects.get(person_code=DRIVER.code)
    erase_and_put_an_older_database_back(declared, driver)
    assert details_of(driver.id) is not None
    assert (carry_out_missing(EVENING), carry_out_missing(EVENING)) == (1, 0)
    assert details_of(driver.id) is None
    assert details_of(Registration.objects.get(person_code=ASSISTANT.code).id) is not None
    assert Entry.objects.filter(kind="personal.erased", answer="applied").count() == 1


def test_the_kept_orders_name_nobody_and_survive_a_crash_in_the_middle_of_a_line(
    declared: Stage, home: Path
) -> None:
    driver = Registration.objects.get(person_code=DRIVER.code)
    erase_and_put_an_older_database_back(declared, driver)
    file = home / FILE
    assert found_in(file.read_bytes()) == set()
    assert file.stat().st_mode & 0o077 == 0
    with file.open("ab") as stream:
        stream.write(file.read_bytes()[:40])
    assert carry_out_missing(EVENING) == 1
