"""Stores vehicles: the only writer of the vehicles floor's table."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.plates import main_plate
from chotxanh.keys.sealing import blind_index
from chotxanh.storage.rows import Table, upsert
from chotxanh.vehicles.models import Vehicle


class VehicleRow(NamedTuple):
    """One vehicle and the first entry whose sealed part names its plate."""

    id: UUID
    vehicle_class: str
    named_by: UUID


_VEHICLES = Table(Vehicle, VehicleRow)


def vehicle_id(vehicle_class: str, plate: str) -> UUID:
    """Return the number of the vehicle with this class and plate: its blind index."""
    return UUID(bytes=blind_index("plate", f"{vehicle_class}|{main_plate(plate)}"))


def store_vehicles(named: Sequence[VehicleRow]) -> None:
    """Store vehicles; of several entries that name one plate the one with the smallest number stands."""
    smallest: dict[UUID, VehicleRow] = {}
    for vehicle in named:
        known = smallest.get(vehicle.id)
        if known is None or vehicle.named_by < known.named_by:
            smallest[vehicle.id] = vehicle
    upsert(_VEHICLES, [smallest[id] for id in sorted(smallest)], least=("named_by",))


def rename_vehicles(named_by: Mapping[UUID, UUID | None]) -> None:
    """Say which entry names each of these vehicles now; one that none names any more is forgotten."""
    for vehicle, entry in named_by.items():
        rows = Vehicle.objects.filter(id=vehicle)
        if entry is None:
            rows.delete()
        else:
            rows.update(named_by=entry)
