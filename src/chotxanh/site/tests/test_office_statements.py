"""The office asks the database as often for what thirty left as for what one did (finding F4)."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import PHU_MY
from tests.stage import Stage
from tests.troubles import dispute, doubt, hold, lose, reject, reuse_number, revoke, wait_for_shift

Trouble = Callable[[Stage, int], object]


def reuse_numbers(stage: Stage, count: int) -> None:
    """Use as many numbers twice."""
    for _ in range(count):
        reuse_number(stage)


def throw_rubbish(stage: Stage, count: int) -> None:
    """Send what nobody can read."""
    stage.record(*(f"rác {number}".encode() for number in range(count)))


def doubt_more(stage: Stage, count: int) -> None:
    """Doubt the clocks of so many more stations."""
    for number in range(count):
        doubt(stage, 1, f"GIO{count}.{number}.")


def dispute_more(stage: Stage, count: int) -> None:
    """Dispute tubes of other names each time."""
    dispute(stage, count, f"LAN{stage.station.seq}.")


LISTS: dict[str, tuple[str, Trouble]] = {
    "disputes": ("/office/disputed", dispute_more),
    "disputes for one reason": ("/office/disputed?reason=results_differ", dispute_more),
    "held": ("/office/held", hold),
    "held of a revoked device": ("/office/held", revoke),
    "waiting for their shift": ("/office/held", wait_for_shift),
    "gaps": ("/office/gaps", lose),
    "clocks in doubt": ("/office/clocks", doubt_more),
    "rejected": ("/office/invalid", reject),
    "alarms": ("/office/invalid", reuse_numbers),
    "set aside": ("/office/invalid", throw_rubbish),
}
# A page's own statements: who asks and what they lead, counts, rows, and the names of what is on it.
MOST_OF_OVERVIEW, MOST_OF_LIST = 25, 19


def statements(client: Client, address: str) -> int:
    """How many statements a page takes on both databases, once what never changes is known."""
    client.get(address)
    with ExitStack() as stack:
        captured = [stack.enter_context(CaptureQueriesContext(each)) for each in connections.all()]
        client.get(address)
    return sum(map(len, captured))


@pytest.mark.parametrize("name", LISTS)
def test_f4_a_list_of_thirty_takes_as_many_statements_as_a_list_of_one(
    lead: Client, declared: Stage, name: str
) -> None:
    """F4: thirty disputes took 92 queries for one count."""
    address, trouble = LISTS[name]
    trouble(declared, 1)
    one, overview = statements(lead, address), statements(lead, "/office/")
    trouble(declared, 29)
    assert statements(lead, address) == one <= MOST_OF_LIST
    assert statements(lead, "/office/") == overview <= MOST_OF_OVERVIEW


def test_a_page_of_a_tube_takes_as_many_statements_whatever_else_is_disputed(
    lead: Client, declared: Stage
) -> None:
    dispute(declared)
    address = f"/office/disputed/{PHU_MY}/ONG1"
    one = statements(lead, address)
    dispute(declared, 29, "THEM")
    assert statements(lead, address) == one <= MOST_OF_LIST
