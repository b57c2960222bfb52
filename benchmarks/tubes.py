"""What a station writes of a tube: the facts of its closing and of its results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where tubes are taken: the facility that answers for them, and the site."""

    facility: str
    site: str


@dataclass(frozen=True)
class At:
    """Where and for which test tubes are closed: pools are RT-PCR's (field rule A6)."""

    facility: str
    post: str
    test: str


def collection_facts(place: At, barcode: str, codes: Sequence[str]) -> dict[str, Any]:
    """Return the facts of a tube closed with the swabs of these people."""
    return {
        "facility": place.facility,
        "post": place.post,
        "tube": barcode,
        "pool_kind": "pool_at_collection" if len(codes) > 1 else "single",
        "specimen_type": "nasopharyngeal",
        "test": place.test,
        "members": [_member(code) for code in codes],
    }


def _member(code: str) -> dict[str, Any]:
    """One person of whom the officer scanned the code alone."""
    return {"person_code": code, "registration": None, "category": "goods_driver", "identity_seen": "no"}


def result_facts(facility: str, test: str, barcode: str, value: str) -> dict[str, Any]:
    """Return the facts of a tube's first result."""
    return {"facility": facility, "tube": barcode, "test": test, "value": value}
