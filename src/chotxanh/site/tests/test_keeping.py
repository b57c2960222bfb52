"""The calendar erases what is over and archives what is old, each by the setting in force."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chotxanh.ledger import erasing
from chotxanh.ledger.archiving import LOCK
from chotxanh.ledger.clock_put_right import ServerClockPutRight
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.worker.registry import dailies
from chotxanh.people.models import Registration
from chotxanh.people.queries import details_of
from chotxanh.registers.retention.entries import Category, RetentionSet, days_kept
from chotxanh.results.erasing import erase_registrations
from chotxanh.site import keeping
from chotxanh.site.nightly import KEEP, MOVE, archive_what_is_old, erase_what_is_over
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from chotxanh.site.shipped import KEPT_DAYS, missing_retention
from chotxanh.storage.files import hold
from tests.cast import DRIVER, EVENING, TRAVELLERS
from tests.stage import Stage

LIST = "/office/registers/retention"


def keep(stage: Stage, category: Category, days: int, since: datetime) -> None:
    """Set how long a category is kept."""
    record_deeds([Deed(RetentionSet(category, days, since), actor=stage.staff.lead.id)], EVENING)


def journeys_kept() -> int:
    return Entry.objects.filter(kind="declaration.submitted", personal__isnull=False).count()


def test_what_is_over_is_erased_by_the_setting_of_its_day(declared: Stage) -> None:
    keep(declared, Category.JOURNEYS, 30, EVENING)
    night = EVENING + timedelta(days=20)
    erase_what_is_over(night.date(), night)
    assert journeys_kept() > 0, "still within thirty days"
    keep(declared, Category.JOURNEYS, 10, night)
    erase_what_is_over(night.date(), night)
    erase_what_is_over(night.date(), night)
    assert journeys_kept() == 0
    assert Entry.objects.filter(kind="category.erased").count() == 1
    assert Entry.objects.filter(kind="person.registered", personal__isnull=False).exists()


def test_people_are_erased_a_slice_at_a_time_and_what_was_set_aside_is_read_once_for_each(
    declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each person was a transaction of their own, alone in the ledger, that read all that was set aside."""
    monkeypatch.setattr(keeping, "SLICE", 3)
    declared.must_apply(declared.station.register(DRIVER))
    assert declared.record(DRIVER.phone.encode()) == [("rejected", "entry_unreadable")]
    keep(declared, Category.PEOPLE, 30, EVENING)
    night, reads = EVENING + timedelta(days=60), list[str]()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and 'FROM "ledger_setaside"' in sql:
            reads.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        erase_what_is_over(night.date(), night)
    people = Registration.objects.count()
    assert Entry.objects.filter(kind="person.registered", personal__isnull=False).count() == 0
    assert people == len(TRAVELLERS) + 1
    assert len(reads) in (people / 3, people / 3 + 1), (
        "once a slice, and once more for who was registered twice"
    )


