"""Facilities that sample, test and answer for results."""

from django.db import models


class Facility(models.Model):
    """A health facility, named by a stable code that entries carry."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    authorised_by = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "facilities"

    def __str__(self) -> str:
        return self.name
