"""The receipt: this server's signed word of what became of a batch; a device may then forget what it sent.

It names the node's epoch and the highest running number known of each log, so that a station notices when the
database was put back; and a station that shows it proves to the node that it was.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.keys.signatures import verifies
from chotxanh.keys.signers import node_key
from chotxanh.ledger.feed.head import epoch_ahead
from chotxanh.ledger.feed.witness import begin_new_life
from chotxanh.ledger.recording import Recorded
from chotxanh.protocol.envelope import PROTOCOL
from chotxanh.protocol.exchange import UNREADABLE
from chotxanh.registers.devices.node import node_id


class ReceiptAnswer(msgspec.Struct, frozen=True):
    """What became of one entry; `id` and `digest` (base64url of SHA-256 of its body) are null where unreadable."""

    id: UUID | None
    digest: str | None
    answer: str
    problem: str | None


class Receipt(msgspec.Struct, frozen=True):
    """What is signed. `gaps` are ranges of running numbers not seen, `highest` the highest one known, by log."""

    protocol: int
    node: UUID
    epoch: str
    received_at: int
    answers: list[ReceiptAnswer]
    gaps: dict[UUID, list[tuple[int, int]]]
    highest: dict[UUID, int]


class SignedReceipt(msgspec.Struct, frozen=True):
    """A receipt's JSON text with the node's signature (base64url) over it."""

    receipt: str
    signature: str


_receipts = msgspec.json.Decoder(Receipt)


def write_receipt(recorded: Recorded, received_at: datetime, known: SignedReceipt | None) -> SignedReceipt:
    """Return the receipt of a batch (UTC `received_at`); `known` is the last receipt that the station holds.

    Where it shows that this database once knew more, the receipt already names the node's new epoch.
    """
    epoch = recorded.epoch
    if known is not None and _is_of_more(known, epoch, recorded.before):
        begin_new_life(epoch)
        epoch = epoch_ahead()()
    content = Receipt(
        protocol=PROTOCOL,
        node=node_id(),
        epoch=epoch,
        received_at=unix_ms(received_at),
        answers=[
            ReceiptAnswer(answer.id, to_base64url(digest) if digest else None, answer.answer, answer.problem)
            for answer, digest in zip(recorded.answers, recorded.digests, strict=True)
        ],
        gaps=recorded.gaps,
        highest=recorded.highest,
    )
    receipt = msgspec.json.encode(content)
    return SignedReceipt(receipt.decode(), to_base64url(node_key().sign(receipt)))


def _is_of_more(known: SignedReceipt, epoch: str, before: dict[UUID, int]) -> bool:
    """Say whether this node itself signed, in this epoch, a higher number than it knew of one of these logs."""
    try:
        receipt = _receipts.decode(known.receipt)
    except UNREADABLE:
        return False
    if receipt.epoch != epoch or not any(
        receipt.highest.get(log, 0) > highest for log, highest in before.items()
    ):
        return False
    signature = from_base64url(known.signature) or b""
    return verifies(node_key().public_point, known.receipt.encode(), signature)
