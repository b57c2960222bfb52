"""What the page of answers shows: the declaration as people read it, to be looked over before it is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chotxanh.declarations.submission import Declaration
from chotxanh.domain.dates import show_birth
from chotxanh.domain.phones import show_phone
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.domain.units import PROVINCE_BY_CODE
from chotxanh.language.texts import text

QUESTIONS = {"symptoms": SYMPTOMS, "exposures": EXPOSURES}


@dataclass(frozen=True)
class Answer:
    """One line to look over: a text, or several items."""

    label: str
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and its answers."""

    title: str
    answers: tuple[Answer, ...]


def answer_sections(declaration: Declaration) -> list[Section]:
    """The answers as people read them, under the headings of the form."""
    person = (
        Answer("declare.full_name", declaration.full_name),
        Answer("declare.birth", show_birth(declaration.birth)),
        Answer("declare.sex", text(f"declare.sex.{declaration.sex}")),
        Answer("declare.phone", show_phone(declaration.phone)),
        Answer("declare.id_number", declaration.id_number or text("declare.not_given")),
    )
    trip = (
        Answer("declare.category", text(f"declare.category.{declaration.category}")),
        Answer("declare.vehicle_class", text(f"declare.vehicle_class.{declaration.vehicle_class}")),
        Answer("declare.plate", declaration.plate or text("declare.not_given")),
        Answer("declare.direction", text(f"declare.direction.{declaration.direction}")),
        Answer("declare.origin", PROVINCE_BY_CODE[declaration.origin].name),
        Answer("declare.destination", PROVINCE_BY_CODE[declaration.destination].name),
        Answer("declare.road", declaration.road or text("declare.road_unknown")),
    )
    health = tuple(_ticked(name, questions, declaration.answers) for name, questions in QUESTIONS.items())
    return [
        Section("declare.person", person),
        Section("declare.trip", trip),
        Section("declare.health", health),
    ]


def _ticked(name: str, questions: Iterable[str], answers: Mapping[str, bool]) -> Answer:
    items = tuple(text(f"declare.answer.{question}") for question in questions if answers.get(question))
    return Answer(f"declare.{name}_answer", items=items or (text(f"declare.{name}_none"),))
