"""What the campaign's work writes. Nothing here is unique on purpose: a doubled effect must show."""

from django.db import models


class Done(models.Model):
    """The recorded effect of one errand or one day."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class Drop(models.Model):
    """A fact: so much more in this vessel."""

    vessel = models.CharField(max_length=40, db_index=True)
    amount = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.vessel} {self.amount}"


class Level(models.Model):
    """The deferred sum of a vessel's drops."""

    vessel = models.CharField(max_length=40, primary_key=True)
    total = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.vessel} {self.total}"
