"""Choosing one's own password: whoever has an authenticator proves it there too, and what is chosen can be typed."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.limits import SECOND_CODES
from chotxanh.keys.one_time_codes import code_at
from chotxanh.language.texts import problem_sentence
from chotxanh.registers.devices.models import Device, Session
from chotxanh.registers.staff import second_factor
from chotxanh.registers.staff.accounts import give_one_time_password
from chotxanh.registers.staff.models import Member
from tests.cast import PASSWORD
from tests.entering import SECOND_STEP, SECRET, enter, has_authenticator
from tests.narrow import BURST, narrow
from tests.stage import Stage

PAGE = "/office/password"
OWN = "mot cau that dai"


@pytest.fixture
def owner(stage: Stage) -> Member:
    """A lead with a password and an authenticator."""
    member = stage.staff.lead
    member.set_password(PASSWORD)
    member.save()
    has_authenticator(member)
    return member


def choose(client: Client, member: Member, code: str = "", old: str = PASSWORD, new: str = OWN) -> int:
    """Send the form; return the status of the answer."""
    typed = {"username": member.username, "old_password": old, "second_code": code}
    return client.post(PAGE, typed | {"new_password": new, "new_password_again": new}).status_code


def has_password(member: Member, password: str) -> bool:
    return Member.objects.get(id=member.id).check_password(password)


def code_now() -> str:
    return code_at(SECRET, timezone.now())


def test_a_stolen_password_alone_changes_no_password_and_ends_no_session(
    client: Client, stage: Stage, owner: Member
) -> None:
    enter(client, owner)
    at_station = Session.objects.create(
        digest=b"x" * 32,
        device=Device.objects.get(id=stage.station.id),
        member=owner,
        expires_at=timezone.now() + timedelta(hours=1),
    )
    thief = Client()
    for code in ("", "000000", code_now()):  # that one opened the office already
        assert choose(thief, owner, code) != HTTPStatus.SEE_OTHER
    assert has_password(owner, PASSWORD)
    assert client.get("/office/").status_code == HTTPStatus.OK
    assert Session.objects.filter(id=at_station.id).exists()


def test_with_a_code_of_the_authenticator_its_owner_changes_it(client: Client, owner: Member) -> None:
    assert choose(client, owner, code_now()) == HTTPStatus.SEE_OTHER
    assert has_password(owner, OWN)


def test_a_one_time_password_takes_the_place_of_no_authenticator(client: Client, owner: Member) -> None:
    given = give_one_time_password(owner, timezone.now())
    assert choose(client, owner, old=given) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert choose(client, owner, code_now(), old=given) == HTTPStatus.SEE_OTHER


def test_who_has_an_authenticator_is_told_that_a_code_is_missing(client: Client, owner: Member) -> None:
    typed = {"username": owner.username, "old_password": PASSWORD}
    page = client.post(PAGE, typed | {"new_password": OWN, "new_password_again": OWN}).content.decode()
    assert problem_sentence("second_code_missing") in page


def test_a_code_that_changed_the_password_opens_nothing_more(client: Client, owner: Member) -> None:
    code = code_now()
    choose(client, owner, code)
    typed = {"username": owner.username, "password": OWN}
    assert client.post("/office/sign-in", typed)["Location"] == SECOND_STEP
    assert client.post(SECOND_STEP, {"second_code": code}).status_code == HTTPStatus.FORBIDDEN


def test_a_password_that_is_refused_takes_no_code(client: Client, owner: Member) -> None:
    code = code_now()
    for weak in ("ngan", PASSWORD, "HC1:con đường về nhà xa"):
        assert choose(client, owner, code, new=weak) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert choose(client, owner, code) == HTTPStatus.SEE_OTHER


def test_codes_are_guessed_there_as_seldom_as_at_the_sign_in(
    client: Client, owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, second_factor, SECOND_CODES)
    assert [choose(client, owner, "000000") for _ in range(BURST)] == [HTTPStatus.FORBIDDEN] * BURST
    assert choose(client, owner, code_now()) == HTTPStatus.TOO_MANY_REQUESTS
    assert has_password(owner, PASSWORD)


def test_what_a_scanner_typed_is_refused_beside_the_password_that_was_chosen(
    client: Client, stage: Stage
) -> None:
    member = stage.staff.officer
    member.set_password(PASSWORD)
    member.save()
    new = "HC1:con đường về nhà xa"
    typed = {"username": member.username, "old_password": PASSWORD, "new_password": new}
    answer = client.post(PAGE, typed | {"new_password_again": new})
    assert answer.context["form"].codes == {"new_password": "password_is_scan"}


def test_the_code_is_asked_for_in_plain_sight_and_tells_of_no_account_whether_it_has_one(
    client: Client, stage: Stage
) -> None:
    page = client.get(PAGE).content.decode()
    field = page.partition('<label for="second_code">')[2].partition("</div>")[0]
    assert field.partition("</label>")[0].strip() == "Mã xác thực (nếu tài khoản có)"
    assert "không bắt buộc" not in page
    assert "<details" not in page


def test_after_a_new_password_nobody_is_led_to_what_is_called_the_shift_leads(
    client: Client, stage: Stage
) -> None:
    member = stage.staff.data_protection
    member.set_password(PASSWORD)
    member.save()
    choose(client, member)
    page = client.get(PAGE).content.decode()
    assert "Đến trang làm việc" in page
    assert "trưởng ca" not in page.partition("<main")[2].partition("</main>")[0]
