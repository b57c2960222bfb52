"""A field as its template sees it."""

from collections.abc import Sequence
from typing import Any

from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from chotxanh.forms.choices import Boxes, Choice
from chotxanh.forms.fields import Field, Text
from chotxanh.forms.options import Option, OptionGroup, listed
from chotxanh.language.texts import catalogue, text


class ShownField(BoundField):
    """Label, hint, mistake, options and attributes of one field, in the reader's language."""

    field: Field

    @property
    def id(self) -> str:
        """The box's id, which the list of mistakes leads to."""
        return self.auto_id

    @property
    def label_text(self) -> str:
        """The label."""
        return text(self.field.key)

    @property
    def hint(self) -> str:
        """The hint under the label; empty where the catalogue has none."""
        key = f"{self.field.key}_hint"
        return text(key, **self.field.hint_params) if key in catalogue() else ""

    @property
    def mistake(self) -> str:
        """The sentence that says how to mend the field; empty where nothing is wrong."""
        return str(self.errors[0]) if self.errors else ""

    @property
    def typed(self) -> Any:
        """What stands in the field: what was typed, else the initial value."""
        value = self.value()
        return "" if value is None else value

    @property
    def described_by(self) -> str:
        """The ids of what describes the field."""
        parts = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*parts, f"{self.id}-mistake"] if self.mistake else parts)

    @property
    def attributes(self) -> SafeString:
        """The attributes of the field's box."""
        shape = self.field.shape
        longest = self.field.longest if isinstance(self.field, Text) else None
        wanted: dict[str, Any] = {"class": shape.get("size"), "maxlength": longest}
        wanted |= {**self.field.attributes, **shape.get("attributes", {})}
        wanted |= {"required": self.field.required, "aria-describedby": self.described_by or None}
        wanted |= {"aria-invalid": "true" if self.mistake else None}
        return flatatt({name: value for name, value in wanted.items() if value is not None})

    @property
    def layout(self) -> str:
        """The class of the field's options."""
        return self.field.shape.get("layout", "")

    @property
    def options(self) -> Sequence[Option | OptionGroup]:
        """What can be chosen."""
        assert isinstance(self.field, Choice | Boxes)
        return listed(self.field.options, self.field.shape.get("words", self.field.key))

    @property
    def choose(self) -> str:
        """What a list says before anything is chosen."""
        return text(self.field.shape.get("choose", "form.choose"))

    @property
    def none_option(self) -> Option | None:
        """The box that says "none of these"."""
        assert isinstance(self.field, Boxes)
        none = self.field.none
        return Option(none, text(f"{self.field.key}_none")) if none else None
