"""Disputed tubes: a list in pages, a page for each tube, a lead's word, and records taken back."""

import re
from http import HTTPStatus
from uuid import UUID, uuid4

import msgspec
import pytest
from django.test import Client

from chotxanh.certificates.models import Certificate
from chotxanh.domain.kinds import Role
from chotxanh.domain.problems import Problem
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import new_id, wire_time
from chotxanh.registers.devices.models import Device
from chotxanh.registers.posts.entries import OPENED
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.registers.staff.models import Grant, Member
from chotxanh.results.disputes import RecordedTube, disputed, recorded_tubes
from chotxanh.results.resolutions import TubeWord, resolve_result, seen
from chotxanh.site.office.disputed_tube import REASONS, as_shown
from tests.cast import CHAU_DUC, DRIVER, MORNING, PHU_MY, QL51, QL56, RIDER, WALKER, change_grants
from tests.device import Station, deed_of, id_of
from tests.stage import Stage
from tests.troubles import dispute

LIST = "/office/disputed"
TUBE = f"{LIST}/{PHU_MY}/ONG1"


def page_of(client: Client, address: str = TUBE) -> str:
    """A page's text."""
    return client.get(address).content.decode()


def word(about: str, stands: object, at: str = "") -> dict[str, str]:
    """A lead's word on the tube, of everything that is known of it now."""
    records = tube().collections if about == "collection" else tube().results
    typed = {"about": about, "stands": str(stands), "confirm_time": at, "grounds": "saw_the_tube"}
    return typed | {"shown": as_shown(seen(records))}


def word_recorded() -> str:
    """The one word on a result that was recorded."""
    return Entry.objects.get(kind="result.resolved").body


def typed_on(page: str, about: str, stands: object) -> dict[str, str]:
    """What a browser sends of a page on which a record was chosen."""
    shown = re.findall(
        r'name="about" value="(\w+)">\s*<input type="hidden" name="shown" value="([^"]*)"', page
    )
    return {
        "about": about,
        "shown": dict(shown).get(about, ""),
        "stands": str(stands),
        "confirm_time": "",
        "grounds": "saw_the_tube",
    }


def is_disputed() -> bool:
    """Whether anything is left to decide."""
    return disputed(WHOLE_PROVINCE).exists()


def tube() -> RecordedTube:
    """The tube with its records."""
    return recorded_tubes([f"{PHU_MY}/ONG1"])[0]


def test_the_list_names_each_tube_with_its_reasons_and_leads_to_it(lead: Client, declared: Stage) -> None:
    dispute(declared)
    page = page_of(lead, LIST)
    assert f'href="{TUBE}"' in page
    assert "Mã ống được dùng hai lần" in page
    assert "Có hai kết quả khác nhau" in page
    assert "2 lần lấy mẫu, 2 kết quả" in page


def test_b8_nothing_is_cut_without_a_word(lead: Client, declared: Stage) -> None:
    """B8: 620 disputes were cut at 500."""
    dispute(declared, 120)
    pages = [page_of(lead, f"{LIST}?page={number}") for number in (1, 2, 3)]
    assert [page.count("Xem và quyết định") for page in pages] == [50, 50, 20]
    assert "Trang 3/3, tất cả 120" in pages[-1]


def test_a_reason_leads_to_its_tubes_and_stays_chosen_on_the_next_page(lead: Client, declared: Stage) -> None:
    twice = [
        declared.station.result(f"SOM{n}", value) for n in range(51) for value in ("negative", "invalid")
    ]
    declared.must_apply(*twice)
    declared.must_apply(declared.station.collect("ONG1", [DRIVER]), declared.station.collect("ONG1", [RIDER]))
    page = page_of(lead, f"{LIST}?reason=results_differ")
    assert "Có hai kết quả khác nhau <b>51</b>" in page
    assert 'href="?reason=results_differ&amp;page=2"' in page
    assert "Ống ONG1" not in page
    assert "Ống ONG1" in page_of(lead, f"{LIST}?reason=khong-co")


def test_a_disputed_tube_is_settled_by_two_words(lead: Client, declared: Stage) -> None:
    dispute(declared)
    first = lead.post(TUBE, word("collection", tube().collections[0].id))
    assert (first.status_code, first["Location"]) == (HTTPStatus.SEE_OTHER, TUBE)
    assert "Đã ghi quyết định về lần lấy mẫu" in page_of(lead)
    negative = next(each.id for each in tube().results if each.value == "negative")
    late = lead.post(TUBE, word("result", negative, "08:40 25/07/2021"))
    assert late.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Giờ này muộn hơn giờ máy đã ghi" in late.content.decode()
    assert lead.post(TUBE, word("result", negative))["Location"] == LIST
    assert not is_disputed()


