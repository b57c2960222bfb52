"""Facilities that sample, test and answer for results, and when they were authorised to."""

from django.db import models


class Facility(models.Model):
    """A health facility, named by a stable code that entries carry; the latest `facility.registered` stands."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    entry = models.UUIDField()
    registered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "facilities"

    def __str__(self) -> str:
        return self.name


class Authorisation(models.Model):
    """One `facility.authorised`: who allowed it, by which document, from when until when (UTC)."""

    id = models.UUIDField(primary_key=True)
    facility = models.CharField(max_length=40, db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    document = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.facility} {self.document}"


class Interruption(models.Model):
    """One `facility.suspended` or `facility.reinstated`."""

    id = models.UUIDField(primary_key=True)
    facility = models.CharField(max_length=40, db_index=True)
    is_suspension = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.facility} {'suspended' if self.is_suspension else 'reinstated'}"
