"""Sets one paper with typst: tagged PDF/A-2a and PDF/UA-1, the typeface of the house, and no warning left standing.

Data is never markup: it travels as JSON. A template reads nothing outside its own folder.
"""

import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from chotxanh.apart.asking import environment_told
from chotxanh.apart.turns import NoTurn, Turns
from chotxanh.domain.problems import Problem
from chotxanh.papers.compiling import Asked, Made

TEMPLATES = Path(__file__).parent / "templates"
# A hundred declarations are 200 kB of data, and take three seconds.
MOST_BYTES = 1 << 20
LONGEST_SECONDS = 60.0
# One paper after the other on the machine, each in a process of its own: what typst remembers of one goes with it.
TURN, LONGEST_WAIT_SECONDS = "paper.turn", 20.0

_turns = Turns()


class CannotSet(Exception):
    """The template or its data is wrong: a fault of the program, with what typst says of it."""


def set_paper(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """Return a paper as PDF; the same data at the same time (`at`, UTC) gives the same bytes.

    `template` is a name in `templates`, without its ending; `data` what JSON holds. Letters that the typeface lacks
    are written as in passports. Raises CannotSet, and Problem("papers_busy") while others' papers are being set.
    """
    asked = Asked(str(TEMPLATES), template, _packed(template, data), at=int(at.timestamp()))
    (pdf,) = _made(asked)
    return pdf


def pictures_of(template: str, data: Mapping[str, Any], *, dots_per_inch: float = 100) -> list[bytes]:
    """Return each page as PNG, to be looked at. Raises as `set_paper` does."""
    return _made(Asked(str(TEMPLATES), template, _packed(template, data), dots_per_inch=dots_per_inch))


def _packed(template: str, data: Mapping[str, Any]) -> bytes:
    packed = msgspec.json.encode(data)
    if len(packed) > MOST_BYTES:
        raise CannotSet(f"{template}: {len(packed)} bytes of data are too many")
    return packed


def _made(asked: Asked) -> list[bytes]:
    try:
        with _turns.turn(settings.HOME / TURN, LONGEST_WAIT_SECONDS):
            answer = subprocess.run(
                [sys.executable, "-m", "chotxanh.papers.compiling"],
                input=msgspec.msgpack.encode(asked),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment_told(),
                timeout=LONGEST_SECONDS,
                check=True,
            ).stdout
    except NoTurn:
        raise Problem("papers_busy") from None
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise CannotSet(f"{asked.template}: {type(error).__name__}") from None
    made = msgspec.msgpack.decode(answer, type=Made)
    if made.fault:
        raise CannotSet(f"{asked.template}: {made.fault}")
    return made.files
