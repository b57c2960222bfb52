"""Certificates issued and revoked."""

from django.db import models

from chotxanh.certificates.payloads import Decided


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates, by what was decided about them since they were issued."""

    def in_force(self) -> "CertificateQuerySet":
        """Return those that were not revoked and are not suspended now; until when they hold, rules say."""
        stopped = Decision.objects.exclude(state=Decided.RESTORED).values("certificate")
        return self.exclude(id__in=stopped)

    def unrevoked(self) -> "CertificateQuerySet":
        """Return those that were not revoked, suspended ones too."""
        return self.exclude(id__in=Decision.objects.filter(state=Decided.REVOKED).values("certificate"))


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
    pool_size = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=20)
    registration = models.UUIDField()
    named_by = models.UUIDField()
    born_by = models.UUIDField()
    sampled_at = models.DateTimeField()
    resulted_at = models.DateTimeField()
    issued_at = models.DateTimeField()

    objects = CertificateQuerySet.as_manager()

    def __str__(self) -> str:
        return self.uvci


class Decision(models.Model):
    """The last decision about a certificate since it was issued, by its step; it may arrive before its certificate."""

    certificate = models.UUIDField(primary_key=True)
    step = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=12)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.certificate)
