"""Codes with their words."""

from django.db import models


class ListedCode(models.Model):
    """What a code of a register is called; the latest `code.listed` about it stands."""

    key = models.CharField(max_length=81, primary_key=True)
    register = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    vi = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    entry = models.UUIDField()
    listed_at = models.DateTimeField()

    class Meta:
        ordering = ["register", "position", "code"]

    def __str__(self) -> str:
        return self.key
