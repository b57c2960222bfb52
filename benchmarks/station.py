"""A station without a screen: it signs entries, numbers them, and keeps each until it holds a receipt for it."""

import base64
import hashlib
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.conf import settings

from benchmarks.connection import Connection, Line
from chotxanh.keys.signatures import SigningKey, verifies

ENTRIES_PATH = "/api/v1/entries"
CAMPAIGN_LASTS = timedelta(days=3)
SETTLED = {"applied", "duplicate", "held"}
T = TypeVar("T")


class ProtocolBroken(Exception):
    """The server answered in a way the protocol does not allow."""


class ServerTrouble(ProtocolBroken):
    """The server could not answer just now; what was sent is sent again."""


class Answer(msgspec.Struct, frozen=True):
    """What the receipt says of one entry."""

    id: str | None
    answer: str
    problem: str | None


class Receipt(msgspec.Struct, frozen=True):
    """The node's signed word on a batch."""

    node: str
    epoch: str
    received_at: int
    answers: list[Answer]
    gaps: dict[str, list[tuple[int, int]]]
    highest: dict[str, int]


class SignedReceipt(msgspec.Struct, frozen=True):
    """A receipt's text with the node's signature over it."""

    receipt: str
    signature: str


class SignedEntry(msgspec.Struct, frozen=True):
    """An entry of the node's own: the text that was signed, and its signature."""

    body: str
    signature: str


class Clock(msgspec.Struct, frozen=True):
    """What the node says of its time (Unix ms)."""

    now: int


class _Enrolled(msgspec.Struct, frozen=True):
    device: str
    node: str
    node_key: str
    entry: SignedEntry


class _Staff(msgspec.Struct, frozen=True):
    id: str


class _Post(msgspec.Struct, frozen=True):
    id: str


class _Site(msgspec.Struct, frozen=True):
    code: str
    posts: list[_Post]


class _Test(msgspec.Struct, frozen=True):
    id: str
    method: str


class _SignedIn(msgspec.Struct, frozen=True):
    ticket: str
    token: str
    staff: _Staff
    sites: list[_Site]
    tests: list[_Test]


@dataclass(frozen=True)
class Written:
    """An entry as it goes over the wire; `seq` is its running number in the station's log."""

    id: str
    wire: bytes
    seq: int = 0


