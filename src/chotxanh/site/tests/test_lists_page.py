"""Many people declared by a sheet at the office: looked over, recorded, answered, and kept from everybody else."""

import io
import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from chotxanh.beside.limits import LISTS
from chotxanh.beside.models import Draft, PersonalAccess
from chotxanh.declarations.tests.test_lists import GOOD
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.codes import group
from chotxanh.domain.kinds import Role
from chotxanh.language.texts import catalogue
from chotxanh.ledger.models import Entry
from chotxanh.people.models import Registration
from chotxanh.registers.posts.roads import roads_in_minute
from chotxanh.site.office.lists import kept, views
from chotxanh.site.office.lists.declarations import DECLARATIONS
from tests.cast import hire
from tests.narrow import BURST, narrow
from tests.sheets import workbook
from tests.stage import Stage

LIST = "/office/lists/declarations"
HEADINGS = [catalogue()[f"lists.column.{name}"]["vi"] for name in GOOD]
SECOND, WRONG = GOOD | {"full_name": "Trần Thị Hoa"}, GOOD | {"full_name": "Lê An", "phone": "12", "sex": ""}


@pytest.fixture
def officer(stage: Stage, client: Client) -> Client:
    """The browser of an officer of a post, signed in at the office."""
    client.force_login(stage.staff.officer)
    return client


def sheet(*rows: dict[str, str], headings: list[str] = HEADINGS) -> bytes:
    return workbook(headings, *(list(row.values()) for row in rows))


def send(browser: Client, content: bytes, name: str = "danh-sach.xlsx") -> Any:
    return browser.post(LIST, {"sheet": SimpleUploadedFile(name, content)})


def sent(browser: Client, *rows: dict[str, str]) -> str:
    """Send rows in; return the address where they are looked over."""
    answer = send(browser, sheet(*rows))
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.content.decode()
    return str(answer["Location"])


def text_at(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def answer_of(browser: Client, address: str) -> list[tuple[Any, ...]]:
    content = browser.get(f"{address}/answer").content
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_who_may_declare_for_others_comes_in_and_nobody_else(client: Client, stage: Stage) -> None:
    assert client.get(LIST)["Location"].startswith("/office/sign-in")
    staff = stage.staff
    for member, may in (
        (staff.officer, True),
        (staff.lead, True),
        (staff.technician, False),
        (staff.physician, False),
        (staff.data_protection, False),
        (hire(Role.DATA_ENTRY), False),  # declares at the post; the office is not open to them
    ):
        client.force_login(member)
        expected = HTTPStatus.OK if may else HTTPStatus.FORBIDDEN
        assert client.get(LIST).status_code == expected, member
        assert client.get(f"{LIST}/template").status_code == expected
        assert send(client, sheet(GOOD)).status_code == (
            HTTPStatus.SEE_OTHER if may else HTTPStatus.FORBIDDEN
        )
        assert ("/office/lists/declarations" in text_at(client, "/office/corrections")) is may


def test_the_named_address_leads_there(officer: Client) -> None:
    assert officer.get("/office/declare-list")["Location"] == LIST
    assert officer.get("/office/lists/unknown").status_code == HTTPStatus.NOT_FOUND


def test_a_sheet_is_looked_over_before_anything_is_recorded(officer: Client) -> None:
    page = text_at(officer, sent(officer, GOOD, WRONG, SECOND))
    assert "<strong>2</strong> người ghi được" in page
    assert "<strong>1</strong> dòng cần sửa" in page
    assert "Dòng 3" in page
    assert "Số điện thoại chưa đúng" in page
    assert "Ghi 2 người" in page
    assert not Registration.objects.exists()


def test_good_rows_are_recorded_and_the_others_come_back_with_what_to_mend(
    officer: Client, stage: Stage
) -> None:
    address = sent(officer, GOOD, WRONG, SECOND)
    answer = officer.post(f"{address}/record")
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, address)
    page = text_at(officer, address)
    assert "Đã ghi 2 người." in page
    codes = list(Registration.objects.values_list("person_code", flat=True))
    assert all(group(code) in page for code in codes)
    headings, first, wrong, second = answer_of(officer, address)
    assert headings[:2] == ("Kết quả", "Mã cá nhân")
    assert (first[0], second[0]) == ("Đã ghi.", "Đã ghi.")
    assert {first[1], second[1]} == set(codes)
    assert wrong[0].startswith("Giới tính: ")
    assert "Số điện thoại chưa đúng" in wrong[0]
    assert wrong[0].count("Số điện thoại") == 1  # a column is not named twice
    assert wrong[1] is None
    assert set(
        Entry.objects.exclude(actor=None).filter(kind="person.registered").values_list("actor", flat=True)
    ) == {stage.staff.officer.id}


