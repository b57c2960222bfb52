"""Bad entries by name: what cannot be read, what is rejected, and what is held for a person to decide."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from chotxanh.domain.base64url import to_base64url
from chotxanh.keys.signers import node_key
from chotxanh.protocol.envelope import personal_digest, write_body
from tests.cast import ASSISTANT, BEGINS, DRIVER, PHU_MY, POSTS, QL51, QL56
from tests.device import Station, collection_facts, member_facts, result_facts

Bad = Callable[[Station], bytes]


def wire(body: str, signature: str = "", **more: Any) -> bytes:
    """Put an entry together without a station."""
    return json.dumps({"body": body, "signature": signature} | more).encode()


def collected(station: Station, **changed: Any) -> bytes:
    return station.entry("specimen.collected", collection_facts("BR1", [DRIVER.code]) | changed)


def with_members(station: Station, codes: list[str], pool_kind: str = "pool_at_collection") -> bytes:
    return collected(station, members=[member_facts(code) for code in codes], pool_kind=pool_kind)


def declared(station: Station, **changed: Any) -> bytes:
    return station.entry("person.registered", DRIVER.facts(), DRIVER.personal() | changed)


def declared_facts(station: Station, **changed: Any) -> bytes:
    return station.entry("person.registered", DRIVER.facts() | changed, DRIVER.personal())


def journey_facts(station: Station, **changed: Any) -> bytes:
    facts = DRIVER.journey(uuid4()) | changed
    return station.entry("declaration.submitted", facts, DRIVER.journey_personal())


def personal_replaced(station: Station) -> bytes:
    sent = json.loads(station.register(DRIVER))
    return wire(sent["body"], sent["signature"], personal=json.dumps(ASSISTANT.personal()))


def personal_left_out(station: Station) -> bytes:
    sent = json.loads(station.register(DRIVER))
    return wire(sent["body"], sent["signature"])


def empty_personal(station: Station) -> bytes:
    facts = DRIVER.facts()
    return station.sign(
        write_body(station.body("person.registered", facts, personal=personal_digest(""))), ""
    )


def signature_of_another_body(station: Station) -> bytes:
    return wire(
        json.loads(station.result("BR9", "negative"))["body"], json.loads(collected(station))["signature"]
    )


def body_changed(station: Station, old: str, new: str) -> bytes:
    body = json.loads(station.result("BR9", "negative"))["body"]
    assert old in body
    return station.sign(body.replace(old, new, 1))


def of_no_device(station: Station) -> bytes:
    stranger = Station()
    stranger.actor = station.actor
    return stranger.result("BR9", "negative")


def forged(station: Station) -> bytes:
    sent = json.loads(station.result("BR9", "negative"))
    return wire(sent["body"].replace("negative", "positive"), sent["signature"])


def surrogate_in_name(station: Station) -> bytes:
    text = json.dumps(DRIVER.personal() | {"full_name": "\ud800"})
    body = station.entry("person.registered", DRIVER.facts(), personal=None)
    sent = json.loads(body)["body"].replace('"personal":null', f'"personal":"{personal_digest(text)}"')
    return station.sign(sent, text)


UNREADABLE: dict[str, Bad] = {
    "a number": lambda _: b"7",
    "null": lambda _: b"null",
    "an empty object": lambda _: b"{}",
    "a list": lambda _: b"[[[]]]",
    "no JSON in the body": lambda _: wire("not json"),
    "an empty body": lambda _: wire(""),
    "a body that is a list": lambda _: wire("[]"),
    "a lone surrogate in the body": lambda s: body_changed(s, "BR9", "\\ud800"),
    "a NUL on the wire": lambda _: b'{"body":"\\u0000","signature":""}',
    "a NUL in the kind": lambda s: body_changed(s, "result.recorded", "result\\u0000"),
    "a body too deep": lambda s: body_changed(s, '"BR9"', "[" * 5000 + "]" * 5000),
    "a number too large": lambda s: s.entry("result.recorded", {}, seq=10**30),
    "a number before the first": lambda s: s.entry("result.recorded", {}, seq=0),
    "a fraction": lambda s: s.entry("result.recorded", {}, seq=1.5),
    "a number as text": lambda s: s.entry("result.recorded", {}, seq="1"),
    "not a number at all": lambda s: body_changed(s, f'"seq":{s.seq + 1}', '"seq":NaN'),
    "an id that is none": lambda s: s.entry("result.recorded", {}, id="7"),
    "a kind that is none": lambda s: s.entry("Kết quả", {}),
    "a kind too long": lambda s: s.entry("k" * 41, {}),
    "a version of zero": lambda s: s.entry("result.recorded", {}, version=0),
    "no zone of time": lambda s: s.entry("result.recorded", {}, occurred_at="2021-07-25T01:00:00.000"),
    "a day that is none": lambda s: s.entry("result.recorded", {}, occurred_at="2021-02-30T01:00:00.000Z"),
    "a clock that is none": lambda s: s.entry("result.recorded", {}, clock={"boot": 1}),
    "a state that is none": lambda s: s.entry("result.recorded", {}, clock=s.clock() | {"state": "fine"}),
    "a counter before zero": lambda s: s.entry("result.recorded", {}, clock=s.clock() | {"mono": -1}),
    "a digest that is none": lambda s: body_changed(s, '"personal":null', '"personal":"x"'),
    "a signature too long": lambda s: wire(json.loads(s.result("BR9", "negative"))["body"], "A" * 200),
}
REJECTED: dict[str, tuple[Bad, str]] = {
    "long ago": (
        lambda s: s.entry("shift.ended", {}, occurred_at="1999-01-01T00:00:00.000Z"),
        "time_out_of_range",
    ),
    "year one": (
        lambda s: s.entry("shift.ended", {}, occurred_at="0001-01-01T00:00:00+14:00"),
        "time_out_of_range",
    ),
    "far ahead": (
        lambda s: s.entry("shift.ended", {}, occurred_at="9999-12-31T23:59:59Z"),
        "time_out_of_range",
    ),
    "an unknown device": (of_no_device, "device_unknown"),
    "another's body": (signature_of_another_body, "signature_invalid"),
    "a changed body": (forged, "signature_invalid"),
    "no signature": (lambda s: wire(json.loads(s.result("BR9", "negative"))["body"]), "signature_invalid"),
    "another's personal part": (personal_replaced, "personal_altered"),
    "the personal part left out": (personal_left_out, "personal_altered"),
    "a personal part never signed": (
        lambda s: s.sign(json.loads(s.result("BR9", "negative"))["body"], "{}"),
        "personal_altered",
    ),
    "an empty personal part": (empty_personal, "payload_invalid"),
    "a registration without person": (
        lambda s: s.entry("person.registered", DRIVER.facts()),
        "personal_missing",
    ),
    "no clock": (lambda s: s.entry("shift.ended", {}, clock=None), "clock_missing"),
    "no running number": (lambda s: s.entry("shift.ended", {}, seq=None), "clock_missing"),
    "a member of the body that nobody knows": (
        lambda s: s.entry("shift.ended", {}, note="An"),
        "member_unknown",
    ),
    "a member of the clock that nobody knows": (
        lambda s: s.entry("shift.ended", {}, clock=s.clock() | {"note": "An"}),
        "member_unknown",
    ),
    "facts with a member that nobody knows": (
        lambda s: s.entry("result.recorded", result_facts("BR9", "negative") | {"note": "An"}),
        "member_unknown",
    ),
    "a member of a pool with a member that nobody knows": (
        lambda s: collected(s, members=[member_facts(DRIVER.code) | {"note": "An"}]),
        "member_unknown",
    ),
    "a personal part with a member that nobody knows": (lambda s: declared(s, note="An"), "member_unknown"),
    "facts that are a list": (lambda s: s.entry("result.recorded", []), "payload_invalid"),
    "facts that are empty": (lambda s: s.entry("result.recorded", {}), "payload_invalid"),
    "a value that is none": (lambda s: s.result("BR9", "maybe"), "payload_invalid"),
    "a facility with a slash": (lambda s: s.result("BR9", "negative", "a/b"), "payload_invalid"),
    "a tube of blanks": (lambda s: s.result(" \u00a0 ", "negative"), "tube_invalid"),
    "a tube of NULs": (lambda s: s.result("\x00\x00", "negative"), "tube_invalid"),
    "a tube too long": (lambda s: s.result("B" * 41, "negative"), "tube_invalid"),
    "a tube far too long": (lambda s: s.result("B" * 900, "negative"), "payload_invalid"),
    "an empty pool": (lambda s: with_members(s, []), "pool_empty"),
    "the same person twice": (lambda s: with_members(s, [DRIVER.code] * 2), "pool_member_repeated"),
    "a pool of one": (lambda s: with_members(s, [DRIVER.code]), "pool_kind_wrong"),
    "two in a single tube": (
        lambda s: with_members(s, [DRIVER.code, ASSISTANT.code], "single"),
        "pool_kind_wrong",
    ),
    "21 members": (lambda s: with_members(s, [f"P{n:014d}" for n in range(21)]), "pool_too_large"),
    "1000 members": (lambda s: with_members(s, [DRIVER.code] * 1000), "payload_invalid"),
    "a code with a wrong check": (
        lambda s: with_members(s, ["P00000000000001"], "single"),
        "person_code_invalid",
    ),
    "a code that is none": (lambda s: with_members(s, ["An"], "single"), "payload_invalid"),
    "a lone surrogate in a name": (surrogate_in_name, "payload_invalid"),
    "a NUL in a name": (lambda s: declared(s, full_name="An\x00"), "payload_invalid"),
    "a name of nothing": (lambda s: declared(s, full_name="\u200b"), "payload_invalid"),
    "a birthday that is none": (lambda s: declared(s, birth_date="1985-02-30"), "payload_invalid"),
    "a birthday of another year": (lambda s: declared(s, birth_date="1984-03-05"), "payload_invalid"),
    "a phone that is none": (lambda s: declared(s, phone="0912345678"), "payload_invalid"),
    "no salt": (lambda s: declared(s, salt=""), "payload_invalid"),
    "a NUL in the notice": (lambda s: journey_facts(s, notice="2021\x00"), "payload_invalid"),
    "a question too many": (lambda s: journey_facts(s, answers={"happy": True}), "answers_incomplete"),
    "a journey of a code that is none": (
        lambda s: journey_facts(s, person_code="P00000000000001"),
        "person_code_invalid",
    ),
    "a page that is none": (lambda s: declared_facts(s, page_digest="abc"), "payload_invalid"),
    "a lead's word on year one": (
        lambda s: s.entry("specimen.resolved", resolution() | {"sampled_at": "0001-01-01T00:00:00+14:00"}),
        "time_out_of_range",
    ),
    "a lead's word on year 9999": (
        lambda s: s.entry("result.resolved", resolution() | {"resulted_at": "9999-12-31T23:59:59-14:00"}),
        "time_out_of_range",
    ),
}
HELD: dict[str, tuple[Bad, str]] = {
    "an unknown kind": (lambda s: s.entry("weather.seen", {"rain": True}), "kind_unknown"),
    "an unknown version": (lambda s: s.entry("result.recorded", {"new": 1}, version=2), "kind_unknown"),
    "a shift on another's ticket": (
        lambda s: shift(s, member=UUID(int=2)),
        "ticket_invalid",
    ),
    "a shift on another device's ticket": (lambda s: shift(s, device=uuid4()), "ticket_invalid"),
    "a shift on an old ticket": (lambda s: shift(s, expires_at=BEGINS), "ticket_invalid"),
    "a shift before its ticket": (
        lambda s: shift(s, issued_at=BEGINS + timedelta(days=9000)),
        "ticket_invalid",
    ),
    "a shift on a forged ticket": (lambda s: shift(s, forged=True), "ticket_invalid"),
    "a shift elsewhere": (lambda s: shift(s, post=POSTS[QL56]), "actor_not_allowed"),
    "a shift nowhere": (lambda s: shift(s, post=UUID(int=9)), "register_unknown"),
    "nobody's deed": (
        lambda s: s.entry("result.recorded", result_facts("BR9", "negative"), actor=None),
        "actor_missing",
    ),
    "a deed of someone not on shift": (
        lambda s: s.entry("result.recorded", result_facts("BR9", "negative"), actor=uuid4()),
        "actor_unproven",
    ),
    "another facility's tube": (lambda s: s.result("BR9", "negative", "ttyt-chau-duc"), "actor_not_allowed"),
    "a tube of another checkpoint": (lambda s: collected(s, post=POSTS[QL56]), "actor_not_allowed"),
    "a lead's word by an officer": (
        lambda s: s.entry("result.resolved", resolution() | {"resulted_at": "2021-07-25T01:00:00Z"}),
        "actor_not_allowed",
    ),
    "an erasure by an officer": (
        lambda s: s.entry("personal.erased", {"entry": uuid4(), "basis": "request"}),
        "actor_not_allowed",
    ),
    "a certificate of a station's": (
        lambda s: s.entry("certificate.revoked", {"certificate": uuid4(), "step": 2, "reason": "withdrawn"}),
        "actor_not_allowed",
    ),
    "before the grant": (
        lambda s: s.entry(
            "result.recorded",
            result_facts("BR9", "negative"),
            occurred_at="2020-07-25T01:00:00.000Z",
            clock={"boot": s.boot, "mono": 0, "anchor": None, "state": "unknown"},
        ),
        "actor_not_allowed",
    ),
}


def resolution() -> dict[str, Any]:
    return {"facility": PHU_MY, "tube": "BR1", "stands": uuid4(), "considered": []}


def shift(station: Station, *, post: UUID = POSTS[QL51], forged: bool = False, **changed: Any) -> bytes:
    fields = {
        "member": UUID(int=1),
        "device": station.id,
        "issued_at": BEGINS,
        "expires_at": BEGINS + timedelta(days=9999),
    } | changed
    body = msgspec.json.encode(fields)
    key = station.key if forged else node_key()
    ticket = f"{to_base64url(body)}.{to_base64url(key.sign(body))}"
    return station.entry("shift.started", {"post": post, "ticket": ticket})
