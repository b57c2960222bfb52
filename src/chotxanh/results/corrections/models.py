"""Second signatures, what people were told, and every correction that takes a positive back."""

from django.db import models


class ResultSignature(models.Model):
    """One `result.countersigned`, numbered as its entry; `tube` names the first tube of the barcode. UTC.

    It was signed at `signed_at` at the latest and not before `signed_earliest` (None: the time is certain).
    """

    id = models.UUIDField(primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    correction = models.UUIDField()
    facility = models.CharField(max_length=40)
    actor = models.UUIDField(null=True)
    signed_at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)
    received_at = models.DateTimeField(null=True)
    signed_earliest = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tube} {self.correction}"


class ResultTelling(models.Model):
    """One `result.told`, numbered as its entry; `contact` is the noted call that told it, if one did. UTC."""

    id = models.UUIDField(primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    result = models.UUIDField()
    person_code = models.CharField(max_length=15)
    way = models.CharField(max_length=10)
    contact = models.UUIDField(null=True, db_index=True)
    told_at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.tube} {self.result}"


class TakenBack(models.Model):
    """The aggregate: one correction that takes a positive back, or a line that was seen too late.

    `barcode` names the first tube of the barcode, `tube` the very tube. `was` and `value` are what stood and what was
    said instead, `state` is what becomes of it (corrections.effects.Effect). Times are UTC, None where nobody signed or
    was told.
    """

    id = models.UUIDField(primary_key=True)
    barcode = models.CharField(max_length=90, db_index=True)
    tube = models.CharField(max_length=90)
    facility = models.CharField(max_length=40)
    was = models.CharField(max_length=12)
    value = models.CharField(max_length=12)
    reason = models.CharField(max_length=20)
    corrector = models.UUIDField(null=True)
    corrected_at = models.DateTimeField()
    state = models.CharField(max_length=15)
    signer = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["corrected_at"], name="taken_back_by_time")]

    def __str__(self) -> str:
        return f"{self.tube} {self.state}"
