"""Every kind and version that was ever shipped is read for ever: its golden entry verifies and decodes as it did."""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from chotxanh.cli.golden import reads_as
from chotxanh.cli.schemas import FOLDER, file_of
from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.kinds import NodeRole
from chotxanh.keys.signatures import verifies
from chotxanh.ledger.receiving import authenticate, read_entry
from chotxanh.protocol.envelope import WireEntry
from chotxanh.protocol.kinds import known_kinds
from chotxanh.registers.devices.known import KnownDevice

FILES = sorted(FOLDER.glob("*.json"))
SHIPPED = 18  # may only grow: nothing that was ever shipped is forgotten
WEB_ENTRY = Path(settings.CONTRACTS, "envelope.json")


def bytes_of(text: str) -> bytes:
    decoded = from_base64url(text)
    assert decoded is not None
    return decoded


def golden(file: Path) -> tuple[dict[str, Any], WireEntry, KnownDevice]:
    """Return a golden file's content, its entry, and the device that signed it."""
    content = json.loads(file.read_text(encoding="utf-8"))
    if "golden" in content:
        content |= content["golden"]
    return (
        content,
        WireEntry(**content["entry"]),
        KnownDevice(UUID(int=1), bytes_of(content["public_key"]), role=NodeRole.STATION, revoked_at=None),
    )


def test_every_kind_and_version_has_its_golden_entry() -> None:
    missing = [file_of(row) for row in known_kinds()]
    assert [file for file in missing if not file.exists()] == [], "run ./chotxanh document"
    assert len(FILES) >= SHIPPED


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_golden_entry_verifies_and_reads_as_it_did(file: Path) -> None:
    content, wire, device = golden(file)
    received = authenticate(read_entry(json.dumps(content["entry"]).encode()), device)
    assert received.problem is None
    assert received.digest == bytes_of(content["digest"]) == hashlib.sha256(wire.body.encode()).digest()
    assert received.body is not None
    assert (received.body.kind, received.body.version) == (content["kind"], content["version"])
    assert reads_as(wire) == content["reads_as"]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_an_altered_golden_entry_is_not_authentic(file: Path) -> None:
    content, wire, device = golden(file)
    altered = content["entry"] | {"body": wire.body.replace(f'"seq":{seq_of(wire)}', '"seq":999', 1)}
    assert altered["body"] != wire.body
    assert authenticate(read_entry(json.dumps(altered).encode()), device).problem == "signature_invalid"
    changed = content["entry"] | {"personal": '{"salt":"AAECAwQFBgcICQoLDA0ODw"}'}
    assert authenticate(read_entry(json.dumps(changed).encode()), device).problem == "personal_altered"


def seq_of(wire: WireEntry) -> int:
    seq: int = json.loads(wire.body)["seq"]
    return seq


def test_an_entry_signed_by_the_browser_is_authentic_here() -> None:
    content, wire, device = golden(WEB_ENTRY)
    received = authenticate(read_entry(json.dumps(content["entry"]).encode()), device)
    assert received.problem is None
    assert received.digest == bytes_of(content["digest"])
    assert reads_as(wire)["personal"]["full_name"] == json.loads(wire.personal or "")["full_name"]


def test_what_the_browser_refuses_is_refused_here() -> None:
    content, _, device = golden(WEB_ENTRY)
    for altered in content["altered"]:
        signature = from_base64url(altered["signature"]) or b""
        assert not verifies(bytes(device.public_point), altered["body"].encode(), signature), altered["what"]
