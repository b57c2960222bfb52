"""What the QR codes of identity cards, of the national personal QR and of health insurance cards say.

None of them is signed: they save typing and prove nothing. Dates that cannot be are reported and never produced.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from chotxanh.domain.identity import IdType, Sex, cross_checks, id_type
from chotxanh.domain.keyboard import shows_input_method
from chotxanh.domain.names import fold, normalise_name

CARD_FIELDS = 7
FEWEST_CARD_FIELDS = 5
NATIONAL_QR_FIELDS = 6
MOST_FIELDS = 40
LONGEST_FIELD = 300

_BLANKS = " \t\r\n\u00a0"  # spelt out: white space differs between Python and JavaScript
_DAY_FIRST = re.compile(r"([0-9]{2})[/.\-]?([0-9]{2})[/.\-]?([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DATE_LIKE = re.compile(
    r"[0-9]{2}[/.\-]?[0-9]{2}[/.\-]?[0-9]{4}|[0-9]{4}(?:-(?:[0-9]{2}-[0-9]{2}|\*\*-\*\*))?"
)
_MASKED_DAY = "-**-**"
_OLD_NUMBER = re.compile(r"[0-9]{9}|[0-9]{12}|")
_INSURANCE_NUMBER = re.compile(r"[A-Z]{2}[0-9]{13}|[0-9]{10}")
_LOST_LETTER = re.compile("[0-9?\u0080-\u00b6\u00b8-\u00bf\ufffd]")  # symbols come of UTF-8 read as Latin-1
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_SEX_OF_DIGIT = {"1": Sex.MALE, "2": Sex.FEMALE}
_SEX_OF_WORD = {"nam": Sex.MALE, "nu": Sex.FEMALE}


@dataclass
class Card:
    """What was read so far: fields by the glossary's names and warnings as stable codes."""

    kind: str
    fields: dict[str, object] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def put(self, name: str, value: str) -> None:
        """Keep a text that is not empty."""
        if value := value.strip(_BLANKS):
            self.fields[name] = value[:LONGEST_FIELD]

    def put_birth(self, text: str) -> None:
        """Keep a whole date or a year alone; a date that cannot be gives neither."""
        if year := _YEAR.fullmatch(text.removesuffix(_MASKED_DAY)):
            self.fields["birth_year"] = int(year[0])
            return
        day = _date(text)
        if day is None:
            self.warnings.append("birth_date_unreadable")
            return
        self.fields |= {"birth_date": day.isoformat(), "birth_year": day.year}
        if (day.day, day.month) == (1, 1):
            self.warnings.append("birth_day_uncertain")

    def put_day(self, name: str, text: str) -> None:
        """Keep another date; one that is there and cannot be is reported."""
        day = _date(text)
        if day is not None:
            self.fields[name] = day.isoformat()
        elif re.search("[0-9]", text):
            self.warnings.append(f"{name}_unreadable")

    def put_name(self, text: str) -> None:
        """Keep the name; question marks and stray symbols show letters that were lost on the way."""
        name = normalise_name(text)
        self.put("full_name", name)
        if not name or _LOST_LETTER.search(name):
            self.warnings.append("name_unreadable")

    def cross_check(self) -> None:
        """Compare a 12-digit number with sex and year of birth."""
        number, sex, year = (self.fields.get(name) for name in ("id_number", "sex", "birth_year"))
        if isinstance(number, str):
            known_sex = sex if isinstance(sex, str) else None
            self.warnings += cross_checks(
                number, sex=known_sex, birth_year=year if isinstance(year, int) else None
            )


def read_card(text: str) -> Card | None:
    """The card whose QR holds `text`, None when it is none of the three."""
    parts = [part.strip(_BLANKS) for part in text.split("|", MOST_FIELDS)]
    for read in (_identity_card, _insurance_card, _national_qr):
        card = read(parts)
        if card is not None:
            card.cross_check()
            return card
    return None


