"""Where a POST that did something ends: at an address of its own, so that Back and Reload never send it again."""

import re
from functools import cache
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, get_script_prefix, reverse

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


class SeeOther(HttpResponseRedirect):
    """303: whatever the method was, the next one is GET (RFC 9110 section 15.4.4)."""

    status_code = HTTPStatus.SEE_OTHER


class _SeeOwn(HttpResponse):
    """The same to an address of our own: nobody can have written it, so it is not read again."""

    status_code = HTTPStatus.SEE_OTHER

    @property
    def url(self) -> str:
        """Where it leads."""
        return self["Location"]


def see_other(name: str, /, **parts: object) -> HttpResponse:
    """Lead to the page of that name; `parts` fill its address."""
    return _SeeOwn(headers={"Location": _address(name, parts)})


def _address(name: str, parts: dict[str, object]) -> str:
    """Return what `reverse` does; where plain words fill an address, it is asked for the address once."""
    if all(isinstance(part, str) and _PLAIN.fullmatch(part) for part in parts.values()):
        template = _template(name, tuple(parts), get_script_prefix())
        if template is not None:
            return template.format(**parts)
    return reverse(name, kwargs=parts)


@cache
def _template(name: str, parts: tuple[str, ...], _prefix: str) -> str | None:
    """Return an address with the names of its parts in braces; None where not every word may stand there."""
    marks = {part: f"a-mark-for-{part}-_0" for part in parts}
    try:
        address = reverse(name, kwargs=marks)
    except NoReverseMatch:
        return None
    for part, mark in marks.items():
        address = address.replace(mark, f"{{{part}}}")
    return address
