"""Guessing passwords: slow where it is done, and nobody's account can be shut from elsewhere."""

import unicodedata
from threading import Event, Thread

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections

from chotxanh.beside.limits import (
    PASSWORDS_HERE,
    PASSWORDS_OF_ACCOUNT_ELSEWHERE,
    PASSWORDS_OF_ACCOUNT_HERE,
    PASSWORDS_OF_STRANGERS,
)
from chotxanh.beside.networks import Network
from chotxanh.domain.problems import Problem
from chotxanh.registers.staff import passwords
from chotxanh.registers.staff.accounts import give_one_time_password, set_own_password
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.passwords import HASHES_AT_ONCE_AND_WAITING, Asker, check_password
from tests.cast import EVENING, PASSWORD
from tests.narrow import BURST, narrow

STATION, BROWSER = Asker("device 1", is_known=True), Asker("browser 1", is_known=True)


def from_network(number: int) -> Asker:
    return Asker(Network(f"203.0.{number}.0/24"), is_known=False)


@pytest.fixture
def bao(db: None, own_keys: object) -> Member:
    return Member.objects.create_user("bao", password=PASSWORD)


def guess(username: str = "bao", asker: Asker = STATION, password: str = "sai") -> str:
    """What became of a guess: a problem's code, or the name of who was let in."""
    try:
        return check_password(username, password, asker, EVENING).username
    except Problem as problem:
        return problem.code


def test_the_right_password_is_taken_as_often_as_one_likes(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_HERE)
    assert {guess(password=PASSWORD) for _ in range(3 * BURST)} == {"bao"}


def test_guesses_are_slowed_down_where_they_are_made(bao: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_HERE)
    assert [guess() for _ in range(BURST + 1)] == ["sign_in_wrong"] * BURST + ["sign_in_too_often"]
    assert guess(password=PASSWORD) == "sign_in_too_often"


def test_c6_no_stranger_shuts_an_account_at_its_station_or_in_its_browser(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_HERE)
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_ELSEWHERE)
    for number in range(3 * BURST):
        guess(asker=from_network(number))
    assert guess(asker=from_network(99), password=PASSWORD) == "sign_in_too_often"
    assert guess(asker=STATION, password=PASSWORD) == "bao"
    assert guess(asker=BROWSER, password=PASSWORD) == "bao"


def test_c6_many_names_are_not_sprayed_from_one_address(bao: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_HERE)
    sprayed = [guess(f"name-{number}", from_network(1)) for number in range(BURST + 1)]
    assert sprayed == ["sign_in_wrong"] * BURST + ["sign_in_too_often"]
    assert guess("name-1", from_network(2)) == "sign_in_wrong"


def test_strangers_together_compute_only_so_many_hashes(bao: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_STRANGERS)
    for number in range(BURST):
        assert guess(f"name-{number}", from_network(number)) == "sign_in_wrong"
    assert guess("name-99", from_network(99)) == "sign_in_too_often"
    assert guess(password=PASSWORD) == "bao"


def test_a_flood_of_strangers_eats_no_bucket_but_the_one_they_share(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_STRANGERS)
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_ELSEWHERE)
    for number in range(BURST):
        guess(f"name-{number}", from_network(number))
    assert {guess(asker=from_network(100 + number)) for number in range(3 * BURST)} == {"sign_in_too_often"}
    monkeypatch.setattr(passwords, "PASSWORDS_OF_STRANGERS", PASSWORDS_OF_STRANGERS)  # the flood is over
    assert guess(asker=from_network(99), password=PASSWORD) == "bao"


def test_a_guess_that_is_refused_gives_back_what_strangers_share(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_HERE)
    narrow(monkeypatch, passwords, PASSWORDS_OF_STRANGERS, 2 * BURST)
    for _ in range(3 * BURST):
        guess(asker=from_network(1))
    assert guess("khac", from_network(2)) == "sign_in_wrong"


