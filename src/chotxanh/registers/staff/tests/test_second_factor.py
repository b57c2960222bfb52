"""A member's authenticator: each code opens once, guesses are counted by account, the secret lies sealed."""

from datetime import timedelta

import pytest

from chotxanh.beside.limits import SECOND_CODES
from chotxanh.domain.problems import Problem
from chotxanh.keys.one_time_codes import code_at, new_secret
from chotxanh.keys.ring import add_seal_key
from chotxanh.ledger.resealing import reseal_all
from chotxanh.registers.staff import second_factor
from chotxanh.registers.staff.models import Member, SecondFactor
from chotxanh.registers.staff.second_factor import (
    begin_second_factor,
    check_second_code,
    is_asked_of,
    renew_kept_codes,
    second_factor_of,
)
from tests.cast import EVENING
from tests.narrow import BURST, narrow
from tests.stage import Stage

SECRET = new_secret()
LATER = EVENING + timedelta(minutes=5)


@pytest.fixture
def bao(stage: Stage) -> Member:
    return stage.staff.lead


@pytest.fixture
def codes(bao: Member) -> list[str]:
    return begin_second_factor(bao, SECRET, code_at(SECRET, EVENING), EVENING)


def refused(member: Member, code: str) -> str:
    """What became of a code."""
    try:
        check_second_code(member, code, LATER)
    except Problem as problem:
        return problem.code
    return ""


def test_a_code_opens_once_and_none_before_it_any_more(bao: Member, codes: list[str]) -> None:
    code, before = code_at(SECRET, LATER), code_at(SECRET, LATER - timedelta(seconds=30))
    assert [refused(bao, each) for each in (code, code, before)] == [
        "",
        "second_code_wrong",
        "second_code_wrong",
    ]


def test_the_code_that_began_it_does_not_open(bao: Member, codes: list[str]) -> None:
    with pytest.raises(Problem, match="second_code_wrong"):
        check_second_code(bao, code_at(SECRET, EVENING), EVENING)


def test_each_of_ten_codes_for_its_loss_opens_once_however_it_is_typed(bao: Member, codes: list[str]) -> None:
    assert len(set(codes)) == 10
    assert refused(bao, codes[0].lower().replace("-", " ")) == ""
    assert refused(bao, codes[0]) == "second_code_wrong"
    given = second_factor_of(bao.id)
    assert given is not None and given.codes_left == 9


def test_new_codes_end_the_old_ones(bao: Member, codes: list[str]) -> None:
    fresh = renew_kept_codes(bao, code_at(SECRET, LATER), LATER)
    assert (refused(bao, codes[1]), refused(bao, fresh[1])) == ("second_code_wrong", "")


def test_guesses_are_counted_by_account(
    bao: Member, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, second_factor, SECOND_CODES)
    assert [refused(bao, "000000") for _ in range(BURST + 1)][-1] == "second_code_too_often"
    assert refused(bao, code_at(SECRET, LATER)) == "second_code_too_often"


def test_the_database_knows_neither_secret_nor_codes_and_a_new_key_seals_them_anew(
    bao: Member, codes: list[str], own_keys: object
) -> None:
    kept = bytes(SecondFactor.objects.get(member=bao.id).sealed)
    assert SECRET.encode() not in kept
    add_seal_key()
    reseal_all()
    anew = bytes(SecondFactor.objects.get(member=bao.id).sealed)
    assert anew[:2] != kept[:2]
    assert refused(bao, codes[2]) == ""


def test_it_is_asked_of_who_decides_for_others_and_of_no_account_of_the_demonstration(stage: Stage) -> None:
    staff = stage.staff
    asked = (staff.lead, staff.physician, staff.data_protection)
    assert all(is_asked_of(each, EVENING) for each in asked)
    assert not any(is_asked_of(each, EVENING) for each in (staff.officer, staff.technician))
    staff.lead.is_demonstration = True
    assert not is_asked_of(staff.lead, EVENING)
