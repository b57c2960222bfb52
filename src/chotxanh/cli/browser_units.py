"""Writes what a browser needs to find administrative units: the table of them, and the vectors of the search.

The table is an outline, a unit a line, each below what it lies in and a tab further in: its code, a blank, its name
and, behind a tab, what it was called later where that was another name. A scheme's name begins its units. Of a commune,
whose code has five digits, it says by how much that differs from the commune's before: all is a quarter smaller so.
"""

import json
import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from chotxanh.domain.names import fold
from chotxanh.domain.unit_search import read_sought
from chotxanh.domain.units import Level, Scheme, Unit
from chotxanh.units import tables
from chotxanh.units.places import full_name, named

TABLE, VECTORS = "web/shared/src/units/table.txt", "contracts/unit_search.json"
_EVERY = 293  # so many units apart lie those that are sought by their own names
_AS_TYPED = (
    *(
        "brvt",
        "BR-VT",
        "br vt",
        "bà rịa vũng tàu",
        "ba ria - vung tau",
        "hn",
        "sg",
        "TP.HCM",
        "tp hcm",
        "tphcm",
    ),
    *("q1", "Q.10", "q 1", "quan 1", "q. binh thanh, tphcm", "p1 vung tau", "Vũng Tàu, phường 01", "p01 q5"),
    *(
        "p. phu my, brvt",
        "phường phú mỹ tx phú mỹ",
        "brvt p phu my",
        "tx phu my",
        "txphumy",
        "tx. phu my br-vt",
    ),
    *(
        "my xuan phu my",
        "h chau duc",
        "t binh duong",
        "x. phuoc thuan, h. xuyen moc",
        "tt dat do",
        "tt",
        "dk con dao",
    ),
    *(
        "Thị Trấn Năm Căn",
        "thi tran thi tran",
        "dak lak",
        "ĐẮK LẮK",
        "Đăk Lăk",
        "hoà bình",
        "hòa bình",
        "hue",
    ),
    *(
        "thành phố huế",
        "Thành Phố Hồ Chí Minh",
        "hcm q7 tan phu",
        "tan phu",
        "phu",
        "tan",
        "xuan",
        "an",
        "my",
        "p",
    ),
    *(
        "1",
        "01",
        "001",
        "12",
        "phuong 12",
        "xa",
        "phuong",
        "tinh",
        "quan huyen",
        "vinh phu",
        "phu vinh",
        "lai",
    ),
    *(
        "mot",
        "zzzzz",
        "phu my paris",
        "",
        "  ",
        ",.-",
        "🚧",
        "%",
        "\0",
        "123456",
        "a " * 20,
        "a" * 300,
        "øbr-vt",
    ),
    *(
        "l'hoa",
        "cu m'gar",
        "cư m’gar",
        "krong no",
        "ba\u200b ria",
        "BÀ RỊA\u3000VŨNG TÀU",
        "tp.vung tau",
        "tpvt",
    ),
)
_TYPED_ON = (
    *("phường mỹ xuân, phú mỹ", "vung tau brvt", "tp thu duc hcm", "h. xuyen moc", "binh chanh ho chi minh"),
    *("đặc khu côn đảo", "p12 q go vap"),
)


def table_page() -> str:
    """Return every unit that can be found, as the module says."""
    below = defaultdict[tuple[str, str], list[Unit]](list)
    for unit in sorted(tables.sought(), key=lambda each: each.code):
        below[unit.scheme, unit.parent].append(unit)
    before = 0

    def lines(scheme: str, parent: str, depth: int) -> Iterator[str]:
        nonlocal before
        for unit in below[scheme, parent]:
            code = unit.code
            if unit.level is Level.COMMUNE:
                code, before = str(int(unit.code) - before), int(unit.code)
            yield "\t" * depth + f"{code} {unit.name}" + (f"\t{unit.later_named}" if unit.later_named else "")
            yield from lines(scheme, unit.code, depth + 1)

    return "\n".join(line for scheme in Scheme for line in (scheme, *lines(scheme, "", 0)))


def vectors_page() -> str:
    """Return what the search reads and finds for what people type, and the units' full names."""
    read = [{"text": text, "words": read_sought(text)} for text in _AS_TYPED]
    found = [{"text": text, "found": [named(unit) for unit in tables.find(text)]} for text in _typed()]
    names = [{"unit": named(unit), "name": full_name(unit)} for unit in tables.sought()[::_EVERY]]
    parts = (_part("read", read), _part("find", found), _part("full_names", names))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _part(name: str, cases: Sequence[Mapping[str, object]]) -> str:
    """Return a part of the contract, a case a line."""
    return f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]"


def _typed() -> list[str]:
    """Return what is sought: as people write, letter by letter, one or two letters, names in full, bare, turned."""
    typed = [*_AS_TYPED, *"abcdefghijklmnopqrstuvwxyz", "tp", "ph", "hu", "ba", "cm", "qn", "Đà", "Ng"]
    typed += [whole[:end] for whole in _TYPED_ON for end in range(3, len(whole) + 1)]
    draws = random.Random(3)  # noqa: S311 -- the same draws again must be possible
    for unit in tables.sought()[::_EVERY]:
        parts = full_name(unit).split(", ")
        typed += [
            ", ".join(parts),
            fold(" ".join(parts[::-1])),
            unicodedata.normalize("NFD", parts[0]).upper(),
        ]
        words = fold(unit.name).split()
        typed.append(" ".join(word[: draws.randrange(1, 5)] for word in words))  # their beginnings
    return list(dict.fromkeys(typed))
