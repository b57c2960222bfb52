"""A small station for tests: it numbers, times and signs entries as the real one does."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.keys.signatures import SigningKey
from chotxanh.ledger.server_log import Deed
from chotxanh.protocol.envelope import new_id, personal_digest, wire_time, write_body
from chotxanh.protocol.kinds import newest
from chotxanh.registers.devices.models import Device
from chotxanh.registers.devices.tickets import Ticket, write_ticket
from chotxanh.registers.staff.models import Member
from tests.cast import AG_RAPID, ANY_TIME, BEGINS, MORNING, PHU_MY, POSTS, QL51, TRAVELLERS, Person

MINUTE = timedelta(minutes=1)
# Why a physician ends a follow-up.
WHY = {"salt": "AAECAwQFBgcICQoLDA0ODw", "reason": "QD 12", "paper": None}


@dataclass
class Station:
    """One enrolled store: `minute` is the time since `began`; `skew` is how far its wall clock is off."""

    key: SigningKey = field(default_factory=SigningKey.generate)
    id: UUID = field(default_factory=uuid4)
    log: UUID = field(default_factory=uuid4)
    boot: UUID = field(default_factory=uuid4)
    began: datetime = MORNING
    is_measured: bool = True
    skew: timedelta = timedelta()
    seq: int = 0
    minute: float = 0
    actor: UUID | None = None
    registrations: dict[str, UUID] = field(default_factory=dict)
    awaited: dict[str, UUID] = field(default_factory=dict)

    def enrol(self) -> Device:
        """Enrol this station's key directly."""
        return Device.objects.create(
            id=self.id, name="Máy trạm", public_point=self.key.public_point, enrolled_at=BEGINS
        )

    def clock(self) -> dict[str, Any]:
        """Return what the station knows of its clock now."""
        anchor = unix_ms(self.began) if self.is_measured else None
        state = "good" if self.is_measured else "unknown"
        return {"boot": self.boot, "mono": round(self.minute * 60_000), "anchor": anchor, "state": state}

    def body(self, kind: str, facts: Any, **changed: Any) -> dict[str, Any]:
        """Return the fields of the next entry, with some of them changed."""
        self.seq += 1
        return {
            "id": new_id(),
            "device": self.id,
            "log": self.log,
            "seq": self.seq,
            "kind": kind,
            "version": 1,
            "actor": self.actor,
            "occurred_at": wire_time(self.began + self.minute * MINUTE + self.skew),
            "clock": self.clock(),
            "facts": facts,
            "personal": None,
        } | changed

    def entry(self, kind: str, facts: Any, personal: Any = None, **changed: Any) -> bytes:
        """Return the next entry, signed, as it travels."""
        text = msgspec.json.encode(personal).decode() if personal is not None else None
        digest = personal_digest(text) if text is not None else None
        return self.sign(write_body(self.body(kind, facts, personal=digest) | changed), text)

    def sign(self, body: str, personal: str | None = None) -> bytes:
        """Sign a body's text as it is, and put the entry together."""
        wire: dict[str, Any] = {"body": body, "signature": to_base64url(self.key.sign(body.encode()))}
        if personal is not None:
            wire["personal"] = personal
        return msgspec.json.encode(wire)

    def ticket(self, member: Member, **changed: Any) -> str:
        """Return this server's ticket for a member at this station, good for the whole of a test's campaign."""
        fields: dict[str, Any] = {
            "member": member.id,
            "device": self.id,
            "issued_at": self.began,
            "expires_at": self.began + timedelta(days=400),
        }
        return write_ticket(Ticket(**(fields | changed)))

    def start_shift(
        self, member: Member, site: str = QL51, ticket: str | None = None, proof: str = "line"
    ) -> bytes:
        """Return the entry by which a member begins work here."""
        self.actor = member.id
        facts = {"post": POSTS[site], "ticket": ticket or self.ticket(member), "proof": proof}
        return self.entry("shift.started", facts)

    def measure_clock(self, **changed: Any) -> bytes:
        """Return the entry by which the station notes a measurement of its clock."""
        self.is_measured = True
        return self.entry("clock.measured", {"anchor": unix_ms(self.began), "round_trip": 80}, **changed)

    def register(self, person: Person, **changed: Any) -> bytes:
        """Return the registration of a person at the window."""
        facts = person.facts() | changed
        awaited = self.awaited.pop(facts["person_code"], None)
        id = self.registrations[facts["person_code"]] = awaited or new_id()
        return self.entry("person.registered", facts, person.personal(), id=id)

    def declare(self, person: Person, **changed: Any) -> bytes:
        """Return a journey declared at the window by someone who was registered there last, or will be next."""
        code = changed.get("person_code", person.code)
        if code not in self.registrations:
            self.registrations[code] = self.awaited[code] = new_id()
        facts = person.journey(self.registrations[code]) | changed
        return self.entry("declaration.submitted", facts, person.journey_personal())

    def collect(self, tube: str, people: list[Person], **changed: Any) -> bytes:
        """Return the entry of one closed tube."""
        return self.entry(
            "specimen.collected", collection_facts(tube, [each.code for each in people]) | changed
        )

    def result(self, tube: str, value: str, facility: str = PHU_MY, **changed: Any) -> bytes:
        """Return the entry of one result."""
        return self.entry("result.recorded", result_facts(tube, value, facility) | changed)

    def correct(self, tube: str, corrects: UUID, value: str) -> bytes:
        """Return the entry of one correction."""
        facts = {"facility": PHU_MY, "tube": tube, "corrects": corrects, "value": value}
        return self.entry("result.corrected", facts | {"reason": "wrong_value"})


def collection_facts(tube: str, codes: list[str]) -> dict[str, Any]:
    """Return the facts of a collection at QL51."""
    return {
        "facility": PHU_MY,
        "post": POSTS[QL51],
        "tube": tube,
        "pool_kind": "single" if len(codes) == 1 else "pool_at_collection",
        "specimen_type": "nasopharyngeal",
        "test": AG_RAPID,
        "kit": ANY_TIME,
        "members": [member_facts(code) for code in codes],
    }


def member_facts(code: str, **changed: Any) -> dict[str, Any]:
    """Return one member of a tube as an officer sees them who has scanned the code alone."""
    category = next((each.category for each in TRAVELLERS if each.code == code), "other")
    return {
        "person_code": code,
        "registration": None,
        "category": category,
        "identity_seen": "no",
    } | changed


def result_facts(tube: str, value: str, facility: str = PHU_MY) -> dict[str, Any]:
    """Return the facts of a result."""
    return {"facility": facility, "tube": tube, "test": AG_RAPID, "kit": ANY_TIME, "value": value}


def deed_of(
    kind: str, facts: Any, personal: Any = None, *, actor: UUID | None = None, id: UUID | None = None
) -> Deed:
    """Return a deed of the server from plain values."""
    row = newest(kind)
    details = msgspec.convert(personal, row.personal) if row.personal and personal else None
    return Deed(msgspec.convert(facts, row.facts), details, actor, id)


def id_of(entry: bytes) -> UUID:
    """Return the identifier of a wire entry."""
    body = msgspec.json.decode(entry, type=dict[str, str | None])["body"] or ""
    return UUID(msgspec.json.decode(body)["id"])