def test_of_a_tube_used_twice_the_result_is_asked_for_once_its_sampling_is_chosen(
    lead: Client, declared: Stage
) -> None:
    station = declared.station
    first = station.collect("ONG1", [DRIVER])
    declared.must_apply(first, station.collect("ONG1", [RIDER]))
    station.minute += 20
    negative = station.result("ONG1", "negative")
    declared.must_apply(negative)
    assert "Kết quả nào đúng?" not in page_of(lead)
    answer = lead.post(TUBE, typed_on(page_of(lead), "collection", id_of(first)))
    assert (answer["Location"], Certificate.objects.count()) == (TUBE, 0)
    page = page_of(lead)
    assert "Chưa rõ kết quả là của lần lấy mẫu nào" in page
    assert ("Lần lấy mẫu nào đúng?" in page, "Kết quả nào đúng?" in page) == (False, True)
    assert "Chưa rõ kết quả là của lần lấy mẫu nào" in page_of(lead, LIST)
    assert lead.post(TUBE, typed_on(page, "result", id_of(negative)))["Location"] == LIST
    assert (is_disputed(), Certificate.objects.count()) == (False, 1)


def test_a_word_never_counts_a_result_that_the_lead_has_not_seen(lead: Client, declared: Stage) -> None:
    """A positive that came while the page stood open was waved through: a certificate was issued beside it."""
    station = declared.station
    declared.must_apply(station.collect("ONG1", [DRIVER]))
    station.minute += 20
    negative = station.result("ONG1", "negative")
    declared.must_apply(negative, station.result("ONG1", "invalid"))
    chosen = typed_on(page_of(lead), "result", id_of(negative))
    station.minute += 1
    positive = station.result("ONG1", "positive")
    declared.must_apply(positive)
    answer = lead.post(TUBE, chosen)
    page = answer.content.decode()
    assert (answer.status_code, is_disputed()) == (HTTPStatus.CONFLICT, True)
    assert not Certificate.objects.exists()
    assert "Vừa có thêm bản ghi về ống này" in page
    assert f'value="{id_of(positive)}"' in page
    assert " checked" not in page, "what was chosen among fewer is asked anew"
    assert not Entry.objects.filter(kind="result.resolved").exists()
    assert lead.post(TUBE, typed_on(page, "result", id_of(positive)))["Location"] == LIST
    assert not is_disputed()


def test_a_word_never_counts_a_sampling_that_the_lead_has_not_seen(lead: Client, declared: Stage) -> None:
    dispute(declared)
    chosen = typed_on(page_of(lead), "collection", tube().collections[0].id)
    declared.must_apply(declared.station.collect("ONG1", [WALKER]))
    answer = lead.post(TUBE, chosen)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "tube_used_twice" in tube().reasons
    again = typed_on(answer.content.decode(), "collection", tube().collections[0].id)
    assert lead.post(TUBE, again).status_code == HTTPStatus.SEE_OTHER
    assert "tube_used_twice" not in tube().reasons


def test_a_word_never_answers_a_reason_that_the_lead_has_not_seen(lead: Client, declared: Stage) -> None:
    dispute(declared)
    chosen = typed_on(page_of(lead), "result", tube().results[0].id)
    facts = {"facility": PHU_MY, "at": wire_time(MORNING), "reason": "quality"}
    stopped = deed_of("facility.suspended", facts, actor=declared.staff.lead.id)
    declared.must_apply(sign_deed(stopped, declared.now))
    carry_out_all(declared.now)
    answer = lead.post(TUBE, chosen)
    assert answer.status_code == HTTPStatus.CONFLICT
    again = typed_on(answer.content.decode(), "result", tube().results[0].id)
    assert lead.post(TUBE, again).status_code == HTTPStatus.SEE_OTHER
    reasons = [set(each["reasons"]) for each in msgspec.json.decode(word_recorded())["facts"]["marked"]]
    assert reasons == [{"facility_not_authorised"}] * 2
    assert "results_differ" not in tube().reasons


def test_what_arrives_between_reading_and_recording_is_not_counted(declared: Stage) -> None:
    dispute(declared)
    results = tube().results
    shown = seen(results[:1])
    unseen = TubeWord(PHU_MY, "ONG1", results[0].id, results[0].resulted_at, shown)
    with pytest.raises(Problem, match="more_arrived"):
        resolve_result(unseen, declared.staff.lead, declared.now)


@pytest.mark.parametrize("shown", ["", "khong-phai-ma"])
def test_a_word_that_does_not_say_what_was_shown_is_refused(
    lead: Client, declared: Stage, shown: str
) -> None:
    dispute(declared)
    answer = lead.post(TUBE, word("result", tube().results[0].id) | {"shown": shown})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "results_differ" in tube().reasons


