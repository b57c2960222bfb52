"""Times of keeping as they were set."""

from django.db import models


class Retention(models.Model):
    """One `retention.set`, numbered as its entry; of a category the latest that has begun (UTC) stands."""

    id = models.UUIDField(primary_key=True)
    category = models.CharField(max_length=20)
    days = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["category", "since"], name="retention_of_category")]

    def __str__(self) -> str:
        return f"{self.category} {self.days}"
