"""The call list tells a lead whom to call, notes each call by one click, and shows nobody more than that needs."""

import re
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.kinds import Role
from chotxanh.domain.marks import is_removed
from chotxanh.domain.names import mask_name
from chotxanh.ledger.models import Entry
from chotxanh.ledger.worker.loop import Worker
from chotxanh.results.corrections.models import ResultTelling
from chotxanh.results.followups.models import Call, Contact
from chotxanh.site.office import calls
from chotxanh.site.office.names import people_named
from tests.cast import (
    ASSISTANT,
    CHAU_DUC,
    DRIVER,
    PASSENGER,
    PHU_MY,
    QL51,
    QL56,
    RIDER,
    RT_PCR,
    WALKER,
    change_grants,
)
from tests.stage import Stage

LIST = "/office/calls"
TUBE = f"/office/calls/{PHU_MY}/BR3"
NOTED = {"facility": PHU_MY, "tube": "BR1", "person_code": DRIVER.code, "reason": "positive"}


@pytest.fixture
def lead(declared: Stage, client: Client) -> Client:
    """A lead's browser, after a positive, a positive pool, and a tube without a result."""
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]), station.collect("BR2", [ASSISTANT, PASSENGER]))
    declared.must_apply(station.collect("BR3", [RIDER, WALKER]))
    station.minute += 20
    declared.must_apply(station.result("BR1", "positive"), station.result("BR2", "positive"))
    client.force_login(declared.staff.lead)
    return client


def page_of(client: Client, address: str = LIST) -> str:
    """The page's text."""
    return client.get(address).content.decode()


def test_h3_each_call_names_the_test_and_the_act_that_it_must_bring_about(
    declared: Stage, client: Client
) -> None:
    station = declared.station
    by_rt_pcr: dict[str, Any] = {"test": RT_PCR, "kit": None}
    declared.must_apply(
        station.collect("BR1", [DRIVER]),
        station.collect("BR2", [ASSISTANT, PASSENGER], **by_rt_pcr),
        station.collect("BR3", [RIDER], **by_rt_pcr),
    )
    station.minute += 20
    declared.must_apply(
        station.result("BR1", "positive"),
        station.result("BR2", "positive", **by_rt_pcr),
        station.result("BR3", "positive", **by_rt_pcr),
    )
    client.force_login(declared.staff.lead)
    shown = {view.callee.name: (view.reason, view.act) for view in client.get(LIST).context["calls"]}
    assert shown[DRIVER.full_name] == (
        "Dương tính với xét nghiệm nhanh kháng nguyên (sàng lọc)",
        "Mời ở tại chỗ, hẹn giờ và nơi lấy mẫu RT-PCR.",
    )
    assert shown[RIDER.full_name][0] == "Dương tính với RT-PCR"
    assert shown[ASSISTANT.full_name][0] == "Cần lấy mẫu RT-PCR riêng"
    assert "xét nghiệm nhanh không thay được" in shown[PASSENGER.full_name][1]


def test_those_to_be_called_stand_with_name_number_and_plate(lead: Client) -> None:
    page = page_of(lead)
    for person in (DRIVER, ASSISTANT, PASSENGER):
        assert person.full_name in page
        assert f'href="tel:{person.phone}"' in page
    assert "72C-123.45" in page
    assert page.index(DRIVER.full_name) < page.index(ASSISTANT.full_name), "a positive comes first"


def test_a_phone_can_dial_what_the_screen_shows(lead: Client) -> None:
    assert page_of(lead).count('aria-label="Mã QR của số điện thoại"') == 3


def test_one_click_notes_a_call(lead: Client) -> None:
    answer = lead.post(LIST, NOTED | {"outcome": "reached"}, follow=True)
    page = answer.content.decode()
    assert f"Đã ghi: {DRIVER.full_name}, đã gọi được" in page
    assert Entry.objects.get(kind="followup.contacted").answer == "applied"
    assert f'href="tel:{DRIVER.phone}"' not in page
    assert re.search(r"Nhân viên \d+: Đã gọi được", page), "who called, and what came of it"


def test_a_call_that_reached_somebody_says_that_they_know_and_undoing_it_takes_that_back(
    lead: Client,
) -> None:
    """Field rule A1: from then on nobody but the CDC takes the positive back."""
    lead.post(LIST, NOTED | {"outcome": "not_reached"})
    assert not ResultTelling.objects.exists()
    page = lead.post(LIST, NOTED | {"outcome": "reached"}, follow=True).content.decode()
    telling = ResultTelling.objects.get()
    assert (telling.person_code, telling.tube, telling.way) == (DRIVER.code, f"{PHU_MY}/BR1", "call")
    assert telling.result == Entry.objects.get(id=telling.result, kind="result.recorded").id
    undo = re.search(rf'action="({LIST}/[0-9a-f-]+/undo)"', page)
    assert undo
    lead.post(undo[1])
    assert is_removed(ResultTelling.objects.get().marks)


