"""`./chotxanh fuzz`: both languages are asked the same, and a disagreement fails."""

import json

import pytest

from chotxanh.cli import __main__ as command_line
from chotxanh.cli.commands import fuzz
from chotxanh.cli.twins.answers import answer
from chotxanh.cli.twins.questions import RULES, Corpus

pytestmark = pytest.mark.slow


def test_the_same_seed_asks_the_same_and_every_rule() -> None:
    asked = list(Corpus(7).questions(200))
    assert asked == list(Corpus(7).questions(200))
    assert asked != list(Corpus(8).questions(200))
    assert {question["rule"] for question in asked} == set(RULES)


def test_python_raises_on_none_of_them() -> None:
    raised = [question for question in Corpus(9).questions(3_000) if "raised" in answer(question)]
    assert raised == []


def test_both_languages_agree(capsys: pytest.CaptureFixture[str]) -> None:
    status = command_line.main(["fuzz", "--inputs", "2000", "--seed", "11"])
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (status, summary["inputs"], summary["disagreements"]) == (0, 2_000, 0)


def test_one_disagreement_is_shown_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz, "answer", lambda question: {"kind": "another"})
    assert command_line.main(["fuzz", "--inputs", "20"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert json.loads(lines[-1])["disagreements"] == 20
    assert json.loads(lines[-2])["python"] == {"kind": "another"}
