"""A one-time password: who was handed one, by whom, stands in the ledger; it is over after three days at every door."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.problems import Problem
from chotxanh.language.texts import catalogue, problem_sentence
from chotxanh.ledger.models import Entry
from chotxanh.registers.devices.sessions import SignIn, sign_in
from chotxanh.registers.staff.accounts import ONE_TIME_HOURS, give_one_time_password
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.known_browsers import COOKIE, asker_of
from tests.entering import SECOND_STEP
from tests.stage import Stage

STAFF = "/office/registers/staff"
LIFE = timedelta(hours=ONE_TIME_HOURS)
NEW = {
    "full_name": "Đỗ Thị Bích",
    "phone": "",
    "role": "officer",
    "methods": ["ag_rapid"],
    "place": "province",
}


def given() -> list[tuple[object, str]]:
    """Who handed passwords out (None is who runs the server), and the entry's text."""
    return list(Entry.objects.filter(kind="password.given").order_by("id").values_list("actor", "body"))


def test_handing_out_a_password_is_an_entry_with_its_author_and_never_the_password(
    lead: Client, stage: Stage
) -> None:
    lead.post(STAFF, NEW)
    first = str(lead.get(STAFF).context["shown"].code)
    member = Member.objects.get(full_name=NEW["full_name"])
    lead.post(f"{STAFF}/{member.id}", {"act": "renew_password", "sure": "1"})
    second = str(lead.get(STAFF).context["shown"].code)
    assert [actor for actor, _ in given()] == [stage.staff.lead.id] * 2
    for _, body in given():
        assert f'"facts":{{"member":"{member.id}"}},"personal":null' in body
    kept = " ".join(Entry.objects.values_list("body", flat=True))
    assert first not in kept and second not in kept


def test_a_password_from_the_machine_itself_is_an_entry_without_an_actor(stage: Stage) -> None:
    call_command("lead", "Nguyễn Thị Lan", stdout=StringIO())
    call_command("lead", stage.staff.officer.username, renew=True, stdout=StringIO())
    lan = Member.objects.get(full_name="Nguyễn Thị Lan")
    assert [actor for actor, _ in given()] == [None, None]
    for member, (_, body) in zip((lan, stage.staff.officer), given(), strict=True):
        assert f'"facts":{{"member":"{member.id}"}}' in body


def test_a_password_that_nobody_changed_in_time_opens_neither_office_nor_station(
    client: Client, stage: Stage
) -> None:
    now, member = timezone.now(), stage.staff.lead
    password = give_one_time_password(member, now - LIFE)
    sentence = problem_sentence("password_over")
    typed = {"username": member.username, "password": password, "old_password": password}
    wanted = {"new_password": "mot cau that dai", "new_password_again": "mot cau that dai"}
    for address in ("/office/sign-in", "/office/password"):
        assert sentence in client.post(address, typed | wanted).content.decode()
    station = stage.station
    attempt = SignIn(station.id, member.username, password, unix_ms(now), b"")
    signature = station.key.sign(attempt.signed_text)
    with pytest.raises(Problem, match="password_over"):
        sign_in(SignIn(station.id, member.username, password, unix_ms(now), signature), now)
    assert Member.objects.get(id=member.id).has_new_password


def test_until_then_it_opens_the_page_that_changes_it_and_ones_own_never_expires(
    client: Client, stage: Stage
) -> None:
    member = stage.staff.lead
    password = give_one_time_password(member, timezone.now() - LIFE + timedelta(minutes=5))
    own = "mot cau that dai"
    typed = {"username": member.username, "old_password": password}
    client.post("/office/password", typed | {"new_password": own, "new_password_again": own})
    answer = client.post("/office/sign-in", {"username": member.username, "password": own})
    assert answer["Location"] == SECOND_STEP


def test_the_browser_in_which_somebody_chose_a_password_is_known_from_then_on(
    client: Client, stage: Stage
) -> None:
    member, own = stage.staff.officer, "mot cau that dai"
    typed = {"username": member.username, "old_password": give_one_time_password(member, timezone.now())}
    client.post("/office/password", typed | {"new_password": own, "new_password_again": "khac"})
    assert COOKIE not in client.cookies
    client.post("/office/password", typed | {"new_password": own, "new_password_again": own})
    request = RequestFactory().get("/office/")
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value
    assert asker_of(request, member.username).is_known


def test_a_wrong_guess_is_not_told_that_the_password_is_over(client: Client, stage: Stage) -> None:
    give_one_time_password(stage.staff.lead, timezone.now() - LIFE)
    page = client.post("/office/sign-in", {"username": stage.staff.lead.username, "password": "sai"})
    assert problem_sentence("sign_in_wrong") in page.content.decode()


def test_whoever_hands_it_over_is_told_how_long_it_lasts() -> None:
    words = catalogue()["registers.secret_about"]
    assert f"{ONE_TIME_HOURS} giờ" in words["vi"] and f"{ONE_TIME_HOURS} hours" in words["en"]


@pytest.mark.parametrize(("is_lead", "first"), [(True, "/office/"), (False, "/station/")])
def test_who_chose_a_password_is_led_on_to_their_own_work(
    client: Client, stage: Stage, is_lead: bool, first: str
) -> None:
    member = stage.staff.lead if is_lead else stage.staff.officer
    password, own = give_one_time_password(member, timezone.now()), "mot cau that dai"
    typed = {"username": member.username, "old_password": password}
    typed |= {"new_password": own, "new_password_again": own}
    page = client.post("/office/password", typed, follow=True).content.decode()
    assert f'<p><a class="button" href="{first}">' in page