class Station:
    """One enrolled device with one store. `begin` is the Unix time (ms) at which its monotonic counter was 0."""

    def __init__(self, name: str, begin: int, seed: int) -> None:
        self.name = name
        self.begin = begin
        self.key = SigningKey.generate()
        self._draw = random.Random(f"{seed}/{name}")
        self.log = str(_uuid7(begin, self._draw))
        self.boot = str(_uuid7(begin, self._draw))
        self.device = self.node = self.actor = self.ticket = self.token = ""
        self.node_key = b""
        self.enrolment: SignedEntry | None = None
        self.anchor = begin
        self.seq = 0
        self.post = ""
        self.posts: dict[str, str] = {}
        self.rt_pcr = ""
        self.outbox: dict[str, Written] = {}
        self.unsent: list[Written] = []
        self.rejected: list[Answer] = []
        self.written: set[str] = set()
        self.shown: SignedReceipt | None = None
        self._lock = threading.Lock()

    @property
    def bearer(self) -> dict[str, str]:
        """The header by which a signed-in station may read."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def settled(self) -> set[str]:
        """The entries that are acknowledged and wait for nothing."""
        with self._lock:
            return self.written - self.outbox.keys()

    def enrol(self, line: Line, code: str) -> None:
        """Enrol with a one-time code and remember the node's key."""
        request = {"code": code, "name": self.name, "public_key": to_text(self.key.public_point)}
        enrolled = _decoded(line, "/api/v1/devices/enrol", request, _Enrolled)
        self.device, self.node, self.node_key = enrolled.device, enrolled.node, to_bytes(enrolled.node_key)
        self.enrolment = enrolled.entry

    def sign_in(self, line: Line, username: str, password: str) -> None:
        """Sign a member of staff in; the device signs the attempt."""
        at = time.time_ns() // 1_000_000
        signature = self.key.sign(f"sign-in:{self.device}:{username}:{at}".encode())
        request = {
            "device": self.device,
            "username": username,
            "password": password,
            "at": at,
            "signature": to_text(signature),
        }
        signed_in = _decoded(line, "/api/v1/sign-in", request, _SignedIn)
        self.ticket, self.token, self.actor = (
            self._ticket_since_begin(signed_in.ticket),
            signed_in.token,
            signed_in.staff.id,
        )
        self.posts = {site.code: site.posts[0].id for site in signed_in.sites}
        self.rt_pcr = next(test.id for test in signed_in.tests if test.method == "rt_pcr")

    def _ticket_since_begin(self, ticket: str) -> str:
        """Return the ticket as if the station had signed in when it began: what is played here happened before now.

        The node's own key lies in the measured product's folder, in which this process was set up too.
        """
        body = msgspec.json.decode(to_bytes(ticket.partition(".")[0]), type=dict[str, Any])
        begin = datetime.fromtimestamp(self.begin / 1000, UTC)
        hours = {"issued_at": begin, "expires_at": begin + CAMPAIGN_LASTS}
        text = msgspec.json.encode(body | hours)
        node_key = SigningKey.from_pem(Path(settings.KEYS_DIRECTORY, "node.pem").read_bytes())
        return f"{to_text(text)}.{to_text(node_key.sign(text))}"

    def measure_clock(self, line: Line) -> None:
        """Measure the anchor against the server and write it down, as the log's next entry."""
        asked = _now_ms()
        server = msgspec.json.decode(line.get("/api/v1/clock").body, type=Clock).now
        answered = _now_ms()
        self.anchor = server + (answered - asked) // 2 - (answered - self.begin)
        self.write("clock.measured", {"anchor": self.anchor, "round_trip": answered - asked}, 0)

    def start_shift(self, site: str) -> None:
        """Write that the signed-in member works at a site's first post; this proves the actor of what follows."""
        self.post = self.posts[site]
        self.write("shift.started", {"post": self.post, "ticket": self.ticket}, 1)

    def write(self, kind: str, facts: dict[str, Any], at: int, personal: dict[str, Any] | None = None) -> str:
        """Sign the next entry of the log, `at` ms after the beginning, keep it, and return its id."""
        moment = self.begin + at
        own = None if personal is None else msgspec.json.encode(personal)
        self.seq += 1
        fields = {
            "id": str(_uuid7(moment, self._draw)),
            "device": self.device,
            "log": self.log,
            "seq": self.seq,
            "kind": kind,
            "version": 1,
            "actor": None if kind.startswith("clock.") else self.actor,
            "occurred_at": _wire_time(moment),
            "clock": {"boot": self.boot, "mono": at, "anchor": self.anchor, "state": "good"},
            "facts": facts,
            "personal": None if own is None else to_text(hashlib.sha256(own).digest()),
        }
        body = msgspec.json.encode(fields)
        entry = {"body": body.decode(), "signature": to_text(self.key.sign(body))}
        if own is not None:
            entry["personal"] = own.decode()
        written = Written(str(fields["id"]), msgspec.json.encode(entry), self.seq)
        with self._lock:
            self.written.add(written.id)
            self.outbox[written.id] = written
        self.unsent.append(written)
        return written.id

    def take_unsent(self) -> list[Written]:
        """Return the entries no batch has carried yet; each is returned once."""
        taken, self.unsent = self.unsent, []
        return taken

    def deliver(self, line: Line, entries: Sequence[Written]) -> Receipt:
        """Send a batch, check the receipt, and forget what it settles. Raises ProtocolBroken."""
        signed, receipt = self.exchange(line, entries)
        with self._lock:
            self.take_in(signed, receipt, entries)
        return receipt

    def exchange(self, line: Line, entries: Sequence[Written]) -> tuple[SignedReceipt, Receipt]:
        """Send a batch and return its receipt, signed and read, after checking it. Raises ProtocolBroken."""
        reply = line.post(ENTRIES_PATH, batch_of(entries, self.shown))
        if reply.status != 200:
            kind = ServerTrouble if reply.status >= 500 else ProtocolBroken
            raise kind(f"{self.name}: {reply.status} {reply.body[:200].decode(errors='replace')}")
        signed = msgspec.json.decode(reply.body, type=SignedReceipt)
        if not verifies(self.node_key, signed.receipt.encode(), to_bytes(signed.signature)):
            raise ProtocolBroken(f"{self.name}: the receipt's signature is wrong")
        receipt = msgspec.json.decode(signed.receipt, type=Receipt)
        if receipt.node != self.node or [each.id for each in receipt.answers] != [
            each.id for each in entries
        ]:
            raise ProtocolBroken(f"{self.name}: the receipt answers something else than was sent")
        return signed, receipt

    def take_in(self, _signed: SignedReceipt, receipt: Receipt, _entries: Sequence[Written]) -> None:
        """Forget what a receipt settles, and note what it rejects."""
        for answer in receipt.answers:
            if answer.answer in SETTLED:
                self.outbox.pop(answer.id or "", None)
            else:
                self.rejected.append(answer)

    def lose_answer(self, connection: Connection, entries: Sequence[Written]) -> None:
        """Send a batch and hang up before its answer: the station knows nothing and keeps everything."""
        connection.post_and_hang_up(ENTRIES_PATH, batch_of(entries, self.shown))


