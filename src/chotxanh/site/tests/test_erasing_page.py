"""Personal data is erased at the office, one registration at a time, or by a command, a category at a time."""

from datetime import timedelta
from http import HTTPStatus
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from chotxanh.beside.access_log import note_access
from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.names import mask_name
from chotxanh.language.formats import show_time
from chotxanh.ledger.models import Entry, SetAside
from chotxanh.people.models import Registration
from chotxanh.people.queries import details_of
from tests.cast import ASSISTANT, DRIVER
from tests.stage import Stage

SEALED = ("person.registered", "declaration.submitted")


def registration_of(code: str) -> Registration:
    return Registration.objects.get(person_code=code)


def sealed() -> dict[str, int]:
    """Return how many entries of each kind still have their sealed part."""
    kept = Entry.objects.exclude(personal=None)
    return {kind: kept.filter(kind=kind).count() for kind in SEALED}


def test_d5_a_lead_erases_a_person_for_a_reason_and_masked(lead: Client, declared: Stage) -> None:
    driver = registration_of(DRIVER.code)
    address = f"/office/people/{driver.id}/erase"
    page = lead.get(address).content.decode()
    assert mask_name(DRIVER.full_name) in page
    assert DRIVER.full_name not in page
    assert lead.post(address, {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert details_of(driver.id) is not None
    assert lead.post(address, {"erasure_basis": "request"}).status_code == HTTPStatus.SEE_OTHER
    assert details_of(driver.id) is None
    order = Entry.objects.get(kind="personal.erased")
    assert (order.actor, '"basis":"request"' in order.body) == (declared.staff.lead.id, True)
    assert DRIVER.full_name not in lead.get(f"/office/people/{driver.id}").content.decode()


def test_d5_who_is_followed_up_is_refused_with_a_sentence(lead: Client, declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]), station.result("BR1", "positive"))
    driver = registration_of(DRIVER.code)
    answer = lead.post(f"/office/people/{driver.id}/erase", {"erasure_basis": "request"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "đang được theo dõi" in answer.content.decode()
    assert details_of(driver.id) is not None


def test_who_has_looked_at_a_person_is_listed_with_what_for(lead: Client, declared: Stage) -> None:
    now = timezone.now()
    note_access(declared.staff.officer.id, DRIVER.code, "person_card", now)
    note_access(declared.staff.officer.id, ASSISTANT.code, "call_list", now)
    page = lead.get(f"/office/people/{registration_of(DRIVER.code).id}/looks").content.decode()
    assert "Tra cứu tại màn hình chốt" in page
    assert "Gọi điện báo kết quả" not in page
    assert declared.staff.officer.full_name in page
    assert PersonalAccess.objects.filter(subject=DRIVER.code).count() == 2, "this look is one more"


def erase(category: str, days: int) -> str:
    """Run `manage erase` up to so many days from today."""
    said = StringIO()
    day = (timezone.now() + timedelta(days=days)).date().isoformat()
    call_command("erase", category, day, stdout=said)
    return said.getvalue()


def test_a_command_erases_a_category_before_a_day(declared: Stage) -> None:
    people = len(Registration.objects.all())
    assert erase("journeys", -8) == f"{people} erased\n"
    assert sealed() == {"person.registered": people, "declaration.submitted": 0}
    with pytest.raises(CommandError, match="7 days"):
        erase("people", 0)
    assert erase("journeys", -8) == "0 erased\n"


def test_of_people_goes_who_was_not_seen_since_and_is_not_followed_up(declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]), station.result("BR1", "positive"))
    people = len(Registration.objects.all())
    assert erase("people", -400) == f"{people - 1} erased\n"
    assert details_of(registration_of(DRIVER.code).id) is not None
    assert details_of(registration_of(ASSISTANT.code).id) is None


def test_of_people_goes_nobody_who_still_waits_for_a_result(declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]), station.result("BR1", "negative"))
    station.minute += 60
    declared.must_apply(station.collect("BR2", [DRIVER]))
    erase("people", -400)
    assert details_of(registration_of(DRIVER.code).id) is not None
    assert details_of(registration_of(ASSISTANT.code).id) is None


def test_what_was_set_aside_or_rejected_is_forgotten_before_a_day(stage: Stage) -> None:
    assert stage.record(b"not an entry", station_mistake(stage)) == [
        ("rejected", "entry_unreadable"),
        ("rejected", "payload_invalid"),
    ]
    assert erase("set_aside", -8) == "2 erased\n"
    assert bytes(SetAside.objects.get().raw) == b""
    assert Entry.objects.get(answer="rejected").unread is None


def station_mistake(stage: Stage) -> bytes:
    """Return an entry whose contents are wrong."""
    return stage.station.entry("result.recorded", {"tube": DRIVER.full_name})


def test_the_page_of_an_erased_person_says_so_and_offers_nothing_more(lead: Client, declared: Stage) -> None:
    driver = registration_of(DRIVER.code)
    address = f"/office/people/{driver.id}"
    assert "năm sinh được giữ để thống kê" in lead.get(f"{address}/erase").content.decode()
    lead.post(f"{address}/erase", {"erasure_basis": "request"})
    page = lead.get(address).content.decode()
    at = show_time(Entry.objects.get(kind="personal.erased").effective_at)
    assert f"<h1>Đã xóa thông tin cá nhân lúc {at}</h1>" in page
    for act in ("correct", "link", "unlink", "erase"):
        assert f"{address}/{act}" not in page
    assert f"{address}/looks" in page
    assert str(driver.birth_year) in page
    assert "năm sinh được giữ để thống kê" in page
