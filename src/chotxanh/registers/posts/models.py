"""Checkpoints on the road and their lanes."""

from django.db import models


class Checkpoint(models.Model):
    """A post on the road. `facility` is the code of the facility that answers for its tests."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    road = models.CharField(max_length=40)
    facility = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Lane(models.Model):
    """One lane of a checkpoint, where one station stands."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.CASCADE, related_name="lanes")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["checkpoint", "code"], name="one_lane_per_code")]

    def __str__(self) -> str:
        return self.name
