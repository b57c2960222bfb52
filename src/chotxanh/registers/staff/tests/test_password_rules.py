"""A password that people here try first is no password."""

import pytest

from chotxanh.domain.problems import Problem
from chotxanh.registers.staff.accounts import set_own_password
from chotxanh.registers.staff.models import Member

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
