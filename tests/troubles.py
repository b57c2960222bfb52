"""Makes what leads must see to, as much of it as a test wants: held, waiting, disputed, wrong and forged entries."""

from uuid import UUID, uuid4

from chotxanh.domain.kinds import Answer
from chotxanh.registers.devices.models import Device
from tests.cast import CHAU_DUC, DRIVER, PHU_MY, POSTS, QL56, RIDER
from tests.device import MINUTE, Station, collection_facts
from tests.stage import Stage


def new_station(stage: Stage, name: str) -> Station:
    """Enrol one more station at QL51."""
    station = Station(began=stage.station.began, minute=stage.station.minute)
    station.enrol()
    Device.objects.filter(id=station.id).update(name=name)
    return station


def hold(stage: Stage, count: int = 1) -> None:
    """Let an officer collect where they have no grant: authentic, not allowed. A lead must decide."""
    tubes = [f"GIU{number}" for number in range(count)]
    entries = [stage.station.collect(tube, [DRIVER], facility=CHAU_DUC, post=POSTS[QL56]) for tube in tubes]
    assert {answer for answer, _ in stage.record(*entries)} == {Answer.HELD}


def wait_for_shift(
    stage: Stage, count: int = 1, name: str = "Máy chờ ca", stem: str = "CHO"
) -> tuple[Station, bytes]:
    """Let a station send what was done before the start of its shift, which is returned with it."""
    station = new_station(stage, name)
    shift = station.start_shift(stage.staff.officer)
    entries = [station.collect(f"{stem}{number}", [DRIVER]) for number in range(count)]
    assert set(stage.record(*entries)) == {(Answer.HELD, "actor_unproven")}
    return station, shift


def revoke(stage: Stage, count: int, name: str = "Máy đã thu hồi") -> Station:
    """Let a station send what it still had after it was revoked."""
    station = new_station(stage, name)
    stage.must_apply(station.start_shift(stage.staff.officer))
    Device.objects.filter(id=station.id).update(revoked_at=stage.now)
    entries = [station.collect(f"MAT{number}", [DRIVER]) for number in range(count)]
    assert set(stage.record(*entries)) == {(Answer.HELD, "device_revoked")}
    return station


def dispute(stage: Stage, count: int = 1, stem: str = "ONG") -> list[str]:
    """Use tubes for two people each, with results that differ; return their keys."""
    station, tubes = stage.station, [f"{stem}{number}" for number in range(1, count + 1)]
    stage.must_apply(*(station.collect(tube, [DRIVER]) for tube in tubes))
    station.minute += 5
    stage.must_apply(*(station.collect(tube, [RIDER]) for tube in tubes))
    station.minute += 20
    stage.must_apply(*(station.result(tube, value) for tube in tubes for value in ("negative", "invalid")))
    return [f"{PHU_MY}/{tube}" for tube in tubes]


def doubt(stage: Stage, count: int = 1, stem: str = "GIO") -> None:
    """Collect on a station whose clock nobody has measured."""
    station = new_station(stage, "Máy không có giờ")
    station.is_measured = False
    stage.must_apply(station.start_shift(stage.staff.officer))
    stage.must_apply(*(station.collect(f"{stem}{number}", [DRIVER]) for number in range(count)))


def reject(stage: Stage, count: int = 1) -> None:
    """Sign what cannot be: a pool of nobody."""
    facts = collection_facts("SAI", [DRIVER.code]) | {"members": []}
    answers = stage.record(*(stage.station.entry("specimen.collected", facts) for _ in range(count)))
    assert set(answers) == {(Answer.REJECTED, "pool_empty")}


def reuse_number(stage: Stage, station: Station | None = None) -> None:
    """Give one running number to two entries, as a copy of the store would."""
    station = station or stage.station
    stage.must_apply(station.collect(f"SO{station.seq}", [DRIVER]))
    station.seq -= 1
    answers = stage.record(station.collect(f"TRUNG{station.seq}", [RIDER]))
    assert answers == [(Answer.REJECTED, "running_number_reused")]


def reuse_id(stage: Stage) -> None:
    """Sign another content under an identifier that is known."""
    id = str(uuid4())
    stage.must_apply(stage.station.entry("specimen.collected", collection_facts("MA1", [DRIVER.code]), id=id))
    again = stage.station.entry("specimen.collected", collection_facts("MA2", [RIDER.code]), id=id)
    assert stage.record(again) == [(Answer.REJECTED, "id_reused")]


def lose(stage: Stage, count: int, name: str = "Máy mất mạng") -> UUID:
    """Leave a gap of so many running numbers in a new station's log; return its device."""
    station = new_station(stage, name)
    stage.must_apply(station.start_shift(stage.staff.officer))
    station.seq += count
    stage.must_apply(station.collect(f"SAU{station.seq}", [DRIVER]))
    return station.id


def pass_time(stage: Stage) -> None:
    """Let a minute pass before what is received next."""
    stage.now += MINUTE
