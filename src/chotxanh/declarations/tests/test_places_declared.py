"""Places are written in words: what these mean is recorded with them, and asked where it is not clear."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from chotxanh.beside import limits
from chotxanh.beside.limits import Limit
from chotxanh.declarations import views
from chotxanh.declarations.models import Declaration
from chotxanh.declarations.tests.test_forms import accepted, form_of, mistakes
from chotxanh.declarations.tests.typed import CHOSEN, DRIVER
from chotxanh.keys.sealing import unsealed
from chotxanh.ledger.models import Entry
from chotxanh.units.places import named

PHU_MY = "nso-2021:754"


def post(client: Client, **fields: Any) -> str:
    client.cookies.clear()
    return client.post("/declare", DRIVER | {"step": "check"} | fields).content.decode()


@pytest.mark.django_db
def test_without_a_script_one_of_several_places_is_chosen_below_the_box(client: Client) -> None:
    page = post(client, destination="phu my")
    assert "Có nhiều nơi tên như vậy" in page
    assert f'<input type="radio" name="destination_unit" value="{PHU_MY}">' in page
    assert 'value="phu my"' in page
    assert "Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu" in post(client, destination="phu my", destination_unit=PHU_MY)


@pytest.mark.django_db
def test_the_unit_is_recorded_with_its_scheme_and_the_words_are_sealed(client: Client) -> None:
    post(client, step="send", destination="phu my", destination_unit=PHU_MY)
    journey = Declaration.objects.get()
    assert (journey.origin, journey.destination) == ("nso-2021:79", PHU_MY)
    sealed = bytes(Entry.objects.get(id=journey.id).personal or b"")
    assert b"phu my" not in sealed
    assert b'"destination_words":"phu my"' in (unsealed(sealed, journey.id.bytes) or b"")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"direction": "in", "origin": "Bà Rịa"}, "direction_origin_inside"),
        ({"direction": "in", "destination": "Đồng Nai"}, "direction_destination_outside"),
        ({"direction": "out", "origin": "TP HCM", "destination": "Đồng Nai"}, "direction_origin_outside"),
        ({"direction": "out", "origin": "brvt", "destination": "Vũng Tàu"}, "direction_destination_inside"),
        ({"direction": "through", "origin": "brvt", "destination": "Đồng Nai"}, "direction_origin_inside"),
        ({"direction": "through", "destination": "brvt"}, "direction_destination_inside"),
    ],
)
def test_a_direction_that_contradicts_the_places_is_refused(changed: dict[str, str], code: str) -> None:
    assert mistakes(**changed) == {"direction": code}


def test_a_place_that_may_lie_on_both_sides_refuses_no_direction() -> None:
    half = {"destination": "Thành phố Hồ Chí Minh", "destination_unit": "nso-2025:79"}
    assert named(accepted(direction="in", **half).destination.unit) == "nso-2025:79"
    assert accepted(direction="through", **half).direction == "through"


def test_a_goods_driver_answers_at_most_twelve_things_six_of_them_by_tapping() -> None:
    asked = [field for field in form_of().fields.values() if field.required]
    taps = [field for field in asked if hasattr(field, "options")]
    assert (len(asked), len(taps)) == (12, 6)


@pytest.mark.django_db
def test_who_makes_the_server_seek_too_many_places_waits_and_loses_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PLACES_SOUGHT", Limit("places_sought", "address", 1, limits.TEN_MINUTES))
    post(client)
    client.cookies.clear()
    answer = client.post("/declare", DRIVER | {"step": "check"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(answer["Retry-After"]) > 0
    assert 'value="TP HCM"' in answer.content.decode()
    assert client.post("/declare", DRIVER | {"step": "check"} | CHOSEN).status_code == HTTPStatus.OK
