"""Tubes, the collections that filled them, and the leads' words on tubes that were disputed."""

from django.db import models


class Collection(models.Model):
    """One `specimen.collected` entry: who was sampled into which tube, where, when (UTC) and for which test.

    `tube` names the first tube of the barcode, even where this one is a later one: those of one barcode are locked
    and reckoned together. `test_type` is the method of the test. `sampled_at` is the earliest it may have been,
    `sampled_latest` the latest: the same where the time is certain. `received_at` is when it came here.
    """

    id = models.UUIDField(primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    facility = models.CharField(max_length=40)
    post = models.UUIDField()
    site = models.CharField(max_length=40)
    pool_kind = models.CharField(max_length=20)
    specimen_type = models.CharField(max_length=20)
    test = models.UUIDField()
    kit = models.UUIDField(null=True)
    test_type = models.CharField(max_length=10)
    size = models.PositiveSmallIntegerField()
    is_household = models.BooleanField(default=False)
    actor = models.UUIDField(null=True)
    sampled_at = models.DateTimeField()
    sampled_latest = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)
    received_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.tube


class CollectionMember(models.Model):
    """One person in one collection, as the officer saw them; the key is its number and the person's position.

    `tube` is the very tube: a later one of the same barcode has a name of its own (`domain.tubes`). `category` is empty
    where the officer knew none. `is_void` if the sampling was taken back and nothing in the tube can be of this swab.
    """

    key = models.CharField(max_length=40, primary_key=True)
    collection = models.UUIDField()
    tube = models.CharField(max_length=90, db_index=True)
    person_code = models.CharField(max_length=15, db_index=True)
    registration = models.UUIDField(null=True)
    category = models.CharField(max_length=20)
    identity_seen = models.CharField(max_length=8)
    is_void = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["registration"],
                name="member_seen",
                condition=models.Q(identity_seen__in=["card", "document", "known"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_code} {self.tube}"


class CollectionResolution(models.Model):
    """A lead's word on which collection of a tube stands, and when it really was.

    `considered` are the ids of those that were known; `marked` are the reasons their marks gave, by id. `people` are
    the registrations it names, by person code.
    """

    id = models.UUIDField(primary_key=True)
    tube = models.CharField(max_length=90, db_index=True)
    stands = models.UUIDField()
    considered = models.JSONField()
    marked = models.JSONField(default=dict)
    people = models.JSONField(default=dict)
    sampled_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.tube


class Tube(models.Model):
    """The aggregate: which collection stands for a tube, and why it is disputed if it is.

    `chosen_at` is when a lead chose it among several (UTC), or the last was taken where other posts took theirs back;
    None where it is the only one, or nobody has chosen. `people` are the registrations that a lead named, by code;
    `size` is how many share it; `sampled_at` and `sampled_latest` are as
    those of a collection. `late_at` is when that collection came, if it came late and no lead has said that it stands
    (`domain.lateness`). `samplings` counts those of the barcode, withdrawn ones too: its tubes are no more.
    """

    key = models.CharField(max_length=90, primary_key=True)
    facility = models.CharField(max_length=40)
    barcode = models.CharField(max_length=40)
    site = models.CharField(max_length=40)
    collection = models.UUIDField()
    pool_kind = models.CharField(max_length=20)
    size = models.PositiveSmallIntegerField()
    test = models.UUIDField()
    kit = models.UUIDField(null=True)
    test_type = models.CharField(max_length=10)
    sampled_at = models.DateTimeField()
    sampled_latest = models.DateTimeField()
    samplings = models.PositiveSmallIntegerField()
    disputes = models.JSONField()
    is_disputed = models.BooleanField()
    chosen_at = models.DateTimeField(null=True)
    people = models.JSONField(default=dict)
    late_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["sampled_at"], name="tube_disputed", condition=models.Q(is_disputed=True))
        ]

    def __str__(self) -> str:
        return self.key
