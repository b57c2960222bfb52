"""Takes in a sheet that was uploaded: of a bounded size, read apart, one at a time on the whole machine."""

import random
from pathlib import Path
from typing import IO

from chotxanh.apart.asking import Ended, ProcessApart, Slow
from chotxanh.apart.turns import NoTurn, Turns
from chotxanh.domain.problems import Problem
from chotxanh.sheets.cells import Found, Grid
from chotxanh.sheets.reading import PROBLEMS

LONGEST_ANSWER = 16 << 20
TURN, LONGEST_WAIT_SECONDS, AGAIN_SECONDS = "sheet.turn", 10.0, (4, 15)


class SheetProcess(ProcessApart[Found]):
    """The process that reads sheets for this one."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        super().__init__("chotxanh.sheets.reading", Found, LONGEST_ANSWER)

    def believes(self, found: Found) -> bool:
        """Whether its problem is one that a sheet may have."""
        return found.problem in PROBLEMS and (found.grid is None) is not (found.problem is None)


_turns, _reading = Turns(), SheetProcess()


def taken_in(sheet: IO[bytes], home: Path) -> Grid:
    """Return what an uploaded file says, whose size the door has bounded; processes take turns by a file in `home`.

    Raises Problem: one of `reading.PROBLEMS`, `sheets_busy` (with `seconds`).
    """
    try:
        with _turns.turn(home / TURN, LONGEST_WAIT_SECONDS):
            found = _reading.ask(sheet)
    except (NoTurn, Slow):
        raise Problem("sheets_busy", seconds=random.randint(*AGAIN_SECONDS)) from None  # noqa: S311 -- spreads
    except Ended:  # it took more than its room
        raise Problem("sheet_unreadable") from None
    if found.grid is None:
        raise Problem(found.problem or "sheet_unreadable", **found.params)
    return found.grid
