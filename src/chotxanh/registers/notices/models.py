"""Texts as they were published."""

from django.db import models


class PublishedText(models.Model):
    """One `text.published`, numbered as its entry; of a name the latest that has begun (UTC) stands."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=20)
    version = models.CharField(max_length=40)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
