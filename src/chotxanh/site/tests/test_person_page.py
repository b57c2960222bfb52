"""The person's own page: only by its secret, the code first, calm words, the certificate's QR."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.limits import OWN_PAGES, PAGE_SECRETS
from chotxanh.certificates.models import Certificate
from chotxanh.declarations.submission import Declaration, submit_declaration
from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.codes import group
from chotxanh.domain.dates import BirthDate
from chotxanh.domain.questionnaire import QUESTIONS
from chotxanh.language.texts import catalogue
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people import own_page as own_page_of
from chotxanh.people.models import Registration
from chotxanh.people.queries import page_digest
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.duties.entries import DutyOf, DutyPersonal, DutySet
from chotxanh.registers.rules.models import Rule
from chotxanh.units.places import place_named
from tests.cast import ASSISTANT, BEGINS, DRIVER, PHU_MY, RT_PCR, Person
from tests.device import collection_facts, member_facts
from tests.narrow import BURST, narrow
from tests.stage import Stage

PAPER, WAITING = '<section class="certificate"', '<div class="state state-wait" role="status">'
PAPER_CODE = 'alt="Mã QR của giấy xét nghiệm, để người kiểm tra quét"'
WEB = Declaration(
    full_name=DRIVER.full_name,
    birth=BirthDate(DRIVER.birth, DRIVER.birth.year),
    sex=DRIVER.sex,
    id_number=DRIVER.id_number,
    phone=DRIVER.phone,
    category=DRIVER.category,
    vehicle_class=DRIVER.vehicle_class,
    plate=DRIVER.plate,
    direction="in",
    origin=place_named("nso-2021:79"),
    destination=place_named("nso-2021:77"),
    answers=dict.fromkeys(QUESTIONS, False),
    language="vi",
)


@dataclass
class OwnPage:
    """A driver who has declared on the web, with the link to their page."""

    stage: Stage
    code: str
    secret: str

    def sample(self, value: str, *others: Person, **tested: Any) -> None:
        """The driver, and perhaps others in the same tube, are sampled; the result follows in 20 minutes."""
        facts = collection_facts("ONG1", [self.code, *(other.code for other in others)])
        facts["members"][0] = member_facts(self.code, category=DRIVER.category)
        station = self.stage.station
        self.stage.must_apply(station.entry("specimen.collected", facts | tested))
        station.minute += 20
        self.stage.must_apply(station.result("ONG1", value, **tested))


@pytest.fixture
def own_page(stage: Stage) -> OwnPage:
    """The driver has declared on the web and keeps the link."""
    submitted = submit_declaration(WEB, "token", stage.now)
    return OwnPage(stage, submitted.person_code, submitted.page_secret)


def page_of(client: Client, own_page: OwnPage) -> str:
    return client.get(f"/p/{own_page.secret}").content.decode()


def strip_of(client: Client, own_page: OwnPage) -> str:
    """What the page says must be done."""
    return page_of(client, own_page).partition('class="act-strip')[2].partition("</div>")[0]


def test_the_page_shows_the_plate_of_the_last_journey(client: Client, own_page: OwnPage) -> None:
    assert f"<dd>{DRIVER.plate}</dd>" in page_of(client, own_page)


def test_the_code_stands_before_everything_else(client: Client, own_page: OwnPage) -> None:
    page = page_of(client, own_page)
    assert page.index("data:image/png") < page.index("Kết quả và việc cần làm")
    assert DRIVER.full_name in page
    assert "Đã khai báo, chưa lấy mẫu" in page


def test_phone_and_identity_number_stay_masked(client: Client, own_page: OwnPage) -> None:
    page = page_of(client, own_page)
    assert "678" in page
    assert DRIVER.phone not in page
    assert str(DRIVER.id_number) not in page


@pytest.mark.parametrize("secret", ["abcdefghijklmnopqrstux", "x", "a" * 80, "../../etc"])
def test_a_wrong_secret_shows_nothing(client: Client, own_page: OwnPage, secret: str) -> None:
    answer = client.get(f"/p/{secret}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert DRIVER.full_name not in answer.content.decode()


def test_the_page_is_kept_by_nobody_on_the_way(client: Client, own_page: OwnPage) -> None:
    answer = client.get(f"/p/{own_page.secret}")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_negative_result_shows_the_certificate_to_be_scanned(
    client: Client, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
    own_page.sample("negative")
    page = page_of(client, own_page)
    assert "CÒN HIỆU LỰC" in page
    assert "đến 08:20 ngày 28/07/2021" in page
    assert "Mốc tính thời hạn" in page
    assert page.count(PAPER_CODE) == 1


def test_a_certificate_that_ran_out_lets_nobody_pass(client: Client, own_page: OwnPage) -> None:
    own_page.sample("negative")
    page = page_of(client, own_page)
    assert "Âm tính, giấy đã hết hiệu lực" in page
    assert "CÒN HIỆU LỰC" not in page
    assert PAPER_CODE not in page


def test_a_negative_without_a_rule_is_amber_and_carries_its_certificate(
    client: Client, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
    Rule.objects.all().delete()
    own_page.sample("negative")
    page = page_of(client, own_page)
    assert "Âm tính, không có quy định nào nêu thời hạn" in page
    assert "state-wait" in page
    assert "state-valid" not in page
    assert page.count(PAPER_CODE) == 1


def test_a_pool_that_is_positive_calls_nobody_positive(client: Client, own_page: OwnPage) -> None:
    own_page.sample("positive", ASSISTANT)
    page = page_of(client, own_page)
    assert "Cần lấy lại mẫu" in page
    assert "không có nghĩa là bạn dương tính" in page


def test_h3_what_must_be_done_is_one_amber_strip_with_the_number_to_call(
    client: Client, own_page: OwnPage
) -> None:
    record_deeds(
        [Deed(DutySet(DutyOf.FACILITY, PHU_MY, BEGINS), DutyPersonal(new_salt(), "02540000101"))], BEGINS
    )
    assert "Đến chốt, đưa mã QR" in strip_of(client, own_page)
    own_page.sample("positive", ASSISTANT)
    assert "Mời lấy lại mẫu riêng" in strip_of(client, own_page)
    assert 'href="tel:02540000101"' in strip_of(client, own_page)


def test_h3_who_was_in_a_positive_pool_by_rt_pcr_is_told_that_a_rapid_test_does_not_do(
    client: Client, own_page: OwnPage
) -> None:
    by_rt_pcr = {"test": RT_PCR, "kit": None}
    own_page.sample("positive", ASSISTANT, **by_rt_pcr)
    assert "Mời lấy mẫu RT-PCR riêng" in strip_of(client, own_page)


def test_h3_the_strip_tells_nobody_who_looks_on_whether_it_is_a_positive() -> None:
    acts = {state: catalogue()[f"own_page.act.{state}"] for state in ("positive", "contact")}
    assert acts["positive"] == acts["contact"]
    assert "dương tính" not in acts["positive"]["vi"].lower()


def test_h22_the_page_names_category_pool_and_rule(
    client: Client, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
    own_page.sample("negative", ASSISTANT)
    page = page_of(client, own_page)
    assert "Xét nghiệm mẫu gộp 2 người" in page
    assert "Đối tượng xét nghiệm" in page
    assert "đối với lái xe, phụ xe chở hàng (7/2021). Không dùng cho đối tượng khác." in page


def test_h17_what_is_printed_is_an_administrative_paper_that_states_no_state(
    client: Client, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On paper "CÒN HIỆU LỰC" would stand for ever."""
    monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
    own_page.sample("negative")
    page = page_of(client, own_page)
    printed = re.sub(r'<div class="state [^>]*no-print">.*?</div>', "", page, flags=re.DOTALL)
    assert "CÒN HIỆU LỰC" not in printed
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "TRUNG TÂM Y TẾ THỊ XÃ PHÚ MỸ",
        "PHIẾU TRẢ LỜI KẾT QUẢ XÉT NGHIỆM",
        "Bà Rịa - Vũng Tàu, ngày 25 tháng 7 năm 2021",
        "(Ký, ghi rõ họ tên, đóng dấu)",
        "Hiệu lực đến",
    ):
        assert words in printed
    number = Certificate.objects.get().uvci.partition("/")[2].partition("#")[0]
    assert f"Số: {group(number)}" in printed


