"""What both languages are asked, by a seed: scans, codes, names, certificates, units, and what stands for people."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chotxanh.cli.paths import CONTRACTS
from chotxanh.cli.twins import certificates, histories, texts
from chotxanh.domain.codes import CodeType, group, new_code
from chotxanh.domain.names import fold
from chotxanh.domain.units import PROVINCES, Unit
from chotxanh.units import tables
from chotxanh.units.places import full_name

Question = Mapping[str, Any]

RULES = (
    *("scan", "scan", "scan", "scan", "code", "fold", "certificate", "certificate", "standing", "standing"),
    "units",
)
TODAY = "2021-07-25"  # for papers that write a year of birth in two digits
PLATE_SERIES = ("A", "C", "B1", "H2", "AA", "LD", "R", "MĐ1", "TĐ", "NG", "W", "")


@dataclass(frozen=True)
class Corpus:
    """The golden vectors that inputs are made from."""

    seed: int

    @cached_property
    def certificates(self) -> list[Question]:
        """Certificates with signer and time."""
        cases: list[Question] = _contract("certificates")["cases"]
        return cases

    @cached_property
    def units(self) -> list[Unit]:
        """Every administrative unit that can be found."""
        return tables.sought()

    @cached_property
    def texts(self) -> list[str]:
        """Everything scanned, typed or named in the contracts."""
        names, codes = _contract("names"), _contract("codes")
        found = [case["text"] for case in _contract("scan")["cases"]]
        found += [case["text"] for part in ("fold", "normalise", "damaged") for case in names[part]]
        return found + [case["text"] for case in codes["parse"]]

    def questions(self, count: int) -> Iterator[Question]:
        """`count` questions, the same for the same seed."""
        source = random.Random(self.seed)  # noqa: S311 -- the same draws again must be possible
        for number in range(count):
            rule = source.choice(RULES)
            yield {"number": number, "rule": rule, **self._of(rule, source)}

    def _of(self, rule: str, source: random.Random) -> Question:
        if rule == "certificate":
            return self._of_certificate(source)
        if rule == "units":
            return {"text": self._unit(source)}
        return histories.drawn(source) if rule == "standing" else {"text": self._text(source), "today": TODAY}

    def _text(self, source: random.Random) -> str:
        kind = source.randrange(5)
        if kind == 0:
            return texts.drawn(source)
        if kind == 1:
            code = new_code(CodeType(source.choice("BPHST")), source.randbytes(16))
            return texts.mutated(group(code) if source.random() < 0.2 else code, source)
        if kind == 2:
            return texts.mutated(_plate(source), source)
        return texts.mutated(source.choice(self.texts), source)

    def _unit(self, source: random.Random) -> str:
        """A unit with those above it, or the beginning of that, with what people and bad luck make of it."""
        name = full_name(source.choice(self.units))
        if source.random() < 0.5:
            name = " ".join(fold(name).split()[: source.randrange(1, 6)])
        return texts.mutated(name, source)

    def _of_certificate(self, source: random.Random) -> Question:
        case = source.choice(self.certificates)
        return {
            "text": certificates.mutated(case["text"], source),
            "at": case["at"],
            "signer": case["signer"],
        }


def signers() -> dict[str, str]:
    """The signers of the contract: base64 DER by name."""
    found: dict[str, str] = _contract("certificates")["signers"]
    return found


def _plate(source: random.Random) -> str:
    province = source.choice(source.choice(PROVINCES).plate_codes)
    digits = "".join(source.choices("0123456789", k=source.choice((4, 5, 5))))
    return f"{province}{source.choice(('', '-'))}{source.choice(PLATE_SERIES)}{source.choice(('', '-', ' '))}{digits}"


def _contract(name: str) -> Any:
    return json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))
