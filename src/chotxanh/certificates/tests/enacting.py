"""Rules as a lead of the province enacts and repeals them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import wire_time
from tests.cast import BEGINS, DRIVER, EVENING, MORNING, Person
from tests.device import deed_of, id_of
from tests.stage import Stage

HOUR = timedelta(hours=1)
# When the result of the certified driver became known.
RESULTED_AT = MORNING + timedelta(minutes=16)


def enacted(stage: Stage, hours: int, **changed: object) -> bytes:
    """Return a rule for goods drivers, newer than the cast's own."""
    facts = {
        "code": f"new-{hours}",
        "anchor": "resulted",
        "valid_for_hours": hours,
        "effective_from": wire_time(BEGINS + HOUR),
        "legal_reference": "QĐ 2",
        "category": "goods_driver",
    }
    return sign_deed(deed_of("rule.enacted", facts | changed, actor=stage.staff.lead.id), EVENING)


def repealed(stage: Stage, rule: bytes, at: datetime = BEGINS) -> bytes:
    """Return the end of a rule."""
    facts = {"rule": id_of(rule), "at": wire_time(at)}
    return sign_deed(deed_of("rule.repealed", facts, actor=stage.staff.lead.id), EVENING)


def certify(stage: Stage, people: Sequence[Person] = (DRIVER,)) -> None:
    """Sample people into one tube, the driver alone unless named, and read a negative sixteen minutes later."""
    stage.must_apply(stage.station.collect("BR1", list(people)))
    stage.station.minute = 16
    stage.must_apply(stage.station.result("BR1", "negative"))
