"""The tables of the ledger: entries as they were signed, logs, what was kept aside, and the feed."""

from django.db import models


class Log(models.Model):
    """The life of one store on one device. `seen` counts its entries here; a gap is `highest_seq` above `seen`."""

    id = models.UUIDField(primary_key=True)
    device = models.UUIDField()
    highest_seq = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.id)


class Entry(models.Model):
    """One thing that happened. `body` is the signed text, byte for byte; `personal` is sealed; times are UTC."""

    id = models.UUIDField(primary_key=True)
    digest = models.BinaryField(max_length=32)
    device = models.UUIDField()
    log = models.UUIDField(null=True)
    seq = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    actor = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    is_doubtful = models.BooleanField()
    boot = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    answer = models.CharField(max_length=10)
    problem = models.CharField(max_length=60)
    body = models.TextField()
    signature = models.BinaryField(max_length=64)
    personal = models.BinaryField(null=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["log", "seq"], name="one_entry_per_running_number")]
        indexes = [
            models.Index(
                fields=["received_at"], name="entry_not_applied", condition=~models.Q(answer="applied")
            ),
            models.Index(
                fields=["log", "kind"],
                name="entry_of_shift_or_clock",
                condition=models.Q(kind__in=["shift.started", "clock.measured"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


# What is set aside may be unreadable, so its seal is bound to its table alone.
SET_ASIDE_CONTEXT = b"set-aside"


class SetAside(models.Model):
    """Something sent that was not authentic or not readable: kept, never applied. `raw` is sealed."""

    entry = models.UUIDField(null=True)
    device = models.UUIDField(null=True)
    problem = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    raw = models.BinaryField()
    digest = models.BinaryField(max_length=32, unique=True)

    class Meta:
        verbose_name_plural = "set aside"

    def __str__(self) -> str:
        return f"{self.problem} {self.entry}"


class Verdict(models.Model):
    """What a lead decided about a held entry; it may arrive before the entry itself."""

    id = models.UUIDField(primary_key=True)
    entry = models.UUIDField(db_index=True)
    is_admitted = models.BooleanField()
    decided_at = models.DateTimeField()
    actor = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.entry} {'admitted' if self.is_admitted else 'refused'}"


class Erasure(models.Model):
    """An order that the personal part of an entry be blanked, on every node."""

    id = models.UUIDField(primary_key=True)
    entry = models.UUIDField(db_index=True)
    basis = models.CharField(max_length=100)
    effective_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.entry)


class FeedItem(models.Model):
    """A card changed. The row's number is the card's version and the feed's position."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=90)
    scope = models.CharField(max_length=40)
    announced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.id}"


class PersonalAccess(models.Model):
    """One reading of personal data by a member of staff: who, what, why, when (UTC)."""

    member = models.UUIDField()
    subject = models.CharField(max_length=90)
    purpose = models.CharField(max_length=40)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "personal accesses"
        indexes = [models.Index(fields=["subject"], name="access_by_subject")]

    def __str__(self) -> str:
        return f"{self.member} {self.purpose}"
