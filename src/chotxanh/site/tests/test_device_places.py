"""Devices belong to a place: who leads there enrols and revokes them, on the page and in the ledger alike."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.kinds import Role
from chotxanh.domain.problems import Problem
from chotxanh.keys.signatures import SigningKey
from chotxanh.ledger.enrolling import Enrolled, enrol, revoke_device
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.places import Place
from chotxanh.registers.devices.enrolment import WHOLE_PROVINCE, EnrolmentRequest, new_enrolment_code
from chotxanh.registers.devices.models import Device, EnrolmentCode
from chotxanh.registers.staff.models import Member
from tests.cast import CHAU_DUC, EVENING, PHU_MY, QL51, QL56, change_grants
from tests.device import deed_of
from tests.stage import Stage

PAGE = "/office/devices"
HERE, ELSEWHERE = Place(PHU_MY, QL51), Place(CHAU_DUC, QL56)


@pytest.fixture
def site_lead(stage: Stage) -> Member:
    """Somebody who leads QL51 and no more."""
    change_grants(stage.staff.technician, role=Role.LEAD, facility=PHU_MY, site=QL51)
    return stage.staff.technician


@pytest.fixture
def browser(site_lead: Member, client: Client) -> Client:
    """Their browser, signed in."""
    client.force_login(site_lead)
    return client


def enrolled(code: str) -> Enrolled:
    """Enrol a new station with a code, now."""
    return enrol(EnrolmentRequest(code, "Máy mới", SigningKey.generate().public_point), timezone.now())


def device_at(place: Place, name: str = "Máy") -> Device:
    """Enrol a device of a place, by a code of who runs the server."""
    id = enrolled(new_enrolment_code(None, name, timezone.now(), place)).device
    Device.objects.filter(id=id).update(name=name)
    return Device.objects.get(id=id)


def test_a_lead_of_a_site_makes_codes_for_it_and_for_nowhere_else(browser: Client) -> None:
    page = browser.get(PAGE).content.decode()
    assert f'value="site:{QL51}" selected' in page, "where there is but one place it is chosen"
    assert QL56 not in page and 'value="province"' not in page
    for elsewhere in ("province", f"site:{QL56}", "", "site:\x00"):
        answer = browser.post(PAGE, {"device_name": "Máy", "device_place": elsewhere})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not EnrolmentCode.objects.exists()
    browser.post(PAGE, {"device_name": "Máy", "device_place": f"site:{QL51}"})
    assert EnrolmentCode.objects.get().place == HERE


def test_a_lead_of_the_province_chooses_a_site_or_the_whole_province(lead: Client) -> None:
    for value, place in ((f"site:{QL56}", ELSEWHERE), ("province", WHOLE_PROVINCE)):
        lead.post(PAGE, {"device_name": "Máy", "device_place": value})
        assert EnrolmentCode.objects.latest("id").place == place


def test_who_does_not_lead_there_gets_no_code(site_lead: Member, stage: Stage) -> None:
    for member in (site_lead, stage.staff.officer):
        for place in (ELSEWHERE, WHOLE_PROVINCE):
            with pytest.raises(Problem, match="not_allowed"):
                new_enrolment_code(member, "Máy", timezone.now(), place)


def test_a_device_belongs_where_its_code_says(site_lead: Member) -> None:
    code = new_enrolment_code(site_lead, "Máy", timezone.now(), HERE)
    assert Device.objects.get(id=enrolled(code).device).place == HERE


def test_the_code_of_somebody_who_leads_there_no_longer_is_over(site_lead: Member) -> None:
    code = new_enrolment_code(site_lead, "Máy", timezone.now(), HERE)
    change_grants(site_lead, valid_to=timezone.now())
    with pytest.raises(Problem, match="enrolment_code_over"):
        enrolled(code)


def test_a_lead_of_a_site_sees_and_revokes_its_devices_alone(browser: Client, stage: Stage) -> None:
    mine, theirs = device_at(HERE, "Máy của tôi"), device_at(ELSEWHERE, "Máy nơi khác")
    page = browser.get(PAGE).content.decode()
    assert "Máy của tôi" in page and "Chốt QL51" in page
    assert "Máy nơi khác" not in page and "Máy trạm" not in page
    for device in (theirs.id, stage.station.id):
        for answer in (browser.get(f"{PAGE}/{device}/revoke"), browser.post(f"{PAGE}/{device}/revoke")):
            assert answer.status_code == HTTPStatus.NOT_FOUND
    browser.post(f"{PAGE}/{mine.id}/revoke", {"revoked_for": "replaced"})
    assert set(Device.objects.exclude(revoked_at=None)) == {mine}


@pytest.mark.parametrize(
    ("place", "judged"),
    [(HERE, ("applied", None)), *((place, ("held", "actor_not_allowed")) for place in (ELSEWHERE, Place()))],
)
def test_the_ledger_judges_a_revocation_by_where_the_device_belongs(
    stage: Stage, site_lead: Member, place: Place, judged: tuple[str, str | None]
) -> None:
    facts = {"device": stage.station.id, "facility": place.facility or None, "site": place.site or None}
    deed = deed_of("device.revoked", facts, actor=site_lead.id)
    assert stage.record(sign_deed(deed, EVENING)) == [judged]


def test_no_other_leads_revocation_is_carried_out(site_lead: Member) -> None:
    device = device_at(ELSEWHERE)
    with pytest.raises(Problem, match="actor_not_allowed"):
        revoke_device(device, site_lead, timezone.now())
    assert Device.objects.get(id=device.id).revoked_at is None


def test_an_enrolment_names_the_place_for_every_node(site_lead: Member) -> None:
    code = new_enrolment_code(site_lead, "Máy", timezone.now(), HERE)
    key = SigningKey.generate()
    body = enrol(EnrolmentRequest(code, "Máy", key.public_point), timezone.now()).entry.body
    assert f'"facility":"{PHU_MY}","site":"{QL51}"' in body and to_base64url(key.public_point) in body