@pytest.mark.parametrize("at", ["25/07", "08:61 25/07/2021", "08:40 31/02/2021", "08:40 25/07/2121"])
def test_a_time_that_cannot_be_is_refused_and_kept_on_the_page(
    lead: Client, declared: Stage, at: str
) -> None:
    dispute(declared)
    answer = lead.post(TUBE, word("result", tube().results[0].id, at))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'value="{at}"' in answer.content.decode()
    assert is_disputed()


def test_a_word_without_a_choice_settles_nothing(lead: Client, declared: Stage) -> None:
    dispute(declared)
    assert lead.post(TUBE, word("collection", "")).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert lead.post(TUBE, {}).status_code == HTTPStatus.NOT_FOUND
    assert is_disputed()


def test_only_what_is_disputed_is_asked_and_the_rest_is_told(lead: Client, declared: Stage) -> None:
    station = declared.station
    declared.must_apply(station.collect("ONG1", [DRIVER]))
    station.minute += 20
    declared.must_apply(station.result("ONG1", "negative"), station.result("ONG1", "invalid"))
    page = page_of(lead)
    assert ("Lần lấy mẫu nào đúng?" in page, "Kết quả nào đúng?" in page) == (False, True)
    assert "Đã ghi về ống này" in page
    assert "Lấy mẫu 1 người, 08:00:00 25/07/2021" in page


def test_a_result_before_its_sampling_asks_for_the_time_of_either(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.result("ONG1", "negative"))
    declared.station.minute += 5
    declared.must_apply(declared.station.collect("ONG1", [DRIVER]))
    page = page_of(lead)
    assert ("Lần lấy mẫu nào đúng?" in page, "Kết quả nào đúng?" in page) == (True, True)
    lead.post(TUBE, word("collection", tube().collections[0].id, "07:40 25/07/2021"))
    assert not is_disputed()


def test_a_tube_that_is_settled_shows_its_history_and_takes_no_word(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.collect("ONG1", [DRIVER]))
    page = page_of(lead)
    assert "Không có gì phải quyết định" in page
    assert "Lấy mẫu 1 người, 08:00:00 25/07/2021" in page
    answer = lead.post(TUBE, word("collection", tube().collections[0].id))
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_tube_that_nobody_knows_is_not_found(lead: Client, declared: Stage) -> None:
    for address in (TUBE, f"{LIST}/khong/co", f"/office/withdraw/{uuid4()}"):
        assert lead.get(address).status_code == HTTPStatus.NOT_FOUND


def test_a_barcode_may_hold_any_sign(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.collect("A/1 ?#%", [DRIVER]))
    declared.must_apply(declared.station.collect("A/1 ?#%", [RIDER]))
    address = f"{LIST}/{PHU_MY}/A/1%20%3F%23%25"
    assert f'href="{address}"' in page_of(lead, LIST)
    assert "Ống A/1 ?#%" in page_of(lead, address)


def test_two_samplings_at_one_post_are_told_apart_by_second_lane_device_and_officer(
    lead: Client, declared: Stage
) -> None:
    other = Station(minute=declared.station.minute + 1 / 6)
    other.enrol()
    Device.objects.filter(id=other.id).update(name="Máy bàn làn 2")
    Member.objects.filter(id=declared.staff.officer.id).update(phone="+84912345678")
    declared.must_apply(declared.station.collect("ONG1", [DRIVER]))
    second = deed_of("post.opened", OPENED.example | {"site": QL51, "name": "Làn 2"}, id=new_id())
    declared.must_apply(sign_deed(second, MORNING))
    declared.must_apply(
        other.start_shift(declared.staff.officer), other.collect("ONG1", [RIDER], post=second.id)
    )
    page = page_of(lead)
    assert "Nhân viên 1, 0912 345 678, Chốt QL51, Làn 1, Máy trạm" in page
    assert "Làn 2, Máy bàn làn 2" in page
    assert "08:00:00 25/07/2021" in page
    assert "08:00:10 25/07/2021" in page


def test_a_mark_is_shown_as_a_reason_beside_the_record_it_stands_on(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.entry("shift.ended", {}), declared.station.collect("ONG1", [DRIVER]))
    assert page_of(lead).count("Thực hiện ngoài ca trực") == 2, "of the tube, and of its sampling"
    declared.station.minute += 1
    Grant.objects.filter(member=declared.staff.officer.id).update(valid_to=MORNING)
    declared.must_apply(declared.station.collect("ONG1", [RIDER]))
    assert page_of(lead).count("không còn được phân công lúc đó") == 2


