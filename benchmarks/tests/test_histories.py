"""The two opinions on short histories: they agree, they share nothing, and a fault in the rules is seen."""

import ast
import itertools
import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.faults import histories
from benchmarks.faults.histories import translating
from benchmarks.faults.histories.alphabet import COLLECTIONS, PEOPLE, alphabet_of
from benchmarks.faults.histories.enumerating import classes, history_of, plain_count
from benchmarks.faults.histories.oracle import Act
from benchmarks.faults.histories.run import Task, carry_out, run
from chotxanh.domain.standing import person
from chotxanh.domain.standing.acts import Method
from chotxanh.domain.standing.rules import JULY_2021, Ending
from chotxanh.domain.standing.runs import Run

RAPID_LIFTS = replace(
    JULY_2021, screening_ends=(*JULY_2021.screening_ends, Ending(Method.AG_RAPID, is_lifted=True))
)
NOTHING_LIFTS = replace(JULY_2021, screening_ends=())
OF_ONE_PERSON = Task(collection=0, most=2)
ALIKE = next(place for place in range(len(COLLECTIONS)) if alphabet_of(place).swapped)


def options(*, most: int, drawn: int, workers: int = 1) -> Namespace:
    return Namespace(name="histories", most=most, drawn=drawn, rounds=1, seed=2021, workers=workers)


def renamed(act: Act) -> Act:
    """The same with the people's names changed, where the acts name one person alone."""
    if act[0] == "withdrawn":
        return ("withdrawn", renamed(act[1]))
    return ("closed", PEOPLE[1 - PEOPLE.index(act[1])], *act[2:]) if act[0] == "closed" else act


def test_no_false_green_and_no_wrong_red_in_a_sample_of_histories(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(options(most=2, drawn=4000, workers=2)) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert (outcome["false_greens"], outcome["wrong_reds"], outcome["other_differences"]) == (0, 0, 0)
    assert outcome["histories"] > outcome["classes"] > 40_000
    assert outcome["drawn"] == 4000


def test_a_rapid_negative_that_lifts_is_seen_as_false_greens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translating, "JULY_2021", RAPID_LIFTS)
    found = carry_out("planted", [OF_ONE_PERSON], workers=1)
    assert found.false_greens > 0
    assert any("screening_positive" in sentence for sentence in found.told)


def test_a_positive_that_nothing_lifts_is_seen_as_wrong_reds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translating, "JULY_2021", NOTHING_LIFTS)
    found = carry_out("planted", [Task(collection=1, most=2)], workers=1)
    assert (found.false_greens, found.wrong_reds > 0) == (0, True)


def test_a_contact_who_is_not_seen_is_reported_and_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(person, "contacts_from", lambda *_: ())
    assert run(options(most=0, drawn=2000)) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["false_greens"] > 0
    assert "the rules say" in said.err


def test_a_state_alone_that_differs_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "asks_again", property(lambda _: False))
    found = carry_out("planted", [Task(collection=0, most=1)], workers=1)
    assert (found.false_greens, found.wrong_reds, found.others > 0) == (0, 0, True)


def test_the_oracle_shares_no_code_with_the_rules() -> None:
    for name in ("oracle.py", "tubes_read_twice.py"):
        tree = ast.parse((Path(histories.__file__).parent / name).read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {
            each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names
        }
        assert not [module for module in imported if str(module).startswith("chotxanh")]


@pytest.mark.parametrize("place", [0, ALIKE])
def test_every_order_and_naming_of_two_acts_has_exactly_one_class(place: int) -> None:
    found = [frozenset(each) for each in classes(place, 2)]
    assert len(found) == len(set(found))
    alphabet = alphabet_of(place)
    is_alike = alphabet.swapped is not None
    for word in itertools.product(range(len(alphabet.letters)), repeat=2):
        history = frozenset(history_of(alphabet, word))
        names = {history, frozenset(renamed(act) for act in history)} if is_alike else {history}
        assert not history or len(names & set(found)) == 1


def test_the_plain_histories_are_counted_as_words_of_every_alphabet() -> None:
    assert plain_count(0) == 2 * len(COLLECTIONS) * 2 - 2 * sum(
        1 for each in COLLECTIONS if each[0][0] == each[1][0] == PEOPLE
    )
