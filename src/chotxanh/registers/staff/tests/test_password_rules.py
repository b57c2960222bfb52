"""A password that people here try first is no password."""

import unicodedata
from typing import Literal

import pytest

from chotxanh.domain.problems import Problem
from chotxanh.registers.staff.accounts import set_own_password
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.passwords import Asker, check_password
from tests.cast import EVENING

WEAK = (
    "ngan-hon-12",
    "matkhau12345678",
    "Matkhau@2021!!",
    "chotxanh-2021-2021",
    "anhyeuem11111111",
    "nguyenvanbao1990",
    "bao.nguyen.van.1990",
    "password1234567",
    "202107252021",
    "aaaaaaaaaaaaaaaa",
    "quoclo51phumy51",
)
STRONG = ("mot cau that dai", "đèn xanh trên quốc lộ", "cỏ may bên cầu 1908", "f7Kq-29zp-LLxw")


@pytest.fixture
def bao(db: None, own_keys: object) -> Member:
    return Member.objects.create_user("nguyen.van.bao", full_name="Nguyễn Văn Bảo")


@pytest.mark.parametrize("password", WEAK)
def test_what_is_guessed_first_is_refused(bao: Member, password: str) -> None:
    with pytest.raises(Problem, match="password_weak"):
        set_own_password(bao, password)


@pytest.mark.parametrize("password", STRONG)
def test_a_sentence_of_ones_own_is_taken(bao: Member, password: str) -> None:
    set_own_password(bao, password)
    assert bao.check_password(password)


@pytest.mark.parametrize(
    "scanned",
    [
        "HC1:con đường về nhà xa",
        "077085000123|123456789|Nguyễn Văn A|01011990|Nam|x|01012021",
        "DX-KET-THUC-CA-HOM-NAY",
    ],
)
def test_what_is_taken_for_a_scan_at_the_sign_in_cannot_be_chosen(bao: Member, scanned: str) -> None:
    try:
        set_own_password(bao, scanned)
    except Problem as problem:
        assert problem.code == "password_is_scan"
    else:
        assert check_password(bao.username, scanned, Asker("device 1", is_known=True), EVENING) == bao


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("chosen", ["NFC", "NFD"])
def test_the_same_letters_of_another_keyboard_are_the_same_password(
    bao: Member, chosen: Literal["NFC", "NFD"], typed: Literal["NFC", "NFD"]
) -> None:
    sentence = "đường về biển xa mặn"
    set_own_password(bao, unicodedata.normalize(chosen, sentence))
    station = Asker("device 1", is_known=True)
    password = unicodedata.normalize(typed, sentence).replace(" ", "\u00a0")
    assert check_password(bao.username, password, station, EVENING) == bao


def test_letters_with_their_marks_apart_make_no_short_password_longer(bao: Member) -> None:
    with pytest.raises(Problem, match="password_weak"):
        set_own_password(bao, unicodedata.normalize("NFD", "ậềổữự xẩy"))
