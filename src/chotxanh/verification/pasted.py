"""What a person pasted, or a keyboard scanner typed, into the verify page: a certificate's text or a clear problem."""

import re

from chotxanh.domain.plain import plain, without_unseen
from chotxanh.domain.problems import Problem
from chotxanh.domain.scan import Scan, recognise

PREFIX = "HC1:"
LONGEST_TEXT = 4296  # characters that a QR code holds at most in alphanumeric mode

_AIM_PREFIX = re.compile(r"\A\][A-Za-z][0-9A-Za-z]")
_CONTROLS = "".join(map(chr, range(0x20))) + "\x7f\x85\u2028\u2029\xa0"
_LINE_ENDS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_PROBLEM_OF_KIND = {
    "person_code": "certificate_is_own_code",
    "appointment_code": "certificate_is_own_code",
    "slip_code": "certificate_is_own_code",
    "badge_code": "certificate_is_own_code",
    "tube_label": "certificate_is_own_code",
    "record": "certificate_is_own_code",
    "command": "certificate_is_own_code",
    "identity_card": "certificate_is_identity_card",
    "national_qr": "certificate_is_identity_card",
    "insurance_card": "certificate_is_insurance_card",
    "url": "certificate_is_link",
}
# What a scan of nothing in particular still tells of it.
_PROBLEM_OF_WARNING = {
    "input_method_suspected": "certificate_damaged_by_typing",
    "keyboard_layout_suspected": "certificate_damaged_by_typing",
    "may_be_insurance_number": "certificate_is_insurance_card",
    "may_be_id_number": "certificate_is_identity_card",
    "scan_cut_off": "certificate_is_identity_card",
}


def certificate_text(pasted: str) -> str:
    """The certificate's text as scanned, without what copying, wrapping and scanners add.

    None of what is taken out is in base45 (RFC 9285 has no line ends), and the signature judges what is left. A damaged
    text is refused and never repaired: a guess could turn one certificate into another. Problems:
    `certificate_missing`, `certificate_too_long`, `certificate_damaged_by_typing`, `certificate_unreadable`, and
    `certificate_is_...` for what is certainly something else.
    """
    seen = without_unseen(pasted)
    if not plain(seen):
        raise Problem("certificate_missing")
    text = _bare(seen)
    if text.startswith(PREFIX):
        text = _LINE_ENDS.sub("", text).replace("\xa0", " ")
    if len(text) > LONGEST_TEXT:
        raise Problem("certificate_too_long", longest=LONGEST_TEXT)
    scan = recognise(text)
    if scan.kind == "certificate" and not scan.warnings:
        return text
    raise Problem(_problem_of(scan))


def _bare(text: str) -> str:
    """Without controls, blanks before it and an AIM prefix; a space behind it may be data."""
    begun = _AIM_PREFIX.sub("", text.lstrip(f"{_CONTROLS} "))
    return begun.lstrip(f"{_CONTROLS} ").rstrip(_CONTROLS)


def _problem_of(scan: Scan) -> str:
    if scan.kind == "certificate":
        return "certificate_damaged_by_typing"
    if scan.kind in _PROBLEM_OF_KIND:
        return _PROBLEM_OF_KIND[scan.kind]
    told = [problem for warning, problem in _PROBLEM_OF_WARNING.items() if warning in scan.warnings]
    return told[0] if told else "certificate_unreadable"
