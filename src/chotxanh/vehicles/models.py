"""Vehicles, keyed by class and plate: a car's and a motorbike's plate can look alike once punctuation is gone."""

from django.db import models


class Vehicle(models.Model):
    """One vehicle; its number is its blind index. `named_by` is the first entry whose sealed part names the plate."""

    id = models.UUIDField(primary_key=True)
    vehicle_class = models.CharField(max_length=10)
    named_by = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.vehicle_class} {self.id}"
