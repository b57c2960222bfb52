"""A form: what was typed is kept, and every mistake is named beside its field and at the top of the page."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BoundField
from django.forms.renderers import TemplatesSetting

from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Boxes, Choice
from chotxanh.forms.fields import Field, refusal
from chotxanh.forms.options import Options
from chotxanh.forms.shown import ShownField


@dataclass(frozen=True)
class Mistake:
    """One line of the list at the top: a sentence, and the id of the field it leads to (empty for none)."""

    id: str
    sentence: str


class Form(forms.Form):
    """A class of fields. `texts` is where the catalogue has their labels and hints.

    `blames` says which field the problem of a write belongs to; any other stands at the top alone. `folded` names the
    fields that few need: they stand last, behind the line `folded_title`, until one of them says something.
    """

    texts: ClassVar[str] = ""
    blames: ClassVar[Mapping[str, str]] = {}
    folded: ClassVar[Collection[str]] = ()
    folded_title: ClassVar[str] = ""
    default_renderer = TemplatesSetting
    bound_field_class = ShownField

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        stem: str = "",
        prefix: str | None = None,
    ) -> None:
        super().__init__(
            data, initial=dict(initial or {}), auto_id=f"{stem}%s", label_suffix="", prefix=prefix
        )
        self._refused_as: HTTPStatus | None = None
        for name, field in self.fields.items():
            assert isinstance(field, Field)
            field.name, field.key = name, field.shape.get("label", f"{self.texts}.{name}")

    def offer(self, name: str, options: Options) -> None:
        """Give a field the options of this request, such as the posts its reader leads."""
        field = self.fields[name]
        assert isinstance(field, Choice | Boxes)
        field.options = options

    def fill_hint(self, name: str, **params: object) -> None:
        """Fill the placeholders of a field's hint."""
        field = self.fields[name]
        assert isinstance(field, Field)
        field.hint_params = params

    def blaming(self, field: str | None = None) -> "Blaming":
        """Turn a Problem raised inside `with` into a mistake of `field`, or of the one that `blames` names."""
        return Blaming(self, field)

    def refuse(self, problem: Problem, field: str | None = None) -> None:
        """Note a problem as a mistake of `field`, or of the one that `blames` names, or of the whole form."""
        self._refused_as = problem.status
        self.add_error(field or self.blames.get(problem.code), refusal(problem))

    def _clean_fields(self) -> None:
        """Read every field without what only a page needs of it: its labels and ids cost as much as the reading."""
        for name, field in self.fields.items():
            typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            try:
                self.cleaned_data[name] = field.clean(typed)
            except ValidationError as mistake:
                self.add_error(name, mistake)

    @property
    def status(self) -> HTTPStatus:
        """With what status the page is answered."""
        if not self.is_bound or not self.errors:
            return HTTPStatus.OK
        return self._refused_as or HTTPStatus.UNPROCESSABLE_ENTITY

    @property
    def mistakes(self) -> list[Mistake]:
        """The list at the top, in the order of the page; what belongs to no field comes first."""
        found = [Mistake("", str(sentence)) for sentence in self.non_field_errors()]
        for name in self.fields:
            if name in self.errors:
                found += [Mistake(self[name].auto_id, str(sentence)) for sentence in self.errors[name]]
        return found

    @property
    def open_fields(self) -> list[BoundField]:
        """The fields that everybody sees."""
        return [self[name] for name in self.fields if name not in self.folded]

    @property
    def folded_fields(self) -> list[BoundField]:
        """The fields behind the line."""
        return [self[name] for name in self.fields if name in self.folded]

    @property
    def is_unfolded(self) -> bool:
        """Whether something was typed behind the line, or is wrong there."""
        return any(field.value() or field.errors for field in self.folded_fields)

    @property
    def codes(self) -> dict[str, str]:
        """The code of each field's first problem, in the order of the page."""
        found = self.errors.as_data()
        order = [*self.fields, NON_FIELD_ERRORS]
        return {name: str(found[name][0].code) for name in order if name in found}

    def typed(self) -> dict[str, Any]:
        """What was typed, as the initial values of a form that names no mistakes."""
        return {name: self[name].value() for name in self.fields}

    def hidden_values(self) -> Iterator[tuple[str, str]]:
        """What was typed, field by field, to be carried through another page."""
        for name, value in self.typed().items():
            for each in value if isinstance(value, list) else [value]:
                yield self.add_prefix(name), str(each)


class Blaming:
    """What `Form.blaming` gives to `with`."""

    def __init__(self, form: Form, field: str | None) -> None:
        self.form = form
        self.field = field

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        """Note a Problem; any other exception passes."""
        if isinstance(error, Problem):
            self.form.refuse(error, self.field)
            return True
        return False
