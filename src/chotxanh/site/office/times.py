"""Times as a lead types them."""

import re
from datetime import UTC, datetime
from http import HTTPStatus

from chotxanh.domain.problems import Problem
from chotxanh.language.formats import VIETNAM

_TIME_FIRST = re.compile(
    r"(?P<hour>\d{1,2})[:hg](?P<minute>\d{2})\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
)
_DATE_FIRST = re.compile(
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})\s+(?P<hour>\d{1,2})[:hg](?P<minute>\d{2})"
)


def parse_moment(text: str) -> datetime:
    """`14:05 05/07/2021` in Viet Nam's time, or the date first, as UTC. Raises Problem("time_invalid")."""
    found = _TIME_FIRST.fullmatch(text.strip()) or _DATE_FIRST.fullmatch(text.strip())
    if found is None:
        raise Problem("time_invalid", HTTPStatus.UNPROCESSABLE_ENTITY)
    part = {name: int(digits) for name, digits in found.groupdict().items()}
    try:
        moment = datetime(
            part["year"], part["month"], part["day"], part["hour"], part["minute"], tzinfo=VIETNAM
        )
    except ValueError:
        raise Problem("time_invalid", HTTPStatus.UNPROCESSABLE_ENTITY) from None
    return moment.astimezone(UTC)
