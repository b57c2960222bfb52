"""What the station's field for a tube takes: the barcode as it is kept, and what else it looks like.

`contracts/scan.json` (`tubes`) holds it and `web/station/src/rules/meaning.ts` together.
"""

from typing import NamedTuple

from chotxanh.domain.plain import plain
from chotxanh.domain.problems import Problem
from chotxanh.domain.scan import Scan, recognise

_TUBE_KINDS = {"tube_label": "code", "tube_barcode": "tube_barcode"}
_DAMAGE = frozenset({"input_method_suspected", "keyboard_layout_suspected"})
_PROBLEM_OF_KIND = {
    "person_code": "tube_is_own_code",
    "appointment_code": "tube_is_own_code",
    "slip_code": "tube_is_own_code",
    "badge_code": "tube_is_own_code",
    "record": "tube_is_own_code",
    "command": "tube_is_command",
    "identity_card": "tube_is_identity_card",
    "national_qr": "tube_is_identity_card",
    "insurance_card": "tube_is_insurance_card",
    "certificate": "tube_is_certificate",
    "url": "tube_is_link",
    "plate": "tube_is_plate",
}


class TubeRead(NamedTuple):
    """A tube's barcode as it is kept, with warnings (`may_be_...`) where it looks like something else.

    With a warning it opens no tube until it is scanned once more.
    """

    barcode: str
    warnings: tuple[str, ...] = ()


def read_tube(text: str) -> TubeRead:
    """The tube that `text` names.

    Problems: `tube_missing`, `tube_damaged_by_typing`, `tube_misread`, `tube_not_ascii`, `tube_invalid`, or
    `tube_is_...` for what is certainly something else.
    """
    if not plain(text):
        raise Problem("tube_missing")
    scan = recognise(text)
    if _DAMAGE.intersection(scan.warnings):
        raise Problem("tube_damaged_by_typing")
    if "may_be_damaged_own_code" in scan.warnings:
        raise Problem("tube_misread")
    if scan.kind in _TUBE_KINDS:
        return TubeRead(str(scan.fields[_TUBE_KINDS[scan.kind]]), scan.warnings)
    if _is_compact_plate(scan):
        return TubeRead(str(scan.fields["plate_norm"]), ("may_be_plate",))
    if scan.kind in _PROBLEM_OF_KIND:
        raise Problem(_PROBLEM_OF_KIND[scan.kind])
    raise Problem("tube_is_identity_card") if "scan_cut_off" in scan.warnings else _unknown(text)


def _unknown(text: str) -> Problem:
    foreign = next((letter for letter in text if not letter.isascii() and plain(letter)), None)
    return Problem("tube_invalid") if foreign is None else Problem("tube_not_ascii", character=foreign)


def _is_compact_plate(scan: Scan) -> bool:
    return scan.kind == "plate" and "may_be_tube_barcode" in scan.warnings
