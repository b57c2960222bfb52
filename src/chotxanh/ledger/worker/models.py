"""What the worker has to do: errands without an outcome, daily jobs, keys whose sums are behind."""

from django.db import models


class Errand(models.Model):
    """Something decided that has no outcome yet. Times are UTC.

    A rebuild keeps what waits, but for what it does itself. Where it emptied the outcome it asks again, and pauses what
    leaves the house.
    `problem` says why the last attempt failed: a code or a type, never a message.
    """

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    is_paused = models.BooleanField(default=False)
    gave_up_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="one_errand_a_key")]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="errand_to_run",
                condition=models.Q(is_paused=False, gave_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class DailyJob(models.Model):
    """The last day, in Viet Nam, for which a job was asked: what was asked is never asked again."""

    name = models.CharField(max_length=40, primary_key=True)
    last_day = models.DateField()

    def __str__(self) -> str:
        return f"{self.name} {self.last_day}"


class DirtyKey(models.Model):
    """A key of the deferred level that is behind the facts since `noted_at` (UTC).

    Rows are only appended: nobody waits for another.
    """

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