def test_who_is_told_at_the_post_needs_no_call_and_knows(lead: Client) -> None:
    """Field rule A1: an officer told them face to face, and it stood nowhere."""
    assert "Đã báo tại chốt" in page_of(lead)
    page = lead.post(LIST, NOTED | {"outcome": "told_at_post"}, follow=True).content.decode()
    assert f"Đã ghi: {DRIVER.full_name}, đã báo tại chốt" in page
    telling = ResultTelling.objects.get()
    assert (telling.person_code, telling.tube, telling.way) == (DRIVER.code, f"{PHU_MY}/BR1", "post")
    assert Call.objects.get(person_code=DRIVER.code, tube=f"{PHU_MY}/BR1").closed_at is not None
    undo = re.search(rf'action="({LIST}/[0-9a-f-]+/undo)"', page)
    assert undo
    lead.post(undo[1])
    assert is_removed(ResultTelling.objects.get().marks)


def test_a_recall_after_a_positive_pool_tells_it_too(lead: Client) -> None:
    lead.post(
        LIST, NOTED | {"tube": "BR2", "person_code": ASSISTANT.code, "reason": "recall", "outcome": "reached"}
    )
    assert ResultTelling.objects.get().tube == f"{PHU_MY}/BR2"


def test_whoever_was_reached_is_masked(lead: Client) -> None:
    noted = lead.post(LIST, NOTED | {"outcome": "reached"}, follow=True).content.decode()
    assert DRIVER.full_name not in done_part(noted)
    assert DRIVER.full_name not in page_of(lead), "the line about what was noted is said once"


@pytest.mark.parametrize("outcome", ["reached", "told_at_post", "not_reached", "wrong_number"])
def test_whatever_was_noted_names_whom_and_is_undone_where_it_is_said(lead: Client, outcome: str) -> None:
    page = lead.post(LIST, NOTED | {"outcome": outcome}, follow=True).content.decode()
    entry = Contact.objects.get().id
    banner = page[page.index("said-noted") : page.index("<h1")]
    assert f"Đã ghi: {DRIVER.full_name}, " in banner
    assert f'action="{LIST}/{entry}/undo"' in banner
    assert "Đã hoàn tác" in lead.post(f"{LIST}/{entry}/undo", follow=True).content.decode()
    call = Call.objects.get(person_code=DRIVER.code)
    assert (call.closed_at, call.unanswered, call.last_contact) == (None, 0, None)


def test_undoing_twice_takes_back_once(lead: Client) -> None:
    lead.post(LIST, NOTED | {"outcome": "reached"})
    entry = Contact.objects.get().id
    for window in ("one", "another"):
        page = lead.post(f"{LIST}/{entry}/undo", {"window": window}, follow=True).content.decode()
        assert "Đã hoàn tác" in page
        assert "Đã ghi:" not in page, "what was taken back is not said to stand"
    assert Entry.objects.filter(kind="entry.withdrawn").count() == 2, "the call, and what it told"


def test_what_was_noted_of_a_tube_names_the_tube(lead: Client) -> None:
    for outcome, words in (("not_reached", "không liên lạc được"), ("reached", "đã báo những người chờ")):
        entry = tell_who_waits(lead, outcome)
        page = page_of(lead)
        assert f"Đã ghi: Ống BR3, {words}" in page
        assert f"{LIST}/{entry}/undo" in page


def test_a_slip_of_the_hand_is_undone(lead: Client) -> None:
    lead.post(LIST, NOTED | {"outcome": "reached"})
    (entry,) = Call.objects.filter(closed_at__isnull=False).values_list("last_contact", flat=True)
    page = lead.post(f"/office/calls/{entry}/undo", follow=True).content.decode()
    assert "Đã hoàn tác" in page
    assert DRIVER.full_name in page


def tell_who_waits(client: Client, outcome: str = "reached") -> UUID:
    """Note a call about the overdue tube; return its entry."""
    Worker(timezone.now).work_until_idle()
    noted = {"facility": PHU_MY, "tube": "BR3", "reason": "overdue", "outcome": outcome}
    assert client.post(LIST, noted).status_code == HTTPStatus.FOUND
    return Contact.objects.latest("contacted_at").id


