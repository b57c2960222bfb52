"""The field in which people name a place: a text box, and which unit its words mean.

A script may offer units while one types and write the chosen one into the hidden box beside it; without it the words
are read here, and where they may mean several places these stand below the box to choose from.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Unpack

from django.conf import settings

from chotxanh.declarations.choices import UNIT_SUFFIX
from chotxanh.domain.units import SCHEME, Unit
from chotxanh.forms.fields import Shape, Text
from chotxanh.forms.options import Option
from chotxanh.forms.shown import ShownField
from chotxanh.language.texts import text
from chotxanh.units.places import LONGEST_WORDS, full_name, may_mean, named, nearest_first


class ShownPlace(ShownField):
    """A place as its template sees it."""

    @property
    def unit_name(self) -> str:
        """The name, and the id, of the box that holds the unit."""
        return f"{self.name}{UNIT_SUFFIX}"

    @property
    def unit(self) -> str:
        """The unit chosen, `nso-2021:754`; empty where none is."""
        return str(self.form[self.unit_name].value() or "")

    @property
    def meant(self) -> Sequence[Option]:
        """What the words may mean, where one of several must be chosen; the list holds the choice then."""
        mistakes: Mapping[str, Any] = self.form.errors.as_data()
        is_unclear = any(each.code == "place_unclear" for each in mistakes.get(self.name, ()))
        return (
            tuple(_options(nearest_first(may_mean(str(self.typed)), settings.PROVINCE))) if is_unclear else ()
        )


class PlaceText(Text):
    """A place in words. Its form has a hidden field beside it for the unit, and reads the two together."""

    template = "declarations/place.html"
    bound_field_class = ShownPlace
    attributes: ClassVar[dict[str, str]] = {
        "autocomplete": "off",
        "spellcheck": "false",
        "autocapitalize": "words",
        "enterkeyhint": "next",
    }

    def __init__(self, **shape: Unpack[Shape]) -> None:
        shape.setdefault("longest", LONGEST_WORDS)
        super().__init__(**shape)


def _options(units: Iterable[Unit]) -> Iterable[Option]:
    for unit in units:
        _, _, above = full_name(unit).partition(", ")
        since = text("declare.place_since_2025") if unit.scheme != SCHEME else ""
        yield Option(named(unit), unit.name, about=", ".join(filter(None, (above, since))))
