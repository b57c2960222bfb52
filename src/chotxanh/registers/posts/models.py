"""Posts as the office opened them."""

from django.db import models


class Post(models.Model):
    """One `post.opened`, numbered as its entry: a place of work within a site (a checkpoint, a clinic ...).

    `facility` is the code of the facility that answers for what is done there; `closed_at` is UTC.
    """

    id = models.UUIDField(primary_key=True)
    site = models.CharField(max_length=40, db_index=True)
    site_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    facility = models.CharField(max_length=40)
    road = models.CharField(max_length=40, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "site", "name", "id"]

    def __str__(self) -> str:
        return f"{self.site_name} {self.name}"


class PostClosing(models.Model):
    """One `post.closed`; it may arrive before its post."""

    id = models.UUIDField(primary_key=True)
    post = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.post)