def done_part(page: str) -> str:
    """The part of the page that lists who was told."""
    return page[page.index('id="done"') :]


def late_part(page: str) -> str:
    """The part of the page that lists overdue tubes."""
    return page[page.index('id="late"') : page.index('id="done"')]


def test_an_overdue_tube_told_by_mistake_is_undone(lead: Client) -> None:
    """The guide promised it, and the tube vanished without a way back."""
    entry = tell_who_waits(lead)
    page = page_of(lead)
    assert "Ống BR3" not in late_part(page)
    assert f'action="{LIST}/{entry}/undo"' in page
    assert '<a href="#done"><b>1</b>' in page
    undone = lead.post(f"{LIST}/{entry}/undo", follow=True).content.decode()
    assert "Đã hoàn tác" in undone
    assert "Ống BR3" in late_part(undone)
    assert f"{entry}/undo" not in undone


def test_a_call_that_was_taken_back_is_not_told_as_the_last(lead: Client) -> None:
    entry = tell_who_waits(lead)
    assert re.search(r"Nhân viên \d+: Đã gọi được", page_of(lead))
    lead.post(f"{LIST}/{entry}/undo")
    assert not re.search(r"Nhân viên \d+: Đã gọi được", page_of(lead))


def test_a_call_about_a_tube_that_reached_nobody_leaves_it_where_it_is(lead: Client) -> None:
    entry = tell_who_waits(lead, "not_reached")
    page = page_of(lead)
    assert "Ống BR3" in late_part(page)
    assert f"{entry}/undo" not in done_part(page)


@pytest.mark.parametrize(("site", "may"), [(QL56, False), (QL51, True)])
def test_only_a_lead_of_the_site_undoes_its_calls(
    lead: Client, declared: Stage, client: Client, site: str, may: bool
) -> None:
    """A lead of another site of the same facility took them back."""
    tube = tell_who_waits(lead)
    lead.post(LIST, NOTED | {"outcome": "reached"})
    person = Contact.objects.get(reason="positive").id
    member = declared.staff.technician
    change_grants(member, role=Role.LEAD, facility=PHU_MY, site=site)
    client.force_login(member)
    answers = [client.post(f"{LIST}/{entry}/undo").status_code for entry in (tube, person)]
    assert answers == [HTTPStatus.FOUND if may else HTTPStatus.NOT_FOUND] * 2
    assert Entry.objects.filter(kind="entry.withdrawn").exists() is may


def test_a_call_that_is_not_on_the_list_is_not_noted(lead: Client) -> None:
    for changed in ({"person_code": WALKER.code}, {"reason": "overdue", "person_code": ""}):
        answer = lead.post(LIST, NOTED | {"outcome": "reached"} | changed)
        assert answer.status_code == HTTPStatus.NOT_FOUND
    assert lead.post(LIST, NOTED | {"outcome": "perhaps"}).status_code == HTTPStatus.BAD_REQUEST
    assert not Entry.objects.filter(kind="followup.contacted").exists()


def test_every_look_at_a_person_is_logged_once(lead: Client, declared: Stage) -> None:
    page_of(lead)
    page_of(lead)
    looked = PersonalAccess.objects.filter(member=declared.staff.lead.id, purpose=calls.PURPOSE)
    wanted = sorted(each.code for each in (DRIVER, ASSISTANT, PASSENGER))
    assert sorted(looked.values_list("subject", flat=True)) == wanted


def test_an_overdue_tube_shows_its_people_only_when_opened(lead: Client) -> None:
    Worker(timezone.now).work_until_idle()
    page = page_of(lead)
    assert "Ống BR3" in page
    assert RIDER.phone not in page
    opened = page_of(lead, TUBE)
    assert RIDER.full_name in opened
    assert f'href="tel:{WALKER.phone}"' in opened
    assert PersonalAccess.objects.filter(subject=RIDER.code).exists()


def test_one_who_waits_is_one_person_in_english(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.collect("BR4", [RIDER]))
    Worker(timezone.now).work_until_idle()
    lead.post("/language/en")
    late = late_part(page_of(lead))
    assert "2 people" in late
    assert "1 person" in late
    assert "People:" not in late


def test_an_overdue_tube_may_have_any_barcode(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.collect("A/1 ?#", [RIDER]))
    Worker(timezone.now).work_until_idle()
    address = f"{LIST}/{PHU_MY}/A/1%20%3F%23"
    assert f'href="{address}"' in page_of(lead)
    assert RIDER.full_name in page_of(lead, address)