def batch_of(entries: Sequence[Written], known: SignedReceipt | None = None) -> bytes:
    """Write a batch's body, with the last receipt that the station holds."""
    shown = b"" if known is None else b',"known":' + msgspec.json.encode(known)
    return b'{"protocol":1,"entries":[' + b",".join(entry.wire for entry in entries) + b"]" + shown + b"}"


def feed_path(cursor: object, site: str) -> str:
    """Return the address of the feed past a cursor, as a station at this site asks for it."""
    return f"/api/v1/feed?after={cursor}&scope={site}"


def card_path(code: str) -> str:
    """Return the address of one person's card."""
    return f"/api/v1/cards/person/{code}"


def read_feed_page(line: Line, station: "Station", cursor: object, site: str) -> dict[str, Any]:
    """Return one page of the feed past a cursor. Raises ProtocolBroken."""
    return _got(line, station, feed_path(cursor, site))


def read_person_card(line: Line, station: "Station", code: str) -> dict[str, Any]:
    """Return one person's card. Raises ProtocolBroken."""
    return _got(line, station, card_path(code))


def to_text(data: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _got(line: Line, station: "Station", path: str) -> dict[str, Any]:
    reply = line.get(path, station.bearer)
    if reply.status != 200:
        raise ProtocolBroken(f"{path.partition('?')[0]} answered {reply.status}")
    return msgspec.json.decode(reply.body, type=dict[str, Any])


def _decoded(line: Line, path: str, request: object, answer: type[T]) -> T:
    reply = line.post(path, msgspec.json.encode(request))
    if reply.status != 200:
        raise ProtocolBroken(f"{path}: {reply.status} {reply.body[:200].decode(errors='replace')}")
    return msgspec.json.decode(reply.body, type=answer)


def _wire_time(milliseconds: int) -> str:
    text = datetime.fromtimestamp(milliseconds / 1000, tz=UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _uuid7(milliseconds: int, draw: random.Random) -> UUID:
    number = milliseconds << 80 | draw.getrandbits(80)
    number = number & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=number & ~(0x3 << 62) | (0x2 << 62))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
