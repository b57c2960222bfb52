"""One declares for everybody in the vehicle: each has a code and a page, and one code shows them all."""

import re
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside import limits
from chotxanh.beside.limits import Limit
from chotxanh.declarations import views
from chotxanh.declarations.models import Declaration
from chotxanh.declarations.tests.typed import DRIVER
from chotxanh.declarations.typed import MOST_ALONG
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.models import FeedCard
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from chotxanh.people.queries import people_registered
from chotxanh.site.cards import person_cards
from tests.cast import DRIVER as AT_THE_POST
from tests.cast import WALKER
from tests.correcting import correction_of
from tests.device import deed_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<input type="hidden" (?:id="[^"]*" )?name="([^"]*)" value="([^"]*)">')
MOTHER = {
    "full_name": "Trần Thị Bé",
    "birth": "1988",
    "sex": "female",
    "category": "other",
    "symptoms": ["none"],
    "exposures": ["none"],
}
CHILD = MOTHER | {"full_name": "Nguyễn Văn Tí", "birth": "2015", "sex": "male", "symptoms": ["cough"]}


def along(number: int, who: dict[str, Any]) -> dict[str, Any]:
    return {f"c{number}-{name}": value for name, value in who.items()}


FAMILY = DRIVER | along(1, MOTHER) | along(2, CHILD)


def send(client: Client, fields: dict[str, Any]) -> str:
    answer = client.post("/declare", fields | {"step": "send"})
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.content.decode()
    return str(answer["Location"])


def named() -> dict[str, Registration]:
    people = people_registered(list(Registration.objects.values_list("id", flat=True)))
    all_names = {id: person.personal.full_name for id, person in people.items() if person.personal}
    return {all_names[each.id]: each for each in Registration.objects.all()}


def test_everybody_in_the_vehicle_is_registered_and_declares_the_same_journey(client: Client) -> None:
    send(client, FAMILY)
    people = named()
    assert set(people) == {"Nguyễn Văn Đường", "Trần Thị Bé", "Nguyễn Văn Tí"}
    journeys = {each.registration: each for each in Declaration.objects.all()}
    driver, child = (journeys[people[name].id] for name in ("Nguyễn Văn Đường", "Nguyễn Văn Tí"))
    assert (driver.companions, driver.party) == (2, None)
    assert (child.companions, child.party) == (0, driver.id)
    same = ("vehicle", "vehicle_class", "direction", "origin", "destination", "road")
    assert [getattr(driver, name) for name in same] == [getattr(child, name) for name in same]
    assert (driver.category, child.category) == ("goods_driver", "other")  # whose rule a paper follows
    assert (driver.answers["cough"], child.answers["cough"]) == (False, True)


def test_who_has_no_phone_is_reached_by_the_one_who_declared(client: Client) -> None:
    send(client, DRIVER | along(1, MOTHER) | along(2, CHILD | {"phone": "0987 654 321"}))
    people = named()
    details = people_registered([each.id for each in people.values()])
    phones = {name: (details[each.id].personal or pytest.fail()).phone for name, each in people.items()}
    assert phones["Trần Thị Bé"] == "+84912345678"
    assert phones["Nguyễn Văn Tí"] == "+84987654321"


def test_one_code_shows_everybody_at_the_station(client: Client) -> None:
    send(client, FAMILY)
    people = named()
    codes = {name: each.person_code for name, each in people.items()}
    cards = person_cards(list(codes.values()))
    assert [(each.person_code, each.full_name) for each in cards[codes["Nguyễn Văn Đường"]].party] == [
        (codes[name], name) for name in ("Trần Thị Bé", "Nguyễn Văn Tí")
    ]
    assert cards[codes["Trần Thị Bé"]].party == []


def test_the_own_page_leads_to_the_pages_of_who_goes_along_and_nobody_elses_does(client: Client) -> None:
    page = send(client, FAMILY)
    shown = client.get(page).content.decode()
    leads = dict(re.findall(r'<a href="(/p/[^"]+)">([^<]+, \d{4})</a>', shown))
    assert list(leads.values()) == ["Trần Thị Bé, 1988", "Nguyễn Văn Tí, 2015"]
    for link, name in leads.items():
        other = client.get(link).content.decode()
        assert name in other
        assert "Người đi cùng" not in other


def test_after_a_trip_of_ones_own_the_page_promises_no_more_that_one_code_is_enough(client: Client) -> None:
    page = send(client, FAMILY)
    assert "Ở chốt chỉ cần đưa mã của bạn" in client.get(page).content.decode()
    again = DRIVER | {"page": page.rsplit("/", 1)[-1], "token": "B" * 22}
    assert (
        "chỉ cho một mình bạn"
        in client.post("/declare", again | {"step": "check"}, follow=True).content.decode()
    )
    send(client, again)
    shown = client.get(page).content.decode()
    assert "Ở chốt chỉ cần đưa mã của bạn" not in shown
    assert "Chuyến mới nhất của bạn chỉ khai cho bạn" in shown
    assert "Trần Thị Bé, 1988" in shown


def test_the_same_form_sent_twice_is_one_family(client: Client) -> None:
    assert send(client, FAMILY) == send(client, FAMILY)
    assert (Registration.objects.count(), Declaration.objects.count()) == (3, 3)


