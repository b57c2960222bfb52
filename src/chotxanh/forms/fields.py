"""The fields of forms: each takes what was typed and reads it, or says in one sentence how to mend it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, TypedDict, Unpack

from django import forms
from django.core.exceptions import ValidationError

from chotxanh.domain.problems import Problem
from chotxanh.forms.times import parse_day, parse_moment
from chotxanh.language.texts import problem_sentence, text

LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 2000
SHORT = 20


class Shape(TypedDict, total=False):
    """What any field may be told.

    `label`: the key of its label, where that is not its name under the form's `texts`. `missing`: the code of the
    problem of an empty field; without it the sentence names the label. `size`: the class of its box (`short`,
    `medium`). `layout`: that of its options (`choices-row`, `choices-columns`). `words`: where the catalogue has the
    words of its options. `choose`: the key of what a list says before anything is chosen. `template`: what draws it.
    `names_condition`: its label says itself who may leave it empty.
    `attributes`: HTML attributes of its box.
    """

    is_optional: bool
    names_condition: bool
    label: str
    missing: str
    longest: int
    size: str
    layout: str
    choose: str
    words: str
    template: str
    attributes: Mapping[str, str]


def refusal(problem: Problem) -> ValidationError:
    """Return a problem as Django's error, with its sentence in the reader's language."""
    return ValidationError(problem_sentence(problem.code, **problem.params), code=problem.code)


class Field(forms.Field):
    """What every field has in common. Its form gives it its `name` and the `key` of its label.

    `hint_params` fill the placeholders of its hint.
    """

    template = "forms/text.html"
    name = ""
    key = ""
    attributes: ClassVar[Mapping[str, str]] = {}
    hint_params: Mapping[str, object] = {}
    nothing: Any = None  # what an optional field gives when it was left empty

    def __init__(self, **shape: Unpack[Shape]) -> None:
        super().__init__(required=not shape.get("is_optional", False))
        self.shape = shape
        self.template_name = shape.get("template", self.template)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Copy only what a form may change: nothing changes widgets, and a copy of each is half a form's cost."""
        clone = self.__class__.__new__(self.__class__)
        clone.__dict__ = self.__dict__.copy()
        return clone

    def clean(self, value: Any) -> Any:
        """Read what was typed. Raises ValidationError with the sentence of a Problem."""
        try:
            return self.answer(value)
        except Problem as problem:
            raise refusal(problem) from None

    def answer(self, value: Any) -> Any:
        """Return what was meant, also where nothing was typed. Raises Problem."""
        return self.read(value) if value else self.read_nothing()

    def read_nothing(self) -> Any:
        """Return what an empty optional field means. Raises Problem for any other."""
        if not self.required:
            return self.nothing
        code = self.shape.get("missing")
        raise Problem(code) if code else Problem("answer_missing", field=text(self.key))

    def read(self, value: Any) -> Any:
        """Return what was meant. Raises Problem."""
        return value


class TypedText(forms.TextInput):
    """Takes one text as it was typed, without the blanks around it."""

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> str:
        """Return what was typed; empty when nothing was sent."""
        return str(data.get(name, "")).strip()


class _TypedSecret(TypedText):
    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> str:
        return str(data.get(name, ""))


class _CarriedText(TypedText):
    input_type = "hidden"


class Text(Field):
    """One line of text; `parse` reads it. An empty optional one gives an empty text, or None if there is a `parse`."""

    widget = TypedText
    attributes = {"autocomplete": "off", "spellcheck": "false", "enterkeyhint": "next"}

    def __init__(self, *, parse: Callable[[str], Any] | None = None, **shape: Unpack[Shape]) -> None:
        super().__init__(**shape)
        self.parse = parse
        self.nothing = "" if parse is None else None

    @property
    def longest(self) -> int:
        """How many characters are taken."""
        return self.shape.get("longest", LONGEST_TEXT)

    def read_nothing(self) -> Any:
        """Return what an empty optional field means. Raises Problem; a `parse` has its own sentence for it."""
        if self.required and self.parse is not None and "missing" not in self.shape:
            return self.parse("")
        return super().read_nothing()

    def read(self, value: str) -> Any:
        """Return the parsed text. Raises Problem: `field_too_long`, or what `parse` raises."""
        if len(value) > max(self.longest, LONGEST_TEXT) or "\0" in value:
            raise Problem("field_too_long", longest=self.longest)
        if self.parse is not None:
            return self.parse(value)
        if len(value) > self.longest:
            raise Problem("field_too_long", longest=self.longest)
        return value


class LongText(Text):
    """Several lines of text."""

    template = "forms/long_text.html"
    attributes = {"autocomplete": "off"}

    @property
    def longest(self) -> int:
        """How many characters are taken."""
        return self.shape.get("longest", LONGEST_LONG_TEXT)


class Secret(Text):
    """A password: never shown again, taken with its blanks."""

    template = "forms/secret.html"
    widget = _TypedSecret
    attributes = {"type": "password"}


class Hidden(Text):
    """A value the page carries along."""

    template = "forms/hidden.html"

    widget = _CarriedText

    def __init__(self, *, parse: Callable[[str], Any] | None = None, **shape: Unpack[Shape]) -> None:
        shape.setdefault("missing", "request_unreadable")
        super().__init__(parse=parse, **shape)


class Day(Text):
    """A day, `05/07/2021`; gives a date."""

    def __init__(self, **shape: Unpack[Shape]) -> None:
        super().__init__(parse=parse_day, **_short(shape))


class Moment(Text):
    """A time of a day, `14:05 05/07/2021` in Viet Nam; gives a datetime in UTC."""

    def __init__(self, **shape: Unpack[Shape]) -> None:
        super().__init__(parse=parse_moment, **_short(shape))


class Number(Text):
    """A whole number from `least` to `most`."""

    def __init__(self, *, least: int = 0, most: int = 1_000_000, **shape: Unpack[Shape]) -> None:
        super().__init__(parse=self.number_of, **_short(shape))
        self.least, self.most = least, most

    def number_of(self, typed: str) -> int:
        """Return the number; points between thousands are read over. Raises Problem("number_invalid")."""
        digits = typed.replace(".", "")
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= SHORT
        if not is_number or not self.least <= int(digits) <= self.most:
            raise Problem("number_invalid", least=self.least, most=self.most)
        return int(digits)


def _short(shape: Shape) -> Shape:
    return {"size": "short", "longest": SHORT, **shape}
