"""A station that survives a restored backup: it keeps what was acknowledged, and reads receipts (ADR 0018)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from benchmarks.connection import Line
from benchmarks.station import (
    SETTLED,
    ProtocolBroken,
    Receipt,
    ServerTrouble,
    SignedReceipt,
    Station,
    Written,
)

UNKNOWN = "device_unknown"


class KeepingStation(Station):
    """Does what the station of the product does: what a receipt shows to be lost waits again, until it is settled."""

    def __init__(self, name: str, begin: int, seed: int) -> None:
        super().__init__(name, begin, seed)
        self.kept: dict[str, Written] = {}
        self._known: Receipt | None = None

    def deliver(self, line: Line, entries: Sequence[Written]) -> Receipt:
        """Send a batch; a node that forgot this station is shown its own word that it enrolled it."""
        receipt = super().deliver(line, entries)
        if any(answer.problem == UNKNOWN for answer in receipt.answers):
            self._enrol_again(line)
        return receipt

    def take_in(self, signed: SignedReceipt, receipt: Receipt, entries: Sequence[Written]) -> None:
        """Keep what is settled, and take what was settled before and is lost back among what waits."""
        if any(answer.problem == UNKNOWN for answer in receipt.answers):
            return
        super().take_in(signed, receipt, entries)
        settled = {answer.id for answer in receipt.answers if answer.answer in SETTLED}
        lost = [entry for entry in self.kept.values() if self._is_lost(entry, receipt)]
        self.kept |= {entry.id: entry for entry in entries if entry.id in settled}
        self.outbox |= {entry.id: entry for entry in lost if entry.id not in settled}
        self.shown, self._known = signed, receipt

    def _is_lost(self, entry: Written, receipt: Receipt) -> bool:
        """Whether a receipt shows that the node has lost an entry that it acknowledged."""
        if self._known is None:
            return False
        if receipt.epoch != self._known.epoch:
            return True
        in_a_gap = any(first <= entry.seq <= last for first, last in receipt.gaps.get(self.log, ()))
        return in_a_gap or receipt.highest.get(self.log, 0) < entry.seq

    def _enrol_again(self, line: Line) -> None:
        if self.enrolment is None:
            raise ProtocolBroken(f"{self.name} holds no enrolment")
        body = msgspec.json.decode(self.enrolment.body, type=dict[str, Any])
        shown = Written(str(body["id"]), msgspec.json.encode(self.enrolment))
        _, receipt = self.exchange(line, [shown])
        if receipt.answers[0].answer not in SETTLED:
            raise ServerTrouble(f"{self.name}: the enrolment was answered with {receipt.answers[0].problem}")
