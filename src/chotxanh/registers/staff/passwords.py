"""Checks passwords: guesses are slowed down by what is guessed, and no crowd of them takes the whole machine."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore

from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser

from chotxanh.beside.limits import (
    PASSWORDS_HERE,
    PASSWORDS_OF_ACCOUNT_ELSEWHERE,
    PASSWORDS_OF_ACCOUNT_HERE,
    PASSWORDS_OF_STRANGERS,
    Limit,
)
from chotxanh.beside.networks import Network
from chotxanh.beside.throttle import Taken, take
from chotxanh.domain.problems import Problem
from chotxanh.domain.typed_passwords import read_password
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.one_time import is_one_time_password

LONGEST_USERNAME = 150
# A hash is a third of a second of one core. In each process one is computed and one more may wait for it.
HASHES_AT_ONCE, HASHES_AT_ONCE_AND_WAITING = 1, 2
LONGEST_WAIT_SECONDS = 2
_computing = BoundedSemaphore(HASHES_AT_ONCE)
_admitted = BoundedSemaphore(HASHES_AT_ONCE_AND_WAITING)


@dataclass(frozen=True)
class Asker:
    """Where a password is typed: an enrolled station, a browser where this account signed in before, or a network.

    A stranger can reach neither a station's key nor a browser's cookie, so there only that place's own guesses count:
    nobody's account can be shut from elsewhere.
    """

    place: str | Network
    is_known: bool

    @property
    def name(self) -> str:
        """The place in one word."""
        return self.place.name if isinstance(self.place, Network) else self.place


def check_password(username: str, password: str, asker: Asker, now: datetime) -> Member:
    """Return the member whose password this is.

    What a scanner put into the field is no guess, and counts as none (finding G8); neither is a right one-time
    password: nobody guesses one, so a flood of guesses from everywhere must not keep its owner out.
    Raises Problem: `password_is_scan`, `sign_in_too_often`, `sign_in_busy` (both with `seconds`), `sign_in_wrong`, and
    `password_over` for a right one-time password that nobody changed in time.
    """
    read = read_password(password)
    # What was typed otherwise than it is read is tried so too: its hash may have been made before passwords were read.
    tried = [read] if read == password else [read, password]
    account = username[:LONGEST_USERNAME]
    is_guess = not is_one_time_password(account, read)
    taken = _take_all(account, asker, len(tried), now) if is_guess else []
    with _turn(taken):
        member = _first_right(username, tried)
    if not isinstance(member, Member):
        raise Problem("sign_in_wrong")
    _give_back(taken)
    if member.password_expires_at is not None and member.password_expires_at <= now:
        raise Problem("password_over")
    return member


def _first_right(username: str, tried: Sequence[str]) -> AbstractBaseUser | None:
    if not username.isprintable() or any("\x00" in each for each in tried):
        return None
    return next(filter(None, (authenticate(username=username, password=each) for each in tried)), None)


def _take_all(account: str, asker: Asker, hashes: int, now: datetime) -> list[Taken]:
    """Take a token of every bucket that counts this guess, or of none; what all strangers share comes first.

    That is taken once for each of the `hashes` that the guess may cost. Nothing was guessed where one is empty: a flood
    must not eat the buckets of those it is not after. Raises Problem("sign_in_too_often").
    """
    counted: list[tuple[Limit, str | Network]] = []
    if not asker.is_known:
        counted += [(PASSWORDS_OF_STRANGERS, "all")] * hashes + [(PASSWORDS_OF_ACCOUNT_ELSEWHERE, account)]
    counted += [(PASSWORDS_HERE, asker.place), (PASSWORDS_OF_ACCOUNT_HERE, f"{asker.name} {account}")]
    taken: list[Taken] = []
    try:
        for limit, what in counted:
            taken.append(take(limit, what, now, otherwise="sign_in_too_often"))
    except Problem:
        _give_back(taken)
        raise
    return taken


@contextmanager
def _turn(taken: Sequence[Taken]) -> Iterator[None]:
    """Wait for the turn to compute a hash; who does not get it has guessed nothing. Raises Problem("sign_in_busy")."""
    with ExitStack() as turn:
        for place, seconds in ((_admitted, 0), (_computing, LONGEST_WAIT_SECONDS)):
            if not place.acquire(timeout=seconds):
                _give_back(taken)
                raise Problem("sign_in_busy", seconds=LONGEST_WAIT_SECONDS)
            turn.callback(place.release)
        yield


def _give_back(taken: Iterable[Taken]) -> None:
    for each in taken:
        each.give_back()
