"""Certificates issued and revoked."""

from django.db import models


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
