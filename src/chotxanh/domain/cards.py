"""What the QR codes of identity cards, of the national personal QR and of health insurance cards say.

None of them is signed: they save typing and prove nothing. Dates that cannot be are reported and never produced.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from chotxanh.domain.identity import IdType, Sex, cross_checks, id_type
from chotxanh.domain.keyboard import shows_input_method
from chotxanh.domain.name_damage import is_damaged
from chotxanh.domain.names import fold, normalise_name

CARD_FIELDS = 7
FEWEST_CARD_FIELDS = 5
NATIONAL_QR_FIELDS = 6
INSURANCE_FIELDS = 7  # without the number; newer cards have more, and a dollar sign at the end
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
# Papers write zeros where day and month are not known, or one of them.
_YEAR_KNOWN = re.compile(
    r"(?:00[/.\-]?[0-9]{2}[/.\-]?|[0-9]{2}[/.\-]?00[/.\-]?)((?:19|20)[0-9]{2})|((?:19|20)[0-9]{2})-(?:00-[0-9]{2}|[0-9]{2}-00)"
)
_NOTHING_KNOWN = re.compile(r"^00[/.\-]?00|-00-00$")
_OLD_NUMBER = re.compile(r"[0-9]{9}|[0-9]{12}|")
_INSURANCE_NUMBER = re.compile(r"[A-Z]{2}[0-9]{13}|[0-9]{10}")
# The letters of Vietnamese, decomposed (Icelandic ð for đ is an old habit), and what else names and addresses have.
_LETTERS = "A-Za-zđĐðÐ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
_NAME_SIGNS = re.compile(f"[{_LETTERS} .'\u2019\\-]*")
_ADDRESS_SIGNS = re.compile(
    f"[{_LETTERS} -<>@\\[-`{{-~\u2013\u2019=]*"
)  # no question mark: a letter was lost there
_LAST_OF_INSURANCE = "$"
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_CARD_BEGINNING = re.compile(r"[0-9*]{12}|[A-Z]{2}[0-9]{13}")
_DIGITS_OF_BIRTH = ("0", "1", "2")  # of sex, or of who declared
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
        """Keep a whole date or a year alone, zeros for what is not known; a date that cannot be gives neither."""
        if year := _YEAR.fullmatch(text.removesuffix(_MASKED_DAY)):
            self.fields["birth_year"] = int(year[0])
            return
        if year := _YEAR_KNOWN.fullmatch(text):
            self.fields["birth_year"] = int(year[1] or year[2])
            if not _NOTHING_KNOWN.search(text):
                self.warnings.append("birth_day_uncertain")
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
        """Keep the name; other letters than Vietnamese ones and stray symbols show what happened on the way."""
        name = normalise_name(text)
        self.put("full_name", name)
        if not name or not _is_vietnamese(name, _NAME_SIGNS) or is_damaged(text):
            self.warnings.append("name_unreadable")

    def put_address(self, text: str) -> None:
        """Keep the address, and report one whose letters were changed on the way as those of a name."""
        address = normalise_name(text)
        self.put("address", address)
        if not _is_vietnamese(address, _ADDRESS_SIGNS) or is_damaged(text):
            self.warnings.append("address_unreadable")

    def cross_check(self) -> None:
        """Compare a 12-digit number with sex and year of birth."""
        number, sex, year = (self.fields.get(name) for name in ("id_number", "sex", "birth_year"))
        if isinstance(number, str) and self.fields.get("id_type") == IdType.CITIZEN:
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
            if _has_second_person(parts):
                card.warnings.append("two_scans")
            card.cross_check()
            return card
    return None


def is_part_of_card(text: str) -> bool:
    """Whether a text that is no whole card begins like one, or has a date between the bars as cards have."""
    if "|" not in text:
        return False
    parts = [part.strip(_BLANKS) for part in text.split("|", MOST_FIELDS)]
    is_begun = _CARD_BEGINNING.fullmatch(parts[0]) is not None
    return is_begun or any(_DAY_FIRST.fullmatch(part) or _YEAR_FIRST.fullmatch(part) for part in parts)


def _has_second_person(parts: Sequence[str]) -> bool:
    """Whether a second card follows in the same scan: dates before sexes, or another number with its date."""
    births = [
        place
        for place, (date_like, sex) in enumerate(pairwise(parts))
        if _DATE_LIKE.fullmatch(date_like) and (sex in _DIGITS_OF_BIRTH or _sex_of_word(sex) is not None)
    ]
    numbers = [
        place
        for place in range(1, len(parts) - 3)
        if re.search("[0-9]{12}$", parts[place])
        and _OLD_NUMBER.fullmatch(parts[place + 1])
        and _DATE_LIKE.fullmatch(parts[place + 3])
    ]
    return len(births) > 1 or bool(numbers)


def _is_vietnamese(text: str, signs: re.Pattern[str]) -> bool:
    return signs.fullmatch(unicodedata.normalize("NFD", text)) is not None


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
    card.put_address(parts[5] if len(parts) > 5 else "")
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
    card.put_address(_text_of_hex(parts[3]) or "")
    for name_of_day, text in zip(("valid_from", "valid_to"), parts[5:7], strict=False):
        card.put_day(name_of_day, text)
    if not (_ends_with_dates(parts) if len(parts) <= INSURANCE_FIELDS else parts[-1] == _LAST_OF_INSURANCE):
        card.warnings.append("scan_cut_off")
    return card


def _ends_with_dates(parts: Sequence[str]) -> bool:
    """Whether the short form of an insurance card is whole: its last day, or a dash or nothing where it has none."""
    is_day = _DAY_FIRST.fullmatch(parts[-1]) is not None
    return len(parts) == INSURANCE_FIELDS and (is_day or parts[-1] in ("", "-"))


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
