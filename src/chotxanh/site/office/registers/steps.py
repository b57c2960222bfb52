"""The first steps of an empty province, in their order, each with whether it is done."""

from dataclasses import dataclass

from chotxanh.domain.kinds import NodeRole
from chotxanh.protocol.kinds import AT_STATIONS
from chotxanh.registers.devices.models import Device
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.posts.models import Post
from chotxanh.registers.rules.models import Rule
from chotxanh.registers.staff.models import Grant


@dataclass(frozen=True)
class Step:
    """One step: its word's key, the name of its address with the argument, and whether it is done."""

    key: str
    address: str
    argument: str
    is_done: bool


def first_steps() -> list[Step]:
    """Return the steps while one is left to do; an empty list once the province works."""
    steps = [
        Step("registers.step_facility", "office_register", "facilities", Facility.objects.exists()),
        Step("registers.step_post", "office_register", "posts", Post.objects.exists()),
        Step("registers.step_staff", "office_register", "staff", _has_officers()),
        Step("registers.step_rule", "office_register", "rules", Rule.objects.exists()),
        Step(
            "registers.step_device",
            "office_devices",
            "",
            Device.objects.filter(role=NodeRole.STATION).exists(),
        ),
    ]
    return [] if all(step.is_done for step in steps) else steps


def _has_officers() -> bool:
    return Grant.objects.filter(role__in=[role.value for role in AT_STATIONS]).exists()
