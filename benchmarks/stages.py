"""The stages of a replay: people declare, tubes are paired, results come, people read their pages."""

import html
import random
import re
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urlencode

from benchmarks.campaign import CORRECTION_AFTER, MINUTE, RESULT_AFTER, Campaign, Tube
from benchmarks.connection import Connection
from benchmarks.delivery import Delivery, Faults, deliveries_of
from benchmarks.people import declaration_form, person_of, write_new_person
from benchmarks.station import ProtocolBroken, Station
from benchmarks.tubes import At, collection_facts, result_facts
from chotxanh.language.texts import text
from chotxanh.results.queries import PersonState
from chotxanh.site.scenario import ACCOUNTS, CHECKPOINTS

WEB_SHARE = 0.02
FORM_TYPE = "application/x-www-form-urlencoded"
PEOPLE_AT_ONCE, TUBES_AT_ONCE = 2000, 400
SENT_TWICE_SHARE = 0.05
DECLARING_ENDS = 55 * MINUTE
OFFICERS = {"ql51-xe-tai": "canbo", "ql56-chau-duc": "canbo2"}
EVERYWHERE = "truongca"
LAB, LAB_ACCOUNT, LAB_FACILITY, LAB_CHECKPOINT = "lab", "kythuat", "ttyt-phu-my", "ql51-o-to"

_CODE = re.compile(r'<p class="code">([^<]+)</p>')
_WORD = re.compile(r'<p class="word">([^<]*)</p>')
_CERTIFICATE = '<section class="certificate" aria-labelledby='


@dataclass
class Road:
    """The checkpoints' stations, and the laboratory that records half of one facility's results."""

    stations: list[Station]
    lab: Station
    facilities: list[str]

    @property
    def everyone(self) -> list[Station]:
        """Every device."""
        return [*self.stations, self.lab]

    def place_of(self, number: int) -> int:
        """Return at which station the tube or person with this number is."""
        return number % len(self.stations)


@dataclass
class Known:
    """What the people of the campaign hold, by number: their code and their page's secret.

    `unread` are pages that showed something wrong, `refused` right forms that had to be sent again.
    """

    codes: list[str]
    secrets: list[str]
    unread: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def open_road(port: int, enrolment_codes: Sequence[str], begin: int, seed: int) -> Road:
    """Enrol and sign in one station for each checkpoint, and the laboratory; needs a code for each."""
    connection = Connection(port)
    passwords = {account.username: account.password for account in ACCOUNTS}
    places = [(code, OFFICERS.get(code, EVERYWHERE)) for code, *_ in CHECKPOINTS] + [(LAB, LAB_ACCOUNT)]
    stations = []
    for (name, account), code in zip(places, enrolment_codes, strict=True):
        station = Station(name, begin, seed)
        station.enrol(connection, code)
        station.sign_in(connection, account, passwords[account])
        station.measure_clock(connection)
        station.start_shift(LAB_CHECKPOINT if name == LAB else name)
        stations.append(station)
    connection.close()
    return Road(stations[:-1], stations[-1], [facility for *_, facility in CHECKPOINTS])


def web_people(campaign: Campaign) -> range:
    """Return the numbers of the people who declare on the web form, the others at a station."""
    return range(max(1, round(campaign.people * WEB_SHARE)))


def declare_on_the_web(connection: Connection, campaign: Campaign, number: int, known: Known) -> None:
    """Send the form; some lose the answer and send it again. Both must lead to the same page."""
    person = person_of(campaign.seed, number, campaign.people)
    body = urlencode(declaration_form(person, f"{campaign.seed}-{number}")).encode()
    draw = random.Random(f"web/{campaign.seed}/{number}")
    if draw.random() < SENT_TWICE_SHARE:
        connection.post_and_hang_up("/declare", body, FORM_TYPE)
    reply = connection.post("/declare", body, FORM_TYPE)
    if reply.status != HTTPStatus.SEE_OTHER:
        with known.lock:
            known.refused.append(f"person {number}: a right form was answered with {reply.status}")
        reply = connection.post("/declare", body, FORM_TYPE)
    location = reply.headers.get("location", "")
    if not location.startswith("/p/"):
        raise ProtocolBroken(f"the form was answered with {reply.status} twice")
    found = _CODE.search(connection.get(location).body.decode())
    if found is None:
        raise ProtocolBroken("the person's page shows no code")
    known.codes[number] = found[1].replace(" ", "")
    known.secrets[number] = location.removeprefix("/p/")


