"""Held entries: what needs a person stands first and by device, what only waits is folded, nothing is cut unsaid."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chotxanh.beside.heard import note_heard
from chotxanh.domain.kinds import Answer, Role
from chotxanh.domain.problems import Problem
from chotxanh.ledger import held
from chotxanh.ledger.held import count_held, to_decide
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rulings import admit_entry, refuse_entry
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.registers.staff.models import Member
from chotxanh.site.office import paging
from tests.cast import CHAU_DUC, DRIVER, PHU_MY, POSTS, QL51, QL56, change_grants
from tests.device import id_of
from tests.stage import Stage
from tests.troubles import hold, revoke, wait_for_shift

LIST = "/office/held"


def page_of(client: Client, address: str = LIST) -> str:
    """A page's text."""
    return client.get(address).content.decode()


def first_id() -> UUID:
    """The entry on top of the list."""
    return to_decide(WHOLE_PROVINCE)[0].id


def rulings_on(page: str) -> int:
    """How many entries can be decided on here."""
    return page.count('value="admit"')


def press(client: Client, entry: UUID, decision: str) -> Any:
    """Press a button of an entry, as its page shows it now."""
    problem = Entry.objects.filter(id=entry).values_list("problem", flat=True).first() or ""
    return client.post(
        f"{LIST}/{entry}", {"decision": decision, "problem": problem, "grounds": "saw_the_roster"}
    )


def test_an_entry_held_for_another_reason_by_now_is_not_decided(lead: Client, stage: Stage) -> None:
    """It was admitted as an officer lent to another post; meanwhile its device had been reported stolen."""
    hold(stage)
    entry = first_id()
    shown = re.findall(r'name="problem" value="(\w+)"', page_of(lead))
    Entry.objects.filter(id=entry).update(problem="device_revoked")
    answer = lead.post(
        f"{LIST}/{entry}", {"decision": "admit", "problem": "".join(shown), "grounds": "other"}
    )
    assert answer["Location"] == LIST
    assert Entry.objects.get(id=entry).answer == Answer.HELD
    assert "Lý do giữ lại bản ghi này vừa thay đổi" in page_of(lead)
    lead.post(f"{LIST}/{entry}", {"decision": "admit", "grounds": "other"})
    assert Entry.objects.get(id=entry).answer == Answer.HELD, "a form that names no reason decides nothing"


def test_admitting_a_held_entry_applies_it_and_says_so_once(lead: Client, stage: Stage) -> None:
    hold(stage)
    entry = first_id()
    assert "Lấy mẫu" in page_of(lead)
    press(lead, entry, "admit")
    assert "Đã chấp nhận bản ghi" in page_of(lead)
    assert "Đã chấp nhận bản ghi" not in page_of(lead)
    assert Entry.objects.get(id=entry).answer == Answer.APPLIED


def test_refusing_a_held_entry_leaves_it_out(lead: Client, stage: Stage) -> None:
    hold(stage)
    entry = first_id()
    press(lead, entry, "refuse")
    assert not to_decide(WHOLE_PROVINCE).exists()
    assert Entry.objects.get(id=entry).answer == Answer.HELD


def test_a_lead_reads_why_it_is_held_and_whom_to_ask(lead: Client, stage: Stage) -> None:
    Member.objects.filter(id=stage.staff.officer.id).update(phone="+84912345678")
    note_heard(stage.station.id, QL51, 12, stage.now)
    hold(stage)
    page = page_of(lead)
    assert "Chấp nhận nếu người đó được điều tới thật" in page
    assert "Nhân viên 1" in page
    assert 'href="tel:+84912345678"' in page
    assert "liên lạc lần cuối 20:00 25/07/2021, 12 mục chờ gửi" in page


def test_b8_the_one_decision_stands_above_the_hundreds_of_one_device(lead: Client, stage: Stage) -> None:
    """B8: of 330 held entries the one real decision was in no list."""
    revoke(stage, 60)
    hold(stage)
    page = page_of(lead)
    assert page.index("được điều tới thật") < page.index("Máy ghi đã bị thu hồi")
    assert "<b>61</b> Cần quyết định" in page
    assert "<strong>60</strong> bản ghi (Lấy mẫu 60)" in page


def test_b8_nothing_is_cut_without_a_word(lead: Client, stage: Stage) -> None:
    """B8: the list was cut at 200."""
    revoke(stage, 230)
    pages = [page_of(lead, f"{LIST}?page={number}") for number in range(1, 6)]
    assert [rulings_on(page) for page in pages] == [50, 50, 50, 50, 30]
    assert all("<strong>230</strong> bản ghi" in page for page in pages)
    assert "Trang 5/5, tất cả 230" in pages[-1]


