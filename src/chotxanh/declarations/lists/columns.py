"""The columns of a sheet of people who declare: which field of the form each fills, and how its words become answers.

`ASKED` is the one table: what the form asks more, or otherwise, changes a line here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeAlias

from django.conf import settings

from chotxanh.declarations.choices import (
    CATEGORIES,
    DIRECTIONS,
    NONE_OF_THESE,
    ROAD_UNKNOWN,
    SEXES,
    VEHICLE_CLASSES,
)
from chotxanh.domain.names import fold, sort_key
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.domain.units import Unit
from chotxanh.language.texts import LANGUAGES, catalogue, current_language, text
from chotxanh.registers.posts.roads import road_codes
from chotxanh.sheets.columns import Column, Sort
from chotxanh.units.places import unit_named
from chotxanh.units.tables import provinces

Answers: TypeAlias = Mapping[str, str]  # what the form takes, by each way to write it, folded
_BETWEEN = re.compile(r"[;\n]")
_COMMA = re.compile(r",\s*")


@dataclass(frozen=True)
class Asked:
    """One column: the field of the form, how it is written, and of a choice what each answer is called.

    `words` gives the words of the options in a language with their answers; without it the form reads what was written,
    and `offered` names only what may stand there, among other things.
    """

    field: str
    sort: Sort = Sort.TEXT
    words: Callable[[str, Sequence[str]], Answers] | None = None
    offered: Callable[[], Sequence[str]] | None = None
    takes_several: bool = False
    is_needed: bool = True
    width: int = 18

    def column(self, roads: Sequence[str]) -> Column:
        """The column as the reader of a sheet and the writer of the template need it."""
        heading = f"lists.column.{self.field}"
        return Column(
            self.field,
            text(heading),
            tuple(catalogue()[heading][language] for language in LANGUAGES),
            hint=text(f"lists.hint.{self.field}"),
            sort=self.sort,
            options=self._options(roads),
            is_open=self.takes_several or self.offered is not None,
            is_needed=self.is_needed,
            width=self.width,
        )

    def _options(self, roads: Sequence[str]) -> tuple[str, ...]:
        if self.words is not None:
            return tuple(self.words(current_language(), roads))
        return tuple(self.offered()) if self.offered is not None else ()

    def answer(self, written: str, roads: Sequence[str]) -> str | list[str]:
        """Return what the form takes for what a cell says. Raises Problem: `cell_none_unsaid`, `cell_not_offered`."""
        if self.takes_several and not written:
            raise Problem("cell_none_unsaid")
        if self.words is None or not written:
            return written
        known = _folded(self, tuple(roads))
        if self.takes_several:
            return list(dict.fromkeys(known[part] for part in _parts(written, known)))
        answer = known.get(fold(written))
        if answer is None:
            raise Problem("cell_not_offered")
        return answer


def _choice(field: str, codes: Sequence[str]) -> Callable[[str, Sequence[str]], Answers]:
    def words(language: str, _roads: Sequence[str]) -> Answers:
        return {catalogue()[f"declare.{field}.{code}"][language]: code for code in codes}

    return words


def _provinces() -> list[str]:
    """Name the provinces, in the alphabet of their names; places within them may be written too."""
    names = [_without_word(each) for each in provinces(settings.PROVINCE.partition(":")[0])]
    return sorted(names, key=lambda name: tuple(sort_key(word) for word in name.split()))


def _without_word(province: Unit) -> str:
    return province.name.removeprefix("Tỉnh ")


def _roads(language: str, roads: Sequence[str]) -> Answers:
    return {catalogue()["declare.road_unknown"][language]: ROAD_UNKNOWN, **{road: road for road in roads}}


def _questions(group: str, questions: Sequence[str]) -> Callable[[str, Sequence[str]], Answers]:
    def words(language: str, _roads: Sequence[str]) -> Answers:
        told = {catalogue()[f"declare.answer.{each}"][language]: each for each in questions}
        none = (catalogue()["lists.none"][language], catalogue()[f"declare.{group}_none"][language])
        return {none[0]: NONE_OF_THESE, **told, none[1]: NONE_OF_THESE}

    return words


ASKED = (
    Asked("full_name", width=28),
    Asked("birth", width=14),
    Asked("sex", words=_choice("sex", SEXES), width=10),
    Asked("phone", Sort.PHONE, width=16),
    Asked("id_number", Sort.ID_NUMBER, is_needed=False, width=18),
    Asked("category", words=_choice("category", CATEGORIES), width=26),
    Asked("vehicle_class", words=_choice("vehicle_class", VEHICLE_CLASSES), width=14),
    Asked("plate", width=22),
    Asked("direction", words=_choice("direction", DIRECTIONS), width=18),
    Asked("origin", offered=_provinces, width=26),
    Asked("destination", offered=_provinces, width=26),
    Asked("road", words=_roads, is_needed=False, width=14),
    Asked("symptoms", words=_questions("symptoms", SYMPTOMS), takes_several=True, width=28),
    Asked("exposures", words=_questions("exposures", EXPOSURES), takes_several=True, width=28),
)


@cache
def _folded(asked: Asked, roads: tuple[str, ...]) -> Answers:
    assert asked.words is not None
    return {fold(word): code for each in LANGUAGES for word, code in asked.words(each, roads).items()}


def _parts(written: str, known: Answers) -> list[str]:
    """Part what names several answers: by semicolons and lines, or by the commas that some of them have within.

    Raises Problem("cell_not_offered") for what names none.
    """
    found: list[str] = []
    for part in filter(None, map(str.strip, _BETWEEN.split(written))):
        pieces = _COMMA.split(part)
        while pieces:
            longest = next(
                (n for n in range(len(pieces), 0, -1) if fold(", ".join(pieces[:n])) in known), None
            )
            if longest is None:
                raise Problem("cell_not_offered")
            found.append(fold(", ".join(pieces[:longest])))
            pieces = pieces[longest:]
    return found


HOME, AWAY = "the province", "another province"
_AWAY = ("Thành phố Hồ Chí Minh", "Đồng Nai")  # the first that is not the province itself
_EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "full_name": "Nguyễn Thị Hồng Gấm",
        "birth": "05/03/1990",
        "sex": "female",
        "phone": "0912 345 678",
        "id_number": "077190012345",
        "category": "goods_driver",
        "vehicle_class": "truck",
        "plate": "72C-123.45 / 72R-000.11",
        "direction": "in",
        "origin": AWAY,
        "destination": HOME,
        "road": ROAD_UNKNOWN,
        "symptoms": NONE_OF_THESE,
        "exposures": NONE_OF_THESE,
    },
    {
        "full_name": "Y Bhăm Niê Kdăm",
        "birth": "1966",
        "sex": "male",
        "phone": "0377 000 999",
        "category": "coach_passenger",
        "vehicle_class": "coach",
        "plate": "51B-222.33",
        "direction": "out",
        "origin": HOME,
        "destination": AWAY,
        "symptoms": "fever;cough",
        "exposures": NONE_OF_THESE,
    },
)


def examples_at(now: datetime) -> list[list[str]]:
    """Return rows as they are to be filled in, in the reader's language (at `now`, UTC)."""
    roads = road_codes(now)
    return [[_shown(asked, example.get(asked.field, ""), roads) for asked in ASKED] for example in _EXAMPLES]


def _shown(asked: Asked, answer: str, roads: Sequence[str]) -> str:
    if answer in (HOME, AWAY):
        home = unit_named(settings.PROVINCE)
        assert home is not None
        return _without_word(home) if answer == HOME else next(each for each in _AWAY if each != home.name)
    if asked.words is None or not answer:
        return answer
    words = asked.words(current_language(), roads)
    by_answer = {code: word for word, code in reversed(list(words.items()))}
    return "; ".join(by_answer[each] for each in answer.split(";"))
