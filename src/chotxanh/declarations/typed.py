"""What stands in a declaration while it is typed: the form of whoever declares, and of each who goes along."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chotxanh.declarations.forms import DeclarationForm, JourneyForm
from chotxanh.declarations.person_forms import CompanionForm, companion_prefix
from chotxanh.declarations.submission import Companion
from chotxanh.language.formats import VIETNAM
from chotxanh.registers.posts.roads import road_codes

MOST_ALONG = 9  # ten people in one go


@dataclass
class Typed:
    """A declaration as it was typed (`data`, read at `now` in UTC).

    Somebody new is asked who they are, and may declare for others; whose page it is declares a journey alone.
    """

    now: datetime
    data: Mapping[str, Any]
    is_known: bool
    is_read: bool = True
    form: JourneyForm = field(init=False)
    companions: dict[int, CompanionForm] = field(init=False)

    def __post_init__(self) -> None:
        """Read the forms."""
        read = form_of(self.now, self.data or None, is_known=self.is_known)
        if not self.is_read and self.data:
            read = form_of(self.now, initial=read.typed(), is_known=self.is_known)
        self.form = read
        self.companions = {} if self.is_known else {each: self.companion(each) for each in self._numbers()}

    def companion(self, number: int) -> CompanionForm:
        """Return the form of one who goes along, as far as it was typed."""
        today = self.now.astimezone(VIETNAM).date()
        return CompanionForm(self.data, number, is_read=self.is_read and self._has(number), today=today)

    @property
    def free_number(self) -> int | None:
        """The number of the next who goes along; None when the vehicle is full."""
        return next((each for each in range(1, MOST_ALONG + 1) if each not in self.companions), None)

    @property
    def wrong_companion(self) -> int | None:
        """The first of those who go along whose form has mistakes."""
        return next((each for each, form in self.companions.items() if not form.is_valid()), None)

    def is_valid(self) -> bool:
        """Whether everything can be sent."""
        return self.form.is_valid() and self.wrong_companion is None

    def declared_along(self) -> list[Companion]:
        """Return who goes along, of forms without mistakes."""
        return [form.companion() for form in self.companions.values()]

    def hidden_values(self, *, but: int | None = None) -> Iterator[tuple[str, str]]:
        """Yield what was typed, to be carried through another page; of those who go along not number `but`."""
        yield from self.form.hidden_values()
        for number, form in self.companions.items():
            if number != but:
                yield from form.hidden_values()

    def _has(self, number: int) -> bool:
        begin = f"{companion_prefix(number)}-"
        return any(name.startswith(begin) for name in self.data)

    def _numbers(self) -> list[int]:
        return [number for number in range(1, MOST_ALONG + 1) if self._has(number)]


def form_of(
    now: datetime,
    data: Mapping[str, Any] | None = None,
    *,
    initial: Mapping[str, Any] | None = None,
    is_known: bool,
) -> JourneyForm:
    """The form of a journey; of somebody new it asks also who it is."""
    roads = road_codes(now)
    if is_known:
        return JourneyForm(data, initial=initial, roads=roads)
    today = now.astimezone(VIETNAM).date()
    return DeclarationForm(data, initial=initial, today=today, roads=roads)