def test_the_answered_sheet_is_mended_and_sent_again_on_any_day(officer: Client) -> None:
    address = sent(officer, GOOD, WRONG)
    officer.post(f"{address}/record")
    rows = [list(row) for row in answer_of(officer, address)]
    rows[2][rows[0].index("Số điện thoại")] = "0987 654 321"
    rows[2][rows[0].index("Giới tính")] = "Nữ"
    again = send(officer, workbook(*([cell or "" for cell in row] for row in rows)))["Location"]
    page = text_at(officer, again)
    assert "<strong>1</strong> người ghi được" in page
    assert "<strong>1</strong> dòng đã ghi từ trước" in page
    officer.post(f"{again}/record")
    assert Registration.objects.count() == 2


def test_the_same_sheet_sent_twice_and_pressed_twice_declares_nobody_twice(officer: Client) -> None:
    addresses = [sent(officer, GOOD, SECOND) for _ in range(2)]
    for address in (*addresses, *addresses):
        officer.post(f"{address}/record")
    assert Registration.objects.count() == 2
    assert answer_of(officer, addresses[0]) == answer_of(officer, addresses[1])


def test_a_list_is_its_senders_alone_and_when_it_is_over_that_is_said(officer: Client, stage: Stage) -> None:
    address = sent(officer, GOOD)
    other = Client()
    other.force_login(stage.staff.lead)
    for part in ("", "/answer", "/codes"):
        assert other.get(address + part)["Location"] == LIST
    assert other.post(f"{address}/record")["Location"] == LIST
    assert not Registration.objects.exists()
    Draft.objects.update(expires_at_ms=unix_ms(timezone.now()))
    assert officer.get(address)["Location"] == LIST
    assert "đã xóa" in text_at(officer, LIST)


def test_a_list_is_kept_for_an_hour(officer: Client) -> None:
    sent(officer, GOOD)
    left = Draft.objects.get().expires_at_ms - unix_ms(timezone.now())
    assert timedelta(minutes=55) < timedelta(milliseconds=left) <= timedelta(hours=1)


def test_what_waits_is_sealed_and_the_oldest_goes_when_the_next_is_sent(officer: Client) -> None:
    sent(officer, GOOD)
    (waiting,) = Draft.objects.all()
    for secret in (b"Nguy", b"912 345", b"72C"):
        assert secret not in bytes(waiting.sealed)
    Draft.objects.update(expires_at_ms=0)
    sent(officer, SECOND)
    assert Draft.objects.count() == 1


def test_an_opened_record_address_records_nothing(officer: Client) -> None:
    address = sent(officer, GOOD)
    assert officer.get(f"{address}/record")["Location"] == address
    assert not Registration.objects.exists()


def test_what_was_recorded_is_a_look_at_each_person(officer: Client, stage: Stage) -> None:
    address = sent(officer, GOOD)
    officer.post(f"{address}/record")
    text_at(officer, address)
    code = Registration.objects.get().person_code
    looks = PersonalAccess.objects.filter(member=stage.staff.officer.id, purpose=views.LOOK)
    assert list(looks.values_list("subject", flat=True)) == [code]
    assert catalogue()[f"looks.purpose.{views.LOOK}"]


