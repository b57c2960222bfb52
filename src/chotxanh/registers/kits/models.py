"""Tests and test kits that a department has admitted."""

from django.db import models


class ListedTest(models.Model):
    """One `test.listed`, numbered as its entry."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    method = models.CharField(max_length=10)
    purpose = models.CharField(max_length=12)
    loinc = models.CharField(max_length=10)
    dcc_type = models.CharField(max_length=12)
    specimen_types = models.JSONField()
    largest_pool = models.PositiveSmallIntegerField()
    dcc_device = models.CharField(max_length=80, blank=True)
    listed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class TestWithdrawal(models.Model):
    """One `test.withdrawn`; it may arrive before its test."""

    __test__ = False  # no test of ours

    id = models.UUIDField(primary_key=True)
    test = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.test)


class Kit(models.Model):
    """One `kit.listed`, numbered as its entry. `earliest` and `latest` are minutes after the test was started.

    `pool_protocol` is the document that approved pools of up to `largest_pool`; without it the test's own limit holds.
    """

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=40, db_index=True)
    name = models.CharField(max_length=200)
    test = models.UUIDField()
    earliest = models.PositiveSmallIntegerField()
    latest = models.PositiveSmallIntegerField()
    lots = models.JSONField(default=list)
    dcc_device = models.CharField(max_length=80, blank=True)
    pool_protocol = models.CharField(max_length=200, blank=True)
    largest_pool = models.PositiveSmallIntegerField(null=True)
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
