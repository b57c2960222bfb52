"""Health declarations: the questionnaire's answers and the trip."""

from django.db import models


class Declaration(models.Model):
    """One declaration, numbered as its entry. `answers` maps twelve questions to booleans."""

    id = models.UUIDField(primary_key=True)
    person_code = models.CharField(max_length=15)
    vehicle = models.UUIDField(null=True, db_index=True)
    vehicle_class = models.CharField(max_length=10)
    direction = models.CharField(max_length=8)
    origin = models.CharField(max_length=20)
    destination = models.CharField(max_length=20)
    answers = models.JSONField()
    notice = models.CharField(max_length=20)
    declared_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)
