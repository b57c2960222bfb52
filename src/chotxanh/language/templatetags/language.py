"""Template tags: `{% t "key" name=value %}` and the filters `vn_time`, `vn_exact_time`, `vn_date`, `vn_number`."""

from datetime import datetime

from django import template

from chotxanh.language.formats import show_date, show_exact_time, show_number, show_time
from chotxanh.language.texts import current_language, problem_sentence, text

register = template.Library()


@register.simple_tag
def t(key: str, **params: object) -> str:
    """Write the text for `key` in the reader's language."""
    return text(key, **params)


@register.simple_tag
def problem(code: str, **params: object) -> str:
    """Write the sentence for a problem code."""
    return problem_sentence(code, **params)


@register.simple_tag
def language_code() -> str:
    """Write `vi` or `en`."""
    return current_language()


@register.filter
def vn_time(moment: datetime) -> str:
    """Write a time as `14:05 05/07/2021`."""
    return show_time(moment)


@register.filter
def vn_exact_time(moment: datetime) -> str:
    """Write a time as `14:05:09 05/07/2021`."""
    return show_exact_time(moment)


@register.filter
def vn_date(moment: datetime) -> str:
    """Write a date as `05/07/2021`."""
    return show_date(moment)


@register.filter
def vn_number(number: float) -> str:
    """Write a number as `1.234`."""
    return show_number(number)
