"""What was erased after a backup is erased again once that backup was put back."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from chotxanh.domain.kinds import Role
from chotxanh.ledger.entries import CategoryErased, PersonalErased
from chotxanh.ledger.models import Entry, ErasedCategory
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.worker.loop import Worker
from chotxanh.people.models import Registration
from chotxanh.people.queries import details_of
from chotxanh.registers.staff.entries import GrantGiven
from chotxanh.site import kept_orders
from chotxanh.site.kept_orders import FILE, carry_out_missing
from chotxanh.site.tests.test_dump import found_in
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, TRAVELLERS, Person
from tests.stage import Stage


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Path:
    """A home of this test alone."""
    settings.HOME = tmp_path
    return tmp_path


def erase(stage: Stage, *people: Person) -> None:
    """Order these erased, and let the worker do what follows."""
    for person in people:
        registration = Registration.objects.get(person_code=person.code).id
        record_deeds([Deed(PersonalErased(registration, "request"), actor=stage.staff.lead.id)], EVENING)
        Worker(lambda: EVENING).work_until_idle()


def erase_and_put_an_older_database_back(stage: Stage, registration: Registration) -> None:
    """Erase somebody, let the worker do what follows, and lose all that the database knows of it."""
    with transaction.atomic():
        erase(stage, *(each for each in TRAVELLERS if each.code == registration.person_code))
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


def test_an_order_is_carried_out_again_whoever_had_given_it(declared: Stage, home: Path) -> None:
    """It was held where the grant of who gave it had come after the backup: the person could be read again."""
    driver = Registration.objects.get(person_code=DRIVER.code)
    officer = declared.staff.officer
    with transaction.atomic():  # all of this comes after the backup
        grant = GrantGiven(officer.id, Role.DATA_PROTECTION, MORNING, [])
        record_deeds([Deed(grant, actor=declared.staff.lead.id)], EVENING)
        category = CategoryErased("journeys", EVENING, "period_over")
        record_deeds(
            [Deed(order, actor=officer.id) for order in (PersonalErased(driver.id, "request"), category)],
            EVENING,
        )
        Worker(lambda: EVENING).work_until_idle()
        transaction.set_rollback(True)
    assert (carry_out_missing(EVENING), carry_out_missing(EVENING)) == (2, 0)
    assert details_of(driver.id) is None
    assert ErasedCategory.objects.filter(category="journeys", before=EVENING).exists()
    nodes = Entry.objects.filter(kind__in=["personal.erased", "category.erased"], answer="applied")
    assert sorted(nodes.values_list("kind", flat=True)) == ["category.erased", "personal.erased"], "once"


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


def test_a_line_that_a_crash_cut_off_takes_no_order_behind_it_along(declared: Stage, home: Path) -> None:
    """The next order was written on the same line, and both were no order any more."""
    (home / FILE).write_bytes(b'{"body":"{\\"id')
    driver = Registration.objects.get(person_code=DRIVER.code)
    erase_and_put_an_older_database_back(declared, driver)
    assert carry_out_missing(EVENING) == 1
    assert details_of(driver.id) is None


def test_an_order_is_kept_without_reading_those_before_it(
    declared: Stage, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of a province's orders was read from end to end for each of them."""
    erase(declared, *TRAVELLERS[:4])
    monkeypatch.setattr(kept_orders, "body_decoder", None)
    erase(declared, TRAVELLERS[4])
    monkeypatch.undo()
    assert len((home / FILE).read_bytes().split()) == len(TRAVELLERS)


def test_orders_are_looked_for_a_part_at_a_time(
    declared: Stage, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_orders, "PART", 2, raising=False)
    erase(declared, *TRAVELLERS)
    asked: list[int] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(len(params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        assert carry_out_missing(EVENING) == 0
    assert asked == [2, 2, 1]
