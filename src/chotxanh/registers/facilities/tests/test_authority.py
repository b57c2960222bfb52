"""A facility stands on the list of those that may test exactly while its entries are judged to be allowed."""

from datetime import timedelta
from itertools import permutations, product
from uuid import UUID

import pytest

from chotxanh.registers.facilities.authority import authority_of, is_authorised_in_the_database
from chotxanh.registers.facilities.entries import AUTHORISED, REINSTATED, SUSPENDED
from chotxanh.registers.facilities.models import Facility, FacilityEvent
from tests.cast import MORNING

HOURS = [timedelta(hours=hour) for hour in range(5)]
ORDERS = [[], [AUTHORISED], *permutations([AUTHORISED, SUSPENDED, REINSTATED]), [SUSPENDED, AUTHORISED]]


@pytest.mark.parametrize("until", [None, timedelta(hours=2), timedelta(hours=4)])
def test_the_list_and_the_judging_agree_at_any_hour(db: None, until: timedelta | None) -> None:
    for number, (events, is_at_once) in enumerate(product(ORDERS, [False, True])):
        code = f"f{number:02}"
        Facility.objects.create(code=code, name=code, entry=UUID(int=number), registered_at=MORNING)
        for place, what in enumerate(events):
            FacilityEvent.objects.create(
                id=UUID(int=100 * number + place),
                facility=code,
                what=what,
                since=MORNING + (HOURS[1] if is_at_once else HOURS[place + 1]),
                until=MORNING + until if until and what == AUTHORISED else None,
            )
    known = authority_of(Facility.objects.values_list("code", flat=True))
    for hour in HOURS:
        listed = Facility.objects.filter(is_authorised_in_the_database(MORNING + hour))
        judged = {code for code, authority in known.items() if authority.is_authorised(MORNING + hour)}
        assert set(listed.values_list("code", flat=True)) == judged
