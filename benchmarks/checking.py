"""Compares what went in with what is in the database and what the feed gives back."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.campaign import Campaign, Expected, expectations, results_expected
from benchmarks.connection import Connection
from benchmarks.stages import Known, Road
from benchmarks.station import Station, read_feed_page, read_person_card
from chotxanh.certificates.models import Certificate
from chotxanh.domain.kinds import Answer
from chotxanh.ledger.models import Entry, Log, SetAside
from chotxanh.people.models import Registration
from chotxanh.results.models import PersonResult, TubeResult
from chotxanh.results.queries import standings_of
from chotxanh.specimens.models import Collection, CollectionMember, Tube

PART = 1000


@dataclass
class Findings:
    """What is missing or wrong, and what is there more than once, as sentences."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)

    def expect(self, what: str, found: Counter[str], wanted: Counter[str]) -> None:
        """Compare two counts by key."""
        for key in found.keys() | wanted.keys():
            if found[key] < wanted[key]:
                self.lost.append(f"{what} {key}: {found[key]} instead of {wanted[key]}")
            elif found[key] > wanted[key]:
                self.duplicated.append(f"{what} {key}: {found[key]} instead of {wanted[key]}")


def check_entries(
    stations: Sequence[Station], findings: Findings, harmless: frozenset[str] = frozenset()
) -> None:
    """Every entry written stands in the ledger, applied; nothing is held, missing, unsettled, or set aside.

    What was set aside for a `harmless` problem is let be: its entries are looked for all the same.
    """
    for station in stations:
        stored = set(map(str, Entry.objects.filter(log=station.log).values_list("id", flat=True)))
        findings.lost += [f"entry {id} of {station.name}" for id in sorted(station.written - stored)]
        findings.duplicated += [f"entry {id} of {station.name}" for id in sorted(stored - station.written)]
        findings.lost += [f"no receipt for {id}" for id in station.outbox]
        findings.lost += [f"{station.name} was told {each.problem} of {each.id}" for each in station.rejected]
    for id, kind, problem in Entry.objects.exclude(answer=Answer.APPLIED).values_list(
        "id", "kind", "problem"
    ):
        findings.lost.append(f"{kind} {id} is not applied: {problem}")
    findings.lost += [f"set aside: {each.problem}" for each in SetAside.objects.exclude(problem__in=harmless)]
    for log in Log.objects.filter(missing__gt=0):
        findings.lost.append(f"log {log.id} misses {log.gaps} below {log.highest_seq}")


def check_tubes(campaign: Campaign, road: Road, findings: Findings) -> None:
    """Every tube was collected once, holds its people, and shows its last value undisputed."""
    keys = [f"{road.facilities[road.place_of(n)]}/{t.barcode}" for n, t in enumerate(campaign.tubes)]
    wanted = Counter(keys)
    findings.expect("collection", Counter(Collection.objects.values_list("tube", flat=True)), wanted)
    findings.expect("tube", Counter(Tube.objects.values_list("key", flat=True)), wanted)
    members = Counter(CollectionMember.objects.values_list("tube", flat=True))
    sizes = zip(keys, campaign.tubes, strict=True)
    findings.expect("people in tube", members, Counter({key: len(tube.members) for key, tube in sizes}))
    values = {key: tube.values[-1] for key, tube in zip(keys, campaign.tubes, strict=True)}
    final = dict(TubeResult.objects.filter(is_final=True).values_list("tube", "value"))
    findings.lost += [
        f"result of {key}: {final.get(key)} instead of {value}"
        for key, value in values.items()
        if final.get(key) != value
    ]


def check_people(campaign: Campaign, known: Known, findings: Findings) -> None:
    """Every person is registered once, stands where the plan says, and holds the certificate that is theirs."""
    expected = expectations(campaign)
    registered = Counter(Registration.objects.values_list("person_code", flat=True))
    findings.expect("registration", registered, Counter(known.codes))
    unrevoked = Counter(Certificate.objects.in_force().values_list("person_code", flat=True))
    wanted = Counter({code: each.certificates for code, each in zip(known.codes, expected, strict=True)})
    findings.expect("unrevoked certificate of", unrevoked, wanted)
    for part in _parts(list(zip(known.codes, expected, strict=True))):
        standings = standings_of([code for code, _ in part])
        findings.lost += [
            f"person {code}: {standings[code].state} instead of {each.state}"
            for code, each in part
            if standings[code].state != each.state
        ]
    results = PersonResult.objects.count()
    awaited = results_expected(campaign)
    if results != awaited:
        kind = findings.lost if results < awaited else findings.duplicated
        kind += [f"{results} results of their own instead of {awaited}"] * abs(results - awaited)


class FeedReader:
    """Reads what every station holds, as each of them does, and everybody else by code."""

    def __init__(self, stations: Sequence[Station]) -> None:
        self.stations = stations
        self._states: dict[str, tuple[int, str, bool]] = {}
        self._lock = threading.Lock()

    def read(self, connection: Connection, station: Station) -> None:
        """Read one station's feed from the beginning, keeping the highest version of each card."""
        cursor, more = "", True
        while more:
            page = read_feed_page(connection, station, cursor, station.name)
            cursor, more = page["cursor"], page["more"]
            with self._lock:
                for card in page["cards"]:
                    self._keep(card)

    def codes_held_nowhere(self, known: Known) -> list[str]:
        """Return whose card no station holds: a station holds what its post needs and no more."""
        return [code for code in known.codes if code not in self._states]

    def look_up(self, connection: Connection, code: str) -> None:
        """Ask for one card by its code."""
        card = read_person_card(connection, self.stations[0], code)
        with self._lock:
            self._keep(card)

    def missing(self, known: Known, expected: Sequence[Expected]) -> list[str]:
        """Return what is missing or wrong about people's cards."""
        return [
            f"card of {code}: {self._states.get(code)} instead of {each.state}"
            for code, each in zip(known.codes, expected, strict=True)
            if self._states.get(code, (0, "", False))[1:] != (each.state, each.certificates > 0)
        ]

    def _keep(self, card: dict[str, Any]) -> None:
        body, id = card["body"] or {}, card["id"]
        if card["kind"] == "person" and card["version"] >= self._states.get(id, (0, "", False))[0]:
            until = (body.get("last_result") or {}).get("valid_until")
            self._states[id] = (card["version"], body.get("state", ""), until is not None)


def _parts(items: list[tuple[str, Expected]]) -> Iterator[list[tuple[str, Expected]]]:
    return (items[begin : begin + PART] for begin in range(0, len(items), PART))
