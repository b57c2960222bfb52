"""The worker's two loops: one for errands and days, one for the deferred level, so that neither waits for the other."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from chotxanh.domain.problems import Problem
from chotxanh.ledger.feed.numbering import number_waiting
from chotxanh.ledger.worker.days import ask_for_days
from chotxanh.ledger.worker.dirt import catch_up
from chotxanh.ledger.worker.errands import (
    MOST_ATTEMPTS,
    SURELY_AHEAD,
    InHand,
    ask_for_owed,
    bring_back,
    finish,
    lease_next,
    postpone,
)
from chotxanh.ledger.worker.registry import Level, errand_named, known_errands, levels

LEASE = timedelta(seconds=60)
POLL_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
LAST_PLACES = 8
AWAY = (OperationalError, InterfaceError)  # the database cannot be reached, or is not itself
logger = logging.getLogger("chotxanh.worker")

Clock = Callable[[], datetime]
Turn = Callable[[], bool]


@dataclass
class Worker:
    """Does what is due until it is told to stop; what it has in hand then is finished.

    `clock` gives the time in UTC. Two workers at once do no harm.
    """

    clock: Clock
    lease_for: timedelta = LEASE
    is_stopping: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Let the loops end after what they have in hand."""
        self.is_stopping.set()

    def work(self) -> None:
        """Run both loops until stopped; neither goes on without the other."""
        other = threading.Thread(target=self._loop, args=(self.catch_up_levels,), name="levels")
        other.start()
        self._loop(self.run_next_errand)
        other.join()

    def work_until_idle(self) -> None:
        """Do everything that is due now, then return."""
        while not self.is_stopping.is_set() and (self.run_next_errand() | self.catch_up_levels()):
            pass

    def run_next_errand(self) -> bool:
        """Ask for the days that are due, then run one errand; say whether there was anything to do.

        Where nothing is due it looks whether there is something to do all the same: what a clock ahead has dated, or
        what nobody asked for.
        """
        has_asked = ask_for_days(self.clock())
        held = lease_next(list(known_errands()), self.clock(), self.lease_for)
        if held is None:
            now = self.clock()
            return has_asked or bring_back(now, SURELY_AHEAD) or ask_for_owed(now)
        self._run(held)
        return True

    def catch_up_levels(self) -> bool:
        """Number what the feed was told, bring the next keys of every level up to date; say whether more wait.

        What arrives meanwhile waits for the next turn: to compute a busy hour twice a second is enough. A level that
        fails stays behind, so that the others go on; it is tried again in the next turn.
        """
        number_waiting(self.clock())
        has_more = [self._try_level(level) for level in levels()]
        return any(has_more)

    def _run(self, held: InHand) -> None:
        if held.task.attempt > MOST_ATTEMPTS:  # no attempt came to its end: this errand ends workers
            postpone(held, "ended_its_worker", self.clock())
            return
        try:
            outcome = errand_named(held.task.name).run(held.task, self.clock())
            finish(held, outcome)
        except AWAY:
            raise  # the loop's to wait for; the lease runs out by itself
        except Exception as error:  # what an errand may meet outside is not known here
            _log(f"errand {held.task.name}", error)
            problem = error.code if isinstance(error, Problem) else type(error).__name__
            postpone(held, problem, self.clock())

    def _try_level(self, level: Level) -> bool:
        try:
            return catch_up(level)
        except AWAY:
            raise
        except Exception as error:
            _log(f"level {level.name}", error)
            return False

    def _loop(self, turn: Turn) -> None:
        """Take turns; wait when there is nothing to do, and longer while the database is away."""
        failures = 0
        try:
            while not self.is_stopping.is_set():
                try:
                    close_old_connections()
                    has_worked, failures = turn(), 0
                except (*AWAY, Problem) as error:
                    _log("a turn", error)
                    connection.close()
                    has_worked, failures = False, failures + 1
                if not has_worked:
                    self.is_stopping.wait(min(POLL_SECONDS * 2**failures, LONGEST_WAIT_SECONDS))
        finally:
            self.stop()
            connection.close()


def _log(what: str, error: Exception) -> None:
    """Log a failure by its type and place: its message could hold a person's data."""
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    logger.error("%s failed: %s at %s", what, type(error).__name__, " > ".join(places[-LAST_PLACES:]))
