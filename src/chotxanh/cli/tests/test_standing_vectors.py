"""`contracts/standing.json`: what stands for people, written by hand from the field rules."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from chotxanh.cli.commands.stands import answer
from chotxanh.cli.paths import CONTRACTS

Case = dict[str, Any]
CHAPTERS = json.loads((CONTRACTS / "standing.json").read_text(encoding="utf-8"))["chapters"]
SOURCE = re.compile(r"(field rule|finding) A[1-9]|(section|wall) [0-9]+")
CASES = [case for chapter in CHAPTERS for case in chapter["cases"]]


def standing(case: Case, asked: Case, events: list[Any]) -> Any:
    """What the rules answer, in the form of the vectors: times as moments, whatever their offset."""
    question = {"person": asked["person"], "at": asked["at"], "rules": case["rules"], "events": events}
    return moments(answer(json.dumps(question).encode()))


def moments(said: Any) -> Case:
    papers = [
        {**paper, "valid_until": datetime.fromisoformat(paper["valid_until"])}
        for paper in said["certificates"]
    ]
    return {"state": said["state"], "certificates": papers, "order": said["order"]}


def sentences(node: Any) -> Iterator[Case]:
    """Every pair of a Vietnamese and an English sentence."""
    if isinstance(node, dict) and "vi" in node:
        yield node
    elif isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from sentences(each)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"]["en"])
def test_what_stands_is_as_written(case: Case) -> None:
    for asked in case["asked"]:
        told = f"{asked['person']} at {asked['at']}"
        assert (told, standing(case, asked, case["events"])) == (told, moments(asked))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"]["en"])
def test_neither_order_nor_repetition_matters(case: Case) -> None:
    for asked in case["asked"]:
        assert standing(case, asked, case["events"][::-1] * 2) == standing(case, asked, case["events"])


def test_every_case_has_its_own_name_its_sources_and_both_languages() -> None:
    names = [case["name"]["vi"] for case in CASES]
    assert len(names) == len(set(names))
    for pair in sentences(CHAPTERS):
        assert list(pair) == ["vi", "en"]
        assert all(pair.values())
    assert all(SOURCE.fullmatch(source) for case in CASES for source in case["sources"] or ["none"])
