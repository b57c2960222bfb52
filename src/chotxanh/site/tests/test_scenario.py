"""The demonstration's accounts, whose passwords are printed for everybody, work in a demonstration alone."""

import re
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chotxanh.registers.devices.models import EnrolmentCode
from chotxanh.registers.duties.entries import number_to_call
from chotxanh.registers.duties.models import DutyNumber
from chotxanh.registers.staff.grants import grants_for, is_in_force
from chotxanh.registers.staff.models import Member
from chotxanh.site.scenario import ACCOUNTS, FACILITY_NUMBERS, PROVINCE_NUMBER, end_scenario
from tests.stage import Stage

LEAD = next(account for account in ACCOUNTS if account.role == "lead")
TYPED = {"username": LEAD.username, "password": LEAD.password}


@pytest.fixture
def demonstration(db: None, own_keys: object, settings: Settings) -> None:
    """A database that was shown with the demonstration."""
    settings.IS_DEMO = True
    call_command("demo")


def works(username: str) -> bool:
    """Say whether an account may do anything now."""
    return any(
        is_in_force(grant, timezone.now()) for grant in grants_for(Member.objects.get(username=username))
    )


def test_d6_every_account_ends_when_the_database_is_used_without_the_demonstration(
    demonstration: None, client: Client, settings: Settings
) -> None:
    client.post("/office/sign-in", TYPED)
    assert client.get("/office/").status_code == HTTPStatus.OK
    settings.IS_DEMO = False
    call_command("demo", end=True)
    assert not any(works(account.username) for account in ACCOUNTS)
    assert client.get("/office/")["Location"].startswith("/office/sign-in"), "who was signed in is out"
    assert not EnrolmentCode.objects.exists()


def test_d6_each_account_is_printed_as_name_password_role(
    own_keys: object, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo")
    lines = capsys.readouterr().out.splitlines()
    told = [re.fullmatch(r"\s*(\S+) {2,}(\S+) {2,}(\S.*)", line) for line in lines]
    assert {(each[1], each[2]) for each in told if each} == {
        (account.username, account.password) for account in ACCOUNTS
    }


def test_signing_in_says_in_one_sentence_why_it_is_refused(
    demonstration: None, client: Client, settings: Settings
) -> None:
    settings.IS_DEMO = False
    answer = client.post("/office/sign-in", TYPED)
    assert list(answer.context["form"].codes.values()) == ["demonstration_over"]
    assert "Đây là tài khoản của bản trình diễn" in answer.content.decode()
    new = {"new_password": "cầu cỏ may 1908", "new_password_again": "cầu cỏ may 1908"}
    changed = client.post(
        "/office/password", {"username": LEAD.username, "old_password": LEAD.password, **new}
    )
    assert list(changed.context["form"].codes.values()) == ["demonstration_over"]


def test_the_accounts_work_again_in_a_demonstration(
    demonstration: None, client: Client, settings: Settings
) -> None:
    call_command("demo", end=True)
    call_command("demo")
    assert all(works(account.username) for account in ACCOUNTS)
    assert client.post("/office/sign-in", TYPED).status_code == HTTPStatus.SEE_OTHER


def test_nobody_but_the_demonstrations_own_people_is_ended(stage: Stage) -> None:
    member = stage.staff.officer
    member.username = ACCOUNTS[0].username
    member.save()
    end_scenario(timezone.now())
    assert works(member.username)


def test_the_scenario_has_duty_numbers_to_call_and_lays_them_out_once(demonstration: None) -> None:
    call_command("demo")
    assert number_to_call("ttyt-phu-my", timezone.now()) == FACILITY_NUMBERS["ttyt-phu-my"]
    assert number_to_call("", timezone.now()) == PROVINCE_NUMBER
    assert DutyNumber.objects.count() == len(FACILITY_NUMBERS) + 1
