"""Reads photos in a process of their own (`apart`)."""

from typing import IO

from chotxanh.apart.asking import Ended, ProcessApart
from chotxanh.domain.problems import Problem
from chotxanh.pictures.reading import PROBLEMS, Found

LONGEST_ANSWER = 1 << 20


class ReadingProcess(ProcessApart[Found]):
    """The process that reads photos for this one."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        super().__init__("chotxanh.pictures.reading", Found, LONGEST_ANSWER)

    def believes(self, found: Found) -> bool:
        """Whether its problem is one that a photo may have."""
        return found.problem in PROBLEMS

    def texts_in(self, photo: IO[bytes]) -> set[str]:
        """Return the texts of the QR codes in a photo. Raises `apart`'s Slow, Problem as `reading.texts_in` does."""
        try:
            found = self.ask(photo)
        except Ended:
            raise Problem("photo_unreadable") from None
        if found.problem is not None:
            raise Problem(found.problem, **found.params)
        return set(found.texts)