def test_a_suspended_paper_is_shown_as_such_and_says_no_until_when(
    client: Client, own_page: OwnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
    own_page.sample("negative")
    own_page.stage.must_apply(own_page.stage.station.result("ONG1", "positive"))
    page = page_of(client, own_page)
    assert "ĐANG KIỂM TRA LẠI, tạm thời chưa dùng" in page
    assert "Giấy chưa bị hủy" in page
    assert "28/07/2021" not in page


def test_a_single_positive_is_a_calm_card(client: Client, own_page: OwnPage) -> None:
    own_page.sample("positive")
    client.post(f"/p/{own_page.secret}/result")
    page = page_of(client, own_page)
    assert "chờ khẳng định bằng RT-PCR" in page
    assert "state-not-genuine" not in page


PASTED = (
    "https://chot.example/p/{0}",
    " {0} ",
    "/p/{0}?utm=zalo",
    "https://chot.example/p/{0}.",
    "https://chot.example/p/{0}/",
    "Tờ khai của tôi: https://chot.example/p/{0}, xem giúp nhé! Gọi 0912345678.",
    "Khai báo y tế\nQL51-lane-1-2021-07-25\nHTTPS://CHOT.EXAMPLE/P/{0}\n(mã riêng)",
    "({0})",
    "Mã của tôi là {0}.",
)


def test_g5_a_pasted_link_opens_the_page_with_whatever_stands_around_it(
    client: Client, own_page: OwnPage
) -> None:
    for pasted in PASTED:
        answer = client.post("/p/", {"link": pasted.format(own_page.secret)})
        assert answer.headers.get("Location") == f"/p/{own_page.secret}", pasted


def test_g5_a_link_is_found_with_a_sign_at_its_end(client: Client, own_page: OwnPage) -> None:
    for end in (".", ",", "/", "/.", ")", "%20", "%E2%80%9D"):
        answer = client.get(f"/p/{own_page.secret}{end}")
        assert answer.headers.get("Location") == f"/p/{own_page.secret}", end
        assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("link", ["", "https://chot.example/p/khong-co-trang-nay-dau", "<script>"])
def test_a_link_to_nothing_is_told_so(client: Client, own_page: OwnPage, link: str) -> None:
    assert client.post("/p/", {"link": link}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_links_are_guessed_slowly_and_who_holds_one_is_never_kept_from_it(
    own_page: OwnPage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, own_page_of, PAGE_SECRETS)
    for number in range(BURST):
        assert client.get(f"/p/{number:022}").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/p/" + "x" * 22).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert client.post("/p/", {"link": "x" * 22}).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert client.get(f"/p/{own_page.secret}").status_code == HTTPStatus.OK


def test_beyond_the_limit_of_an_address_one_is_told_when_to_come_back(
    own_page: OwnPage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, own_page_of, OWN_PAGES)
    for _ in range(BURST):
        assert client.get(f"/p/{own_page.secret}").status_code == HTTPStatus.OK
    answer = client.get(f"/p/{own_page.secret}")
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (HTTPStatus.TOO_MANY_REQUESTS, True)
    assert f'href="/p/{own_page.secret}">Thử lại' in answer.content.decode()


def test_of_a_code_that_two_people_claim_neither_page_tells_a_result_or_a_paper(
    own_page: OwnPage, client: Client
) -> None:
    own_page.sample("negative")
    secret = "s" * 22
    facts = ASSISTANT.facts(to_base64url(page_digest(secret))) | {"person_code": own_page.code}
    own_page.stage.must_apply(own_page.stage.station.entry("person.registered", facts, ASSISTANT.personal()))
    for held in (own_page.secret, secret):
        page = client.get(f"/p/{held}").content.decode()
        assert WAITING in page
        assert "HC1:" not in page
        assert "Phú Mỹ" not in page
        assert PAPER not in page


def test_a6_what_named_the_owner_is_on_their_page_and_on_no_strangers(
    own_page: OwnPage, client: Client
) -> None:
    registration = Registration.objects.get(person_code=own_page.code)
    facts = collection_facts("ONG1", [own_page.code])
    facts["members"] = [member_facts(own_page.code, registration=registration.id)]
    station = own_page.stage.station
    own_page.stage.must_apply(station.entry("specimen.collected", facts))
    station.minute += 20
    own_page.stage.must_apply(station.result("ONG1", "negative"))
    secret = "s" * 22
    claim = ASSISTANT.facts(to_base64url(page_digest(secret))) | {"person_code": own_page.code}
    own_page.stage.must_apply(station.entry("person.registered", claim, ASSISTANT.personal()))
    assert page_of(client, own_page).count(PAPER) == 1, "ran out years ago"
    stranger = client.get(f"/p/{secret}").content.decode()
    assert PAPER not in stranger
    assert "Phú Mỹ" not in stranger
    assert ASSISTANT.full_name not in page_of(client, own_page)


def test_of_a_code_that_two_people_claim_the_page_says_of_neither_that_they_were_sampled(
    own_page: OwnPage, client: Client
) -> None:
    """A code that nobody was sampled under looked like any other."""
    facts = ASSISTANT.facts() | {"person_code": own_page.code}
    own_page.stage.must_apply(own_page.stage.station.entry("person.registered", facts, ASSISTANT.personal()))
    page = page_of(client, own_page)
    assert WAITING in page
    assert "Đã lấy mẫu" not in page


def test_an_open_page_learns_in_a_few_bytes_that_it_says_something_new(
    client: Client, own_page: OwnPage
) -> None:
    def version() -> str:
        answer = client.get(f"/p/{own_page.secret}/version")
        assert answer["Cache-Control"] == "no-store"
        return answer.content.decode()

    shown = client.get(f"/p/{own_page.secret}").content.decode()
    assert f'data-version="{version()}"' in shown
    assert version() == version()
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in shown
    before = version()
    own_page.sample("negative")
    assert version() != before
    assert client.get("/p/nobody-has-this-secret/version").status_code == HTTPStatus.NOT_FOUND
