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


class FacilityEvent(models.Model):
    """One `facility.authorised`, `facility.suspended` or `facility.reinstated`; times are UTC.

    `what` is `authorised`, `suspended` or `reinstated`; only an authorisation has an end, a document and `methods`, a
    blank between them.
    """

    id = models.UUIDField(primary_key=True)
    facility = models.CharField(max_length=40, db_index=True)
    what = models.CharField(max_length=10)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    document = models.CharField(max_length=200, blank=True)
    methods = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.facility} {self.what}"
