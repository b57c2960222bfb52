"""The tables of the ledger: entries as they were signed, logs, what was kept aside, and the feed."""

from django.db import models

from chotxanh.ledger.worker.models import DailyJob, DirtyKey, Errand  # noqa: F401 - Django looks here


class Log(models.Model):
    """The life of one store on one device.

    `gaps` are the ranges of running numbers below the highest not seen here, `missing` is how many numbers they hold.
    `doubtful_seq` is the highest number that ever came with a time in doubt, `latest_at` (UTC) the latest time of any
    that its clock left in none.
    """

    id = models.UUIDField(primary_key=True)
    device = models.UUIDField()
    highest_seq = models.BigIntegerField(default=0)
    gaps = models.JSONField(default=list)
    missing = models.BigIntegerField(default=0)
    doubtful_seq = models.BigIntegerField(default=0)
    latest_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-missing", "id"], name="log_with_gaps", condition=models.Q(missing__gt=0))
        ]

    def __str__(self) -> str:
        return str(self.id)


class Entry(models.Model):
    """One thing that happened. `body` is the signed text, byte for byte; `personal` is sealed; times are UTC.

    `marks` (domain.marks.Mark) may change when more arrives; `answer` only rises, and `applied_at` is when it did.
    `unsettled_boot` is the run of the device's counter, where the entry itself leaves its time in doubt.
    `earliest_at` is set where the time is in doubt: it lies between this and `received_at`.
    `facility` answers for the deed, where it names one; of one that is held `post` is where it was done. `unread` is
    the sealed text of an entry that was rejected, or whose kind is not known here; its `body` is empty then, and an
    unknown kind is not told. `clock_era` is how often this server's clock had been put right when the entry came.
    """

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
    earliest_at = models.DateTimeField(null=True)
    marks = models.SmallIntegerField(default=0)
    unsettled_boot = models.UUIDField(null=True)
    facility = models.CharField(max_length=40, default="")
    post = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    clock_era = models.PositiveSmallIntegerField(db_default=0)
    applied_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10)
    problem = models.CharField(max_length=60)
    body = models.TextField()
    signature = models.BinaryField(max_length=64)
    personal = models.BinaryField(null=True)
    unread = models.BinaryField(null=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["log", "seq"], name="one_entry_per_running_number")]
        indexes = [
            # The last time of receipt: no later one lies before it.
            models.Index(fields=["received_at"], name="entry_by_receipt"),
            models.Index(
                fields=["answer", "received_at"],
                name="entry_not_applied",
                condition=~models.Q(answer="applied"),
            ),
            models.Index(
                fields=["log", "unsettled_boot"],
                name="entry_unsettled",
                condition=models.Q(unsettled_boot__isnull=False),
            ),
            models.Index(
                fields=["log", "seq"],
                name="entry_in_doubt",
                condition=models.Q(earliest_at__isnull=False),
            ),
            # The clocks in doubt of the last weeks.
            models.Index(
                fields=["answer", "received_at"],
                name="entry_doubtful_boot",
                condition=models.Q(earliest_at__isnull=False, unsettled_boot__isnull=False),
            ),
            # What judging again reads, slice by slice, of one member and of one facility.
            models.Index(
                fields=["actor", "id"], name="entry_of_actor", condition=models.Q(actor__isnull=False)
            ),
            models.Index(
                fields=["facility", "id"], name="entry_of_facility", condition=~models.Q(facility="")
            ),
            # Words of the office that have no effect, or may have none.
            models.Index(
                fields=["received_at"],
                name="word_marked",
                condition=models.Q(seq__isnull=True, actor__isnull=False, marks__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


# Two entries under one number, both rightly signed: two devices have one store, or somebody has the key.
ALARMING = ("id_reused", "log_of_another_device", "running_number_reused")
# What is set aside may be unreadable, so its seal is bound to its table alone.
SET_ASIDE_CONTEXT = b"set-aside"


class SetAside(models.Model):
    """Something sent that was not authentic or not readable: kept, never applied. `raw` is sealed.

    An alarm (ALARMING) that a lead looked into says who did, and when (UTC).
    """

    entry = models.UUIDField(null=True)
    device = models.UUIDField(null=True)
    problem = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    raw = models.BinaryField()
    digest = models.BinaryField(max_length=32, unique=True)
    looked_into_by = models.UUIDField(null=True)
    looked_into_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "set aside"
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="set_aside_newest"),
            models.Index(
                fields=["device"], name="set_aside_alarms", condition=models.Q(problem__in=ALARMING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem} {self.entry}"


class Remark(models.Model):
    """What an entry says about another one: `admitted`, `refused`, `erased` or `withdrawn`. Either may come first.

    `log` and `seq` are where it was said: an author may withdraw within the same shift. `marks` are those of the word.
    """

    id = models.UUIDField(primary_key=True)
    entry = models.UUIDField(db_index=True)
    what = models.CharField(max_length=10)
    actor = models.UUIDField(null=True)
    log = models.UUIDField(null=True)
    seq = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["log"], name="withdrawal_of_log", condition=models.Q(what="withdrawn"))
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.what}"


class Shift(models.Model):
    """Where a shift begins in a log (`shift.started`), or ends: then `actor` is null.

    `ticket`, and the times (UTC) between which it holds, are null at an end and where it cannot be read any more.
    """

    id = models.UUIDField(primary_key=True)
    log = models.UUIDField()
    seq = models.BigIntegerField()
    actor = models.UUIDField(null=True)
    ticket = models.UUIDField(null=True)
    issued_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["log", "seq"], name="shift_of_log"),
            models.Index(fields=["actor", "expires_at"], name="shift_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.seq}"


class ErasedCategory(models.Model):
    """An order that nothing personal of a category is kept from before a moment (UTC)."""

    id = models.UUIDField(primary_key=True)
    category = models.CharField(max_length=20)
    before = models.DateTimeField()

    class Meta:
        verbose_name_plural = "erased categories"

    def __str__(self) -> str:
        return f"{self.category} {self.before}"


class Rejudging(models.Model):
    """Whose deeds are being judged again, as `member/<id>` or `facility/<code>`; `after` is the last one judged."""

    key = models.CharField(max_length=90, primary_key=True)
    after = models.UUIDField(null=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class BootAnchor(models.Model):
    """The first measurement of one run of a device's counter: the server's time at its zero, in Unix ms."""

    key = models.CharField(max_length=73, primary_key=True)
    seq = models.BigIntegerField()
    anchor = models.BigIntegerField()

    def __str__(self) -> str:
        return self.key


class BootWord(models.Model):
    """A lead's word on one run of a device's counter (`clock.settled`), by its entry; `anchor` as a BootAnchor's."""

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=73, db_index=True)
    anchor = models.BigIntegerField()
    at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class ClockPutRight(models.Model):
    """One `server_clock.put_right`: times of receipt after `since`, up to `until` (UTC), were of a clock ahead.

    That holds for what was received in the era of the word or before; what came later binds whatever time it has.
    """

    id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.since} {self.until}"


class FeedHead(models.Model):
    """The one row that says where the feed stands: the node's and the feed's epoch, and the last position given."""

    node_epoch = models.CharField(max_length=16)
    feed_epoch = models.CharField(max_length=16)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.feed_epoch} {self.position}"


class FeedCard(models.Model):
    """One card in one scope. `position` is null until what changed is committed and numbered; then it is the version.

    `expires_at_ms` is in Unix ms. A card that `is_gone` left its scope: stations there are told to forget it.
    """

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=90)
    scope = models.CharField(max_length=60)
    position = models.BigIntegerField(null=True)
    expires_at_ms = models.BigIntegerField()
    is_gone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "scope"], name="one_row_a_card_and_scope")
        ]
        indexes = [
            models.Index(fields=["scope", "position"], name="feed_of_scope"),
            models.Index(fields=["id"], name="feed_unnumbered", condition=models.Q(position=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.scope} {self.position}"
