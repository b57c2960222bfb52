"""Who decides for others is asked for a code after the password; officers and the demonstration are not."""

import re
from datetime import timedelta
from http import HTTPStatus
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from chotxanh.domain.kinds import Role
from chotxanh.keys.one_time_codes import code_at
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.devices.models import Device, Session
from chotxanh.registers.staff.entries import GrantGiven
from chotxanh.registers.staff.models import Member, SecondFactor
from tests.cast import PASSWORD, QL56
from tests.entering import SECOND_STEP, SECRET, has_authenticator
from tests.stage import Stage

BEFORE = timedelta(minutes=10)


def sign_in(client: Client, member: Member, following: str = "") -> str:
    """Type the right password; return where that leads."""
    member.set_password(PASSWORD)
    member.save()
    typed = {"username": member.username, "password": PASSWORD, "next": following}
    return client.post("/office/sign-in", typed)["Location"]


def code_now() -> str:
    return code_at(SECRET, timezone.now())


def lead_a_part(member: Member) -> None:
    """Let a member lead one site, since some minutes."""
    now = timezone.now()
    record_deeds([Deed(GrantGiven(member.id, Role.LEAD, now - BEFORE, [], site=QL56))], now)


def test_a_password_alone_opens_nothing_to_a_lead(client: Client, stage: Stage) -> None:
    has_authenticator(stage.staff.lead)
    assert sign_in(client, stage.staff.lead, "/office/held") == SECOND_STEP
    assert client.get("/office/").status_code == HTTPStatus.SEE_OTHER
    assert client.post(SECOND_STEP, {"second_code": "000000"}).status_code == HTTPStatus.FORBIDDEN
    assert client.get("/office/").status_code == HTTPStatus.SEE_OTHER
    assert client.post(SECOND_STEP, {"second_code": code_now()})["Location"] == "/office/held"
    assert client.get("/office/").status_code == HTTPStatus.OK


def test_a_code_that_was_taken_once_opens_no_second_browser(client: Client, stage: Stage) -> None:
    has_authenticator(stage.staff.lead)
    sign_in(client, stage.staff.lead)
    code = code_now()
    client.post(SECOND_STEP, {"second_code": code})
    thief = Client()
    sign_in(thief, stage.staff.lead)
    assert thief.post(SECOND_STEP, {"second_code": code}).status_code == HTTPStatus.FORBIDDEN


def test_a_new_password_ends_every_second_step_that_was_left_lying(client: Client, stage: Stage) -> None:
    """Whoever had typed the old one could set up an authenticator of their own."""
    sign_in(client, stage.staff.lead)
    stage.staff.lead.set_password("một mật khẩu khác hẳn")
    stage.staff.lead.save()
    assert client.get(SECOND_STEP)["Location"] == "/office/sign-in"


def test_without_the_password_there_is_no_second_step(client: Client, stage: Stage) -> None:
    has_authenticator(stage.staff.lead)
    assert client.post(SECOND_STEP, {"second_code": code_now()})["Location"] == "/office/sign-in"


