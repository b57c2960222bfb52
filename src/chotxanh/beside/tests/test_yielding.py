"""What is heavy runs behind all else: a flood of passwords takes what pages and stations leave."""

import os
import sys
import threading

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password

from chotxanh.beside.yielding import YIELDS, Yielding
from chotxanh.registers.staff.hashing import YieldingHasher

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives a thread a niceness of its own")


def own_niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@linux
def test_work_yields_and_who_asked_does_not() -> None:
    before = own_niceness()
    assert Yielding("tried", YIELDS)(own_niceness) == YIELDS
    assert own_niceness() == before


@linux
def test_password_is_hashed_where_it_yields(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", lambda *_: seen.append(own_niceness()))
    YieldingHasher().encode("mot-mat-khau-dai", "salt", 1)
    assert seen == [YIELDS]


def test_what_fails_there_fails_for_who_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        Yielding("tried", YIELDS)(lambda: 1 // 0)


def test_password_hashed_before_is_still_read() -> None:
    hashed = PBKDF2PasswordHasher().encode("mot-mat-khau-dai", "salt")
    assert check_password("mot-mat-khau-dai", hashed)
    assert not check_password("mot-mat-khau-khac", hashed)
    assert make_password("mot-mat-khau-dai").startswith("pbkdf2_sha256$")
