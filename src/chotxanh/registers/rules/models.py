"""Rules of validity as they were enacted and repealed."""

from django.db import models


class Rule(models.Model):
    """One `rule.enacted`, numbered as its entry; empty `category`, `test_type` or `territory` means any. Times are UTC.

    `effective_to` is the earlier of its own end and its repeal.
    """

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=40)
    category = models.CharField(max_length=20, blank=True)
    test_type = models.CharField(max_length=20, blank=True)
    territory = models.CharField(max_length=20, blank=True)
    anchor = models.CharField(max_length=10)
    valid_for_hours = models.PositiveSmallIntegerField()
    effective_from = models.DateTimeField()
    until = models.DateTimeField(null=True)
    effective_to = models.DateTimeField(null=True)
    legal_reference = models.CharField(max_length=300)
    document = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["effective_from", "code", "id"]

    def __str__(self) -> str:
        return self.code


class Meaning(models.Model):
    """One `rule.enacted` that says what results mean: a set of the ministry (domain.standing.rules) by its code. UTC.

    `effective_to` is the earlier of its own end and its repeal.
    """

    id = models.UUIDField(primary_key=True)
    standing = models.CharField(max_length=40)
    effective_from = models.DateTimeField()
    until = models.DateTimeField(null=True)
    effective_to = models.DateTimeField(null=True)
    legal_reference = models.CharField(max_length=300)
    document = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["effective_from", "id"]

    def __str__(self) -> str:
        return self.standing


class RuleRepeal(models.Model):
    """One `rule.repealed`; it may arrive before its rule."""

    id = models.UUIDField(primary_key=True)
    rule = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.rule)
