"""A badge and a PIN: five wrong ones at a device and only a password opens; nothing of either lies open."""

from uuid import UUID

import pytest

from chotxanh.domain.problems import Problem
from chotxanh.keys import pins
from chotxanh.keys.pins import is_weak, new_pin
from chotxanh.keys.ring import add_seal_key
from chotxanh.ledger.resealing import reseal_all
from chotxanh.registers.staff.badges import (
    FIRST_PIN_LIFE,
    MOST_WRONG,
    badges_of,
    check_badge,
    choose_pin,
    end_badges,
    forget_wrong_pins,
    give_badges,
    lock_of,
    printed,
)
from chotxanh.registers.staff.models import Badge
from tests.cast import EVENING

MAI, HERE, THERE = UUID(int=1), UUID(int=11), UUID(int=12)
OWN = "482913"


@pytest.fixture
def code(db: None, own_keys: object, monkeypatch: pytest.MonkeyPatch) -> str:
    """The badge of a member who chose a PIN of their own."""
    monkeypatch.setattr(pins, "ITERATIONS", 2)
    give_badges([MAI], EVENING)
    choose_pin(badges_of([MAI])[MAI], OWN)
    return printed([badges_of([MAI])[MAI]])[0].code


def opened(code: str, pin: str = OWN, device: UUID = HERE) -> str:
    """What became of a badge and a PIN."""
    try:
        check_badge(code, pin, device, EVENING)
    except Problem as problem:
        return problem.code
    return ""


def test_a_badge_opens_with_its_pin_however_it_is_typed(code: str) -> None:
    assert opened(code) == opened(code.lower()) == opened(f"{code[:5]} {code[5:]}") == ""
    assert opened(code, "482914") == opened(code, "") == opened(code, "x" * 6) == "pin_wrong"
    assert opened("B" + "0" * 14) == "badge_unknown"


def test_five_wrong_pins_lock_the_badge_at_that_device_alone(code: str) -> None:
    assert {opened(code, "111222") for _ in range(MOST_WRONG)} == {"pin_wrong"}
    assert opened(code) == "pin_locked"
    assert opened(code, device=THERE) == ""


def test_a_right_pin_or_a_password_begins_the_count_anew(code: str) -> None:
    for _ in range(3):
        assert [opened(code, "111222") for _ in range(MOST_WRONG - 1)][-1] == "pin_wrong"
        assert opened(code) == ""
    for _ in range(MOST_WRONG):
        opened(code, "111222")
    forget_wrong_pins(MAI, HERE)
    assert opened(code) == ""


def test_a_badge_given_anew_ends_the_one_before(code: str) -> None:
    give_badges([MAI], EVENING)
    assert opened(code) == "badge_over"
    assert len(badges_of([MAI])) == 1


def test_a_lost_badge_opens_nothing(code: str) -> None:
    assert end_badges([MAI], EVENING) == [MAI]
    assert end_badges([MAI], EVENING) == []
    assert opened(code) == "badge_over"
    assert lock_of(MAI) is None


def test_a_first_pin_is_over_after_a_week_and_is_not_kept_once_another_is_chosen(code: str) -> None:
    give_badges([MAI], EVENING)
    badge = badges_of([MAI])[MAI]
    (shown,) = printed([badge])
    assert shown.first_pin and lock_of(MAI) is None
    assert check_badge(shown.code, shown.first_pin, HERE, EVENING).has_first_pin
    with pytest.raises(Problem, match="pin_over"):
        check_badge(shown.code, shown.first_pin, HERE, EVENING + FIRST_PIN_LIFE)
    with pytest.raises(Problem, match="pin_weak"):
        choose_pin(badge, shown.first_pin)
    choose_pin(badge, OWN)
    assert printed([badge])[0].first_pin is None
    assert opened(shown.code, shown.first_pin) == "pin_wrong"


@pytest.mark.parametrize(
    "pin", ["123456", "654321", "000000", "112211", "123123", "121212", "12345", "12345a"]
)
def test_a_pin_that_is_tried_first_is_refused(code: str, pin: str) -> None:
    with pytest.raises(Problem, match="pin_weak"):
        choose_pin(badges_of([MAI])[MAI], pin)


def test_no_first_pin_is_a_weak_one() -> None:
    assert not any(is_weak(new_pin()) for _ in range(200))


def test_a_dump_holds_neither_code_nor_pin_and_a_new_key_seals_them_anew(code: str) -> None:
    kept = bytes(Badge.objects.get(member=MAI).sealed)
    assert code.encode() not in kept and OWN.encode() not in kept
    add_seal_key()
    reseal_all()
    assert bytes(Badge.objects.get(member=MAI).sealed)[:2] != kept[:2]
    assert opened(code) == ""


def test_what_locks_a_kept_ticket_is_the_pins_own(code: str) -> None:
    lock = lock_of(MAI)
    assert lock is not None and lock.key == pins.pin_key(OWN, lock.salt)
