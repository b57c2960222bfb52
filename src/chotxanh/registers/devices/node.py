"""This server as a node of the ledger: its device row, its log and its key."""

import uuid
from datetime import datetime
from functools import cache

from chotxanh.domain.kinds import NodeRole
from chotxanh.keys.signatures import SigningKey
from chotxanh.keys.signers import node_key
from chotxanh.registers.devices.models import Device


@cache
def _identity(point: bytes) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, point.hex())


def node_id() -> uuid.UUID:
    """Return this server's identifier, derived from its public key, so that every worker knows it."""
    return _identity(node_key().public_point)


def node_log() -> uuid.UUID:
    """Return the log of entries that this server makes; they have no running number."""
    return uuid.uuid5(node_id(), "log")


def enrol_node(now: datetime) -> tuple[Device, SigningKey]:
    """Make sure the database knows this server's key; `up` calls it after migrating."""
    key = node_key()
    device, _ = Device.objects.get_or_create(
        id=node_id(),
        defaults={
            "name": "Máy chủ",
            "public_point": key.public_point,
            "role": NodeRole.PROVINCE,
            "enrolled_at": now,
        },
    )
    return device, key