def declare_at_stations(campaign: Campaign, road: Road, known: Known, faults: Faults) -> Iterator[Delivery]:
    """Write the declarations of everyone else, a part at a time, and yield their deliveries."""
    draw = random.Random(f"declare/{campaign.seed}")
    numbers = range(len(web_people(campaign)), campaign.people)
    for part in _parts(numbers, PEOPLE_AT_ONCE):
        for number in part:
            person = person_of(campaign.seed, number, campaign.people)
            known.codes[number], known.secrets[number] = person.code, person.page_secret
            at = DECLARING_ENDS * number // campaign.people + 2
            write_new_person(road.stations[road.place_of(number)], person, at)
        yield from _deliveries(road.stations, draw, faults)


def pair_tubes(campaign: Campaign, road: Road, known: Known, faults: Faults) -> Iterator[Delivery]:
    """Write the collections, a part at a time, and yield their deliveries."""
    draw = random.Random(f"pair/{campaign.seed}")
    for part in _parts(range(len(campaign.tubes)), TUBES_AT_ONCE):
        for number in part:
            tube, place = campaign.tubes[number], road.place_of(number)
            codes = [known.codes[member] for member in tube.members]
            station = road.stations[place]
            at = At(road.facilities[place], station.post, station.rt_pcr)
            facts = collection_facts(at, tube.barcode, codes)
            station.write("specimen.collected", facts, tube.sampled_at)
        yield from _deliveries(road.stations, draw, faults)


def record_results(campaign: Campaign, road: Road, faults: Faults) -> Iterator[Delivery]:
    """Write results and corrections, a part at a time; at the end everything goes out that was put off."""
    draw = random.Random(f"result/{campaign.seed}")
    for part in _parts(range(len(campaign.tubes)), TUBES_AT_ONCE):
        for number in part:
            place = road.place_of(number)
            is_lab = road.facilities[place] == LAB_FACILITY and number % 2 == 0
            _write_results(
                road.lab if is_lab else road.stations[place], campaign.tubes[number], road.facilities[place]
            )
        yield from _deliveries(road.everyone, draw, faults)
    yield from _deliveries(road.everyone, draw, replace(faults, put_off=0.0))


def left_over(road: Road) -> Iterator[Delivery]:
    """Yield once more what no receipt has settled."""
    for station in road.everyone:
        entries = list(station.outbox.values())
        for part in _parts(range(len(entries)), 200):
            yield Delivery(station, tuple(entries[part.start : part.stop]))


def read_page(connection: Connection, number: int, known: Known, state: str, certificates: int) -> None:
    """Open a person's page; note it as unread unless it shows this state and so many certificates in force."""
    reply = connection.get(f"/p/{known.secrets[number]}")
    page = reply.body.decode()
    words = [html.unescape(word).strip() for word in _WORD.findall(page)]
    is_positive = PersonState(state) is PersonState.POSITIVE  # whom nobody has told yet
    awaited = text("own_page.standing.untold" if is_positive else f"own_page.standing.{state}")
    if reply.status != 200 or words[:1] != [awaited] or page.count(_CERTIFICATE) != certificates:
        with known.lock:
            known.unread.append(
                f"person {number}: page shows {words[:1]} with {page.count(_CERTIFICATE)} certificates, not {state}"
            )


def _write_results(station: Station, tube: Tube, facility: str) -> None:
    named = {"facility": facility, "tube": tube.barcode}
    at = tube.sampled_at + RESULT_AFTER
    latest = station.write(
        "result.recorded", result_facts(facility, station.rt_pcr, tube.barcode, tube.values[0]), at
    )
    for value in tube.values[1:]:
        at += CORRECTION_AFTER
        facts = {**named, "corrects": latest, "value": value, "reason": "wrong_value"}
        latest = station.write("result.corrected", facts, at)


def _deliveries(stations: Sequence[Station], draw: random.Random, faults: Faults) -> list[Delivery]:
    """Return the stations' deliveries taken in turns, so that their connections meet."""
    waiting = {station.name: deliveries_of(station, draw, faults) for station in stations}
    turns: dict[int, list[Delivery]] = defaultdict(list)
    for deliveries in waiting.values():
        for turn, delivery in enumerate(deliveries):
            turns[turn].append(delivery)
    return [delivery for turn in sorted(turns) for delivery in turns[turn]]


def _parts(numbers: range, size: int) -> Iterator[range]:
    return (numbers[begin : begin + size] for begin in range(0, len(numbers), size))
