"""Administrative units (đơn vị hành chính): what one is; provinces of 2021 with plate and personal-number codes.

The 34 provinces of 1 July 2025 reuse old two-digit codes with another meaning, so a code is only ever stored
with its scheme. All units of both schemes are in `chotxanh.units`.

Codes: Decision 124/2004/QĐ-TTg of the General Statistics Office as amended to 2021; plates:
Circular 58/2020/TT-BCA, annex 2; personal numbers: Circular 59/2021/TT-BCA, annex 1.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """Whose codes: the statistics office's (NSO) of July 2021, or those since 01/07/2025 (Resolution 202/2025/QH15)."""

    NSO_2021 = "nso-2021"
    NSO_2025 = "nso-2025"


class Level(StrEnum):
    """What a unit is, the widest first. Since 01/07/2025 there are no districts."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


LEVELS_BY_DIGITS = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}
SCHEME = Scheme.NSO_2021.value
CENTRAL_PLATE_CODE = "80"  # agencies of the central government: no province


@dataclass(frozen=True)
class Unit:
    """An administrative unit as the office named it; `code` means nothing without `scheme`.

    `parent` is the code of the one above it in the same scheme, empty for a province. `later_named` is what a unit of
    2021 was called on 01/01/2025 where that was another name; empty too where it was gone by then.
    """

    scheme: str
    code: str
    name: str
    parent: str = ""
    later_named: str = ""

    @property
    def level(self) -> Level:
        """What it is."""
        return LEVELS_BY_DIGITS[len(self.code)]


@dataclass(frozen=True)
class Province(Unit):
    """A province with the plate codes of its vehicles."""

    plate_codes: tuple[str, ...] = ()

    @property
    def id_prefix(self) -> str:
        """The first three digits of a 12-digit personal number."""
        return f"0{self.code}"


def _province(code: str, name: str, *plate_codes: str) -> Province:
    return Province(SCHEME, code, name, plate_codes=plate_codes)


PROVINCES: tuple[Province, ...] = (
    _province("01", "Hà Nội", "29", "30", "31", "32", "33", "40"),
    _province("02", "Hà Giang", "23"),
    _province("04", "Cao Bằng", "11"),
    _province("06", "Bắc Kạn", "97"),
    _province("08", "Tuyên Quang", "22"),
    _province("10", "Lào Cai", "24"),
    _province("11", "Điện Biên", "27"),
    _province("12", "Lai Châu", "25"),
    _province("14", "Sơn La", "26"),
    _province("15", "Yên Bái", "21"),
    _province("17", "Hòa Bình", "28"),
    _province("19", "Thái Nguyên", "20"),
    _province("20", "Lạng Sơn", "12"),
    _province("22", "Quảng Ninh", "14"),
    _province("24", "Bắc Giang", "98"),
    _province("25", "Phú Thọ", "19"),
    _province("26", "Vĩnh Phúc", "88"),
    _province("27", "Bắc Ninh", "99"),
    _province("30", "Hải Dương", "34"),
    _province("31", "Hải Phòng", "15", "16"),
    _province("33", "Hưng Yên", "89"),
    _province("34", "Thái Bình", "17"),
    _province("35", "Hà Nam", "90"),
    _province("36", "Nam Định", "18"),
    _province("37", "Ninh Bình", "35"),
    _province("38", "Thanh Hóa", "36"),
    _province("40", "Nghệ An", "37"),
    _province("42", "Hà Tĩnh", "38"),
    _province("44", "Quảng Bình", "73"),
    _province("45", "Quảng Trị", "74"),
    _province("46", "Thừa Thiên Huế", "75"),
    _province("48", "Đà Nẵng", "43"),
    _province("49", "Quảng Nam", "92"),
    _province("51", "Quảng Ngãi", "76"),
    _province("52", "Bình Định", "77"),
    _province("54", "Phú Yên", "78"),
    _province("56", "Khánh Hòa", "79"),
    _province("58", "Ninh Thuận", "85"),
    _province("60", "Bình Thuận", "86"),
    _province("62", "Kon Tum", "82"),
    _province("64", "Gia Lai", "81"),
    _province("66", "Đắk Lắk", "47"),
    _province("67", "Đắk Nông", "48"),
    _province("68", "Lâm Đồng", "49"),
    _province("70", "Bình Phước", "93"),
    _province("72", "Tây Ninh", "70"),
    _province("74", "Bình Dương", "61"),
    _province("75", "Đồng Nai", "39", "60"),
    _province("77", "Bà Rịa - Vũng Tàu", "72"),
    _province("79", "TP. Hồ Chí Minh", "41", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59"),
    _province("80", "Long An", "62"),
    _province("82", "Tiền Giang", "63"),
    _province("83", "Bến Tre", "71"),
    _province("84", "Trà Vinh", "84"),
    _province("86", "Vĩnh Long", "64"),
    _province("87", "Đồng Tháp", "66"),
    _province("89", "An Giang", "67"),
    _province("91", "Kiên Giang", "68"),
    _province("92", "Cần Thơ", "65"),
    _province("93", "Hậu Giang", "95"),
    _province("94", "Sóc Trăng", "83"),
    _province("95", "Bạc Liêu", "94"),
    _province("96", "Cà Mau", "69"),
)

# The eight districts of Bà Rịa - Vũng Tàu in 2021.
DISTRICTS: tuple[Unit, ...] = (
    Unit(SCHEME, "747", "Thành phố Vũng Tàu", "77"),
    Unit(SCHEME, "748", "Thành phố Bà Rịa", "77"),
    Unit(SCHEME, "750", "Huyện Châu Đức", "77"),
    Unit(SCHEME, "751", "Huyện Xuyên Mộc", "77"),
    Unit(SCHEME, "752", "Huyện Long Điền", "77"),
    Unit(SCHEME, "753", "Huyện Đất Đỏ", "77"),
    Unit(SCHEME, "754", "Thị xã Phú Mỹ", "77"),
    Unit(SCHEME, "755", "Huyện Côn Đảo", "77"),
)

PROVINCE_BY_CODE = {province.code: province for province in PROVINCES}
PROVINCE_BY_PLATE_CODE = {plate: province for province in PROVINCES for plate in province.plate_codes}
PROVINCE_BY_ID_PREFIX = {province.id_prefix: province for province in PROVINCES}
