"""The deferred sums: what each tube adds to, and what an hour at a post comes to."""

from django.db import models


class TubeCount(models.Model):
    """What one tube was last counted as. Hours are UTC, whole; `resulted_hour` is empty while it has no result.

    Taking this away and adding what the facts say now keeps the hours right, whatever arrives or changes.
    """

    tube = models.CharField(max_length=90, primary_key=True)
    post = models.UUIDField()
    site = models.CharField(max_length=40)
    facility = models.CharField(max_length=40)
    sampled_hour = models.DateTimeField()
    people = models.PositiveSmallIntegerField()
    resulted_hour = models.DateTimeField(null=True)
    positives = models.PositiveSmallIntegerField()
    certificates = models.PositiveSmallIntegerField()
    recalls = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.tube


class HourAtPost(models.Model):
    """One hour at one post: who was sampled in it, what is still waiting of that, and what became known in it.

    `recalls` are those sampled in it who must be sampled again, and were not yet.
    """

    key = models.CharField(max_length=50, primary_key=True)
    post = models.UUIDField()
    hour = models.DateTimeField(db_index=True)
    site = models.CharField(max_length=40)
    facility = models.CharField(max_length=40)
    people = models.IntegerField(default=0)
    tubes = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    results = models.IntegerField(default=0)
    positives = models.IntegerField(default=0)
    certificates = models.IntegerField(default=0)
    recalls = models.IntegerField(default=0)

    class Meta:
        verbose_name_plural = "hours at posts"
        indexes = [
            models.Index(fields=["site"], name="hour_with_waiting", condition=models.Q(waiting__gt=0)),
            models.Index(fields=["site"], name="hour_with_recalls", condition=models.Q(recalls__gt=0)),
        ]

    def __str__(self) -> str:
        return self.key
