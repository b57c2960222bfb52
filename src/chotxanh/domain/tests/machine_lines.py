"""Writes the machine-readable lines of papers (ICAO 9303-4 and -5), as an issuer would."""

from chotxanh.domain.passports import check_digit


def passport(
    *, state: str, number: str, birth: str, expiry: str = "310101", sex: str = "M", name: str = "AN<<BINH"
) -> str:
    """Two lines of 44 characters."""
    first = f"P<{state}{name}".ljust(44, "<")
    second = f"{_checked(number.ljust(9, '<'))}{state}{_checked(birth)}{sex}{_checked(expiry)}{'<' * 14}<"
    return f"{first}\n{second}{check_digit(second[0:10] + second[13:20] + second[21:43])}"


def identity_card(
    *, state: str, number: str, birth: str, beside: str = "", expiry: str = "310101", sex: str = "M"
) -> str:
    """Three lines of 30 characters; a number longer than nine goes on in the optional field."""
    if len(number) > 9:
        number, beside = f"{number[:9]}<", f"{number[9:]}{check_digit(number)}<"
    else:
        number = _checked(number.ljust(9, "<"))
    first = f"ID{state}{number}{beside.ljust(15, '<')}"
    second = f"{_checked(birth)}{sex}{_checked(expiry)}{state}{'<' * 11}"
    composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    return f"{first}\n{second}{check_digit(composite)}\n{'AN<<BINH'.ljust(30, '<')}"


def _checked(text: str) -> str:
    return text + check_digit(text)
