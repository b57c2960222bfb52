"""Judges certificates: `certificates check` answers each JSON line with a verdict, its reason and every step."""

import argparse
import base64
import json
from datetime import UTC, datetime
from typing import NoReturn

from chotxanh.cli import json_lines
from chotxanh.domain.hcert.verdict import TrustedKey, Verdict, verdict
from chotxanh.keys.trust import key_id, trusted_key_from_der

LONGEST_REQUEST = 262_144


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh certificates", description=__doc__)
    options.add_argument("action", choices=["check"], help="what to do with each line")
    return options


def run(arguments: list[str]) -> int:
    """Answer every request as it comes; what cannot be read as one gets a verdict too."""
    parser().parse_args(arguments)
    return json_lines.answer_each(answer, longest=LONGEST_REQUEST)


class _Unreadable(ValueError):
    """A request that cannot be judged; the message is the reason."""


def answer(line: bytes) -> json_lines.Answer:
    """The verdict on one request: `{"id", "text", "at", "certificate"}` (ISO time, base64 DER of the signer)."""
    request: dict[str, object] = {}
    try:
        request = _request(line)
        found = _judge(request)
    except _Unreadable as unreadable:
        found = Verdict(False, str(unreadable), {})
    return {
        "id": request.get("id"),
        "verdict": "valid" if found.valid else "invalid",
        "reason": found.reason,
        "steps": found.steps,
    }


def _request(line: bytes) -> dict[str, object]:
    if len(line) > LONGEST_REQUEST:
        raise _Unreadable("request_too_long")
    try:
        request = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _Unreadable("request_unreadable") from None
    if not isinstance(request, dict):
        raise _Unreadable("request_unreadable")
    return request


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _judge(request: dict[str, object]) -> Verdict:
    text = request.get("text")
    if not isinstance(text, str):
        raise _Unreadable("text_missing")
    at = _time(request.get("at"))
    kid, key = _signer(request.get("certificate"))
    return verdict(text, at=at, trusted=lambda asked: [key] if key and asked == kid else [], supposed=key)


def _signer(encoded: object) -> tuple[bytes, TrustedKey | None]:
    """The signer's key id and key; a signer that may not sign certificates (another curve) gives no key."""
    try:
        der = base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
        return key_id(der), trusted_key_from_der(der)
    except ValueError:
        return b"", None


def _time(text: object) -> datetime:
    """The moment to judge at, now without one; a time without zone is UTC, as in the public vectors."""
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        if moment is not None:
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise _Unreadable("time_unreadable")
    return moment
