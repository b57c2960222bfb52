"""Django's template engine, whose templates are drawn by what they were turned into."""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.http import HttpRequest
from django.template import Template
from django.template.backends import django
from django.utils.safestring import SafeString, mark_safe

from chotxanh.language.drawing.nodes import drawing_of
from chotxanh.language.drawing.pieces import BUILT_IN, Draw
from chotxanh.language.drawing.values import LeftToDjango

_drawings: WeakKeyDictionary[Template, Draw | None] = WeakKeyDictionary()


class DrawnTemplates(django.DjangoTemplates):
    """Django's engine with templates that are turned into functions when they are first drawn."""

    def get_template(self, template_name: str) -> "DrawnTemplate":
        """Return the template of that name."""
        return DrawnTemplate(super().get_template(template_name).template, self)

    def from_string(self, template_code: str) -> "DrawnTemplate":
        """Return the template that this text is."""
        return DrawnTemplate(super().from_string(template_code).template, self)


class DrawnTemplate(django.Template):
    """A template as pages ask for it."""

    def render(
        self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None
    ) -> SafeString:
        """Return the page."""
        draw = self._drawing()
        if draw is None:
            return mark_safe(super().render(context, request))  # type: ignore[arg-type]  # noqa: S308
        scope = dict(BUILT_IN)
        if request is not None:
            for processor in self.backend.engine.template_context_processors:
                scope |= processor(request)
        page: list[str] = []
        draw({**scope, **(context or {})}, page)
        return mark_safe("".join(page))  # noqa: S308

    def _drawing(self) -> Draw | None:
        try:
            return _drawings[self.template]
        except KeyError:
            pass
        try:
            draw: Draw | None = drawing_of(self.template)
        except LeftToDjango:
            draw = None
        _drawings[self.template] = draw
        return draw
