"""Coming into the office as people do: a password, and where it is asked for a code of one's authenticator."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from chotxanh.keys.one_time_codes import code_at, new_secret
from chotxanh.registers.staff.models import Member, SecondFactor
from chotxanh.registers.staff.second_factor import begin_second_factor
from tests.cast import PASSWORD

SECOND_STEP = "/office/sign-in/code"
SECRET = new_secret()


def has_authenticator(member: Member) -> list[str]:
    """Give a member an authenticator some minutes ago; return the codes for its loss."""
    then = timezone.now() - timedelta(minutes=10)
    return begin_second_factor(member, SECRET, code_at(SECRET, then), then)


def expect_code(member: Member) -> None:
    """See to it that the code of this half minute is taken, whatever was taken before."""
    if not SecondFactor.objects.filter(member=member.id).update(last_step=0):
        has_authenticator(member)


def type_code(page: Page, member: Member) -> None:
    """Type the code that a browser is asked for, where it is."""
    if SECOND_STEP in page.url:
        expect_code(member)
        page.fill("#second_code", code_at(SECRET, timezone.now()))
        with page.expect_navigation():
            page.click("main .actions button")


def enter(client: Client, member: Member, **typed: str) -> str:
    """Sign a member in whose password is the cast's, with whatever else the form sends; return where that leads."""
    expect_code(member)
    sent = {"username": member.username, "password": PASSWORD, **typed}
    leads_to = client.post("/office/sign-in", sent)["Location"]
    if leads_to != SECOND_STEP:
        return leads_to
    return client.post(SECOND_STEP, {"second_code": code_at(SECRET, timezone.now())})["Location"]
