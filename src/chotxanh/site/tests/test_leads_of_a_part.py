"""A lead of another part sees nothing of this one on any list and decides on nothing by any address (finding B5)."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.heard import note_heard
from chotxanh.domain.kinds import Role
from chotxanh.ledger.models import Entry
from chotxanh.ledger.worker.loop import Worker
from chotxanh.registers.devices.models import Device, EnrolmentCode
from chotxanh.site.office.registers.views import REGISTERS
from chotxanh.site.office.urls import urlpatterns
from tests.cast import (
    CHAU_DUC,
    DRIVER,
    EVENING,
    PHU_MY,
    POSTS,
    QL51,
    QL56,
    RIDER,
    TRAVELLERS,
    WALKER,
    change_grants,
)
from tests.device import id_of
from tests.stage import Stage
from tests.troubles import dispute, doubt, lose, reject, reuse_number, revoke, wait_for_shift

# What is drawn by lot holds any few letters now and then.
DRAWN_BY_LOT = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
OUT_OF_REACH = {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}
# Pages of who signs in, and of what belongs to the whole province: they name nobody and nothing of one place.
OWN = {"office_sign_in", "office_second_step", "office_sign_out", "office_account", "office_kept_codes"}
OWN |= {"office_end_session", "office_password"}
# Whoever may declare for others does so for anybody; what was sent is its sender's alone (`test_lists_page`).
OWN |= {
    "office_declare_list",
    "office_list",
    "office_list_template",
    "office_list_sent",
    "office_list_record",
}
OWN |= {"office_list_answer", "office_list_codes"}


class Trouble(NamedTuple):
    """What waits at QL51, by what its addresses name."""

    held: Entry
    waiting: UUID
    record: UUID
    correction: UUID
    doubtful: Entry
    call: UUID
    registration: UUID
    device: UUID
    staff: UUID


@pytest.fixture
def trouble(declared: Stage, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """One of everything that a lead decides on, all of it at QL51."""
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    station = declared.station
    dispute(declared)
    record = Entry.objects.filter(kind="result.recorded").latest("id").id
    declared.must_apply(station.collect("ONGDAU1", [DRIVER]), station.collect("ONGDAU3", [RIDER, WALKER]))
    station.minute += 20
    positive = station.result("ONGDAU1", "positive")
    correction = station.correct("ONGDAU1", id_of(positive), "negative")
    declared.must_apply(positive, correction)
    revoke(declared, 1, "Máy thu lại")
    waiting, _ = wait_for_shift(declared)
    doubt(declared)
    reject(declared)
    reuse_number(declared)
    device = lose(declared, 3)
    Worker(timezone.now).work_until_idle()
    note_heard(declared.station.id, QL51, 0, EVENING - timedelta(minutes=5))
    Device.objects.filter(role="station").update(facility=PHU_MY, site=QL51)
    return Trouble(
        held=Entry.objects.get(problem="device_revoked"),
        waiting=waiting.id,
        record=record,
        correction=id_of(correction),
        doubtful=Entry.objects.filter(unsettled_boot__isnull=False, actor__isnull=False).latest("id"),
        call=record,
        registration=Entry.objects.filter(kind="person.registered").latest("id").id,
        device=device,
        staff=declared.staff.officer.id,
    )


def posts_to(trouble: Trouble) -> dict[str, tuple[str, dict[str, str]]]:
    """By the name of every address that names something: the address, and what a browser would send to it."""
    held, doubtful = trouble.held, trouble.doubtful
    tube = f"{PHU_MY}/ONG1"
    return {
        "office_decide_held": (
            f"held/{held.id}",
            {"decision": "admit", "problem": held.problem, "grounds": "saw_the_tube"},
        ),
        "office_held_waiting": (f"held/waiting/{trouble.waiting}", {}),
        "office_disputed_tube": (f"disputed/{tube}", {"about": "collection", "stands": str(trouble.record)}),
        "office_withdraw": (f"withdraw/{trouble.record}", {"withdraw_reason": "wrong_tube"}),
        "office_settle_clock": (
            f"clocks/{doubtful.log}/{doubtful.unsettled_boot}",
            {"true_time": "25/07/2021 08:00", "clock_reason": "compared"},
        ),
        "office_look_into_alarm": (
            f"invalid/{trouble.device}/looked-into",
            {"last_at": EVENING.isoformat()},
        ),
        "office_undo_call": (f"calls/{trouble.call}/undo", {}),
        "office_call_tube": (f"calls/{PHU_MY}/ONGDAU3", {}),
        "office_end_followup": (f"followups/{trouble.record}", {}),
        "office_sign_correction": (f"corrections/{trouble.correction}", {}),
        "office_person": (f"people/{trouble.registration}", {}),
        "office_person_correct": (f"people/{trouble.registration}/correct", {}),
        "office_person_link": (f"people/{trouble.registration}/link", {}),
        "office_found_people": (f"people/found/{'a' * 22}", {}),
        "office_person_link_proposed": (
            f"people/{trouble.registration}/link/{trouble.registration}",
            {"reason": "papers_seen"},
        ),
        "office_person_unlink": (f"people/{trouble.registration}/unlink", {}),
        "office_person_looks": (f"people/{trouble.registration}/looks", {}),
        "office_person_erase": (f"people/{trouble.registration}/erase", {}),
        "office_dossier": ("dossiers/impact", {}),
        "office_reset_second": (f"registers/staff/{trouble.staff}/second", {"reset_for": "lost"}),
        "office_register": ("registers/staff", {"full_name": "Ai đó"}),
        "office_register_act": (f"registers/staff/{trouble.staff}", {"act": "reset", "sure": "1"}),
        "office_confirm_word": (f"words/{trouble.record}", {"grounds": "saw_the_tube"}),
        "office_revoke": (f"devices/{trouble.device}/revoke", {"revoked_for": "lost"}),
    }


# Addresses without a name in them at which something is recorded.
SENT = {
    "office_calls": {
        "facility": PHU_MY,
        "tube": "ONGDAU1",
        "person_code": DRIVER.code,
        "reason": "positive",
        "outcome": "reached",
    },
    "office_errands": {"act": "release"},
    "office_people": {"person_code": DRIVER.code},
    "office_release_contact": {"person_code": DRIVER.code, "reason": "answered"},
}


ELSEWHERE: tuple[dict[str, Any], ...] = (
    {"facility": CHAU_DUC, "site": "", "post": None},
    {"facility": CHAU_DUC, "site": QL56, "post": None},
    {"facility": CHAU_DUC, "site": QL51, "post": None},
    {"facility": CHAU_DUC, "site": "", "post": POSTS[QL56]},
    {"facility": "", "site": QL56, "post": None},
)


@pytest.fixture
def leading(declared: Stage, client: Client) -> Callable[..., Client]:
    """The browser of somebody who leads what is named."""

    def signed_in(**place: Any) -> Client:
        change_grants(declared.staff.technician, role=Role.LEAD, **place)
        client.force_login(declared.staff.technician)
        return client

    return signed_in


def lists() -> list[str]:
    """Every address of the office that names nothing, and every register."""
    found = [pattern for pattern in urlpatterns if not pattern.pattern.converters]
    registers = [f"office/registers/{name}" for name in REGISTERS]
    return [str(pattern.pattern) for pattern in found if pattern.name not in OWN] + registers


def counted() -> tuple[int, int, int]:
    """What would be more or less if anything had been decided."""
    in_use = Device.objects.filter(revoked_at=None).count()
    return Entry.objects.count(), EnrolmentCode.objects.count(), in_use


def test_b5_no_list_shows_a_lead_anything_of_another_part(
    leading: Callable[..., Client], trouble: Trouble
) -> None:
    secret = [person.full_name for person in TRAVELLERS] + [person.code for person in TRAVELLERS]
    secret += ["ONG1", "ONGDAU1", "ONGDAU3", "MAT0", "CHO0", "GIO0", str(trouble.held.id)]
    secret += ["Máy thu lại", "Máy chờ", "Máy không", "Máy mất"]
    for place, address in product(ELSEWHERE, lists()):
        answer = leading(**place).get(f"/{address}")
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.SEE_OTHER, *OUT_OF_REACH}, address
        page = DRAWN_BY_LOT.sub("", answer.content.decode(errors="replace"))  # some are papers to print
        assert [each for each in secret if each in page] == [], (place, address)


def test_b5_the_first_page_counts_for_a_lead_nothing_of_another_part(
    leading: Callable[..., Client], trouble: Trouble
) -> None:
    assert trouble.held.problem
    for place in ELSEWHERE:
        page = leading(**place).get("/office/").content.decode()
        counts = re.findall(r'<a href="([^"#]+)[^"]*"><b>(\d+)</b>', page)
        assert len(counts) == 10
        assert {number for address, number in counts if address != "/office/errands"} == {"0"}, place


def test_b5_by_no_address_a_lead_sees_or_decides_anything_of_another_part(
    leading: Callable[..., Client], trouble: Trouble
) -> None:
    before, named = counted(), posts_to(trouble)
    wanted = {pattern.name for pattern in urlpatterns if pattern.pattern.converters} - OWN
    assert set(named) == wanted, "what is new in the office is tried here too"
    for place in ELSEWHERE:
        elsewhere = leading(**place)
        for name, (address, sent) in named.items():
            opened, pressed = elsewhere.get(f"/office/{address}"), elsewhere.post(f"/office/{address}", sent)
            is_open = name == "office_register"  # its rows are those of their part
            assert is_open or opened.status_code in OUT_OF_REACH | {HTTPStatus.SEE_OTHER}, (place, name)
            assert pressed.status_code in OUT_OF_REACH | {HTTPStatus.METHOD_NOT_ALLOWED}, (place, name)
        for pattern in urlpatterns:
            if pattern.name in SENT:
                pressed = elsewhere.post(f"/{pattern.pattern}", SENT[pattern.name])
                assert pressed.status_code in OUT_OF_REACH, (place, pattern.name)
        for where in ("province", f"site:{QL51}"):
            elsewhere.post("/office/devices", {"device_name": "Máy", "device_place": where})
    assert counted() == before


def test_b5_what_a_lead_may_not_do_is_not_shown(leading: Callable[..., Client], trouble: Trouble) -> None:
    """Every link and form on the pages of a lead of a part leads somewhere that is theirs."""
    browser, seen = leading(facility=PHU_MY, site=""), set()
    for address in lists():
        page = browser.get(f"/{address}").content.decode(errors="replace")
        seen |= set(re.findall(r'href="(/office[^"#]*)', page)) if "office-nav" in page else set()
    refused = [each for each in sorted(seen) if browser.get(unescape(each)).status_code in OUT_OF_REACH]
    assert trouble.held.problem
    assert refused == []


def test_b5_a_lead_sees_all_of_their_own_part(leading: Callable[..., Client], trouble: Trouble) -> None:
    seen = {
        "disputed": "ONG1",
        f"held/waiting/{trouble.waiting}": "CHO0",
        "held": "MAT0",
        "clocks": "Máy không có giờ",
        "gaps": "Máy mất mạng",
        "devices": "Máy mất mạng",
        "calls": DRIVER.full_name,
        f"calls/{PHU_MY}/ONGDAU3": WALKER.full_name,
        f"disputed/{PHU_MY}/ONG1": RIDER.full_name,
        "invalid": "Máy trạm",
    }
    for site, (address, word) in product(("", QL51), seen.items()):
        page = leading(facility=PHU_MY, site=site).get(f"/office/{address}").content.decode()
        assert word in page, (site, address)
