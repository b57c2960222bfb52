"""Duty numbers as they were set."""

from django.db import models


class DutyNumber(models.Model):
    """One `duty.set`, numbered as its entry; the latest for an `of` and `code` stands. The number is a public one."""

    id = models.UUIDField(primary_key=True)
    of = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of", "code", "since"], name="duty_of_whom")]

    def __str__(self) -> str:
        return f"{self.of} {self.code} {self.phone}"
