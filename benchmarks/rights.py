"""Lets whoever works in a replay read RT-PCR: its pools need it, and the demonstration's officers read rapid tests."""

from datetime import datetime

from benchmarks.stages import OFFICERS
from chotxanh.domain.methods import Method
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.facilities.entries import FacilityAuthorised
from chotxanh.registers.staff.entries import GrantGiven
from chotxanh.registers.staff.models import Member
from chotxanh.site.scenario import ACCOUNTS, AUTHORISED_BY, FACILITIES, SCENARIO_BEGINS


def allow_rt_pcr(now: datetime) -> None:
    """Authorise every facility of the demonstration, and give its officers both methods (UTC `now`)."""
    methods = list(Method)
    deeds = [Deed(FacilityAuthorised(code, SCENARIO_BEGINS, AUTHORISED_BY, methods)) for code in FACILITIES]
    for account in ACCOUNTS:
        if account.username in OFFICERS.values():
            member = Member.objects.get(username=account.username)
            given = GrantGiven(
                member.id,
                account.role,
                SCENARIO_BEGINS,
                methods,
                facility=account.facility,
                site=account.checkpoint,
            )
            deeds.append(Deed(given))
    record_deeds(deeds, now)
