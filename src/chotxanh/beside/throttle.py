"""The one throttle: token buckets shared by all workers, each kept as the time at which it is full again (GCRA).

A bucket that is full again has no row worth keeping. Keys are HMACs: no account and no address is kept.
"""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import OperationalError

from chotxanh.beside.limits import Limit
from chotxanh.beside.networks import Network
from chotxanh.beside.router import beside
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.problems import Problem
from chotxanh.keys.sealing import blind_index
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.statements import ask, ask_ahead, carry_out

REGISTERED_TIMES = 20  # a registered network may do so many times more
PRUNE_EVERY = 1000
SECONDS_WHEN_BUSY = 5

_TABLE = "beside_bucket"
# A time further ahead than a bucket can be empty comes from a clock that was put back since: the bucket begins anew.
_TAKE = f"""
    INSERT INTO {_TABLE} (key, full_at) VALUES (%s, %s)
    ON CONFLICT (key) DO UPDATE SET full_at =
        CASE WHEN {_TABLE}.full_at BETWEEN %s AND %s THEN {_TABLE}.full_at ELSE %s END + %s
    WHERE {_TABLE}.full_at <= %s OR {_TABLE}.full_at > %s
    RETURNING full_at
"""  # noqa: S608 - a constant
_LOOK = f"SELECT full_at FROM {_TABLE} WHERE key = %s"  # noqa: S608
_GIVE_BACK = f"UPDATE {_TABLE} SET full_at = full_at - %s WHERE key = %s"  # noqa: S608
_PRUNE = f"DELETE FROM {_TABLE} WHERE full_at < %s"  # noqa: S608
_takes = itertools.count(1)


@dataclass(frozen=True)
class Taken:
    """A token that can be given back: what was asked turned out not to be a guess."""

    key: bytes
    milliseconds: int

    def give_back(self) -> None:
        """Put the token back."""
        carry_out(_GIVE_BACK, (self.milliseconds, self.key), database=beside())


def look(limit: Limit, what: str, now: datetime) -> None:
    """Ask whether there is a token for `what` without taking one (UTC `now`): most who ask need none in the end.

    Raises Problem("too_often") with the `seconds` after which there is a token again.
    """
    whole = limit.per // timedelta(milliseconds=1)
    latest = unix_ms(now) + whole - max(1, whole // limit.burst)
    seen = ask(_LOOK, (blind_index(f"throttle:{limit.name}", what),), database=beside())
    if seen and latest < seen[0][0] <= unix_ms(now) + whole:
        raise Problem("too_often", seconds=max(1, -(-(seen[0][0] - latest) // 1000)))


def take(
    limit: Limit, what: str | Network, now: datetime, *, count: int = 1, otherwise: str = "too_often"
) -> Taken:
    """Take one token, or `count`, from the bucket of `what` (an account, a device, a network) at `now` (UTC).

    Call it outside a transaction: it must neither wait for one nor be taken back with it. Raises Problem(otherwise)
    with the `seconds` after which there is a token again.
    """
    return take_ahead(limit, what, now, count=count, otherwise=otherwise)()


def take_ahead(
    limit: Limit, what: str | Network, now: datetime, *, count: int = 1, otherwise: str = "too_often"
) -> Ahead[Taken]:
    """Take them likewise, but learn only when it is asked for whether there was one (in `sending_together`)."""
    if next(_takes) % PRUNE_EVERY == 0:
        carry_out(_PRUNE, (unix_ms(now),), database=beside())
    name = what.name if isinstance(what, Network) else what
    times = REGISTERED_TIMES if isinstance(what, Network) and what.is_registered else 1
    key = blind_index(f"throttle:{limit.name}", name)
    moment, whole = unix_ms(now), limit.per // timedelta(milliseconds=1)
    cost = max(1, whole // (limit.burst * times)) * count
    latest, beyond = moment + whole - cost, moment + whole
    values = (key, moment + cost, moment, beyond, moment, cost, latest, beyond)
    busy = Problem(otherwise, seconds=SECONDS_WHEN_BUSY)
    try:
        asked = ask_ahead(_TAKE, values, database=beside())
    except OperationalError:  # the second file was busy for too long: that too is "too often"
        return partial(_refuse, busy)

    def taken() -> Taken:
        try:
            if asked():
                return Taken(key, cost)
            seen = ask(_LOOK, (key,), database=beside())
        except OperationalError:
            raise busy from None
        wait = seen[0][0] - latest if seen else 0
        raise Problem(otherwise, seconds=max(1, -(-wait // 1000)))

    return taken


def _refuse(problem: Problem) -> Taken:
    raise problem
