"""Lists in pages: counted and cut in the database, so that nothing is left out without a word."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PAGE = 50


def page_of(request: HttpRequest, rows: Any, name: str = "page", size: int | None = None) -> "Page[Any]":
    """Return the page asked for by the parameter `name`, or the nearest there is; of `size` rows, else of PAGE."""
    return Paginator(rows, PAGE if size is None else size).get_page(request.GET.get(name))
