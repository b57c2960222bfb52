"""Where a benchmark runs: the product laid out, the application in this process, and the real server when asked for."""

import contextlib
from functools import cached_property
from types import TracebackType
from typing import Self

from benchmarks.in_process import Application
from benchmarks.operating import Desk
from benchmarks.product import Serving, Setting, serving
from benchmarks.progress import tell
from benchmarks.verifying import Calibrator
from chotxanh.cli import front_end
from chotxanh.cli.companion import Companion, worker_beside
from chotxanh.cli.stopped import Stopped


class Place:
    """What the benchmarks of one run share; each part is made when it is first asked for."""

    def __init__(self, setting: Setting, people: int) -> None:
        """Take the setting, and how many people `growth` loads."""
        self.setting = setting
        self.people = people
        self.calibrator = Calibrator()
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    @cached_property
    def serving(self) -> Serving:
        """The real server, with the front end built: a fresh clone has none."""
        try:
            front_end.build_if_changed()
        except Stopped as reason:
            tell(f"  ! the front end is not built, and pages lack their styles: {reason}")
        return self._stack.enter_context(serving(self.setting))

    @cached_property
    def worker(self) -> Companion:
        """The worker beside the server, as `up` runs it."""
        return self._stack.enter_context(worker_beside(self.setting.environment))

    @cached_property
    def application(self) -> Application:
        """The product's WSGI application, called in this process."""
        return Application(self.setting.postgres.pid if self.setting.postgres else None)

    @cached_property
    def desk(self) -> Desk:
        """One station at work that talks to the application in this process."""
        return Desk(self.application)

    @property
    def roots(self) -> tuple[int, ...]:
        """The processes whose CPU counts over HTTP: the server's and the database's."""
        postgres = self.setting.postgres
        return (*self.serving.pids, *([postgres.pid] if postgres else []))
