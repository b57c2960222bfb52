"""What Python answers: the twin of `web/shared/src/twin.ts`."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from chotxanh.cli.commands import stands
from chotxanh.cli.twins.questions import Question, signers
from chotxanh.domain.codes import is_checked, parse_code, parse_command, parse_record
from chotxanh.domain.hcert.verdict import TrustedKey, verdict
from chotxanh.domain.name_damage import is_damaged
from chotxanh.domain.names import fold, normalise_name
from chotxanh.domain.scan import recognise
from chotxanh.domain.unit_search import read_sought
from chotxanh.keys.trust import key_id, trusted_key_from_der
from chotxanh.units import tables
from chotxanh.units.places import named

Answer = Mapping[str, Any]


def answer(question: Question) -> Answer:
    """The answer to one question; an exception is an answer too, and a wrong one."""
    try:
        return _RULES[question["rule"]](question)
    except Exception as error:
        return {"raised": repr(error)}


def _scan(question: Question) -> Answer:
    found = recognise(question["text"], today=date.fromisoformat(question["today"]))
    return {"kind": found.kind, "fields": found.fields, "warnings": list(found.warnings)}


def _code(question: Question) -> Answer:
    text = question["text"]
    code = parse_code(text)
    return {
        "code": code and {"type": code.type.value, "value": code.value},
        "command": parse_command(text),
        "record": parse_record(text),
        "checked": is_checked(text),
    }


def _fold(question: Question) -> Answer:
    text = question["text"]
    return {"folded": fold(text), "normalised": normalise_name(text), "damaged": is_damaged(text)}


def _certificate(question: Question) -> Answer:
    kid, key = _signer(question["signer"])
    found = verdict(
        question["text"],
        at=datetime.fromisoformat(question["at"]),
        trusted=lambda asked: [key] if key and asked == kid else [],
        supposed=key,
    )
    return {"reason": found.reason, "steps": found.steps, "negative": found.is_negative_test}


def _standing(question: Question) -> Answer:
    asked = {key: question[key] for key in ("person", "at", "events", "rules")}
    return stands.answer(json.dumps(asked).encode())


def _units(question: Question) -> Answer:
    text = question["text"]
    found = [named(unit) for unit in tables.find(text)]
    return {"words": read_sought(text), "found": found}


@cache
def _signer(name: str) -> tuple[bytes, TrustedKey | None]:
    der = base64.b64decode(signers()[name])
    try:
        return key_id(der), trusted_key_from_der(der)
    except ValueError:
        return key_id(der), None


_RULES: Mapping[str, Callable[[Question], Answer]] = {
    "scan": _scan,
    "code": _code,
    "fold": _fold,
    "certificate": _certificate,
    "standing": _standing,
    "units": _units,
}
