"""Devices that sign entries, stations and servers, each with its role; their enrolment and sessions."""

import uuid

from django.conf import settings
from django.db import models

from chotxanh.domain.kinds import NodeRole
from chotxanh.protocol.places import Place


class Device(models.Model):
    """One enrolled key. `public_point` is the 65-byte uncompressed P-256 point, `role` a NodeRole; times are UTC.

    It belongs to a site and the facility that answers for it; with neither, to the whole province.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    public_point = models.BinaryField(max_length=65)
    role = models.CharField(max_length=20, default=NodeRole.STATION.value)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    facility = models.CharField(max_length=40, blank=True, default="")
    site = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """Where it belongs: who leads there decides about it."""
        return Place(self.facility, self.site)


class DeviceRevocation(models.Model):
    """One `device.revoked` entry; the earliest of a device counts. It may come before its enrolment."""

    id = models.UUIDField(primary_key=True)
    device = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.device)


class EnrolmentCode(models.Model):
    """A code that enrols one device of a place once. Only its digest is kept."""

    digest = models.BinaryField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL)
    facility = models.CharField(max_length=40, blank=True, default="")
    site = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """Where the device will belong."""
        return Place(self.facility, self.site)


class Session(models.Model):
    """A member signed in at a device: the bearer token's digest, the ticket that went with it, until when both hold."""

    digest = models.BinaryField(max_length=32, unique=True)
    ticket = models.UUIDField(null=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device_id} {self.member_id}"


class TicketEnd(models.Model):
    """A ticket that ended on this server before it was over: what is dated later (UTC), and not seen yet, is held."""

    ticket = models.UUIDField(primary_key=True)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.ticket)


class KeptTicket(models.Model):
    """A ticket that a station keeps sealed for a member, whose PIN opens it while the line is down; times are UTC."""

    ticket = models.UUIDField(primary_key=True)
    member = models.UUIDField(db_index=True)
    device = models.UUIDField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device} {self.member}"


class KeptEnd(models.Model):
    """Whatever stations kept for a member ended now (UTC): also what no row tells of, after a restore."""

    member = models.UUIDField()
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "ended_at"], name="kept_end_once")]

    def __str__(self) -> str:
        return f"{self.member} {self.ended_at}"