def test_codes_are_printed_with_name_and_picture_and_lead_nowhere(officer: Client) -> None:
    address = sent(officer, GOOD, SECOND)
    officer.post(f"{address}/record")
    page = text_at(officer, f"{address}/codes")
    for registration in Registration.objects.all():
        assert group(registration.person_code) in page
    assert "Trần Thị Hoa" in page
    assert page.count("<svg") >= 2
    assert "/p/" not in page


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Chọn tệp bảng"),
        (b"%PDF-1.7", "Chỉ nhận tệp Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Chỉ nhận tệp Excel"),
        (b"PK\x03\x04 broken", "Không mở được tệp này"),
        (workbook(["Họ và tên", "Số điện thoại"], ["An", "1"]), "Bảng thiếu cột: “Ngày sinh hoặc năm sinh”"),
        (sheet(), "Bảng không có dòng nào"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence_on_the_same_page(
    officer: Client, content: bytes, says: str
) -> None:
    answer = send(officer, content)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert says in answer.content.decode()


def test_nothing_chosen_is_said(officer: Client) -> None:
    assert "Chọn tệp bảng" in officer.post(LIST).content.decode()


def test_what_is_too_large_is_refused_by_its_length(officer: Client) -> None:
    answer = officer.post(
        LIST, b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=str(6 << 20)
    )
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "quá 5 MB" in answer.content.decode()


def test_an_account_sends_only_so_many(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch, views, LISTS)
    for number in range(BURST):
        sent(officer, GOOD | {"full_name": f"Trần An {'Bình' * number}"})
    assert send(officer, sheet(SECOND)).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_what_was_not_read_or_was_hidden_is_said(officer: Client) -> None:
    def arrange(book: Any, page: Any) -> None:
        page.set_row(1, None, None, {"hidden": True})
        book.add_worksheet("Lương")
        book.add_worksheet("Ví dụ")

    content = workbook([*HEADINGS, "Ghi chú <b>"], [*GOOD.values(), "x"], arrange=arrange)
    page = text_at(officer, send(officer, content)["Location"])
    assert "Cột không dùng đến: “Ghi chú &lt;b&gt;”." in page
    assert "Hàng bị ẩn cũng được đọc: 2." in page
    assert "không đọc trang “Lương”." in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_template_is_made_to_be_filled_in_and_sent(officer: Client, language: str, stage: Stage) -> None:
    roads_in_minute.cache_clear()
    officer.cookies["language"] = language
    answer = officer.get(f"{LIST}/template")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    book = load_workbook(io.BytesIO(answer.content))
    page, example, lists = book.worksheets
    names = [each.name for each in DECLARATIONS.columns(timezone.now())]
    assert [cell.value for cell in page[1]] == [
        catalogue()[f"lists.column.{name}"][language] for name in names
    ]
    for name in ("phone", "id_number", "plate"):  # a zero in front stays
        column = page.column_dimensions[get_column_letter(names.index(name) + 1)]
        assert column.number_format == "@", name
    assert all(cell.comment for cell in page[1])
    offered = {str(each.sqref): each.formula1 for each in page.data_validations.dataValidation}
    assert len(offered) == 9
    assert catalogue()["lists.sheet_lists"][language] == lists.title
    assert lists.max_row >= 64, "every province"
    filled = [[cell.value or "" for cell in row] for row in example.iter_rows(min_row=1, max_row=3)]
    checked = text_at(officer, send(officer, workbook(*filled))["Location"])
    assert "<strong>2</strong>" in checked


def test_in_what_is_answered_nothing_is_a_formula(officer: Client) -> None:
    attack = GOOD | {
        "full_name": '=HYPERLINK("http://x","An")',
        "plate": "+1+cmd|' /C calc'!A0",
        "sex": "@SUM(A1)",
    }

    def write(_book: Any, page: Any) -> None:
        for number, text in enumerate(attack.values()):
            page.write_string(1, number, text)

    written = workbook(HEADINGS, arrange=write)
    address = send(officer, written)["Location"]
    content = officer.get(f"{address}/answer").content
    cells = [cell for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert any("HYPERLINK" in str(cell.value) for cell in cells)


def test_a_list_that_is_too_long_to_be_kept_is_refused(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "keep_list", lambda *_: False)
    assert "quá lớn" in send(officer, sheet(GOOD)).content.decode()


def test_the_menu_of_leads_has_the_page(lead: Client) -> None:
    assert re.search(r'href="/office/lists/declarations"[^>]*>Danh sách', text_at(lead, "/office/"))
