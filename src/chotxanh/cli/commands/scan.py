"""Says what a scanned text is: one JSON object for TEXT, or for each line of standard input."""

import argparse
import os
from datetime import datetime

from chotxanh.cli import json_lines
from chotxanh.domain.scan import LONGEST_SCAN, recognise
from chotxanh.language.formats import VIETNAM

MOST_BYTES_A_CHARACTER = 4  # in UTF-8


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh scan", description=__doc__)
    options.add_argument(
        "text", nargs="?", metavar="TEXT", help="what was scanned; without it standard input"
    )
    return options


def run(arguments: list[str]) -> int:
    """Answer TEXT, or every line as it comes. A text may begin with a dash: there are no options to mistake."""
    asks_for_help = arguments in (["-h"], ["--help"])
    options = parser().parse_args(arguments if asks_for_help else ["--", *arguments])
    if options.text is None:
        return json_lines.answer_each(answer, longest=MOST_BYTES_A_CHARACTER * LONGEST_SCAN)
    json_lines.write(answer(os.fsencode(options.text)))
    return 0


def answer(line: bytes) -> json_lines.Answer:
    """What the bytes of one scan are; a byte that is no UTF-8 counts as a letter the scanner lost."""
    scan = recognise(line.decode("utf-8", "replace"), today=datetime.now(VIETNAM).date())
    return {"kind": scan.kind, "fields": scan.fields, "warnings": scan.warnings}
