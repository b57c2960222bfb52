"""Everyone who goes on while things break, and what they must find in the database at the end."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections
from django.utils import timezone

from benchmarks.faults.counting import Claims
from benchmarks.faults.traffic import PLACE, Citizens, Lane, Line
from benchmarks.station import Station
from chotxanh.domain.tubes import tube_key
from chotxanh.registers.devices.enrolment import new_enrolment_code

LANES = 3
MOST_AT_WORK = 100


class Traffic:
    """The stations, each `made` of one type, and a line of citizens unless `has_citizens` says that there are none."""

    def __init__(self, line: Line, made: type[Station], *, has_citizens: bool) -> None:
        self.line = line
        self.made = made
        self.lanes: list[Lane] = []
        self.citizens = Citizens(line)
        self.has_citizens = has_citizens
        self._threads = ThreadPoolExecutor(MOST_AT_WORK)
        self._working: list[Future[None]] = []

    @property
    def acknowledged(self) -> int:
        """How much the server has acknowledged so far."""
        return len(self.settled) + len(self.citizens.secrets)

    @property
    def settled(self) -> set[str]:
        """The ids of the entries that the server has acknowledged, and that no station sends again."""
        return {id for lane in self.lanes for id in lane.station.settled}

    @property
    def claims(self) -> Claims:
        """What must be in the database once everything is acknowledged."""
        pools = {
            tube_key(PLACE.facility, barcode): pool
            for lane in self.lanes
            for barcode, pool in lane.tubes.items()
        }
        codes = [code for lane in self.lanes for code in lane.codes]
        return Claims([lane.station for lane in self.lanes], codes, pools, self.citizens.secrets)

    def enrol_lane(self) -> Lane:
        """Enrol one more station, which has sent nothing yet."""
        code = new_enrolment_code(None, "faults", timezone.now())
        forget_connections()
        self.lanes.append(Lane(self.line, len(self.lanes), code, self.made))
        return self.lanes[-1]

    def start(self, work: Callable[[], None]) -> None:
        """Let somebody work beside the others."""
        self._working.append(self._threads.submit(work))

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Let everyone work while the block runs; what stopped one of them is raised at its end."""
        with self._threads:
            for lane in self.lanes:
                self.start(lane.work)
            if self.has_citizens:
                self.start(self.citizens.work)
            try:
                yield
            finally:
                self.line.ended.set()
        for each in self._working:
            each.result()

    def finish(self) -> None:
        """Let everyone finish what was begun. Raises Stopped if something is never acknowledged."""
        for lane in self.lanes:
            lane.finish()
        self.citizens.finish()


def traffic_on(line: Line, made: type[Station], *, has_citizens: bool) -> Traffic:
    """Enrol the stations that work from the beginning."""
    traffic = Traffic(line, made, has_citizens=has_citizens)
    for _ in range(LANES):
        traffic.enrol_lane()
    return traffic


def forget_connections() -> None:
    """Close this process's connections: their server may be killed before they are needed again."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