@pytest.mark.parametrize("does", ["declares", "is sampled"])
def test_who_comes_back_after_the_list_was_made_is_not_erased(
    declared: Stage, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    """Who was idle was asked before the ledger was locked, and never again."""
    erase, station = erase_registrations, declared.station
    declared.now = night = EVENING + timedelta(days=200)
    driver = Registration.objects.get(person_code=DRIVER.code)

    def meanwhile(*told: Any) -> int:
        station.minute = 200 * 24 * 60
        if does == "declares":
            declared.must_apply(station.declare(DRIVER))
        else:
            declared.must_apply(station.collect("BR1", [DRIVER]))
            station.minute += 20
            declared.must_apply(station.result("BR1", "negative"))
        return erase(*told)

    monkeypatch.setattr(keeping, "erase_registrations", meanwhile)
    count = keeping.erase_before("people", night - timedelta(days=180), "period_over", night)
    assert count == len(TRAVELLERS) - 1
    assert details_of(driver.id) is not None


def test_a_long_row_of_what_is_over_is_erased_in_steps(
    declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it was blanked by one order, while nobody could record."""
    monkeypatch.setattr(erasing, "MOST_AT_ONCE", 2)
    for minute in range(6):
        declared.station.minute += minute
        declared.must_apply(declared.station.declare(DRIVER))
    kept, blanked = journeys_kept(), list[int]()
    monkeypatch.setattr(keeping, "record_deeds", lambda *told: blanked.append(_left_after(*told)))
    night = EVENING + timedelta(days=31)
    assert keeping.erase_before("journeys", night - timedelta(days=30), "period_over", night) == kept
    assert blanked[-1] == 0
    assert len(blanked) > 3
    tables = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == tables


def _left_on(day: float) -> int:
    """Erase what is over so many days later; return of how many journeys something is left."""
    night = EVENING + timedelta(days=day)
    keeping.erase_before("journeys", night - timedelta(days=60), "period_over", night)
    return journeys_kept()


def _left_after(deeds: list[Deed], now: datetime) -> int:
    record_deeds(deeds, now)
    return journeys_kept()


@pytest.mark.parametrize("is_in_steps", [False, True])
def test_what_came_after_an_order_of_a_clock_far_ahead_is_erased_in_its_time(
    declared: Stage, monkeypatch: pytest.MonkeyPatch, *, is_in_steps: bool
) -> None:
    """Later orders looked at nothing below the moment to which that clock had ordered, for as long as it was ahead."""
    if is_in_steps:  # one of which ends in the days that are not erased as they come
        monkeypatch.setattr(erasing, "MOST_AT_ONCE", len(TRAVELLERS) - 1)
    ahead = EVENING + timedelta(days=400)
    late = declared.station.declare(DRIVER)
    declared.station.minute += 60
    declared.must_apply(declared.station.declare(DRIVER))
    assert keeping.erase_before("journeys", ahead - timedelta(days=60), "period_over", ahead) > 0
    said = ServerClockPutRight(EVENING + timedelta(minutes=1), ahead, "pin hết")
    record_deeds([Deed(said)], EVENING + timedelta(days=1))
    declared.station.minute += 24 * 60
    declared.now = EVENING + timedelta(days=1)
    declared.must_apply(late, declared.station.declare(DRIVER))
    assert journeys_kept() == 2
    assert [_left_on(day) for day in (60.3, 61)] == [1, 0]
    declared.station.minute += 330 * 24 * 60
    declared.now = EVENING + timedelta(days=332)
    declared.must_apply(declared.station.declare(DRIVER))
    assert [_left_on(day) for day in (345, 401)] == [1, 0]
    tables = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == tables


def test_what_was_held_is_erased_with_the_next_order_however_old_it_is(declared: Stage) -> None:
    night = EVENING + timedelta(days=31)
    over = night - timedelta(days=30)
    keeping.erase_before("journeys", over, "period_over", night)
    declared.station.actor = declared.staff.officer_elsewhere.id
    declared.now = night
    assert declared.record(declared.station.declare(DRIVER))[0][0] == "held"
    assert journeys_kept() == 1
    assert keeping.erase_before("journeys", over + timedelta(days=1), "period_over", night) == 1
    assert journeys_kept() == 0


def test_a_setting_holds_from_its_day_on_whatever_came_first(declared: Stage) -> None:
    keep(declared, Category.JOURNEYS, 10, EVENING + timedelta(days=5))
    keep(declared, Category.JOURNEYS, 30, EVENING)
    assert days_kept(EVENING)[Category.JOURNEYS] == 30
    assert days_kept(EVENING + timedelta(days=6))[Category.JOURNEYS] == 10


def test_old_facts_are_archived_by_the_calendar(declared: Stage, tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path
    night = EVENING + timedelta(days=89)
    archive_what_is_old(night.date(), night)
    assert not list(tmp_path.iterdir()), "nothing is old enough"
    night += timedelta(days=3)
    archive_what_is_old(night.date(), night)
    (folder,) = (place for place in tmp_path.iterdir() if place.is_dir())
    assert (folder.name, folder.stat().st_mode & 0o077) == ("archive", 0)
    assert not Entry.objects.filter(kind="declaration.submitted").exclude(body="").exists()
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}


def test_no_facts_younger_than_90_days_are_archived_whatever_was_set(
    declared: Stage, lead: Client, tmp_path: Path, settings: Settings
) -> None:
    """The office could set 7 days, which the command refused."""
    settings.HOME = tmp_path
    keep(declared, Category.FACTS, 7, EVENING)
    night = EVENING + timedelta(days=89)
    archive_what_is_old(night.date(), night)
    assert not Entry.objects.filter(kind="declaration.submitted", body="").exists()
    for days, status in (("89", 422), ("90", 303)):
        answer = lead.post(LIST, {"kept_category": "facts", "days": days, "since": ""})
        assert answer.status_code == status
    assert (
        "Nhập số từ 90 đến"
        in lead.post(LIST, {"kept_category": "facts", "days": "7", "since": ""}).content.decode()
    )


def test_what_another_database_archived_on_the_same_day_stays_beside_it(
    declared: Stage, tmp_path: Path, settings: Settings
) -> None:
    settings.HOME = tmp_path
    night = EVENING + timedelta(days=92)
    (tmp_path / "archive").mkdir()
    others = tmp_path / "archive" / f"{night.date().isoformat()}.jsonl.gz"
    others.write_bytes(b"another's")
    others.with_name(f"{others.name}.sig").write_text("AAAA")
    archive_what_is_old(night.date(), night)
    assert not Entry.objects.filter(kind="declaration.submitted").exclude(body="").exists()
    assert others.read_bytes() == b"another's"


def test_while_another_worker_archives_the_night_asks_again(
    declared: Stage, tmp_path: Path, settings: Settings
) -> None:
    settings.HOME = tmp_path
    night = EVENING + timedelta(days=92)
    with hold(tmp_path / LOCK):
        outcome = archive_what_is_old(night.date(), night)
    assert outcome.again_at is not None
    assert not Entry.objects.filter(kind="declaration.submitted", body="").exists()
    assert archive_what_is_old(night.date(), night).again_at is None


def test_both_are_jobs_of_every_day() -> None:
    assert {KEEP, MOVE} <= {job.name for job in dailies()}


def test_a_province_begins_with_times_of_keeping(stage: Stage) -> None:
    record_deeds(missing_retention(EVENING), EVENING)
    assert days_kept(EVENING) == KEPT_DAYS
    assert missing_retention(EVENING) == []


@pytest.mark.parametrize(("days", "is_taken"), [("6", False), ("45", True)])
def test_a_lead_sets_how_long_a_category_is_kept(
    lead: Client, declared: Stage, days: str, *, is_taken: bool
) -> None:
    answer = lead.post(LIST, {"kept_category": "journeys", "days": days, "since": ""})
    assert (answer.status_code == 303) is is_taken
    assert days_kept(timezone.now()) == ({Category.JOURNEYS: 45} if is_taken else {})
    assert ("45 ngày" in lead.get(LIST).content.decode()) is is_taken
