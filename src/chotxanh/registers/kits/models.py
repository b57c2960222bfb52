"""Test kits that a department has admitted."""

from django.db import models


class Kit(models.Model):
    """One `kit.listed`, numbered as its entry. `read_from` and `read_until` are minutes after the test was started."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=40, db_index=True)
    name = models.CharField(max_length=200)
    test = models.CharField(max_length=20)
    read_from = models.PositiveSmallIntegerField()
    read_until = models.PositiveSmallIntegerField()
    lots = models.JSONField(default=list)
    listed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class KitWithdrawal(models.Model):
    """One `kit.withdrawn`; it may arrive before its kit."""

    id = models.UUIDField(primary_key=True)
    kit = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.kit)