def test_entries_of_a_device_stand_together_by_reason(stage: Stage) -> None:
    first, second = revoke(stage, 3, "Máy A"), revoke(stage, 3, "Máy B")
    hold(stage, 2)
    devices = [entry.device for entry in to_decide(WHOLE_PROVINCE)]
    assert devices[:2] == [stage.station.id] * 2
    assert devices[2:] == [device for device in sorted({first.id, second.id}) for _ in range(3)]


def test_b8_what_waits_for_its_shift_is_one_line_a_device(lead: Client, stage: Stage) -> None:
    """B8: 205 entries that only wait for their shift hid what needs a decision."""
    station, _ = wait_for_shift(stage, 205)
    page = page_of(lead)
    assert "205 bản ghi chờ ca trực" in page
    assert rulings_on(page) == 0
    waiting = page_of(lead, f"{LIST}/waiting/{station.id}")
    assert rulings_on(waiting) == 50
    assert "Trang 1/5, tất cả 205" in waiting


def test_devices_that_wait_are_paged_the_longest_waiting_first(
    lead: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    for number in range(3):
        wait_for_shift(stage, 1, f"Máy chờ {number}")
        stage.now += stage.now - stage.station.began
    pages = [page_of(lead, f"{LIST}?waiting={number}") for number in (1, 2)]
    assert [re.findall(r"Máy chờ \d(?= *<)", page) for page in pages] == [
        ["Máy chờ 0", "Máy chờ 0", "Máy chờ 1", "Máy chờ 1"],
        ["Máy chờ 2", "Máy chờ 2"],
    ]


def test_an_entry_that_waits_for_its_shift_settles_by_itself(lead: Client, stage: Stage) -> None:
    station, shift = wait_for_shift(stage)
    assert "1 bản ghi chờ ca trực" in page_of(lead)
    stage.must_apply(shift)
    assert "1 bản ghi chờ ca trực" not in page_of(lead)
    assert lead.get(f"{LIST}/waiting/{station.id}")["Location"] == LIST


def test_a_decision_on_a_waiting_entry_leads_on_with_its_device(lead: Client, stage: Stage) -> None:
    station, _ = wait_for_shift(stage, 2)
    entry = Entry.objects.filter(device=station.id).earliest("id").id
    answer = press(lead, entry, "admit")
    assert answer["Location"] == f"{LIST}/waiting/{station.id}"
    assert rulings_on(page_of(lead, answer["Location"])) == 1


def record_meanwhile(monkeypatch: pytest.MonkeyPatch, reading: str, deed: Callable[[], object]) -> None:
    """Let a deed be recorded while a page is made: after its rows were read, before `reading` is asked of them."""
    read = getattr(held, reading)

    def late(*asked: Any) -> Any:
        deed()
        return read(*asked)

    monkeypatch.setattr(held, reading, late)


def test_a_group_that_is_decided_while_the_page_is_made_is_left_out(
    lead: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoke(stage, 2)
    hold(stage)
    record_meanwhile(
        monkeypatch, "held_together", lambda: refuse_entry(first_id(), stage.staff.lead, stage.now)
    )
    page = page_of(lead)
    assert rulings_on(page) == 2
    assert "được điều tới thật" not in page


def test_a_device_whose_shift_arrives_while_the_page_is_made_is_left_out(
    lead: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shift = wait_for_shift(stage)
    wait_for_shift(stage, 3, "Máy chờ tiếp")
    record_meanwhile(monkeypatch, "kinds_waiting", lambda: stage.must_apply(shift))
    page = page_of(lead)
    assert "1 bản ghi chờ ca trực" not in page
    assert "3 bản ghi chờ ca trực" in page


def test_what_no_lead_decides_is_counted_in_one_line_and_cannot_be_decided(
    lead: Client, stage: Stage
) -> None:
    station = stage.station
    Device.objects.filter(id=station.id).update(revoked_at=stage.now)
    nothing_follows = [station.measure_clock(), station.entry("shift.ended", {})]
    unknown = station.entry("tube.lost", {})
    answers = stage.record(*nothing_follows, unknown, station.collect("ONG9", [DRIVER]))
    assert {answer for answer, _ in answers} == {Answer.HELD}
    assert [entry.kind for entry in to_decide(WHOLE_PROVINCE)] == ["specimen.collected"]
    assert "còn 3 bản ghi chưa được tính mà không cần ai quyết định" in page_of(lead)
    for entry in (*nothing_follows, unknown):
        answer = press(lead, id_of(entry), "admit")
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_deed_at_a_post_that_is_not_known_waits_for_the_register_not_for_a_lead(
    lead: Client, stage: Stage
) -> None:
    assert stage.record(stage.station.collect("ONG9", [DRIVER], post=uuid4())) == [
        (Answer.HELD, "register_unknown")
    ]
    page = page_of(lead)
    assert rulings_on(page) == 0
    assert "1 bản ghi nêu vị trí làm việc chưa có trong danh mục" in page
    counts = count_held(WHOLE_PROVINCE)
    assert (counts.to_decide, counts.waiting_for_post, counts.without_ruling) == (0, 1, 0)


def test_g8_a_double_click_decides_once_and_is_told_that_it_is_done(lead: Client, stage: Stage) -> None:
    hold(stage)
    entry = first_id()
    problem = Entry.objects.get(id=entry).problem
    sent = {"decision": "admit", "grounds": "saw_the_tube", "problem": problem}
    answers = [lead.post(f"/office/held/{entry}", sent) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {LIST}
    page = page_of(lead)
    assert "Không tìm thấy" not in page
    assert Entry.objects.filter(kind="entry.admitted").count() == 1


def test_an_entry_decided_twice_is_told_so(lead: Client, stage: Stage) -> None:
    hold(stage)
    entry = first_id()
    press(lead, entry, "refuse")
    for again in (entry, uuid4()):
        assert press(lead, again, "refuse").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(("facility", "seen"), [(CHAU_DUC, 2), (PHU_MY, 0)])
def test_a_lead_of_one_facility_sees_and_decides_on_its_held_entries_alone(
    stage: Stage, client: Client, facility: str, seen: int
) -> None:
    """B5: a lead of one checkpoint saw all held entries of the province."""
    hold(stage, 2)
    member = stage.staff.technician
    change_grants(member, role=Role.LEAD, facility=facility)
    client.force_login(member)
    page = page_of(client)
    assert f"<b>{seen}</b> Cần quyết định" in page
    assert rulings_on(page) == seen
    entry = first_id()
    answer = press(client, entry, "admit")
    assert answer.status_code == (HTTPStatus.SEE_OTHER if seen else HTTPStatus.NOT_FOUND)
    assert Entry.objects.get(id=entry).answer == ("applied" if seen else "held")


SOMEWHERE: list[tuple[dict[str, Any], bool]] = [
    ({"facility": CHAU_DUC, "site": QL56, "post": None}, True),
    ({"facility": "", "site": QL56, "post": None}, True),
    ({"facility": CHAU_DUC, "site": QL56, "post": POSTS[QL56]}, True),
    ({"facility": CHAU_DUC, "site": QL51, "post": None}, False),
    ({"facility": PHU_MY, "site": QL56, "post": None}, False),
    ({"facility": CHAU_DUC, "site": QL51, "post": POSTS[QL51]}, False),
]


@pytest.mark.parametrize("decision", ["admit", "refuse"])
@pytest.mark.parametrize(("place", "is_theirs"), SOMEWHERE)
def test_who_leads_a_site_or_a_post_sees_and_decides_on_what_was_done_there_alone(
    stage: Stage, client: Client, place: dict[str, Any], is_theirs: bool, decision: str
) -> None:
    hold(stage)
    entry = first_id()
    change_grants(stage.staff.technician, role=Role.LEAD, **place)
    client.force_login(stage.staff.technician)
    assert rulings_on(page_of(client)) == int(is_theirs)
    answer = press(client, entry, decision)
    assert answer.status_code == (HTTPStatus.SEE_OTHER if is_theirs else HTTPStatus.NOT_FOUND)
    said = {(True, "admit"): ("applied", ""), (True, "refuse"): ("held", "refused")}
    known = Entry.objects.get(id=entry)
    assert (known.answer, known.problem) == said.get((is_theirs, decision), ("held", "actor_not_allowed"))


def test_the_ledger_itself_asks_who_leads_where_an_entry_was_done(stage: Stage) -> None:
    """Whatever a page lets through: the ruling names the place, and is judged there."""
    hold(stage)
    change_grants(stage.staff.technician, role=Role.LEAD, facility=PHU_MY, site="", post=None)
    with pytest.raises(Problem) as refusal:
        admit_entry(first_id(), stage.staff.technician, stage.now)
    assert refusal.value.code in {"not_allowed", "actor_not_allowed"}
    assert Entry.objects.get(id=first_id()).answer == "held"


def test_what_was_refused_is_decided_anew_on_its_page(lead: Client, stage: Stage) -> None:
    hold(stage)
    entry = first_id()
    press(lead, entry, "refuse")
    page = page_of(lead)
    assert "Đã không chấp nhận" in page
    assert (rulings_on(page), page.count('value="refuse"')) == (1, 0)
    press(lead, entry, "admit")
    assert Entry.objects.get(id=entry).answer == "applied"
    assert "Đã không chấp nhận" not in page_of(lead)


def test_nobody_lets_their_own_held_entry_count(lead: Client, stage: Stage) -> None:
    hold(stage)
    entry = first_id()
    Entry.objects.filter(id=entry).update(actor=stage.staff.lead.id)
    answer = press(lead, entry, "admit")
    assert "Chính bạn đã ghi mục này" in answer.content.decode()
    assert Entry.objects.get(id=entry).answer == "held"
    press(lead, entry, "refuse")
    assert Entry.objects.get(id=entry).problem == "refused"
