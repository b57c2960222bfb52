"""The receipt: this server's signed word of what became of a batch; a device may then forget what it sent."""

from datetime import datetime
from typing import Any

import msgspec

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.keys.signers import node_key
from chotxanh.ledger.recording import Recorded
from chotxanh.registers.devices.node import node_id


def write_receipt(recorded: Recorded, received_at: datetime) -> dict[str, str]:
    """Return `{"receipt": JSON text, "signature": base64url}`; docs/protocol.md gives the fields."""
    content: dict[str, Any] = {
        "node": node_id(),
        "received_at": unix_ms(received_at),
        "answers": [
            {"id": each.id, "answer": each.answer, "problem": each.problem} for each in recorded.answers
        ],
        "gaps": {str(log): ranges for log, ranges in recorded.gaps.items()},
    }
    receipt = msgspec.json.encode(content)
    return {"receipt": receipt.decode(), "signature": to_base64url(node_key().sign(receipt))}
