"""The measure of every CPU figure: **v**, the CPU of one OpenSSL P-256 verify, taken again and again in the same run.

Machines differ by half and more, and one machine from hour to hour; a multiple of v holds on all of them.
"""

import statistics
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

EACH = 20
MESSAGE = b"chot xanh" * 40
_ES256 = ec.ECDSA(hashes.SHA256())


class Calibrator:
    """Times bare verifies whenever it is asked to, and keeps the fastest round of all."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self._public, self._signature = key.public_key(), key.sign(MESSAGE, _ES256)
        self._rounds: list[float] = []
        self.measure()

    @property
    def seconds(self) -> float:
        """The CPU seconds of one verify: the fastest round so far."""
        return min(self._rounds)

    @property
    def spread(self) -> float:
        """By which share the median round lies above the fastest."""
        return statistics.median(self._rounds) / self.seconds - 1

    def measure(self) -> float:
        """Take one round of EACH verifies; return the CPU seconds of one."""
        began = time.thread_time()
        for _ in range(EACH):
            self._public.verify(self._signature, MESSAGE, _ES256)
        self._rounds.append((time.thread_time() - began) / EACH)
        return self._rounds[-1]


class Rounds:
    """The rounds of one figure, each beside a round of bare verifies."""

    def __init__(self, calibrator: Calibrator) -> None:
        self._calibrator = calibrator
        self._verifies: list[float] = []
        self._costs: list[float] = []

    def add(self, seconds: float) -> None:
        """Note one round's CPU seconds for one operation, and time v beside it."""
        self._costs.append(seconds)
        self._verifies.append(self._calibrator.measure())

    @property
    def value(self) -> float:
        """The fastest round, as a multiple of the fastest v beside these rounds."""
        return min(self._costs) / min(self._verifies)

    @property
    def median(self) -> float:
        """The median round over the median v: on a machine that is never quiet it tells more than the fastest."""
        return statistics.median(self._costs) / statistics.median(self._verifies)

    @property
    def spread(self) -> float:
        """By which share the median round lies above the fastest."""
        return statistics.median(self._costs) / min(self._costs) - 1
