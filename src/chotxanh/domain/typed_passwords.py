"""A password as whoever typed it means it: on another keyboard the same letters are other characters."""

import unicodedata

from chotxanh.domain.problems import Problem
from chotxanh.domain.scan import recognise

# Codes with a check character, and cards of state: no password looks like one.
_SCANNED = {
    *("person_code", "appointment_code", "slip_code", "tube_label", "badge_code", "command", "record"),
    *("identity_card", "national_qr", "insurance_card", "certificate"),
}


def read_password(typed: str) -> str:
    """Return the form in which a password is chosen and checked.

    Raises Problem("password_is_scan") for what a scanner put there: it is no guess, and nobody's choice.
    """
    password = as_on_any_keyboard(typed)
    if recognise(password).kind in _SCANNED:
        raise Problem("password_is_scan")
    return password


def as_on_any_keyboard(typed: str) -> str:
    """Return a password in NFC, with every blank a space (RFC 8265, section 4.2.2: OpaqueString).

    UniKey types a letter whole; Windows' own Vietnamese keyboard, or UniKey's "Unicode tổ hợp", its marks apart. NFKC
    would go on to make different signs one (² and 2), and so a password easier to guess.
    """
    blanks = "".join(" " if unicodedata.category(each) == "Zs" else each for each in typed)
    return unicodedata.normalize("NFC", blanks)