def test_somebody_is_added_changed_and_left_out_without_a_script(client: Client) -> None:
    form = client.get("/declare")["Location"]
    fields = DRIVER | {"token": form.rpartition("/")[2]}
    page = client.post("/declare", fields | {"step": "with"})["Location"]
    assert page == f"{form}/with/1"
    shown = client.get(page).content.decode()
    assert "Người đi cùng xe" in shown
    assert 'class="mistake"' not in shown
    carried = dict(HIDDEN.findall(shown))
    assert carried["full_name"] == "Nguyễn Văn Đường"
    wrong = client.post("/declare", fields | along(1, MOTHER | {"birth": "88"}) | {"step": "check"})[
        "Location"
    ]
    assert wrong == page
    assert "birth_year" not in client.get(page).content.decode()
    assert 'aria-invalid="true"' in client.get(page).content.decode()
    assert client.get(f"{form}/check")["Location"] == page
    done = client.post("/declare", fields | along(1, MOTHER) | {"step": "check"})["Location"]
    assert done == f"{form}/check"
    assert "Trần Thị Bé" in client.get(done).content.decode()
    back = client.post("/declare", fields | along(1, MOTHER) | {"step": "with-1"})["Location"]
    assert 'value="Trần Thị Bé"' in client.get(back).content.decode()
    client.post("/declare", fields | along(1, MOTHER) | {"step": "drop-1"})
    assert "Trần Thị Bé" not in client.get(f"{form}/check").content.decode()


def test_a_browser_that_refuses_cookies_carries_everybody_in_its_pages() -> None:
    page = Client().post("/declare", FAMILY | {"step": "with"}).content.decode()
    carried = dict(HIDDEN.findall(page))
    assert (carried["c1-full_name"], carried["c2-full_name"]) == ("Trần Thị Bé", "Nguyễn Văn Tí")
    assert 'name="c3-full_name"' in page


def test_ten_people_are_declared_in_one_go_and_no_more(client: Client) -> None:
    everybody = DRIVER
    for number in range(1, MOST_ALONG + 2):
        everybody = everybody | along(number, MOTHER | {"full_name": f"Trần Thị {'ABCDEGHIKL'[number - 1]}"})
    page = Client().post("/declare", everybody | {"step": "check"}).content.decode()
    assert "Thêm người đi cùng" not in page
    send(client, everybody)
    assert Registration.objects.count() == MOST_ALONG + 1


def test_a_mistake_of_one_keeps_everybody_from_being_sent(client: Client) -> None:
    answer = client.post("/declare", FAMILY | {"c2-symptoms": [], "step": "send"})
    assert answer.status_code in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SEE_OTHER)
    assert not Registration.objects.exists()


def test_the_limit_of_an_address_counts_people(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "DECLARATIONS", Limit("declarations", "address", 5, limits.TEN_MINUTES))
    send(client, FAMILY)
    answer = client.post("/declare", FAMILY | {"full_name": "Lê Văn Sáu", "step": "send"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Trần Thị Bé" in answer.content.decode()
    assert Registration.objects.count() == 3


def test_stations_are_told_of_the_one_who_declared_when_a_lead_corrects_who_goes_along(
    client: Client, stage: Stage
) -> None:
    send(client, FAMILY)
    people = named()
    child, head = people["Nguyễn Văn Tí"], people["Nguyễn Văn Đường"].person_code
    FeedCard.objects.all().delete()
    FeedCard.objects.create(kind="person", key=head, scope="site:x", position=-1, expires_at_ms=1 << 60)
    facts, personal = correction_of(child.id, child.person_code, full_name="Nguyễn Văn Tý")
    record_deeds([deed_of("person.corrected", facts, personal, actor=stage.staff.lead.id)], timezone.now())
    assert FeedCard.objects.get(key=head).position != -1
    assert [each.full_name for each in person_cards([head])[head].party] == ["Trần Thị Bé", "Nguyễn Văn Tý"]


def test_an_erased_companion_is_named_on_no_card_and_led_to_from_no_page(
    client: Client, stage: Stage
) -> None:
    page = send(client, FAMILY)
    people = named()
    child, head = people["Nguyễn Văn Tí"], people["Nguyễn Văn Đường"].person_code
    order = Deed(PersonalErased(child.id, "request"), actor=stage.staff.data_protection.id)
    record_deeds([order], timezone.now())
    assert [each.full_name for each in person_cards([head])[head].party] == ["Trần Thị Bé", None]
    assert "Nguyễn Văn Tí" not in client.get(page).content.decode()


def test_no_device_puts_names_into_a_vehicle_that_another_declared(client: Client, stage: Stage) -> None:
    page, station = send(client, FAMILY), stage.station
    head = named()["Nguyễn Văn Đường"]
    journey = Declaration.objects.get(registration=head.id).id
    stage.must_apply(station.register(WALKER), station.declare(WALKER, party=str(journey)))
    party = person_cards([head.person_code])[head.person_code].party
    assert [each.full_name for each in party] == ["Trần Thị Bé", "Nguyễn Văn Tí"]
    assert WALKER.full_name not in client.get(page).content.decode()


def test_nobody_goes_along_by_the_code_of_another_nor_more_than_were_declared(stage: Stage) -> None:
    station = stage.station
    registrations = stage.must_apply(station.register(AT_THE_POST), station.register(WALKER))
    (party,) = stage.must_apply(station.declare(AT_THE_POST, companions=1))
    by_anothers_code = AT_THE_POST.journey(registrations[1]) | {"party": str(party)}
    stage.must_apply(station.entry("declaration.submitted", by_anothers_code, WALKER.journey_personal()))
    assert person_cards([AT_THE_POST.code])[AT_THE_POST.code].party == []
    for _ in range(2):
        stage.must_apply(station.declare(WALKER, party=str(party)))
    shown = person_cards([AT_THE_POST.code])[AT_THE_POST.code].party
    assert [each.full_name for each in shown] == [WALKER.full_name]