@pytest.mark.parametrize(
    ("facility", "site", "is_theirs"),
    [(PHU_MY, "", True), (PHU_MY, QL51, True), (PHU_MY, QL56, False), (CHAU_DUC, "", False)],
)
def test_a_lead_decides_on_the_tubes_of_their_own_place(
    declared: Stage, client: Client, facility: str, site: str, is_theirs: bool
) -> None:
    """B5: a lead of one checkpoint got 404, though the ledger would have applied the ruling."""
    dispute(declared)
    member = declared.staff.technician
    change_grants(member, role=Role.LEAD, facility=facility, site=site)
    client.force_login(member)
    assert ("Ống ONG1" in page_of(client, LIST)) is is_theirs
    answer = client.post(TUBE, word("collection", tube().collections[0].id))
    assert answer.status_code == (HTTPStatus.SEE_OTHER if is_theirs else HTTPStatus.NOT_FOUND)
    withdrawal = client.get(f"/office/withdraw/{tube().results[0].id}")
    assert withdrawal.status_code == (HTTPStatus.OK if is_theirs else HTTPStatus.NOT_FOUND)


def take_back(client: Client, record: UUID, reason: str = "wrong_tube") -> int:
    """Take a record back; the answer's status."""
    return client.post(f"/office/withdraw/{record}", {"withdraw_reason": reason}).status_code


def test_taking_back_without_a_reason_asks_for_one(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.collect("ONG1", [DRIVER]))
    answer = lead.post(f"/office/withdraw/{tube().collections[0].id}", {})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Chọn một lý do." in answer.content.decode()
    assert "ghi quyết định" not in answer.content.decode()


def test_each_link_to_take_back_says_so(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.collect("ONG1", [DRIVER]))
    assert "Rút lại: Lấy mẫu 1 người, " in page_of(lead)


def test_a_record_made_by_mistake_is_taken_back_with_a_reason_and_stays_in_the_history(
    lead: Client, declared: Stage
) -> None:
    declared.must_apply(declared.station.collect("ONG1", [DRIVER]))
    declared.station.minute += 5
    declared.must_apply(declared.station.collect("ONG1", [RIDER]))
    second = tube().collections[1].id
    assert f'href="/office/withdraw/{second}"' in page_of(lead)
    assert take_back(lead, second) == HTTPStatus.SEE_OTHER
    assert not is_disputed()
    assert "Đã rút lại bản ghi của ống ONG1" in page_of(lead, LIST)
    page = page_of(lead)
    assert "đã rút lại" in page
    assert "Nhân viên 4 rút lại lúc" in page
    assert "Lý do: Nhầm ống" in page
    assert f'href="/office/withdraw/{second}"' not in page


def test_a_withdrawal_that_leaves_another_dispute_stays_with_the_tube(lead: Client, declared: Stage) -> None:
    dispute(declared)
    answer = lead.post(f"/office/withdraw/{tube().results[0].id}", {"withdraw_reason": REASONS[0]})
    assert answer["Location"] == TUBE
    assert tube().reasons == ("tube_used_twice",)


def test_what_was_taken_back_cannot_be_chosen(lead: Client, declared: Stage) -> None:
    dispute(declared)
    gone = tube().collections[0].id
    take_back(lead, gone)
    answer = lead.post(TUBE, word("collection", gone))
    assert answer.status_code != HTTPStatus.SEE_OTHER


def test_nothing_is_taken_back_without_a_reason(lead: Client, declared: Stage) -> None:
    dispute(declared)
    for reason in ("", "khong-co"):
        assert take_back(lead, tube().collections[0].id, reason) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "đã rút lại" not in page_of(lead)


def test_a_positive_and_the_sampling_under_it_are_never_taken_back(lead: Client, declared: Stage) -> None:
    """Field rule A1: that is a correction."""
    station = declared.station
    declared.must_apply(station.collect("ONG1", [DRIVER]))
    station.minute += 20
    declared.must_apply(station.result("ONG1", "positive"), station.result("ONG1", "negative"))
    positive, negative = sorted(tube().results, key=lambda each: each.value, reverse=True)
    for record in (tube().collections[0].id, positive.id):
        assert take_back(lead, record) == HTTPStatus.NOT_FOUND
    assert take_back(lead, negative.id) == HTTPStatus.SEE_OTHER


def test_a_sampling_taken_back_before_its_positive_came_counts_again_and_says_so(
    lead: Client, declared: Stage
) -> None:
    dispute(declared)
    gone = tube().collections[1].id
    take_back(lead, gone)
    declared.station.minute += 5
    declared.must_apply(declared.station.result("ONG1", "positive"))
    page = page_of(lead)
    assert "vẫn tính vì ống có kết quả dương tính" in page
    assert page.count(f'value="{gone}"') == 1, "it can be chosen again"
