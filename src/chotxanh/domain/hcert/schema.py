"""The DCC schema 1.3.3 compiled once: strict on issue, tolerant of known date shapes on reading.

An ordinary test certificate does not get as far: its own recognition is a strict part of both.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from importlib import resources
from typing import Any

import fastjsonschema

from chotxanh.domain.hcert.ordinary import is_ordinary_test

GROUPS = ("v", "t", "r")
SCHEMA_FILE = "dcc_schema_1_3_3.json"

_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)"
_STRICT_DATE = re.compile(_DATE)
_STRICT_DATE_TIME = re.compile(rf"{_DATE}T{_TIME}(?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])")
# Known in the wild: a date-time where a date is asked, no seconds, +hhmm, +hh, lower case t and z.
_ZONE = r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
_KNOWN_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]+)?)?"
_KNOWN_DATE_TIME = re.compile(rf"{_DATE}[Tt ]{_KNOWN_TIME}{_ZONE}")
_KNOWN_DATE = re.compile(rf"{_DATE}(?:[Tt ]{_KNOWN_TIME}{_ZONE}?)?")

Check = Callable[[dict[str, Any]], Any]


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """`schema` with each reference replaced by what it names: a call less for every field."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    named = schema.get("$ref")
    if named is not None:
        return _inlined(definitions[named.removeprefix("#/$defs/")], definitions)
    return {key: _inlined(part, definitions) for key, part in schema.items()}


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None and _is_day(text[:10])


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _compiled(day: re.Pattern[str], moment: re.Pattern[str]) -> Check:
    text = resources.files(__package__).joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    # JSON Schema means ASCII digits by \d; Python would also take those of other scripts.
    schema = json.loads(text.replace(r"\\d", "[0-9]"))
    # "One of three, each with ver, nam and dob", said without the exceptions that every valid document costs.
    del schema["oneOf"]
    schema["required"] = ["ver", "nam", "dob"]
    schema = _inlined(schema, schema.pop("$defs"))
    formats = {"date": _fits(day), "date-time": _fits(moment)}
    check: Check = fastjsonschema.compile(
        schema, formats=formats, use_default=False, detailed_exceptions=False
    )
    return check


check_issue = _compiled(_STRICT_DATE, _STRICT_DATE_TIME)
check_reading = _compiled(_KNOWN_DATE, _KNOWN_DATE_TIME)


def fault_on_issue(certificate: dict[str, Any]) -> str | None:
    """Why `certificate` must not be issued, None when it is right by the letter of the schema."""
    return _fault(check_issue, certificate)


def fault_on_reading(certificate: dict[str, Any]) -> str | None:
    """Why `certificate` cannot be accepted, None when it is right apart from known date shapes."""
    return _fault(check_reading, certificate)


def _fault(check: Check, certificate: dict[str, Any]) -> str | None:
    if is_ordinary_test(certificate):
        return None
    if sum(group in certificate for group in GROUPS) != 1:
        return "a certificate has exactly one of v, t and r"
    try:
        check(certificate)
    except fastjsonschema.JsonSchemaException as error:
        return str(error)
    return None
