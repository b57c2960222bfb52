"""Sets one paper with typst: tagged PDF/A-2a and PDF/UA-1, the typeface of the house, and no warning left standing.

Data is never markup: it travels as JSON. A template reads nothing outside its own folder.
"""

import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_be_vietnam_pro
import msgspec
import typst

from chotxanh.domain.problems import Problem
from chotxanh.papers.letters import plain_letters

TEMPLATES = Path(__file__).parent / "templates"
FONTS = fontpkg_be_vietnam_pro.ROOT
# Archived for years (PDF/A) and read aloud (PDF/UA); together they cost nothing.
STANDARDS = ("a-2a", "ua-1")
# A hundred declarations are 200 kB of data. Each paper is set whole in memory and nothing can end it on its way: what
# is larger is refused before, and one is set after the other in a process.
MOST_BYTES = 1 << 20
LONGEST_WAIT_SECONDS = 20.0

_turn = threading.Lock()


class CannotSet(Exception):
    """The template or its data is wrong: a fault of the program, with what typst says of it."""


def set_paper(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """Return a paper as PDF; the same data at the same time (`at`, UTC) gives the same bytes.

    `template` is a name in `templates`, without its ending; `data` what JSON holds. Letters that the typeface lacks
    are written as in passports. Raises CannotSet, and Problem("papers_busy") while others' papers are being set.
    """
    seconds = int(at.timestamp())
    (pdf,) = _set(template, data, {"format": "pdf", "pdf_standards": list(STANDARDS), "timestamp": seconds})
    return pdf


def pictures_of(template: str, data: Mapping[str, Any], *, dots_per_inch: float = 100) -> list[bytes]:
    """Return each page as PNG, to be looked at. Raises as `set_paper` does."""
    return _set(template, data, {"format": "png", "ppi": dots_per_inch})


def _set(template: str, data: Mapping[str, Any], how: Mapping[str, Any]) -> list[bytes]:
    packed = msgspec.json.encode(data)
    if len(packed) > MOST_BYTES:
        raise CannotSet(f"{template}: {len(packed)} bytes of data are too many")
    if not _turn.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise Problem("papers_busy")
    try:
        try:
            return _compiled(template, packed, how)
        except (
            typst.TypstError
        ):  # most likely a letter that the typeface lacks: without them it is said again
            plain = msgspec.json.encode(plain_letters(msgspec.json.decode(packed)))
            return _compiled(template, plain, how)
    except typst.TypstError as error:
        raise CannotSet(f"{template}: {error.diagnostic or error.message}") from error
    finally:
        _turn.release()


def _compiled(template: str, packed: bytes, how: Mapping[str, Any]) -> list[bytes]:
    """Return the file, or one a page. Raises typst.TypstError, CannotSet where anything was warned of."""
    made, warnings = _compiler().compile_with_warnings(
        TEMPLATES / f"{template}.typ", sys_inputs={"data": packed.decode()}, **how
    )
    if warnings:  # a missing typeface is no more than that
        raise CannotSet(f"{template}: {warnings[0].message}")
    return made if isinstance(made, list) else [made or b""]


@cache
def _compiler() -> typst.Compiler:
    """Return the one of this process: whose turn it is has it alone, for one that two threads use breaks."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
