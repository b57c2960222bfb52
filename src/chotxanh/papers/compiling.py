"""The program that sets one paper with typst and ends: what typst remembers of a document, 140 MB of a hundred pages,
goes with it, and a paper that takes too long is ended. It is given no key and no connection.
"""

import os
import sys
from pathlib import Path
from typing import Any

import fontpkg_be_vietnam_pro
import msgspec
import typst

from chotxanh.papers.letters import plain_letters

if sys.platform != "win32":
    import resource

# Archived for years (PDF/A) and read aloud (PDF/UA); together they cost nothing.
STANDARDS: list[Any] = ["a-2a", "ua-1"]
NICENESS, MOST_MEMORY, MOST_SECONDS = 5, 3 << 30, 30


class Asked(msgspec.Struct, frozen=True):
    """Which template of which folder, filled with what (JSON): as PDF of a time (Unix seconds), or as pictures."""

    templates: str
    template: str
    data: bytes
    at: int | None = None
    dots_per_inch: float | None = None


class Made(msgspec.Struct, frozen=True):
    """The PDF, or a PNG a page; or what typst says is wrong."""

    files: list[bytes] = []
    fault: str = ""


def made_of(asked: Asked) -> Made:
    """Set a paper; a letter that the typeface lacks is tried again as passports write it. A warning is a fault."""
    try:
        return _compiled(asked, asked.data)
    except typst.TypstError:
        try:
            plain = plain_letters(msgspec.json.decode(asked.data))
            return _compiled(asked, msgspec.json.encode(plain))
        except typst.TypstError as error:
            return Made(fault=error.diagnostic or error.message)


def _compiled(asked: Asked, data: bytes) -> Made:
    """Raises typst.TypstError."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fontpkg_be_vietnam_pro.ROOT]
    )
    folder = Path(asked.templates)
    compiler = typst.Compiler(root=folder, font_paths=fonts, ignore_system_fonts=True)
    how: dict[str, Any] = {"format": "png", "ppi": asked.dots_per_inch}
    if asked.at is not None:
        how = {"format": "pdf", "pdf_standards": STANDARDS, "timestamp": asked.at}
    made, warnings = compiler.compile_with_warnings(
        folder / f"{asked.template}.typ", sys_inputs={"data": data.decode()}, **how
    )
    if warnings:  # a missing typeface is no more than that
        return Made(fault=warnings[0].message)
    return Made(made if isinstance(made, list) else [made or b""])


def main() -> None:
    """Set the paper that is asked for on standard input."""
    if sys.platform != "win32":
        os.nice(NICENESS)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Asked)
    sys.stdout.buffer.write(msgspec.msgpack.encode(made_of(asked)))


if __name__ == "__main__":
    main()
