"""What judging needs to know of a device, read without composing a query."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.kinds import NodeRole
from chotxanh.keys.signers import node_key
from chotxanh.registers.devices.models import Device
from chotxanh.registers.devices.node import node_id
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table


class KnownDevice(NamedTuple):
    """One enrolled key; `role` is a NodeRole, `revoked_at` is UTC."""

    id: UUID
    public_point: bytes
    role: str
    revoked_at: datetime | None


_DEVICES = Table(Device, KnownDevice)


def known_devices(ids: Collection[UUID]) -> dict[UUID, KnownDevice]:
    """Return those of these devices that are enrolled; this server knows itself without asking."""
    node = node_id()
    found = {node: this_node()} if node in ids else {}
    strangers = [id for id in ids if id != node]
    return found | {device.id: device for device in lookup(_DEVICES, "id", strangers)}


def this_node() -> KnownDevice:
    """Return this server as a device: its key lies beside it."""
    return KnownDevice(node_id(), node_key().public_point, role=NodeRole.PROVINCE, revoked_at=None)
