"""Dates and times as people of Viet Nam type them."""

import re
from datetime import UTC, date, datetime

from chotxanh.domain.problems import Problem
from chotxanh.language.formats import VIETNAM

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199

_DAY = re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})", re.ASCII)
_COMPACT_DAY = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})", re.ASCII)
_CLOCK = r"(?P<hour>\d{1,2})[:hg](?P<minute>\d{2})"
_DATE = r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
_TIME_FIRST = re.compile(rf"{_CLOCK}\s+{_DATE}", re.ASCII)
_DATE_FIRST = re.compile(rf"{_DATE}\s+{_CLOCK}", re.ASCII)


def parse_day(text: str) -> date:
    """`05/07/2021`, `5-7-2021` or `05072021`, day first. Raises Problem("day_invalid")."""
    found = _DAY.fullmatch(text.strip()) or _COMPACT_DAY.fullmatch(text.strip())
    if found is None:
        raise Problem("day_invalid")
    return _moment_of(found, "day_invalid").date()


def parse_moment(text: str) -> datetime:
    """`14:05 05/07/2021` in Viet Nam's time, or the date first, as UTC. Raises Problem("time_invalid")."""
    found = _TIME_FIRST.fullmatch(text.strip()) or _DATE_FIRST.fullmatch(text.strip())
    if found is None:
        raise Problem("time_invalid")
    return _moment_of(found, "time_invalid").astimezone(UTC)


def _moment_of(found: re.Match[str], code: str) -> datetime:
    part = {name: int(digits) for name, digits in found.groupdict().items()}
    if not EARLIEST_YEAR <= part["year"] <= LATEST_YEAR:
        raise Problem(code)
    try:
        return datetime(**part, tzinfo=VIETNAM)
    except ValueError:
        raise Problem(code) from None
