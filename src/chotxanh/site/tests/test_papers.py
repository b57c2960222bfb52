"""Papers from the office: codes that are nobody's yet, read back from the sheet; the department's name on each."""

import io
import re
from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from chotxanh.beside.limits import OFFICE_PAPERS
from chotxanh.domain.codes import CodeType, group, parse_code
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.papers.setting import pictures_of, set_paper
from chotxanh.people.models import Registration
from chotxanh.protocol.envelope import new_salt
from chotxanh.registers.duties.entries import DutyOf, DutyPersonal, DutySet
from chotxanh.site.office import papers as papers_page
from chotxanh.site.office.print_data import new_codes, with_address, with_codes
from tests.cast import BEGINS
from tests.narrow import BURST, narrow
from tests.printed import codes_in, words_of
from tests.stage import Stage

PAPERS = "/office/papers"
ADDRESS = "http://testserver/declare"


def test_each_declaration_has_one_page_and_a_code_of_its_own_that_scans(stage: Stage) -> None:
    codes = new_codes(3)
    pages = pictures_of("declaration", with_codes(codes, "0254 3123 456"), dots_per_inch=110)
    assert [codes_in(page) for page in pages] == [[code] for code in codes]


def test_a_declarations_code_is_read_from_a_fax(stage: Stage) -> None:
    codes = new_codes(1)
    (page,) = pictures_of("declaration", with_codes(codes, ""), dots_per_inch=100)
    faxed = io.BytesIO()  # standard resolution, black or white and nothing between
    Image.open(io.BytesIO(page)).convert("L").point(lambda grey: 255 * (grey > 127)).convert("1").save(
        faxed, "PNG"
    )
    assert codes_in(faxed.getvalue()) == codes


def test_a_sheet_has_ten_cards_whose_codes_scan_and_are_printed_in_letters(stage: Stage) -> None:
    codes = new_codes(20)
    data = with_codes(codes, "")
    pages = pictures_of("cards", data, dots_per_inch=110)
    assert [set(codes_in(page)) for page in pages] == [set(codes[:10]), set(codes[10:])]
    said = words_of(set_paper("cards", data, stage.now))
    assert all(group(code) in said for code in codes)


@pytest.mark.parametrize("paper", ["poster", "leaflet"])
def test_the_picture_on_a_poster_opens_the_page_whose_address_stands_below(stage: Stage, paper: str) -> None:
    data = with_address("https://khaibao.example.vn/declare", "0254 3123 456")
    first, *_ = pictures_of(paper, data, dots_per_inch=80)
    assert codes_in(first) == ["https://khaibao.example.vn/declare"]
    said = words_of(set_paper(paper, data, stage.now))
    assert "khaibao.example.vn/declare" in said and "0254 3123 456" in said


@pytest.mark.parametrize("paper", ["declaration", "cards", "poster", "leaflet"])
def test_the_departments_name_stands_on_every_paper(stage: Stage, paper: str) -> None:
    data = with_codes(new_codes(1), "") if paper in ("declaration", "cards") else with_address(ADDRESS, "")
    said = words_of(set_paper(paper, data, stage.now))
    assert settings.DEPARTMENT.upper() in said


def test_a_long_name_of_a_department_leaves_a_declaration_on_one_page(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEPARTMENT", "Sở Y tế thành phố trực thuộc trung ương Thừa Thiên Huế")
    assert len(pictures_of("declaration", with_codes(new_codes(1), "0254 3123 456"), dots_per_inch=40)) == 1


@pytest.mark.parametrize(("paper", "asked", "made", "file"), [
    ("declaration", 2, 2, "to-khai-y-te.pdf"),
    ("cards", 11, 20, "the-ma-so.pdf"),
])  # fmt: skip
def test_a_lead_downloads_papers_with_codes_that_nobody_has(
    lead: Client, paper: str, asked: int, made: int, file: str
) -> None:
    before = Registration.objects.count()
    answer = lead.post(PAPERS, {"paper": paper, "count": asked})
    assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.OK, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{file}"'
    assert answer["Cache-Control"] == "no-store"
    found = set(re.findall(r"P\w{4} \w{5} \w{5}", words_of(answer.content)))
    parsed = [parse_code(each) for each in found]
    assert len(found) == made and all(own is not None and own.type is CodeType.PERSON for own in parsed)
    assert Registration.objects.count() == before


def test_pressed_again_the_codes_are_others(lead: Client) -> None:
    sent = {"paper": "declaration", "count": 1}
    first, second = (words_of(lead.post(PAPERS, sent).content) for _ in range(2))
    assert first != second


@pytest.mark.parametrize("path", ["poster", "leaflet"])
def test_posters_carry_this_hosts_address_and_the_provinces_number(
    stage: Stage, lead: Client, path: str
) -> None:
    set_number(stage)
    said = words_of(lead.get(f"{PAPERS}/{path}").content)
    assert "testserver/declare" in said and "0254 3123 456" in said


def test_the_page_says_which_address_is_printed_and_that_no_number_is_set(stage: Stage, lead: Client) -> None:
    page = lead.get(PAPERS).content.decode()
    assert ADDRESS in page and "Chưa có số trực của tỉnh" in page
    set_number(stage)
    assert "Chưa có số trực của tỉnh" not in lead.get(PAPERS).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"paper": "declaration", "count": "101"},
        {"paper": "cards", "count": "201"},
        {"paper": "cards", "count": "0"},
        {"paper": "poster", "count": "1"},
        {"paper": "cards", "count": "mười"},
        {},
    ],
)
def test_what_cannot_be_printed_is_said_and_what_was_chosen_stays(lead: Client, sent: dict[str, str]) -> None:
    answer = lead.post(PAPERS, sent)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert 'class="mistakes"' in page or "mistake" in page
    assert all(f'value="{value}"' in page for name, value in sent.items() if name == "count")


@pytest.mark.parametrize("path", [PAPERS, f"{PAPERS}/poster", f"{PAPERS}/leaflet"])
def test_papers_are_for_leads(stage: Stage, client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/office/sign-in")
    client.force_login(stage.staff.technician)
    assert client.get(path).status_code == HTTPStatus.FORBIDDEN


def test_how_many_papers_one_member_takes_is_limited(lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch, papers_page, OFFICE_PAPERS)
    answers = [lead.get(f"{PAPERS}/leaflet").status_code for _ in range(BURST + 1)]
    assert answers == [HTTPStatus.OK] * BURST + [HTTPStatus.TOO_MANY_REQUESTS]
    assert lead.get(PAPERS).status_code == HTTPStatus.OK


def set_number(stage: Stage) -> None:
    number = DutyPersonal(new_salt(), "+842543123456", None)
    record_deeds([Deed(DutySet(DutyOf.PROVINCE, "nso-2021", BEGINS), number)], BEGINS)
