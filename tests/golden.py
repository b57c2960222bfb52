"""Writes the golden entries of `contracts/entries` that are still missing.

`./chotxanh manage shell -c "from tests.golden import write_missing; write_missing()"`

One file for each kind and version, written once and never again: it must be read for ever.
"""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.kinds import Kind
from chotxanh.keys.signatures import SigningKey
from chotxanh.ledger.reading import read_payload
from chotxanh.protocol.envelope import WireEntry, body_decoder, personal_digest, wire_decoder, write_body
from chotxanh.protocol.kinds import known_kinds
from tests.tree import ROOT

FOLDER = ROOT / "contracts" / "entries"
PERSON = "PZBJZMP6RKLFK4Q"
TIME = "2021-07-25T01:05:00.000Z"
LATER = "2021-07-25T01:21:00.000Z"


def _id(number: int) -> UUID:
    return UUID(f"017adaf0-0000-7000-8000-{number:012d}")


_TUBE = {"facility": "ttyt-phu-my", "tube": "BR0001"}
_UNIT = {"scheme": "nso-2021", "code": "79"}
_SYMPTOMS = (
    "fever cough breathing_difficulty pneumonia sore_throat fatigue loss_of_taste_or_smell muscle_ache"
)
_EXPOSURES = "been_in_outbreak_area contact_case contact_from_outbreak_area contact_symptomatic"
_DECLARATION = {
    "person_code": PERSON,
    "page_digest": "AAECAwQFBgcICQoLDA0ODw",
    "birth_year": 1985,
    "birth_precision": "day",
    "sex": "male",
    "category": "goods_driver",
    "vehicle_class": "truck",
    "direction": "in",
    "origin": _UNIT,
    "destination": _UNIT | {"code": "77"},
    "answers": dict.fromkeys(f"{_SYMPTOMS} {_EXPOSURES}".split(), False) | {"cough": True},
    "language": "vi",
    "notice": "2021-07",
    "road": "QL51",
}
_COLLECTION = _TUBE | {
    "checkpoint": "ql51-xe-tai",
    "lane": "1",
    "pool_kind": "single",
    "specimen_type": "nasopharyngeal",
    "test_type": "ag_rapid",
    "members": [{"person_code": PERSON}],
}
_CERTIFICATE = {
    "certificate": _id(30),
    "person_code": PERSON,
    "registration": _id(31),
    "facility": "ttyt-phu-my",
    "tube": "ttyt-phu-my/BR0001",
    "result": _id(32),
    "uvci": "URN:UVCI:01:VN:BRVT/SZBJZMP6RKLFK4Q#C",
    "kid": "AAECAwQFBgc",
    "signature_hash": "AAECAwQFBgcICQoLDA0ODw",
    "test_type": "ag_rapid",
    "category": "goods_driver",
    "sampled_at": TIME,
    "resulted_at": LATER,
    "valid_until": "2021-07-28T01:21:00.000Z",
    "rule": "goods-driver-72h",
}
FACTS: dict[tuple[str, int], dict[str, Any]] = {
    (Kind.SHIFT_STARTED, 1): {"checkpoint": "ql51-xe-tai", "lane": "1", "ticket": "e30.AAAA"},
    (Kind.SHIFT_ENDED, 1): {},
    (Kind.CLOCK_MEASURED, 1): {"anchor": 1627174800000, "round_trip": 84},
    (Kind.CLOCK_JUMPED, 1): {"by": -3600000},
    (Kind.DECLARATION_SUBMITTED, 1): _DECLARATION,
    (Kind.SPECIMEN_COLLECTED, 1): _COLLECTION,
    (Kind.SPECIMEN_RESOLVED, 1): _TUBE | {"stands": _id(33), "sampled_at": TIME, "considered": [_id(33)]},
    (Kind.RESULT_RECORDED, 1): _TUBE | {"test_type": "ag_rapid", "value": "negative"},
    (Kind.RESULT_CORRECTED, 1): _TUBE | {"corrects": _id(32), "value": "positive", "reason": "wrong_value"},
    (Kind.RESULT_RESOLVED, 1): _TUBE
    | {"stands": _id(32), "resulted_at": LATER, "considered": [_id(32), _id(34)]},
    (Kind.CERTIFICATE_ISSUED, 1): _CERTIFICATE,
    (Kind.CERTIFICATE_REVOKED, 1): {"certificate": _id(30), "reason": "superseded"},
    (Kind.REGISTRATION_LINKED, 1): {"registrations": [_id(31), _id(35)]},
    (Kind.REGISTRATION_UNLINKED, 1): {"registrations": [_id(31), _id(35)]},
    (Kind.ENTRY_ADMITTED, 1): {"entry": _id(36)},
    (Kind.ENTRY_REFUSED, 1): {"entry": _id(36)},
    (Kind.PERSONAL_ERASED, 1): {"entry": _id(31), "basis": "request"},
}
_SALT = {"salt": "AAECAwQFBgcICQoLDA0ODw"}
PERSONAL: dict[tuple[str, int], dict[str, Any]] = {
    (Kind.DECLARATION_SUBMITTED, 1): _SALT
    | {
        "full_name": "Nguyễn Văn Đường",
        "birth_date": "1985-03-05",
        "id_number": "077085000123",
        "phone": "+84912345678",
        "plate": "72C-123.45",
    },
    (Kind.CERTIFICATE_ISSUED, 1): _SALT | {"text": "HC1:NCF-GOLDEN"},
}


def file_of(kind: str, version: int) -> Path:
    """Return where the golden entry of a kind and version lies."""
    return FOLDER / f"{kind}.{version}.json"


def reads_as(wire: WireEntry) -> dict[str, Any]:
    """Return what an entry's payload reads as today, upcast and in plain JSON."""
    payload = read_payload(body_decoder.decode(wire.body), wire.personal)
    assert payload.problem is None, payload.problem
    read: dict[str, Any] = json.loads(
        msgspec.json.encode({"facts": payload.facts, "personal": payload.personal})
    )
    return read


def golden_entry(key: SigningKey, number: int, kind: str, version: int) -> dict[str, Any]:
    """Sign one golden entry with a key that is then thrown away."""
    details = PERSONAL.get((kind, version))
    personal = msgspec.json.encode(details).decode() if details else None
    fields = {
        "id": _id(number),
        "device": _id(40),
        "log": _id(41),
        "seq": number,
        "kind": kind,
        "version": version,
        "actor": _id(42),
        "occurred_at": TIME,
        "clock": {"boot": _id(43), "mono": 300000, "anchor": 1627174800000, "state": "good"},
        "facts": FACTS[kind, version],
        "personal": personal_digest(personal) if personal else None,
    }
    body = write_body(fields)
    entry = {"body": body, "signature": to_base64url(key.sign(body.encode()))}
    if personal:
        entry["personal"] = personal
    return {
        "kind": kind,
        "version": version,
        "public_key": to_base64url(key.public_point),
        "entry": entry,
        "digest": to_base64url(hashlib.sha256(body.encode()).digest()),
        "reads_as": reads_as(wire_decoder.decode(json.dumps(entry))),
    }


def write_missing() -> list[Path]:
    """Write the golden entries that are missing; those that are there are left as they are."""
    key, written = SigningKey.generate(), []
    FOLDER.mkdir(exist_ok=True)
    for number, spec in enumerate(known_kinds(), start=1):
        file = file_of(spec.kind, spec.version)
        if not file.exists():
            content = golden_entry(key, number, spec.kind, spec.version)
            file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            written.append(file)
    return written
