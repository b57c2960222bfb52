"""What a long run shows on standard error; standard output carries nothing but the JSON at the end."""

import sys
import time
from types import TracebackType
from typing import Self

WIDTH = 30
REFRESH_SECONDS = 0.2


def tell(words: str) -> None:
    """Say one line."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


class Bar:
    """A stage's progress: a bar on a terminal, otherwise one line at its end. `seconds` holds its length after it."""

    def __init__(self, title: str, total: int) -> None:
        self.title, self.total, self.count = title, max(1, total), 0
        self.seconds = 0.0
        self._began = self._shown = time.monotonic()
        self.is_terminal = sys.stderr.isatty()

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._show()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.seconds = round(time.monotonic() - self._began, 2)
        clear = "\r\033[K" if self.is_terminal else ""
        tell(f"{clear}  {self.title:<9} {self.seconds:8.1f} s")

    def advance(self, steps: int = 1) -> None:
        """Count one step, or several."""
        self.count += steps
        if self.is_terminal and time.monotonic() - self._shown > REFRESH_SECONDS:
            self._show()

    def _show(self) -> None:
        if not self.is_terminal:
            return
        self._shown = time.monotonic()
        share = min(1.0, self.count / self.total)
        filled = round(WIDTH * share)
        sys.stderr.write(f"\r\033[K  {self.title:<9} [{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}")
        sys.stderr.flush()
