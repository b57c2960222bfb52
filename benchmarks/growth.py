"""`growth`: what an entry or an answer costs in a large province, beside what it costs in a hundredth of it.

Both are the same database: it is loaded by the product's own paths, measured, loaded further, and measured again.
Nothing may cost more than 1.5 times as much: what a district tried must hold for a nation.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, count
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from benchmarks.figures import Figure, bound
from benchmarks.in_process import get_request, post_request
from benchmarks.office import office_cookie
from benchmarks.operating import ACCOUNT, PLACE, Desk, certificate_of, forget_the_harness, settle_database
from benchmarks.place import Place
from benchmarks.progress import tell
from benchmarks.province import IN_A_TUBE, Province
from benchmarks.stages import FORM_TYPE
from benchmarks.station import Written, card_path, feed_path, read_feed_page
from benchmarks.verifying import Rounds
from chotxanh.ledger.worker.loop import Worker
from chotxanh.site.rebuilding import rebuild_tables

SMALL_PART = 100
MOST_RATIO = 1.5
ROUNDS, WARM_UP, A_ROUND = 24, 3, 4
POLLS_A_ROUND = 20
OPERATIONS = (ROUNDS + WARM_UP) * A_ROUND
SMALL_TUBE = 5
OFFICE = ("held", "disputed", "gaps", "calls", "board")
Cost = Callable[[], float]


def measure(place: Place) -> list[Figure]:
    """Return, for each figure, how many times as much it costs in the large province."""
    province, surveys = Province(place), []
    for people in (place.people // SMALL_PART, place.people):
        province.grow_to(people)
        surveys.append(Survey(province).costs())
        for name, rounds in surveys[-1].items():
            tell(f"  {people:>7} people  {name:<24}{rounds.value:10.2f} v, spread {rounds.spread:.0%}")
    small, large = surveys
    return [_figure(name, small[name], large[name]) for name in small]


def _figure(name: str, small: Rounds, large: Rounds) -> Figure:
    figure = bound(f"growth.{name}", large.value / small.value, "times", MOST_RATIO)
    return replace(figure, spread=large.spread, median=large.median / small.median)


class Survey:
    """Measures everything in a province as large as it is now; each station it brings is new."""

    _numbers = count()

    def __init__(self, province: Province) -> None:
        self.place, self.long = province.place, province.desk
        self.fresh = Desk(self.place.application, f"survey-{next(self._numbers)}")
        self.tested = self.fresh.tested_people(OPERATIONS, IN_A_TUBE)
        Worker(timezone.now).work_until_idle()
        settle_database()

    def costs(self) -> dict[str, Rounds]:
        """Return the rounds of each figure; the rebuild comes last, because stations begin anew after it."""
        figures = chain(self._entries(), self._answers())
        rounds = {name: self._rounds(cost, ROUNDS) for name, cost in figures}
        rounds["station"] = self._rounds(self._snapshot, 2)
        rounds["rebuild"] = self._rounds(self._rebuild, 1)
        return rounds

    def _entries(self) -> Iterator[tuple[str, Cost]]:
        """Batches of one from a new station, and from a log as long as the province, with numbers missing."""
        yield "declare", self._sending(self.fresh.declarations(OPERATIONS)[0])
        yield "collect", self._sending(self.fresh.tubes_of_declared(OPERATIONS, SMALL_TUBE)[0])
        yield "result", self._sending(self.fresh.results_of_sampled(OPERATIONS, SMALL_TUBE))
        yield "declare.log_with_gaps", self._sending(self.long.declarations(OPERATIONS)[0])
        yield "clock.measured", self._sending(self.long.measurements(OPERATIONS))

    def _answers(self) -> Iterator[tuple[str, Cost]]:
        bearer, cookie = self.fresh.station.bearer, office_cookie(ACCOUNT)
        codes = iter(self.tested)
        secrets = iter([self.fresh.secrets[code] for code in self.tested])
        texts = iter([certificate_of(code) for code in self.tested])
        cursor, _ = self._read_feed()
        yield "card", self._asking(lambda: get_request(card_path(next(codes)), bearer))
        poll = get_request(feed_path(cursor, PLACE.site), bearer)
        yield "feed.idle", self._asking(lambda: poll, POLLS_A_ROUND)
        yield "page", self._asking(lambda: get_request(f"/p/{next(secrets)}", {}))
        yield "verify", self._asking(lambda: _verification(next(texts)))
        for name in OFFICE:
            path = f"/office/{name}"
            yield f"office.{name}", self._asking(partial(get_request, path, cookie))

    def _sending(self, entries: list[Written]) -> Cost:
        rest = iter(entries)
        return lambda: self.fresh.cost_of([[next(rest)] for _ in range(A_ROUND)]) / A_ROUND

    def _asking(self, request: Callable[[], Mapping[str, Any]], times: int = A_ROUND) -> Cost:
        return lambda: self.place.application.cost_of([request() for _ in range(times)]) / times

    def _read_feed(self) -> tuple[str, int]:
        """Read the feed from its beginning to its end; return the cursor and how many cards came."""
        cursor, cards, is_more = "", 0, True
        while is_more:
            page = read_feed_page(self.place.application, self.fresh.station, cursor, PLACE.site)
            cursor, is_more = page["cursor"], page["more"]
            cards += len(page["cards"])
        return cursor, cards

    def _snapshot(self) -> float:
        """What a station that begins reads, for each card."""
        read: list[tuple[str, int]] = []
        cost = self.place.application.cost_of_work(lambda: read.append(self._read_feed()))
        return cost / max(1, read[0][1])

    def _rebuild(self) -> float:
        """What a rebuild costs for each entry."""
        applied: list[int] = []
        cost = self.place.application.cost_of_work(lambda: applied.append(rebuild_tables(timezone.now())))
        return cost / max(1, applied[0])

    def _rounds(self, cost: Cost, number: int) -> Rounds:
        forget_the_harness()
        rounds = Rounds(self.place.calibrator)
        for turn in range(number + (WARM_UP if number == ROUNDS else 0)):
            seconds = cost()
            if number < ROUNDS or turn >= WARM_UP:
                rounds.add(seconds)
        return rounds


def _verification(text: str) -> dict[str, Any]:
    return post_request("/verify", urlencode({"text": text}).encode(), FORM_TYPE)
