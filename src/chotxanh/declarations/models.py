"""Health declarations: the questionnaire's answers and the trip."""

from django.db import models


class Declaration(models.Model):
    """One journey that somebody declared, numbered as its entry; it may arrive before its registration.

    `answers` maps twelve questions to booleans. `party` is the journey of whoever declared for all in a vehicle, which
    has so many `companions`; None for that one, and for who declared alone.
    """

    id = models.UUIDField(primary_key=True)
    registration = models.UUIDField()
    person_code = models.CharField(max_length=15)
    category = models.CharField(max_length=20)
    vehicle = models.UUIDField(null=True)
    vehicle_class = models.CharField(max_length=10)
    direction = models.CharField(max_length=8)
    origin = models.CharField(max_length=20)
    destination = models.CharField(max_length=20)
    answers = models.JSONField()
    notice = models.CharField(max_length=20)
    road = models.CharField(max_length=40)
    declared_at = models.DateTimeField(db_index=True)
    party = models.UUIDField(null=True)
    companions = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["registration", "declared_at"], name="declaration_registration"),
            # In order of time: who was in a coach last is found without reading all who ever were.
            models.Index(fields=["vehicle", "declared_at"], name="declaration_vehicle"),
            models.Index(fields=["party"], name="declaration_party", condition=models.Q(party__isnull=False)),
            models.Index(
                fields=["registration"], name="declaration_for_all", condition=models.Q(companions__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
