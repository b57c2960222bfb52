"""Certificates issued and revoked, and the dated rules that say how long a result holds."""

from django.db import models

from chotxanh.domain.validity import Anchor, ValidityRule


class Rule(models.Model):
    """One line of the validity rule book; empty `category` or `test_type` means any."""

    code = models.CharField(max_length=40, primary_key=True)
    category = models.CharField(max_length=20, blank=True)
    test_type = models.CharField(max_length=10, blank=True)
    anchor = models.CharField(max_length=10)
    valid_for_hours = models.PositiveSmallIntegerField()
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True, blank=True)
    legal_reference = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.code

    def as_rule(self) -> ValidityRule:
        """Return the row as the domain's rule."""
        return ValidityRule(
            self.code,
            self.category or None,
            self.test_type or None,
            Anchor(self.anchor),
            self.valid_for_hours,
            self.effective_from,
            self.effective_to,
            self.legal_reference,
        )


class Certificate(models.Model):
    """One certificate; its text stands sealed in the entry that issued it. Times are UTC."""

    id = models.UUIDField(primary_key=True)
    entry = models.UUIDField()
    person_code = models.CharField(max_length=15, db_index=True)
    facility = models.CharField(max_length=40)
    tube = models.CharField(max_length=90)
    result = models.UUIDField()
    uvci = models.CharField(max_length=80, unique=True)
    kid = models.BinaryField(max_length=8)
    signature_hash = models.BinaryField(max_length=16, unique=True)
    test_type = models.CharField(max_length=10)
    category = models.CharField(max_length=20)
    registration = models.UUIDField()
    sampled_at = models.DateTimeField()
    resulted_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    rule = models.CharField(max_length=40)
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.uvci


class Revocation(models.Model):
    """One revocation; it may arrive before its certificate."""

    certificate = models.UUIDField(primary_key=True)
    reason = models.CharField(max_length=12)
    revoked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.certificate)
