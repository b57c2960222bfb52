"""The live board of the day, for the wall, the desk and the phone; a few bytes say whether it changed."""

import hashlib
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.language.formats import show_exact_time
from chotxanh.language.texts import text
from chotxanh.protocol.exchange import json_answer
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.board_sites import board
from chotxanh.site.office.door import for_leads, led_by, on_a_wall
from chotxanh.statistics.queries import behind_since

# The worker counts twice a second; sums that lag behind longer than this say so.
TOLERATED_LAG = timedelta(seconds=5)


@require_safe
@on_a_wall
@for_leads
def live_board(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the board whole; its script, or without one the browser, keeps it fresh."""
    now = timezone.now()
    part = _part(member, now)
    context = {
        "page": "board",
        "member": member,
        "as_of": now,
        "part": part,
        "version": _version(part),
        "behind": behind_since(now, TOLERATED_LAG),
    }
    return render(request, "office/board.html", context)


@require_safe
@on_a_wall
@for_leads
def board_version(request: HttpRequest, member: Member) -> HttpResponse:  # noqa: ARG001 - every view has one
    """Answer with the version of what the board would show, and the time of the answer in words."""
    now = timezone.now()
    behind = behind_since(now, TOLERATED_LAG)
    answer = {
        "version": _version(_part(member, now)),
        "as_of": text("office.as_of", time=show_exact_time(now)),
        "behind": text("board.behind", time=show_exact_time(behind)) if behind else "",
    }
    return json_answer(answer)


def _part(member: Member, now: datetime) -> str:
    """The part of the page that changes; it names no time that passes by itself, but for whole minutes."""
    return render_to_string("office/board_part.html", {"board": board(member, led_by(member), now)})


def _version(part: str) -> str:
    return hashlib.blake2b(part.encode(), digest_size=8).hexdigest()
