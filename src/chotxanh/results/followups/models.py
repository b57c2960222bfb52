"""Whom to call: contacts as noted, what they and the results make of each call, and what only the clock says."""

from django.db import models


class Contact(models.Model):
    """One `followup.contacted`, numbered as its entry. `person_code` is empty where a tube was the matter. UTC."""

    id = models.UUIDField(primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    person_code = models.CharField(max_length=15, db_index=True)
    reason = models.CharField(max_length=10)
    outcome = models.CharField(max_length=15)
    actor = models.UUIDField(null=True)
    contacted_at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.reason} {self.outcome}"


class Call(models.Model):
    """The aggregate: one person to be told of one tube, since `known_at`. Open until `closed_at`. Times are UTC.

    `urgency` orders the list, the smallest first, and `position` (the place in the tube) the people of one tube: their
    codes are random. `unanswered` counts the attempts since it is known; the `last_*`
    columns tell the latest one, `last_contact` by its entry.
    """

    key = models.CharField(max_length=120, primary_key=True)
    reason = models.CharField(max_length=10)
    urgency = models.PositiveSmallIntegerField()
    person_code = models.CharField(max_length=15, db_index=True)
    tube = models.CharField(max_length=90)
    facility = models.CharField(max_length=40)
    site = models.CharField(max_length=40)
    known_at = models.DateTimeField()
    position = models.PositiveSmallIntegerField()
    unanswered = models.PositiveSmallIntegerField()
    last_contact = models.UUIDField(null=True)
    last_outcome = models.CharField(max_length=15)
    last_caller = models.UUIDField(null=True)
    last_called_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["urgency", "known_at", "tube", "position", "key"],
                name="call_open",
                condition=models.Q(closed_at=None),
            ),
            models.Index(
                fields=["closed_at"], name="call_closed", condition=models.Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Closing(models.Model):
    """One `followup.closed`, numbered as its entry (UTC); its reason is erased with the `registration`, if any.

    `is_of_one` where it speaks of that registration alone, and of nobody else who claims the code.
    """

    id = models.UUIDField(primary_key=True)
    person_code = models.CharField(max_length=15, db_index=True)
    outcome = models.CharField(max_length=20)
    closed_at = models.DateTimeField()
    considered = models.JSONField(null=True)
    marks = models.SmallIntegerField(default=0)
    registration = models.UUIDField(null=True, db_index=True)
    is_of_one = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.person_code} {self.outcome}"


class Escalation(models.Model):
    """The worker's word that a call waited too long, and is now the CDC's duty officer's."""

    key = models.CharField(max_length=120, primary_key=True)
    escalated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class OverdueTube(models.Model):
    """The worker's word that a tube had no result when one was due; it is overdue as long as it has none. UTC."""

    tube = models.CharField(max_length=90, primary_key=True)
    facility = models.CharField(max_length=40)
    site = models.CharField(max_length=40)
    sampled_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.tube
