"""The ledger's endpoints: record entries, read the feed, tell the time."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from chotxanh.beside.access_log import note_access
from chotxanh.beside.heard import note_heard
from chotxanh.beside.limits import PERSON_CODES
from chotxanh.beside.networks import network_of
from chotxanh.beside.throttle import take
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.problems import Problem
from chotxanh.ledger.feed.asking import session_and_head
from chotxanh.ledger.feed.reading import read_card, read_feed
from chotxanh.ledger.receipts import write_receipt
from chotxanh.ledger.recording import record
from chotxanh.ledger.scopes import window_of
from chotxanh.protocol.envelope import PROTOCOL
from chotxanh.protocol.exchange import json_answer, read_json
from chotxanh.protocol.showings import CardName

MOST_ENTRIES = 500
MOST_DIGITS = 9


class _Batch(msgspec.Struct, frozen=True):
    entries: list[msgspec.Raw]
    protocol: int = 0


_batches = msgspec.json.Decoder(_Batch)


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
    received_at = timezone.now()
    recorded = record([bytes(entry) for entry in entries], received_at, network_of(request))
    return json_answer(write_receipt(recorded, received_at))


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
    """Answer with one person's card, for a code that the station does not hold."""
    now = timezone.now()
    session, head = session_and_head(bearer_token(request), now)
    card = read_card(CardName("person", code), head, now) if code.isprintable() else None
    if card is None:
        take(PERSON_CODES, f"device {session.device}", now)
        raise Problem("person_unknown")
    note_access(session.member, code, "person_card", now)
    return json_answer(card)


@require_GET
def clock(_request: HttpRequest) -> HttpResponse:
    """Answer with the server's time in Unix milliseconds."""
    return json_answer({"now": unix_ms(timezone.now())})


def bearer_token(request: HttpRequest) -> str:
    """Return the bearer token of a request. Raises Problem("session_over")."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem("session_over")
    return token
