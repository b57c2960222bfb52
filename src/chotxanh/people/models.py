"""Registrations, one person's details as they stand now, and what leads said of them: corrections, links."""

from django.db import models


class Registration(models.Model):
    """Who somebody is. Its number is the entry's; what identifies the person stays sealed there.

    The `*_index` columns are keyed blind indexes (16 bytes) for exact search; `identity_group` is one of ID number,
    year of birth and folded name, which groups whoever gave the same. `name_from`, `birth_from` and `number_from` are
    the corrections these come from now; None where they are the registration's own.
    """

    id = models.UUIDField(primary_key=True)
    person_code = models.CharField(max_length=15, db_index=True)
    page_digest = models.BinaryField(max_length=16, null=True)
    birth_year = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=6)
    language = models.CharField(max_length=2)
    registered_at = models.DateTimeField()
    name_index = models.BinaryField(max_length=16, null=True)
    id_number_index = models.BinaryField(max_length=16, null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    identity_group = models.UUIDField(null=True)
    name_from = models.UUIDField(null=True)
    birth_from = models.UUIDField(null=True)
    number_from = models.UUIDField(null=True)

    class Meta:
        indexes = [
            *(
                models.Index(
                    fields=[column],
                    name=f"registration_{column}",
                    condition=models.Q(**{f"{column}__isnull": False}),
                )
                for column in ("page_digest", "identity_group")
            ),
            # In order of time: of the thousands of one name the newest are found without reading the others.
            *(
                models.Index(
                    fields=[column, "registered_at", "birth_year"],
                    name=f"registration_by_{what}",
                    condition=models.Q(**{f"{column}__isnull": False}),
                )
                for column, what in (
                    ("name_index", "name"),
                    ("id_number_index", "number"),
                    ("phone_index", "phone"),
                )
            ),
        ]

    def __str__(self) -> str:
        return self.person_code


class Correction(models.Model):
    """A lead's word on who a registration of a person code is; what it says stays sealed in its entry.

    `birth_year` is None where it does not speak of the birth.
    """

    id = models.UUIDField(primary_key=True)
    registration = models.UUIDField(db_index=True)
    person_code = models.CharField(max_length=15, db_index=True)
    has_name = models.BooleanField()
    has_number = models.BooleanField()
    birth_year = models.PositiveSmallIntegerField(null=True)
    effective_at = models.DateTimeField()
    marks = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.registration} {self.effective_at}"


class ClaimedCode(models.Model):
    """A person code that several registrations claim: whose it is, and `CODE_CLAIMED_TWICE` where they differ."""

    person_code = models.CharField(max_length=15, primary_key=True)
    owner = models.UUIDField()
    marks = models.SmallIntegerField()

    def __str__(self) -> str:
        return self.person_code


class Link(models.Model):
    """A lead's word on the group that a registration is in: another's, or one of its own; the latest word stands.

    One `is_by_machine` keeps an erased registration with whom it was alike: it warns and shows nothing.
    """

    id = models.UUIDField(primary_key=True)
    registration = models.UUIDField(db_index=True)
    named_group = models.UUIDField(null=True, db_index=True)
    is_linked = models.BooleanField()
    is_by_machine = models.BooleanField(default=False)
    effective_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.registration} {self.named_group}"