def _identity_card(parts: Sequence[str]) -> Card | None:
    """Chip card of 2021 and card of 2024: number, old number, name, birth, sex, address, issued.

    A newer card goes on with further fields (parents): they are discarded unread. Some scanners lose the end.
    """
    if len(parts) < FEWEST_CARD_FIELDS or id_type(parts[0]) is not IdType.CITIZEN:
        return None
    lacks_old_number = not _OLD_NUMBER.fullmatch(parts[1]) and _DATE_LIKE.fullmatch(parts[2])
    if lacks_old_number and _sex_of_word(parts[3]) is not None:
        parts = [parts[0], "", *parts[1:]]
    if not _OLD_NUMBER.fullmatch(parts[1]) or not _DATE_LIKE.fullmatch(parts[3]):
        return None
    card = Card("identity_card", {"id_number": parts[0], "id_type": IdType.CITIZEN.value})
    card.put("old_id_number", parts[1])
    card.put_name(parts[2])
    card.put_birth(parts[3])
    sex = _sex_of_word(parts[4])
    if sex is not None:
        card.fields["sex"] = sex.value
    else:
        card.warnings.append("sex_unreadable")
    card.put("address", normalise_name(parts[5]) if len(parts) > 5 else "")
    if len(parts) < CARD_FIELDS:
        card.warnings.append("scan_cut_off")
    else:
        card.put_day("issued_on", parts[6])
    if f"{parts[2]}{card.fields.get('address', '')}".isascii():
        card.warnings.append("accents_missing")
    return card


def _national_qr(parts: Sequence[str]) -> Card | None:
    """Decision 1405/QĐ-BTTTT, version 1.1: number, name in capitals, birth, who declared, QID, extension.

    Apps cover the first six characters of the number, and day and month, until their owner shows them. The name has
    no marks: one that has was changed by an input method.
    """
    if not NATIONAL_QR_FIELDS - 1 <= len(parts) <= NATIONAL_QR_FIELDS or parts[3] not in ("0", "1"):
        return None
    number, name, birth, declared_by, qid = parts[:5]
    if not name or not _DATE_LIKE.fullmatch(birth):
        return None
    card = Card("national_qr")
    if "*" in number:
        card.warnings.append("id_number_masked")
    elif number:
        card.fields |= {"id_number": number[:LONGEST_FIELD], "id_type": id_type(number).value}
    card.put_name(name)
    if shows_input_method(name):
        card.warnings.append("input_method_suspected")
    card.put_birth(birth)
    card.fields["declared_by_proxy"] = declared_by == "1"
    card.put("qid", qid)
    if len(parts) == NATIONAL_QR_FIELDS:
        _extension(card, parts[5].split("<", 10))
    return card


def _extension(card: Card, parts: Sequence[str]) -> None:
    """Proxy's QID, sex (QCVN 109:2017), insurance number, phone, each by its place and each optional."""
    proxy, sex, insurance, phone, *_ = [*parts, "", "", "", ""]
    card.put("proxy_qid", proxy)
    if sex in _SEX_OF_DIGIT:
        card.fields["sex"] = _SEX_OF_DIGIT[sex].value
    if insurance.strip("0"):
        card.put("insurance_number", insurance)
    if re.fullmatch(r"\+?[0-9]{9,15}", phone):
        card.fields["phone"] = phone


def _insurance_card(parts: Sequence[str]) -> Card | None:
    """Health insurance card: texts are hexadecimal UTF-8, so that scanners that are keyboards do not harm them."""
    number = parts[0].upper()
    if _INSURANCE_NUMBER.fullmatch(number):
        parts = parts[1:]
    else:
        number = ""
    if len(parts) < 4 or parts[2] not in _SEX_OF_DIGIT or not _DATE_LIKE.fullmatch(parts[1]):
        return None
    name = _text_of_hex(parts[0])
    if not name and not number:
        return None
    card = Card("insurance_card")
    card.put("insurance_number", number)
    card.put_name(name or "")
    if shows_input_method(parts[0] + parts[3]):
        card.warnings.append("input_method_suspected")
    card.put_birth(parts[1])
    card.fields["sex"] = _SEX_OF_DIGIT[parts[2]].value
    card.put("address", normalise_name(_text_of_hex(parts[3]) or ""))
    for name_of_day, text in zip(("valid_from", "valid_to"), parts[5:7], strict=False):
        card.put_day(name_of_day, text)
    return card


def _text_of_hex(text: str) -> str | None:
    if len(text) > 4 * LONGEST_FIELD or not _HEX.fullmatch(text):
        return None
    try:
        return bytes.fromhex(text).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _sex_of_word(text: str) -> Sex | None:
    return _SEX_OF_WORD.get(fold(text[:10]))


def _date(text: str) -> date | None:
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    else:
        return None
    if not _YEAR.fullmatch(year):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
