"""The ledger's endpoints: record entries, read the feed, tell the time."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from msgspec.structs import replace

from chotxanh.beside.access_log import note_access
from chotxanh.beside.heard import note_heard
from chotxanh.beside.limits import ENROLMENT_CODES, PERSON_CODES
from chotxanh.beside.networks import network_of
from chotxanh.beside.throttle import look, take
from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.problems import Problem
from chotxanh.domain.works import Work
from chotxanh.keys.signers import node_key
from chotxanh.ledger.enrolling import enrol
from chotxanh.ledger.feed.asking import session_and_head
from chotxanh.ledger.feed.cards import Card
from chotxanh.ledger.feed.pages import read_card, read_feed
from chotxanh.ledger.looks import HandedIn, take_looks
from chotxanh.ledger.receipts import SignedReceipt, write_receipt
from chotxanh.ledger.recording import record
from chotxanh.ledger.scopes import window_of
from chotxanh.ledger.server_clock import receipt_time
from chotxanh.protocol.cards import PersonCard
from chotxanh.protocol.envelope import PROTOCOL
from chotxanh.protocol.exchange import json_answer, read_json
from chotxanh.protocol.places import Place
from chotxanh.protocol.showings import CardName
from chotxanh.protocol.sights import seen_by
from chotxanh.registers.devices.enrolment import EnrolmentRequest
from chotxanh.registers.devices.node import node_id
from chotxanh.registers.devices.sessions import OpenSession
from chotxanh.registers.posts.sites import posts_named, with_post

MOST_ENTRIES = 500
MOST_DIGITS = 9


class _Batch(msgspec.Struct, frozen=True):
    entries: list[msgspec.Raw]
    protocol: int = 0
    known: SignedReceipt | None = None


class _Enrolment(msgspec.Struct, frozen=True):
    code: str
    name: str
    public_key: str


_batches = msgspec.json.Decoder(_Batch)
_persons = msgspec.json.Decoder(PersonCard)
_enrolments = msgspec.json.Decoder(_Enrolment)
_looks = msgspec.json.Decoder(HandedIn)


@csrf_exempt
@require_POST
def record_entries(request: HttpRequest) -> HttpResponse:
    """Record a batch and answer with the receipt. Entries prove themselves: no session is needed."""
    batch = read_json(request, _batches, "batch_unreadable")
    if batch.protocol != PROTOCOL:
        raise Problem("protocol_unknown", spoken=PROTOCOL)
    entries = batch.entries
    if len(entries) > MOST_ENTRIES:
        raise Problem("batch_too_long", most=MOST_ENTRIES)
    received_at = receipt_time(timezone.now())
    recorded = record([bytes(entry) for entry in entries], received_at, network_of(request))
    return json_answer(write_receipt(recorded, received_at, batch.known))


@csrf_exempt
@require_POST
def enrol_device(request: HttpRequest) -> HttpResponse:
    """Enrol the station that holds a one-time code."""
    sent = read_json(request, _enrolments, "request_unreadable")
    point = from_base64url(sent.public_key) or b""
    now = timezone.now()
    taken = take(ENROLMENT_CODES, network_of(request), now)
    enrolled = enrol(EnrolmentRequest(sent.code, sent.name, point), now)
    taken.give_back()
    content = {
        "protocol": PROTOCOL,
        "device": enrolled.device,
        "node": node_id(),
        "node_key": to_base64url(node_key().public_point),
        "entry": enrolled.entry,
    }
    return json_answer(content)


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Answer with the cards that changed since the cursor, for the site the session may work at."""
    now = timezone.now()
    session, head = session_and_head(bearer_token(request), now)
    window = window_of(session.reach, request.GET.get("scope", ""), now)
    after = request.GET.get("after", "")
    note_heard(session.device, window.site.code, _said_waiting(request), now)
    page = read_feed(after, window.scopes, now, head)
    if page.cards:
        note_access(session.member, f"{window.site.code}:{len(page.cards)}:{page.cursor}", "feed", now)
    return json_answer(
        {
            "protocol": PROTOCOL,
            "epoch": page.epoch,
            "snapshot": page.is_snapshot,
            "cards": page.cards,
            "cursor": page.cursor,
            "more": page.has_more,
        }
    )


def _said_waiting(request: HttpRequest) -> int:
    """How many entries the station says are waiting to be sent; 0 where it says nothing that can be read."""
    said = request.GET.get("waiting", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else 0


@require_GET
def person_card(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with one person's card, for a code that the station does not hold: what the works at a post see."""
    now = timezone.now()
    session, head = session_and_head(bearer_token(request), now)
    works = _works_at(session, request.GET.get("post", ""))
    guesser = f"device {session.device}"
    # Whoever has guessed too often learns nothing, not even of a code that is known.
    look(PERSON_CODES, guesser, now)
    card = read_card(CardName("person", code), head, now) if code.isprintable() else None
    if card is None:
        take(PERSON_CODES, guesser, now)
        raise Problem("person_unknown")
    note_access(session.member, code, "person_card", now)
    return json_answer(_seen(card, works, now))


def _works_at(session: OpenSession, said: str) -> frozenset[Work]:
    """The member's works at the post that the station says; one of an older release says none.

    Raises Problem("not_allowed") where they do not work at all, or not at that post.
    """
    if not session.reach:
        raise Problem("not_allowed")
    if not said:
        return session.works_everywhere()
    try:
        post = UUID(said)
    except ValueError:
        raise Problem("not_allowed") from None
    place = with_post(Place(post=post), posts_named([post]))
    works = session.works_at(place) if place else frozenset()
    if not works:
        raise Problem("not_allowed")
    return works


def _seen(card: Card, works: frozenset[Work], now: datetime) -> Card:
    """The card as these works see it."""
    if card.body is None:
        return card
    whole = _persons.decode(card.body)
    seen = seen_by(whole, works, now)
    return card if seen is whole else replace(card, body=msgspec.Raw(msgspec.json.encode(seen)))


@csrf_exempt
@require_POST
def hand_in_looks(request: HttpRequest) -> HttpResponse:
    """Take in who opened which cards at a station. They prove themselves: no session is needed."""
    handed_in = read_json(request, _looks, "request_unreadable")
    if handed_in.protocol != PROTOCOL:
        raise Problem("protocol_unknown", spoken=PROTOCOL)
    took = take_looks(handed_in, timezone.now())
    return json_answer({"protocol": PROTOCOL} | msgspec.structs.asdict(took))


@require_GET
def clock(_request: HttpRequest) -> HttpResponse:
    """Answer with the server's time in Unix milliseconds, and which node this is."""
    return json_answer({"now": unix_ms(timezone.now()), "node": node_id()})


def bearer_token(request: HttpRequest) -> str:
    """Return the bearer token of a request. Raises Problem("session_over")."""
    sent: str = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, token = sent.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem("session_over")
    return token
