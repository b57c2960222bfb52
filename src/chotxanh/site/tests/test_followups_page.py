"""Follow-ups: physicians of the CDC see who stands as positive, and end it for a reason; nobody else does."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.utils.html import escape

from chotxanh.beside.models import PersonalAccess
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.problems import Problem
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import record_deeds
from chotxanh.people.models import Registration
from chotxanh.results.followups.open import open_followups, warnings_about
from chotxanh.results.models import WhatStands
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.site.cards import person_cards
from chotxanh.site.office.closing_forms import as_shown
from tests.cast import DRIVER, EVENING, PHU_MY, WALKER, change_grants
from tests.device import WHY, deed_of, id_of, member_facts
from tests.stage import Stage

ADDRESS = "/office/followups"


def swabbed(stage: Stage, tube: str, value: str, minute: int) -> str:
    """Sample and read the driver; return the result."""
    stage.station.minute = minute
    collection = stage.station.collect(tube, [DRIVER])
    stage.station.minute = minute + 16
    result = stage.station.result(tube, value)
    stage.must_apply(collection, result)
    return str(id_of(result))


def shown() -> str:
    """What the page tells its form of the tests that it showed."""
    return as_shown(warnings_about(DRIVER.code))


def statuses() -> list[Outcome]:
    return [each.status for each in certificates_of(DRIVER.code, EVENING)]


@pytest.fixture
def physician(client: Client, declared: Stage) -> Client:
    client.force_login(declared.staff.physician)
    return client


def test_leads_and_officers_may_not_see_it(client: Client, declared: Stage) -> None:
    for member in (declared.staff.lead, declared.staff.officer, declared.staff.technician):
        client.force_login(member)
        assert client.get(ADDRESS).status_code == HTTPStatus.FORBIDDEN


def test_a_physician_of_one_place_sees_nobody(physician: Client, declared: Stage) -> None:
    """Who could end no follow-up read the names and phones of every positive of the province."""
    change_grants(declared.staff.physician, facility=PHU_MY)
    assert physician.get(ADDRESS).status_code == HTTPStatus.FORBIDDEN


def test_a_physician_sees_no_other_page_of_the_office(physician: Client) -> None:
    for address in ("/office/board", "/office/calls", "/office/disputed", "/office/registers"):
        assert physician.get(address).status_code == HTTPStatus.FORBIDDEN


def test_who_stands_as_positive_is_listed_with_the_phone_and_each_look_is_logged(
    physician: Client, declared: Stage
) -> None:
    assert "Không có trường hợp nào" in physician.get(ADDRESS).content.decode()
    swabbed(declared, "BR2", "positive", 60)
    page = physician.get(ADDRESS).content.decode()
    assert DRIVER.full_name in page
    assert "chờ xét nghiệm khẳng định bằng RT-PCR" in page
    assert PersonalAccess.objects.filter(purpose="followup").exists()


def test_a_positive_is_followed_up_though_another_tube_of_the_person_is_disputed(
    physician: Client, declared: Stage
) -> None:
    """SORMAS-Foundation/SORMAS-Project#2115: what came beside a case took it off the list of those followed up."""
    positive = swabbed(declared, "BR1", "positive", 5)
    swabbed(declared, "BR2", "negative", 60)
    declared.must_apply(declared.station.result("BR2", "invalid"))
    assert standing_of(DRIVER.code).state is PersonState.DISPUTED
    assert f"{ADDRESS}/{positive}" in physician.get(ADDRESS).content.decode()
    closing = {"outcome": "recovered", "reason": "QĐ 12", "paper": "", "shown": shown()}
    assert physician.post(f"{ADDRESS}/{positive}", closing).status_code == HTTPStatus.SEE_OTHER
    assert f"{ADDRESS}/" not in physician.get(ADDRESS).content.decode()


def test_a_positive_under_each_of_two_codes_of_one_card_is_followed_up(
    physician: Client, declared: Stage
) -> None:
    """Each stood as disputed because of the other, and a case was nobody's."""
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    again = declared.station.register(DRIVER, person_code=code)
    swabbed(declared, "BR1", "positive", 5)
    declared.station.minute = 60
    second = declared.station.collect("BR2", [DRIVER], members=[member_facts(code)])
    declared.must_apply(again, second, declared.station.result("BR2", "positive"))
    page = physician.get(ADDRESS).content.decode()
    assert page.count(f"{ADDRESS}/") == 2


