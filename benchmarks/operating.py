"""One station at work on the application in this process: it writes what the figures of operations send."""

import gc
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks.in_process import Application, post_request
from benchmarks.people import person_of, write_new_person
from benchmarks.station import ENTRIES_PATH, Station, Written, batch_of
from benchmarks.tubes import At, Place, collection_facts, result_facts
from chotxanh.certificates.queries import certificates_of
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.site.scenario import ACCOUNTS

ACCOUNT, PLACE = "truongca", Place("ttyt-phu-my", "ql51-xe-tai")
SEED = 13
BEGAN_BEFORE_HOURS, HOUR_MS = 5, 3_600_000
ENTRY_TAKES_MS, TEST_TAKES_MS = 4, 16 * 60_000
PEOPLE = 1_000_000
LARGE_BATCH = 50


class Desk:
    """A station whose member has begun work. Its time only goes forward, as a real one's does."""

    def __init__(
        self,
        application: Application,
        name: str = "operations",
        began: int = BEGAN_BEFORE_HOURS,
        *,
        is_at_work: bool = True,
    ) -> None:
        """Begin `began` hours ago, with a shift or without one; each name has people and tubes of its own."""
        self.application = application
        self.station = Station(name, time.time_ns() // 1_000_000 - began * HOUR_MS, SEED)
        self.secrets: dict[str, str] = {}
        self._at = 2
        self._name = name
        self._people, self._tubes = count(), count()
        password = next(account.password for account in ACCOUNTS if account.username == ACCOUNT)
        self.station.enrol(application, new_enrolment_code(None, name, timezone.now()))
        self.station.sign_in(application, ACCOUNT, password)
        self.station.measure_clock(application)
        if is_at_work:
            self.station.start_shift(PLACE.site)
        self.settle(self.station.take_unsent())

    def declarations(self, number: int) -> tuple[list[Written], list[str]]:
        """Write what so many new people register and declare, two entries each; return them with the people's codes."""
        people = [person_of(f"{SEED}/{self._name}", next(self._people), PEOPLE) for _ in range(number)]
        self.secrets.update((person.code, person.page_secret) for person in people)
        for person in people:
            self._at += ENTRY_TAKES_MS
            write_new_person(self.station, person, self._at)
        return self.station.take_unsent(), [person.code for person in people]

    def collections(self, pools: Iterable[Sequence[str]]) -> tuple[list[Written], list[str]]:
        """Write one tube for each pool of person codes; return the entries with the tubes' barcodes."""
        barcodes = []
        for pool in pools:
            barcodes.append(f"{self._letters}{next(self._tubes):07d}")
            facts = collection_facts(
                At(PLACE.facility, self.station.post, self.station.rt_pcr), barcodes[-1], pool
            )
            self._write("specimen.collected", facts)
        return self.station.take_unsent(), barcodes

    def wait_for_tests(self) -> None:
        """Let the tests take their time."""
        self._at += TEST_TAKES_MS

    def results(self, barcodes: Iterable[str], value: str = "negative") -> list[Written]:
        """Write what each of these tubes said."""
        for barcode in barcodes:
            self._write("result.recorded", result_facts(PLACE.facility, self.station.rt_pcr, barcode, value))
        return self.station.take_unsent()

    def measurements(self, number: int) -> list[Written]:
        """Write so many measurements of the clock that find it right."""
        for _ in range(number):
            self._write("clock.measured", {"anchor": self.station.anchor, "round_trip": 40})
        return self.station.take_unsent()

    def settle(self, entries: Sequence[Written], size: int = LARGE_BATCH) -> None:
        """Have these entries recorded in large batches, uncounted."""
        for batch in batches(entries, size):
            self.station.deliver(self.application, batch)

    def forget_settled(self) -> None:
        """Forget the pages and entries of people: in a large province their names crowd what the server works in."""
        self.secrets.clear()
        self.station.written.clear()

    def cost_of(self, sent: Iterable[Sequence[Written]]) -> float:
        """Return the CPU seconds of recording these batches."""
        return self.application.cost_of([post_request(ENTRIES_PATH, batch_of(batch)) for batch in sent])

    def tubes_of_declared(self, number: int, in_a_tube: int) -> tuple[list[Written], list[str]]:
        """Have people declared, uncounted; write so many tubes of them, return the entries with the barcodes."""
        entries, codes = self.declarations(number * in_a_tube)
        self.settle(entries)
        return self.collections(batches(codes, in_a_tube))

    def results_of_sampled(self, number: int, in_a_tube: int) -> list[Written]:
        """Have people declared and sampled, uncounted; write the results of so many tubes of them."""
        entries, barcodes = self.tubes_of_declared(number, in_a_tube)
        self.settle(entries)
        self.wait_for_tests()
        return self.results(barcodes)

    def tested_people(self, number: int, in_a_tube: int) -> list[str]:
        """Have so many people declared, sampled and told a negative result, uncounted; return their codes."""
        entries, codes = self.declarations(number)
        self.settle(entries)
        entries, barcodes = self.collections(batches(codes, in_a_tube))
        self.wait_for_tests()
        self.settle([*entries, *self.results(barcodes)])
        return codes

    @property
    def _letters(self) -> str:
        """What the desk's tubes begin with."""
        return f"M{zlib.crc32(self._name.encode()) % 100_000:05d}"

    def _write(self, kind: str, facts: dict[str, Any], personal: dict[str, Any] | None = None) -> None:
        self._at += ENTRY_TAKES_MS
        self.station.write(kind, facts, self._at, personal)


def certificate_of(code: str) -> str:
    """Return the text of a certificate of a person who was tested."""
    return next(each.text for each in certificates_of(code, timezone.now()) if each.text)


def batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Cut a sequence into parts of `size`."""
    return (items[begin : begin + size] for begin in range(0, len(items), size))


def forget_the_harness() -> None:
    """Keep what the measurement itself holds out of the collector's rounds: a server holds none of it."""
    gc.collect()
    gc.freeze()


def settle_database() -> None:
    """Let PostgreSQL finish what loading left it to do, so that no figure pays for it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")
