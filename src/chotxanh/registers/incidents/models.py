"""Incidents as they were recorded, and what was done about each."""

from django.db import models


class Incident(models.Model):
    """One `incident.recorded`, numbered as its entry. Times are UTC; empty is what was not done yet."""

    id = models.UUIDField(primary_key=True)
    what = models.CharField(max_length=20)
    people = models.PositiveIntegerField()
    document = models.CharField(max_length=100)
    noticed_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["noticed_at"], name="incident_noticed")]

    def __str__(self) -> str:
        return f"{self.what} {self.noticed_at}"


class IncidentStep(models.Model):
    """One `incident.followed`; it may come before its incident, and of several the earliest counts."""

    id = models.UUIDField(primary_key=True)
    incident = models.UUIDField(db_index=True)
    step = models.CharField(max_length=10)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.incident} {self.step}"
