"""Work that yields: what is heavy and may grow slow leaves the cores to those who wait for a page."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# `nice(2)`: with a page computing on the same core, it takes some tenth of it.
YIELDS = 10


class Yielding:
    """One thread of its own for calculations that the machine puts behind all else.

    What it carries out should hold Python's one lock for moments only, since others wait for that meanwhile. Only Linux
    gives a thread a niceness of its own (`setpriority(2)`, "C library/kernel differences"); elsewhere it is as any.
    """

    def __init__(self, name: str, niceness: int) -> None:
        """Name the thread; it begins with the first work, in the process that has it."""
        self._thread = ThreadPoolExecutor(1, name, _yield_from_now, (niceness,))

    def __call__(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        """Return what the work returns, or raise what it raises; whoever asks waits for it."""
        return self._thread.submit(work, *args, **options).result()


def _yield_from_now(niceness: int) -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
