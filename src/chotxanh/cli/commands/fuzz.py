"""Asks Python and TypeScript the same random and mutated inputs and fails on any disagreement."""

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from chotxanh.cli.progress import say, step
from chotxanh.cli.twins.answers import Answer, answer
from chotxanh.cli.twins.node_side import Twin, built_twin
from chotxanh.cli.twins.questions import Corpus, Question

MOST_SHOWN = 10


@dataclass
class Outcome:
    """What was found so far."""

    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest_ms: dict[str, float] = field(default_factory=lambda: {"python": 0.0, "typescript": 0.0})

    def note(self, question: Question, python: Answer, typescript: Answer) -> None:
        """Count one question with its two answers."""
        rule = str(question["rule"])
        self.asked[rule] += 1
        self.answered[f"{rule}:{_word(python)}"] += 1
        if python != typescript or "raised" in python:
            self.wrong.append(
                json.dumps({"question": question, "python": python, "typescript": typescript}, default=str)
            )

    def time(self, language: str, milliseconds: float) -> None:
        """Remember the slowest answer."""
        self.slowest_ms[language] = max(self.slowest_ms[language], round(milliseconds, 3))


def _word(answered: Answer) -> str:
    """Return what an answer says in one word."""
    return next((str(answered[key]) for key in ("kind", "reason", "state") if answered.get(key)), "ok")


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh fuzz", description=__doc__)
    options.add_argument("--inputs", type=int, default=100_000, help="how many inputs each side gets")
    options.add_argument("--seed", type=int, default=2021, help="the same seed draws the same inputs")
    return options


def run(arguments: list[str]) -> int:
    """Draw, ask both sides, compare; closes with one JSON object and fails on any disagreement."""
    options = parser().parse_args(arguments)
    with built_twin() as twin:
        outcome = compare(twin, Corpus(options.seed), options.inputs)
    for example in outcome.wrong[:MOST_SHOWN]:
        say(example)
    summary = {
        "inputs": sum(outcome.asked.values()),
        "seed": options.seed,
        "by_rule": dict(sorted(outcome.asked.items())),
        "answers": dict(outcome.answered.most_common()),
        "slowest_ms": outcome.slowest_ms,
        "disagreements": len(outcome.wrong),
    }
    say(json.dumps(summary))
    return 1 if outcome.wrong else 0


def compare(twin: Twin, corpus: Corpus, count: int) -> Outcome:
    """Ask both sides `count` questions."""
    outcome = Outcome()
    questions = twin.folder / "questions"
    with step(f"Drawing {count} inputs"):
        _write(questions, corpus, count)
    with step("TypeScript answers"):
        answers = twin.answers(questions)
    with step("Python answers"), questions.open() as asked, answers.open() as answered:
        for line, other in zip(asked, answered, strict=True):
            question, typescript = json.loads(line), json.loads(other)
            began = time.perf_counter()
            python = answer(question)
            outcome.time("python", 1000 * (time.perf_counter() - began))
            outcome.time("typescript", typescript.pop("ms"))
            outcome.note(question, json.loads(json.dumps(python)), typescript)
    return outcome


def _write(file: Path, corpus: Corpus, count: int) -> None:
    with file.open("w", encoding="ascii") as questions:
        for question in corpus.questions(count):
            questions.write(json.dumps(question) + "\n")
