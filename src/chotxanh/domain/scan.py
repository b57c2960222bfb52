"""What is this scanned text? One answer with what can be read from it, and a warning where it can be two things.

`contracts/scan.json` holds this and its TypeScript twin together. What came in damaged is named and never repaired,
but for the key-for-key keyboard layout, which loses nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from chotxanh.domain import cards, codes, keyboard, plates
from chotxanh.domain.codes import CodeType
from chotxanh.domain.passports import is_part_of_lines, read_machine_lines
from chotxanh.domain.resemblance import resemblances
from chotxanh.domain.tubes import normalise_tube

LONGEST_SCAN = 20_000
LONGEST_ADDRESS = 4_000
FEWEST_LAYOUT_DIGITS = 6

_AIM_PREFIX = re.compile(r"\A\][A-Za-z][0-9A-Za-z]")
_ENDS = "\t\r\n\x00\x02\x03\x04\x1d\x1e \u00a0\u200b\ufeff"
_CERTIFICATE_ENDS = "\t\r\n\x00\x02\x03\x04\x1d\x1e"  # not the space: in base45 it is data
_NOT_BASE45 = re.compile(r"[^0-9A-Z $%*+\-./:]")
_URL = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20|]+")
_TUBE = re.compile(r"(?=[^0-9]*[0-9])[0-9A-Z][0-9A-Z \x1d\-._/+:$%#&()]{2,39}")
_CODE = re.compile(r"[0-9A-Z $%*+\-./:_#&()]*[0-9][0-9A-Z $%*+\-./:_#&()]*")
_HEX_FIELD = re.compile(r"(?:[A-Z]{2}[0-9]{13}\||[0-9]{10}\|)?[0-9A-Z]*[0-9][0-9A-Z]{5,}\|[0-9]{2}/")
_KIND_OF_TYPE = {
    CodeType.PERSON: "person_code",
    CodeType.APPOINTMENT: "appointment_code",
    CodeType.SLIP: "slip_code",
    CodeType.TUBE: "tube_label",
    CodeType.BADGE: "badge_code",
}


@dataclass(frozen=True)
class Scan:
    """What was scanned: `kind` and field names as in docs/commands.md; warnings are stable codes."""

    kind: str
    fields: dict[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def recognise(text: str, *, today: date | None = None) -> Scan:
    """What `text` is. Never raises; `unknown` when it is nothing known here.

    `today` is for papers that write a year of birth in two digits.
    """
    if len(text) > LONGEST_SCAN:
        return Scan("unknown", {}, ("too_long",))
    cleaned = _cleaned(text)
    for reader in _READERS:
        found = reader(cleaned, today)
        if found is not None:
            return found
    return _without_layout(cleaned, today) or _unknown(cleaned)


def _cleaned(text: str) -> str:
    """Without AIM prefix, and without the control characters and blanks that scanners add at both ends."""
    bare = _AIM_PREFIX.sub("", text.lstrip(_ENDS)).lstrip(_ENDS)
    return bare.rstrip(_CERTIFICATE_ENDS if bare[:4].upper() == "HC1:" else _ENDS)


def _certificate(text: str, _today: date | None) -> Scan | None:
    if text[:4].upper() != "HC1:":
        return None
    is_damaged = _NOT_BASE45.search(text) is not None
    return Scan("certificate", {"certificate": text}, ("input_method_suspected",) if is_damaged else ())


def _retyped(text: str, _today: date | None) -> Scan | None:
    """A Backspace within a scan is an input method at work: what follows it cannot be trusted."""
    return Scan("unknown", {}, ("input_method_suspected",)) if "\b" in text else None


def _url(text: str, _today: date | None) -> Scan | None:
    if len(text) > LONGEST_ADDRESS or not _URL.fullmatch(text):
        return None
    return Scan("url", {"url": text}, () if text.isascii() else ("input_method_suspected",))


def _own(text: str, _today: date | None) -> Scan | None:
    command = codes.parse_command(text)
    if command is not None:
        return Scan("command", {"command": command.value})
    code = codes.parse_code(text)
    if code is not None:
        return Scan(_KIND_OF_TYPE[code.type], {"code": code.value})
    digits = codes.parse_record(text)
    return Scan("record", {"digits": digits}) if digits is not None else None


def _card(text: str, _today: date | None) -> Scan | None:
    card = cards.read_card(text) if "|" in text else None
    return Scan(card.kind, card.fields, tuple(card.warnings)) if card else None


def _passport(text: str, today: date | None) -> Scan | None:
    card = read_machine_lines(text, today=today)
    return Scan(card.kind, card.fields, tuple(card.warnings)) if card else None


def _plate(text: str, _today: date | None) -> Scan | None:
    if len(text) > plates.LONGEST_PLATE:
        return None
    found = plates.readings(text)
    if not found:
        return None
    listed: list[dict[str, object]] = [
        {
            "vehicle_class": reading.vehicle_class.value,
            "plate": reading.plate,
            "province_code": reading.province_code,
        }
        for reading in found
    ]
    fields: dict[str, object] = {"plate_number": text, "plate_norm": found[0].plate, "readings": listed}
    return Scan(
        "plate", fields, ("may_be_tube_barcode",) if text == found[0].plate and text.isascii() else ()
    )


def _tube(text: str, _today: date | None) -> Scan | None:
    barcode = normalise_tube(text)
    if barcode is None or not _TUBE.fullmatch(barcode):
        return None
    return Scan("tube_barcode", {"tube_barcode": barcode}, resemblances(barcode))


_READERS: tuple[Callable[[str, date | None], Scan | None], ...] = (
    _certificate,
    _retyped,
    _url,
    _own,
    _card,
    _passport,
    _plate,
    _tube,
)


def _without_layout(text: str, today: date | None) -> Scan | None:
    """The scan behind the key-for-key layout, when everything fits.

    Where that alone is no proof (a short word, a capital that can stand for two keys), its check character must be.
    """
    keys = keyboard.undo_layout(text)
    if keys is None:
        return None
    is_doubtful = len(re.findall("[0-9]", keys)) < FEWEST_LAYOUT_DIGITS or keyboard.has_shifted_keys(text)
    for reader in (_own,) if is_doubtful else _READERS:
        found = reader(_cleaned(keys), today)
        if found is not None:
            return Scan(found.kind, found.fields, (*found.warnings, "keyboard_layout_undone"))
    return None


def _unknown(text: str) -> Scan:
    if keyboard.shows_layout(text):
        return Scan("unknown", {}, ("keyboard_layout_suspected",))
    if keyboard.shows_input_method(text) and _must_be_ascii(text):
        return Scan("unknown", {}, ("input_method_suspected",))
    is_cut_off = cards.is_part_of_card(text) or is_part_of_lines(text)
    return Scan("unknown", {}, ("scan_cut_off",) if is_cut_off else ())


def _must_be_ascii(text: str) -> bool:
    """Whether `text` can only be a code that was typed with a Vietnamese input method.

    That is one with digits whose words hold no other letters or signs than codes have, and no plain words of a
    language; or the hexadecimal letters of an insurance card.
    """
    bare = keyboard.without_marks(text).upper()
    if "|" in bare:
        return _HEX_FIELD.match(bare) is not None
    words = zip(text.split(" "), bare.split(" "), strict=False)
    changed = [word for typed, word in words if not typed.isascii()]
    return _CODE.fullmatch(bare) is not None and all(re.search("[0-9]", word) for word in changed)