@pytest.mark.parametrize(
    ("outcome", "older"),
    [("not_confirmed", Outcome.VALID), ("recovered", Outcome.SUSPENDED), ("died", Outcome.SUSPENDED)],
)
def test_only_a_false_alarm_gives_the_older_paper_back(
    physician: Client, declared: Stage, outcome: str, older: Outcome
) -> None:
    """Field rules A1, A4: until-when as it was, to the second."""
    swabbed(declared, "BR1", "negative", 5)
    until = certificates_of(DRIVER.code, EVENING)[0].valid_until
    result = swabbed(declared, "BR2", "positive", 60)
    assert statuses() == [Outcome.SUSPENDED]
    closing = {"outcome": outcome, "reason": "RT-PCR âm tính", "paper": "", "shown": shown()}
    answer = physician.post(f"{ADDRESS}/{result}", closing)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, ADDRESS)
    assert statuses() == [older]
    assert certificates_of(DRIVER.code, EVENING)[0].valid_until == until
    assert "Không có trường hợp nào" in physician.get(ADDRESS).content.decode()
    assert not WhatStands.objects.filter(state="screening_positive").exists()
    is_clear = older is Outcome.VALID
    assert standing_of(DRIVER.code).state is (PersonState.NEGATIVE if is_clear else PersonState.CLOSED)
    last = person_cards([DRIVER.code])[DRIVER.code].last_result
    assert (last.value if last else None) == "negative"


def test_a_closing_without_a_reason_is_asked_again_and_records_nothing(
    physician: Client, declared: Stage
) -> None:
    result = swabbed(declared, "BR2", "positive", 60)
    answer = physician.post(
        f"{ADDRESS}/{result}", {"outcome": "not_confirmed", "reason": "", "paper": "1/KSBT", "shown": shown()}
    )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "1/KSBT" in answer.content.decode()
    assert not Entry.objects.filter(kind="followup.closed").exists()


def test_a_closing_speaks_of_no_test_that_became_known_while_the_physician_wrote(
    physician: Client, declared: Stage
) -> None:
    """RT-PCR said positive while a rapid positive was closed as a false alarm: both were taken away."""
    swabbed(declared, "BR1", "negative", 5)
    result = swabbed(declared, "BR2", "positive", 60)
    page = physician.get(f"{ADDRESS}/{result}").content.decode()
    known = shown()
    assert escape(known) in page
    swabbed(declared, "BR3", "positive", 90)
    closing = {"outcome": "not_confirmed", "reason": "Nhập nhầm", "paper": "", "shown": known}
    assert physician.post(f"{ADDRESS}/{result}", closing).status_code == HTTPStatus.SEE_OTHER
    assert statuses() == [Outcome.SUSPENDED]
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "screening_positive"
    assert physician.get(ADDRESS).content.decode().count(f'href="{ADDRESS}/') == 1


@pytest.mark.parametrize("known", ["", "x", '{"BR2": 1}'])
def test_a_closing_that_does_not_say_what_was_shown_records_nothing(
    physician: Client, declared: Stage, known: str
) -> None:
    result = swabbed(declared, "BR2", "positive", 60)
    closing = {"outcome": "not_confirmed", "reason": "Nhập nhầm", "paper": "", "shown": known}
    assert physician.post(f"{ADDRESS}/{result}", closing).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Entry.objects.filter(kind="followup.closed").exists()


def test_a_lead_cannot_close_a_follow_up_by_any_way(declared: Stage) -> None:
    swabbed(declared, "BR2", "positive", 60)
    facts = {"person_code": DRIVER.code, "outcome": "not_confirmed", "reason": "x"}
    with pytest.raises(Problem, match="actor_not_allowed"):
        record_deeds([deed_of("followup.closed", facts, WHY, actor=declared.staff.lead.id)], EVENING)


def test_a_positive_that_becomes_known_after_the_closing_speaks(physician: Client, declared: Stage) -> None:
    facts = {"person_code": DRIVER.code, "outcome": "not_confirmed", "reason": "RT-PCR âm tính"}
    early = deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)
    declared.station.minute = 60
    collection = declared.station.collect("BR2", [DRIVER])
    declared.must_apply(collection)
    record_deeds([early], declared.station.began)
    declared.station.minute = 76
    declared.must_apply(declared.station.result("BR2", "positive"))
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "screening_positive"


def test_of_two_with_one_code_the_page_ends_only_whose_result_it_shows(
    physician: Client, declared: Stage
) -> None:
    """The page carried the tests of both, and a false alarm of one gave the other, who was positive, a paper."""
    station = declared.station
    owner = Registration.objects.get(person_code=DRIVER.code).id
    station.minute += 5
    (other,) = declared.must_apply(station.register(WALKER, person_code=DRIVER.code))
    addresses = {}
    for tube, who in (("BR1", owner), ("BR2", other)):
        collection = station.collect(tube, [DRIVER], members=[member_facts(DRIVER.code, registration=who)])
        station.minute += 20
        result = station.result(tube, "positive")
        declared.must_apply(collection, result)
        addresses[who] = f"{ADDRESS}/{id_of(result)}"
    shown = as_shown([*warnings_about(DRIVER.code, owner), *warnings_about(DRIVER.code, other)])
    assert escape(as_shown(warnings_about(DRIVER.code, other))) in physician.get(addresses[other]).text
    said = {"shown": shown, "outcome": "not_confirmed", "reason": "RT-PCR âm tính"}
    assert physician.post(addresses[other], said).status_code == HTTPStatus.SEE_OTHER
    assert [each.registration for each in open_followups()] == [owner]
