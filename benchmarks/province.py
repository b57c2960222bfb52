"""A province loaded by the product's own paths: everybody declares, is sampled in a tube of eight, and is told.

In a fixed share of it things go as they do on a road: tubes whose results differ, positives, entries of a station
that nobody proved to be at work, numbers that a log lost. The first people bring enough of each to fill a page of
every list of the office, so that a list is as long in a small province as in a large one.
"""

from collections import deque

from benchmarks.operating import Desk, batches
from benchmarks.place import Place
from benchmarks.progress import Bar
from chotxanh.people.models import Registration

CHUNK = 1_000
IN_A_TUBE = 8
LONGEST_BATCH, LONGEST_BATCH_OF_TUBES = 500, 100
# The station's clock moves by the time of a test for every so many chunks: 300,000 people take it ten hours.
HOURS = 16
CHUNKS_A_TEST = 8
DIFFERING_SHARE, POSITIVE_SHARE, HELD_A_CHUNK, GAPS_A_CHUNK = 0.02, 0.02, 2, 1
FILLS_A_PAGE = 60


class Province:
    """What grows: one long log of one long boot with lost numbers, and a second station that began no shift."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.desk = Desk(place.application, "province", HOURS)
        self.stranger = Desk(place.application, "stranger", HOURS, is_at_work=False)
        self._untested: deque[list[str]] = deque()
        self._is_first = self._is_untold = True

    @property
    def people(self) -> int:
        """How many people have declared so far."""
        return Registration.objects.count()

    def grow_to(self, people: int) -> None:
        """Load until there are so many people."""
        with Bar("load", people) as bar:
            while (missing := people - self.people) > 0:
                self._load(min(CHUNK, missing))
                self._forget()
                bar.advance(min(CHUNK, missing))
            self._test(len(self._untested))
        self._forget()

    def _load(self, people: int) -> None:
        entries, codes = self.desk.declarations(people)
        self.desk.settle(entries, LONGEST_BATCH)
        entries, barcodes = self.desk.collections(batches(codes, IN_A_TUBE))
        self.desk.settle(entries, LONGEST_BATCH_OF_TUBES)
        self._untested.append(barcodes)
        if len(self._untested) >= CHUNKS_A_TEST:
            self._test(CHUNKS_A_TEST)
        self.stranger.settle(self.stranger.declarations(self._first_or(HELD_A_CHUNK))[0])
        for _ in range(self._first_or(GAPS_A_CHUNK)):
            self.desk.station.seq += 1  # a number that never comes
            self.desk.settle(self.desk.measurements(1))
        self._is_first = False

    def _forget(self) -> None:
        for desk in (self.desk, self.stranger):
            desk.forget_settled()

    def _first_or(self, number: int) -> int:
        return FILLS_A_PAGE if self._is_first else number

    def _test(self, chunks: int) -> None:
        """Tell the results of the oldest chunks, some of them twice and differently."""
        barcodes = [barcode for _ in range(chunks) for barcode in self._untested.popleft()]
        differing, positive = (round(len(barcodes) * share) for share in (DIFFERING_SHARE, POSITIVE_SHARE))
        if self._is_untold:
            differing = positive = min(FILLS_A_PAGE, len(barcodes) // 2)
        self._is_untold = False
        self.desk.wait_for_tests()
        entries = self.desk.results(barcodes[positive:])
        entries += self.desk.results(barcodes[: positive + differing], "positive")
        self.desk.settle(entries, LONGEST_BATCH_OF_TUBES)