def test_a_call_that_waited_too_long_is_the_cdcs(lead: Client) -> None:
    assert "người trực CDC gọi" not in page_of(lead)
    Worker(timezone.now).work_until_idle()
    assert page_of(lead).count("người trực CDC gọi") == 3


def test_twice_unanswered_is_the_cdcs_at_once(lead: Client) -> None:
    for time in ("first", "second"):
        lead.post(LIST, NOTED | {"outcome": "not_reached", "time": time})
    assert page_of(lead).count("người trực CDC gọi") == 1


def test_g8_a_double_click_on_not_reached_counts_one_call(lead: Client) -> None:
    for _ in range(2):
        lead.post(LIST, NOTED | {"outcome": "not_reached"})
    assert Contact.objects.count() == 1
    assert "người trực CDC gọi" not in page_of(lead)


def test_the_list_is_counted_and_cut_in_pages_never_silently(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "PAGE", 2)
    first, second = page_of(lead), page_of(lead, f"{LIST}?page=2")
    assert "Trang 1/2, tất cả 3" in first
    assert first.count('value="wrong_number"') == 2
    assert second.count('value="wrong_number"') == 1


def test_a_lead_of_another_facility_sees_and_notes_nothing(
    lead: Client, declared: Stage, client: Client
) -> None:
    member = declared.staff.technician
    change_grants(member, role=Role.LEAD, facility=CHAU_DUC)
    client.force_login(member)
    assert DRIVER.full_name not in page_of(client)
    assert client.post(LIST, NOTED | {"outcome": "reached"}).status_code == HTTPStatus.NOT_FOUND
    assert client.get(TUBE).status_code == HTTPStatus.NOT_FOUND


def test_the_overview_counts_whom_to_call(lead: Client) -> None:
    assert '<a href="/office/calls"><b>3</b>' in page_of(lead, "/office/")


def test_of_a_code_that_two_people_claim_the_row_says_so_and_shows_both_numbers(
    lead: Client, declared: Stage
) -> None:
    claim = ASSISTANT.facts() | {"person_code": DRIVER.code}
    declared.must_apply(declared.station.entry("person.registered", claim, ASSISTANT.personal()))
    first = page_of(lead).partition('<ol class="records calls">')[2].partition('value="wrong_number"')[0]
    for person in (DRIVER, ASSISTANT):
        assert person.full_name in first
        assert f'href="tel:{person.phone}"' in first
    assert "Mã này có 2 người khai: hỏi lại trước khi gọi" in first
    assert page_of(lead).count("người khai: hỏi lại") == 1, "nobody else's code is doubted"


def test_of_a_shared_code_that_was_reached_nobody_is_left_out(lead: Client, declared: Stage) -> None:
    claim = WALKER.facts() | {"person_code": DRIVER.code}
    declared.must_apply(declared.station.entry("person.registered", claim, WALKER.personal()))
    lead.post(LIST, NOTED | {"outcome": "reached"})
    page = page_of(lead)
    assert " hoặc ".join(mask_name(each.full_name) for each in (DRIVER, WALKER)) in page


def test_the_page_of_a_tube_names_everybody_who_claims_a_code(declared: Stage) -> None:
    claim = WALKER.facts() | {"person_code": DRIVER.code}
    declared.must_apply(declared.station.entry("person.registered", claim, WALKER.personal()))
    (named,) = people_named([DRIVER.code]).values()
    for person in (DRIVER, WALKER):
        assert person.full_name in named


def test_a_contact_is_called_until_an_rt_pcr_of_their_own_and_that_call_tells_no_result(
    declared: Stage, client: Client
) -> None:
    """Field rule A2; they stayed on the list after their RT-PCR."""
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER, ASSISTANT], is_household=True))
    station.minute = 20
    declared.must_apply(station.result("BR1", "negative"), station.collect("BR2", [DRIVER]))
    station.minute = 40
    declared.must_apply(station.result("BR2", "positive"))
    client.force_login(declared.staff.lead)
    contact = {"facility": PHU_MY, "tube": "BR1", "person_code": ASSISTANT.code, "reason": "contact"}
    client.post(LIST, contact | {"outcome": "reached"})
    assert Call.objects.get(reason="contact").closed_at is not None
    assert not ResultTelling.objects.exists()
    station.minute = 50
    declared.must_apply(station.collect("BR3", [ASSISTANT], test=RT_PCR, kit=None))
    station.minute = 90
    declared.must_apply(station.result("BR3", "negative", test=RT_PCR, kit=None))
    assert not Call.objects.filter(reason="contact").exists()