def test_no_flood_from_anywhere_refuses_a_one_time_password_in_a_new_browser(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = give_one_time_password(bao, EVENING)
    for limit in (PASSWORDS_OF_ACCOUNT_ELSEWHERE, PASSWORDS_OF_STRANGERS, PASSWORDS_OF_ACCOUNT_HERE):
        narrow(monkeypatch, passwords, limit)
    for number in range(3 * BURST):
        guess(asker=from_network(number))
        guess(asker=from_network(99))
    assert guess(asker=from_network(98)) == "sign_in_too_often"
    assert {guess(asker=from_network(each), password=password) for each in (98, 99, 99)} == {"bao"}


def test_a_password_of_ones_own_is_counted_as_ever_and_the_one_time_password_is_over(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_time = give_one_time_password(bao, EVENING)
    set_own_password(bao, PASSWORD)
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_ELSEWHERE)
    guesses = [guess(asker=from_network(number), password=one_time) for number in range(BURST)]
    assert guesses == ["sign_in_wrong"] * BURST
    assert guess(asker=from_network(98), password=PASSWORD) == "sign_in_too_often"
    assert guess(asker=from_network(98), password=one_time) == "sign_in_too_often"


def test_one_time_passwords_given_before_they_were_known_by_a_digest_are_counted_as_ever(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = give_one_time_password(bao, EVENING)
    Member.objects.update(one_time_digest=None)
    assert guess(asker=from_network(1), password=password) == "bao"
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_ELSEWHERE, 1)
    guess(asker=from_network(2))
    assert guess(asker=from_network(3), password=password) == "sign_in_too_often"


def test_a_hash_of_letters_with_their_marks_apart_still_opens(bao: Member) -> None:
    """Made before letters were put together."""
    bao.set_password(unicodedata.normalize("NFD", "đường về"))
    bao.save()
    assert guess(password=unicodedata.normalize("NFD", "đường về")) == "bao"
    assert guess(password=unicodedata.normalize("NFC", "đường về")) == "sign_in_wrong"


@pytest.mark.parametrize(("typed", "hashes"), [("đường", 1), (unicodedata.normalize("NFD", "đường"), 2)])
def test_strangers_pay_for_every_hash_that_a_guess_takes(
    bao: Member, monkeypatch: pytest.MonkeyPatch, typed: str, hashes: int
) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_STRANGERS, 4)
    computed: list[str] = []
    verify = MD5PasswordHasher.verify

    def counting(hasher: MD5PasswordHasher, password: str, encoded: str) -> bool:
        computed.append(password)
        return verify(hasher, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", counting)
    answers = [guess(asker=from_network(number), password=typed) for number in range(4)]
    assert answers.count("sign_in_wrong") == 4 // hashes
    assert len(computed) == 4


@pytest.mark.parametrize(("username", "password"), [("b\0o", "sai"), ("bao", "s\0i"), ("b" * 5000, "sai")])
def test_impossible_names_and_passwords_are_only_wrong(bao: Member, username: str, password: str) -> None:
    assert guess(username, password=password) == "sign_in_wrong"


@pytest.mark.django_db(transaction=True)
def test_c6_a_crowd_that_signs_in_does_not_take_every_thread(
    own_keys: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    Member.objects.create_user("bao", password=PASSWORD)
    is_computing, may_end = Event(), Event()
    verify = MD5PasswordHasher.verify

    def verify_slowly(hasher: MD5PasswordHasher, password: str, encoded: str) -> bool:
        is_computing.set()
        may_end.wait(60)
        return verify(hasher, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", verify_slowly)
    monkeypatch.setattr(passwords, "LONGEST_WAIT_SECONDS", 60)
    answers: list[str] = []

    def sign_in() -> None:
        answers.append(guess(password=PASSWORD))
        connections.close_all()

    threads = [Thread(target=sign_in) for _ in range(HASHES_AT_ONCE_AND_WAITING)]
    threads[0].start()
    assert is_computing.wait(60)
    for thread in threads[1:]:
        thread.start()
    while passwords._admitted._value:  # until the last of them waits
        pass
    assert guess(password=PASSWORD) == "sign_in_busy"
    may_end.set()
    for thread in threads:
        thread.join()
    assert answers == ["bao"] * HASHES_AT_ONCE_AND_WAITING
    assert guess(password=PASSWORD) == "bao"