def test_a_second_step_that_was_left_lying_begins_anew(
    client: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_authenticator(stage.staff.lead)
    sign_in(client, stage.staff.lead)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.post(SECOND_STEP, {"second_code": code_at(SECRET, later)})["Location"] == "/office/sign-in"


def test_who_has_no_authenticator_sets_one_up_before_anything_opens(client: Client, stage: Stage) -> None:
    assert sign_in(client, stage.staff.lead) == SECOND_STEP
    page = client.get(SECOND_STEP).content.decode()
    shown = re.search(r'secret-text">([A-Z2-7 ]+)<', page)
    assert shown and "<svg" in page
    secret = shown[1].replace(" ", "")
    assert client.post(SECOND_STEP, {"second_code": "000000"}).status_code == HTTPStatus.FORBIDDEN
    assert not SecondFactor.objects.exists()
    answer = client.post(SECOND_STEP, {"second_code": code_at(secret, timezone.now())})
    assert answer["Location"] == "/office/account/codes"
    codes = re.findall(r"<li>([0-9A-Z-]+)</li>", client.get("/office/account/codes").content.decode())
    assert len(codes) == 10
    assert client.post("/office/account/codes")["Location"] == "/office/"
    assert client.get("/office/account/codes").status_code == HTTPStatus.SEE_OTHER
    client.post("/office/sign-out")
    sign_in(client, stage.staff.lead)
    assert client.post(SECOND_STEP, {"second_code": codes[3]})["Location"] == "/office/"


def test_an_officer_and_the_demonstration_need_none(client: Client, stage: Stage) -> None:
    assert sign_in(client, stage.staff.officer) == "/office/corrections"
    stage.staff.lead.is_demonstration = True
    assert sign_in(Client(), stage.staff.lead) == "/office/"


def test_who_is_made_a_lead_while_signed_in_is_asked_before_they_lead(client: Client, stage: Stage) -> None:
    officer, now = stage.staff.officer, timezone.now()
    sign_in(client, officer)
    assert client.get("/office/corrections").status_code == HTTPStatus.OK
    record_deeds([Deed(GrantGiven(officer.id, Role.LEAD, now - BEFORE, []))], now)
    assert client.get("/office/")["Location"].startswith("/office/sign-in")
    typed = {"username": officer.username, "password": PASSWORD, "next": ""}
    assert client.post("/office/sign-in", typed)["Location"] == SECOND_STEP
    has_authenticator(officer)
    client.post(SECOND_STEP, {"second_code": code_now()})
    assert client.get("/office/").status_code == HTTPStatus.OK


def test_nobody_is_shown_the_secret_of_who_came_half_the_way_before_them(
    client: Client, stage: Stage
) -> None:
    """At a shared computer the second was set up with the authenticator of the first."""
    shown = []
    for member in (stage.staff.lead, stage.staff.physician):
        sign_in(client, member)
        shown.append(
            re.findall(r'class="secret-text">([A-Z2-7 ]+)<', client.get(SECOND_STEP).content.decode())
        )
    assert all(shown) and shown[0] != shown[1]


def test_another_lead_resets_an_authenticator_for_a_reason_that_is_recorded(
    lead: Client, stage: Stage
) -> None:
    physician = stage.staff.physician
    has_authenticator(physician)
    other = Client()
    other.force_login(physician)
    Session.objects.create(
        digest=b"x" * 32,
        device=Device.objects.get(id=stage.station.id),
        member=physician,
        expires_at=timezone.now() + timedelta(hours=1),
    )
    address = f"/office/registers/staff/{physician.id}/second"
    assert f'href="{address}"' in lead.get("/office/registers/staff").content.decode()
    assert lead.post(address, {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    lead.post(address, {"reset_for": "lost"})
    entry = Entry.objects.get(kind="second_factor.reset")
    assert entry.actor == stage.staff.lead.id and '"reason":"lost"' in entry.body
    assert not SecondFactor.objects.exists()
    assert not Session.objects.exists()
    assert other.get("/office/followups").status_code == HTTPStatus.SEE_OTHER
    assert f'href="{address}"' not in lead.get("/office/registers/staff").content.decode()


def test_nobody_resets_their_own_and_no_lead_of_a_part_anybodys(
    lead: Client, client: Client, stage: Stage
) -> None:
    has_authenticator(stage.staff.lead)
    own = f"/office/registers/staff/{stage.staff.lead.id}/second"
    assert lead.post(own, {"reset_for": "lost"}).status_code == HTTPStatus.FORBIDDEN
    assert f'href="{own}"' not in lead.get("/office/registers/staff").content.decode()
    part = Client()
    lead_a_part(stage.staff.officer_elsewhere)
    part.force_login(stage.staff.officer_elsewhere)
    assert part.get("/office/").status_code == HTTPStatus.OK
    assert part.post(own, {"reset_for": "lost"}).status_code == HTTPStatus.FORBIDDEN
    assert SecondFactor.objects.exists()


def test_the_machine_itself_forgets_the_authenticator_of_the_only_lead(stage: Stage) -> None:
    has_authenticator(stage.staff.lead)
    call_command("lead", stage.staff.lead.username, renew=True, stdout=StringIO())
    assert not SecondFactor.objects.exists()
    assert Entry.objects.get(kind="second_factor.reset").actor is None


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("data_protection", "/office/protection"),
        ("physician", "/office/followups"),
        ("officer", "/office/corrections"),
    ],
)
def test_whoever_leads_nothing_comes_from_a_new_authenticator_to_what_is_theirs(
    client: Client, stage: Stage, role: str, page: str
) -> None:
    """They landed on a refusal: the overview is of leads."""
    member = getattr(stage.staff, role)
    if sign_in(client, member) == SECOND_STEP:
        shown = re.search(r'secret-text">([A-Z2-7 ]+)<', client.get(SECOND_STEP).content.decode())
        assert shown
        code = code_at(shown[1].replace(" ", ""), timezone.now())
        assert client.post(SECOND_STEP, {"second_code": code})["Location"] == "/office/account/codes"
        assert client.post("/office/account/codes")["Location"] == page
    assert client.get(page).status_code == HTTPStatus.OK
    answer = client.get("/office/")
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, page)


def test_the_sign_in_page_names_everybody_who_comes_in(client: Client, stage: Stage) -> None:
    page = client.get("/office/sign-in").content.decode()
    for named in ("trưởng ca", "bác sĩ CDC", "người ký đính chính", "cán bộ bảo vệ dữ liệu"):
        assert named in page
