"""The verify page: paste or photo in, the answer out, nothing kept."""

import io
import zlib
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from chotxanh.beside.limits import VERIFICATIONS
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.hcert import base45
from chotxanh.verification import views
from tests.cast import DRIVER
from tests.narrow import BURST, narrow
from tests.stage import Stage


@pytest.fixture
def certificate(declared: Stage) -> str:
    """A certificate that the server issued to the driver."""
    station = declared.station
    declared.must_apply(station.collect("ONG1", [DRIVER]))
    station.minute += 20
    declared.must_apply(station.result("ONG1", "negative"))
    held = certificates_of(DRIVER.code, declared.now)[0]
    assert held.text is not None
    return held.text


def test_an_issued_certificate_is_genuine_and_names_nobody(client: Client, certificate: str) -> None:
    answer = client.post("/verify", {"text": certificate})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert "N*** V*** Đường" in page
    assert DRIVER.full_name not in page
    assert answer["Cache-Control"] == "no-store"


def test_the_answer_can_be_read_in_the_other_language(client: Client, certificate: str) -> None:
    answer = client.post("/verify", {"text": certificate, "language": "en"})
    assert "Result known at" in answer.content.decode()


def test_an_altered_certificate_is_not_genuine(client: Client, certificate: str) -> None:
    signed = bytearray(zlib.decompress(base45.decode(certificate[4:])))
    signed[-1] ^= 1
    altered = f"HC1:{base45.encode(zlib.compress(bytes(signed)))}"
    assert "KHÔNG PHẢI GIẤY THẬT" in client.post("/verify", {"text": altered}).content.decode()


@pytest.mark.parametrize("place", [-6, 40, 120])
def test_e6_a_damaged_code_is_not_read_and_never_called_a_forgery(
    client: Client, certificate: str, place: int
) -> None:
    damaged = certificate[:place] + certificate[place + 3 :]
    page = client.post("/verify", {"text": damaged}).content.decode()
    assert "KHÔNG ĐỌC ĐƯỢC MÃ, quét lại" in page
    assert "KHÔNG PHẢI GIẤY THẬT" not in page
    assert "state-wait" in page


def test_e6_a_certificate_copied_with_line_ends_and_hard_blanks_is_genuine(
    client: Client, certificate: str
) -> None:
    wrapped = "\r\n".join(certificate[begin : begin + 76] for begin in range(0, len(certificate), 76))
    page = client.post("/verify", {"text": f"\u202d]Q1{wrapped}\xa0\u202c"}).content.decode()
    assert "N*** V*** Đường" in page


def test_e6_an_identity_card_is_called_one(client: Client, db: None) -> None:
    page = client.post("/verify", {"text": "077090000123||Nguyễn Văn A|05031990|Nam|Phú Mỹ|31052021"})
    assert "Đây là căn cước công dân" in page.content.decode()


@pytest.mark.parametrize("pasted", ["", "HC1:Ư", "P123", "\0", "HC1:" + "A" * 5000])
def test_bad_input_gets_a_sentence_and_keeps_the_text(client: Client, pasted: str, db: None) -> None:
    answer = client.post("/verify", {"text": pasted})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'role="alert"' in answer.content.decode()


def test_a_photo_without_a_code_is_told_what_to_do(client: Client, db: None) -> None:
    stream = io.BytesIO()
    Image.new("L", (200, 200), 90).save(stream, "PNG")
    photo = SimpleUploadedFile("giay.png", stream.getvalue(), "image/png")
    answer = client.post("/verify", {"photo": photo})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Không thấy mã QR trong ảnh" in answer.content.decode()


def test_a_photo_that_is_too_large_is_refused_unread(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "longest_body", lambda _path: 1000)
    photo = SimpleUploadedFile("giay.jpg", b"x" * 2000, "image/jpeg")
    answer = client.post("/verify", {"photo": photo})
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "8 MB" in answer.content.decode()


def test_beyond_the_limit_of_an_address_what_was_pasted_is_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch, db: None, own_keys: object
) -> None:
    narrow(monkeypatch, views, VERIFICATIONS)
    for _ in range(BURST):
        assert client.post("/verify", {"text": "HC1:6BFOXN"}).status_code == HTTPStatus.OK
    answer = client.post("/verify", {"text": "HC1:6BFOXN"})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (HTTPStatus.TOO_MANY_REQUESTS, True)
    assert ">HC1:6BFOXN</textarea>" in answer.content.decode()
