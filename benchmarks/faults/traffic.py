"""Stations and citizens that go on whatever happens: what is not acknowledged is sent again, what is, is forgotten."""

import http.client
import random
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from benchmarks.connection import Connection
from benchmarks.people import declaration_form, person_of, write_new_person
from benchmarks.stages import FORM_TYPE
from benchmarks.station import ProtocolBroken, ServerTrouble, Station
from benchmarks.tubes import At, Place, collection_facts, result_facts
from chotxanh.cli.stopped import Stopped
from chotxanh.site.scenario import ACCOUNTS

BEGAN_BEFORE_MS = 20 * 3_600_000
CYCLE_TAKES_MS, TEST_TAKES_MS = 10_000, 16 * 60_000
ACCOUNT, PLACE = "truongca", Place("ttyt-phu-my", "ql51-xe-tai")
LARGEST_BATCH = 60
IN_A_TUBE = 5
PAUSE_SECONDS, AGAIN_AFTER_SECONDS = 0.02, 0.05
FINISH_WITHIN_SECONDS = 120
SENT_TWICE_SHARE = 0.1
TROUBLE = (OSError, http.client.HTTPException, ServerTrouble)


@dataclass
class Line:
    """How the traffic's requests fare: `lost_answers` is a share, `interrupted` counts what had to be repeated."""

    port: int
    station_port: int
    lost_answers: float
    ended: threading.Event = field(default_factory=threading.Event)
    interrupted: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_interruption(self) -> None:
        """Count one request that was not answered."""
        with self._lock:
            self.interrupted += 1


class Lane:
    """One station that declares, samples and tests without end, a batch at a time."""

    def __init__(self, line: Line, number: int, enrolment_code: str, made: type[Station]) -> None:
        self._line = line
        self._draw = random.Random(f"lane/{number}")
        self._begins_at = number * 1_000_000
        self._connection = Connection(line.station_port)
        self.station = made(f"lane-{number}", time.time_ns() // 1_000_000 - BEGAN_BEFORE_MS, number)
        self.codes: list[str] = []
        self.tubes: dict[str, list[str]] = {}
        self._untested: deque[tuple[int, str]] = deque()
        self._at = 2
        password = next(account.password for account in ACCOUNTS if account.username == ACCOUNT)
        self.station.enrol(self._connection, enrolment_code)
        self.station.sign_in(self._connection, ACCOUNT, password)
        self.station.measure_clock(self._connection)
        self.station.start_shift(PLACE.site)

    def work(self) -> None:
        """Write and send until the campaign's traffic ends."""
        while not self._line.ended.wait(PAUSE_SECONDS):
            self._write_a_cycle()
            self._send(self._line.ended)
        self._connection.close()

    def finish(self) -> None:
        """Write the results that are due, and send until everything is acknowledged. Raises Stopped if it cannot be."""
        self._at += TEST_TAKES_MS
        self._write_results()
        deadline = time.monotonic() + FINISH_WITHIN_SECONDS
        out_of_time = threading.Event()
        while self.station.outbox and time.monotonic() < deadline:
            self._send(out_of_time, only_once=True)
        self._connection.close()
        if self.station.outbox:
            raise Stopped(
                f"{len(self.station.outbox)} entries of {self.station.name} were never acknowledged."
            )

    def _write_a_cycle(self) -> None:
        self._at += CYCLE_TAKES_MS
        new = [self._declare() for _ in range(self._draw.randint(1, 2 * IN_A_TUBE))]
        pool = new[:IN_A_TUBE]
        barcode = f"F{self._begins_at // 1_000_000}{len(self.tubes):07d}"
        self.tubes[barcode] = pool
        facts = collection_facts(At(PLACE.facility, self.station.post, self.station.rt_pcr), barcode, pool)
        self.station.write("specimen.collected", facts, self._at + len(new))
        self._untested.append((self._at + TEST_TAKES_MS, barcode))
        self._write_results()

    def _declare(self) -> str:
        person = person_of(17, self._begins_at + len(self.codes), 10_000)
        self.codes.append(person.code)
        write_new_person(self.station, person, self._at)
        return person.code

    def _write_results(self) -> None:
        while self._untested and self._untested[0][0] <= self._at:
            _, barcode = self._untested.popleft()
            facts = result_facts(PLACE.facility, self.station.rt_pcr, barcode, "negative")
            self.station.write("result.recorded", facts, self._at)

    def _send(self, until: threading.Event, *, only_once: bool = False) -> None:
        """Send what waits until it is acknowledged: after a fault with the fault's own half of it again."""
        self.station.take_unsent()
        while self.station.outbox and not until.is_set():
            batch = list(self.station.outbox.values())[:LARGEST_BATCH]
            try:
                if self._draw.random() < self._line.lost_answers:
                    self.station.lose_answer(self._connection, batch)
                    self._line.note_interruption()
                self.station.deliver(self._connection, batch)
            except TROUBLE:
                self._line.note_interruption()
                self._connection.close()
                until.wait(AGAIN_AFTER_SECONDS)
            if only_once:
                return


class Citizens:
    """People who fill the web form in, one after the other, and send it again until they see their page."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._draw = random.Random("citizens")
        self._connection = Connection(line.port)
        self.secrets: list[str] = []
        self.waiting: bytes | None = None

    def work(self) -> None:
        """Declare until the campaign's traffic ends."""
        while not self._line.ended.wait(PAUSE_SECONDS):
            self._declare(self._line.ended)
        self._connection.close()

    def finish(self) -> None:
        """Let whoever still waits for an answer get it. Raises Stopped if it never comes."""
        deadline = threading.Timer(FINISH_WITHIN_SECONDS, self._line.ended.set)
        self._line.ended.clear()
        deadline.start()
        if self.waiting is not None:
            self._declare(self._line.ended)
        deadline.cancel()
        self._connection.close()
        if self.waiting is not None:
            raise Stopped("A citizen's form was never answered.")

    def _declare(self, until: threading.Event) -> None:
        number = len(self.secrets)
        person = person_of(19, number, 10_000)
        self.waiting = self.waiting or urlencode(declaration_form(person, f"citizen-{number}")).encode()
        is_lost = self._draw.random() < max(self._line.lost_answers, SENT_TWICE_SHARE)
        while self.waiting is not None and not until.is_set():
            try:
                if is_lost:
                    self._connection.post_and_hang_up("/declare", self.waiting, FORM_TYPE)
                    is_lost = False
                self.secrets.append(self._send())
                self.waiting = None
            except TROUBLE:
                self._line.note_interruption()
                self._connection.close()
                until.wait(AGAIN_AFTER_SECONDS)

    def _send(self) -> str:
        reply = self._connection.post("/declare", self.waiting or b"", FORM_TYPE)
        location = reply.headers.get("location", "")
        # Whoever is told to wait has nothing acknowledged, and sends the same again.
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise ServerTrouble(f"the form was answered with {reply.status}")
        if not location.startswith("/p/"):
            raise ProtocolBroken(f"the form was answered with {reply.status}")
        return location.removeprefix("/p/")
