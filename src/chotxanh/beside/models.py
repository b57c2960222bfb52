"""The tables that are written while people look; times are UTC."""

import uuid

from django.db import models


class Bucket(models.Model):
    """One token bucket: who or what it counts, as an HMAC, and when it will be full again (Unix milliseconds)."""

    key = models.BinaryField(max_length=16, primary_key=True)
    full_at = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return bytes(self.key).hex()


class PersonalAccess(models.Model):
    """One look at personal data by a member of staff: who, what, why, when.

    `device` is the station that kept the look and handed it in, `said` the SHA-256 of what it said of it; None where
    this server saw it itself.
    """

    member = models.UUIDField()
    device = models.UUIDField(null=True)
    said = models.BinaryField(max_length=32, null=True, unique=True)
    subject = models.CharField(max_length=90)
    purpose = models.CharField(max_length=40)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "personal accesses"
        indexes = [
            models.Index(fields=["subject"], name="access_of_subject"),
            models.Index(fields=["-read_at", "-id"], name="access_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.purpose}"


class HeardDevice(models.Model):
    """When a device last spoke to this server, for which site, and how many of its entries it said were waiting."""

    device = models.UUIDField(primary_key=True)
    site = models.CharField(max_length=40, default="")
    waiting = models.PositiveIntegerField()
    heard_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device} {self.waiting}"


class Draft(models.Model):
    """What somebody is in the middle of typing, sealed, under the HMAC of its secret name."""

    key = models.BinaryField(max_length=16, primary_key=True)
    sealed = models.BinaryField()
    expires_at_ms = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return bytes(self.key).hex()


class OfficeSession(models.Model):
    """One browser's session at the office: the SHA-256 of its key, and what it holds, sealed. Times are UTC.

    `member` is whose it is once somebody signed in; `id` names it where its owner ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.BinaryField(max_length=32, unique=True)
    member = models.UUIDField(null=True, db_index=True)
    browser = models.CharField(max_length=60, default="")
    sealed = models.BinaryField()
    began_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
