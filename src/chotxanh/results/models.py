"""What the test said: results and corrections as recorded, and what follows from them for tubes and people."""

from django.db import models

from chotxanh.results.corrections.models import ResultSignature, ResultTelling, TakenBack  # noqa: F401 - Django looks here
from chotxanh.results.followups.models import Call, Closing, Contact, Escalation, OverdueTube  # noqa: F401 - Django looks here


class ResultFact(models.Model):
    """One `result.recorded` or `result.corrected` entry; `corrects` is set on corrections. Times are UTC.

    `tube` names the first tube of the barcode, `facility` who tested. `started_at` is None where the test began when
    the tube was closed. It was read between `resulted_at` and `resulted_latest`: the same where the time is certain, as
    `started_at` is as the earliest reading has it. A correction has the test, kit and run of what it corrects.
    `received_at` is when it came here.
    """

    id = models.UUIDField(primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    facility = models.CharField(max_length=40)
    test = models.UUIDField(null=True)
    kit = models.UUIDField(null=True)
    lot = models.CharField(max_length=40)
    run = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=12)
    line_seen = models.BooleanField(null=True)
    ct = models.FloatField(null=True)
    corrects = models.UUIDField(null=True)
    reason = models.CharField(max_length=20)
    actor = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    resulted_at = models.DateTimeField()
    resulted_latest = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)
    received_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tube} {self.value}"


class TestStart(models.Model):
    """One tube of one `test.started`: since when it is being tested (UTC)."""

    __test__ = False  # no test of ours

    key = models.CharField(max_length=40, primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    test = models.UUIDField()
    kit = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.tube


class ResultResolution(models.Model):
    """A lead's word on which result of a tube stands, and when it really was known.

    `considered` are the ids of those that were known; `marked` are the reasons their marks gave, by id.
    """

    id = models.UUIDField(primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    stands = models.UUIDField()
    considered = models.JSONField()
    marked = models.JSONField(default=dict)
    resulted_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.tube


class TubeResult(models.Model):
    """The aggregate: what one run of one test of a tube says. `is_final` once sampled, resulted and undisputed.

    `tested_by` is the facility that tested, `method` how, `dcc_device` what a certificate calls kit or reagent; of
    `marks` (domain.marks.Mark) those that testing gave. `late_at` is when the last of what it rests on came that came
    late (`domain.lateness`), UTC; None where nothing did, or a lead has said that it stands.
    """

    key = models.CharField(max_length=130, primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    test = models.UUIDField()
    run = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=10)
    tested_by = models.CharField(max_length=40)
    value = models.CharField(max_length=12)
    line_seen = models.BooleanField(null=True)
    ct = models.FloatField(null=True)
    dcc_device = models.CharField(max_length=80)
    result = models.UUIDField()
    resulted_at = models.DateTimeField()
    resulted_latest = models.DateTimeField()
    marks = models.SmallIntegerField()
    disputes = models.JSONField()
    is_disputed = models.BooleanField()
    is_final = models.BooleanField()
    late_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["resulted_at"], name="result_disputed", condition=models.Q(is_disputed=True))
        ]

    def __str__(self) -> str:
        return f"{self.tube} {self.value}"


class PersonResult(models.Model):
    """A person's own final result. A pool's positive is nobody's, so it never stands here.

    Nor does a negative read outside its window. `facility` is who tested, `test_type` by which method.
    `registration` is whose it is, `named_by` and `born_by` the entries that name and birth come from; None while nobody
    is known by the code, or a lead must say who was sampled.
    `paper` says of a negative what becomes of its paper (domain.standing.person.PaperState). `waits_since` is when it
    came, where it came late and waits for the department (`results.lateness`).
    """

    key = models.CharField(max_length=150, primary_key=True)
    person_code = models.CharField(max_length=15, db_index=True)
    registration = models.UUIDField(null=True)
    named_by = models.UUIDField(null=True)
    born_by = models.UUIDField(null=True)
    category = models.CharField(max_length=20)
    tube = models.CharField(max_length=90)
    facility = models.CharField(max_length=40)
    test_type = models.CharField(max_length=10)
    dcc_device = models.CharField(max_length=80)
    pool_size = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=12)
    result = models.UUIDField()
    sampled_at = models.DateTimeField()
    resulted_at = models.DateTimeField()
    paper = models.CharField(max_length=10, default="")
    waits_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["waits_since"],
                name="result_came_late",
                condition=models.Q(waits_since__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_code} {self.value}"


class WhatStands(models.Model):
    """What stands for a person by all their results and those of companions, and what is ordered (domain.standing)."""

    person_code = models.CharField(max_length=15, primary_key=True)
    state = models.CharField(max_length=20)
    order = models.CharField(max_length=15)

    class Meta:
        indexes = [
            models.Index(
                fields=["order", "person_code"],
                name="standing_contact",
                condition=models.Q(state="contact"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_code} {self.state}"


class RecollectionOrder(models.Model):
    """A person must be tested again because a test said nothing about them; closed by a later result of their own."""

    key = models.CharField(max_length=150, primary_key=True)
    person_code = models.CharField(max_length=15, db_index=True)
    tube = models.CharField(max_length=90)
    reason = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    closed_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["tube"], name="recollection_open", condition=models.Q(closed_by=None))
        ]

    def __str__(self) -> str:
        return f"{self.person_code} {self.tube}"
