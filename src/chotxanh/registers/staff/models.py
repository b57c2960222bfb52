"""Accounts of members of staff, and the dated grants that the office's entries give them."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class Member(AbstractUser):
    """A member of staff. The identifier is what entries carry as `actor`; the password is no entry's business.

    A password that somebody else has seen (`has_new_password`) opens nothing but the page that changes it, and nothing
    at all from `password_expires_at` (UTC) on; by `one_time_digest` it is known before it is hashed.
    An account of the demonstration, whose password everybody knows (`is_demonstration`), opens nothing without one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    full_name = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    has_new_password = models.BooleanField(default=False)
    password_expires_at = models.DateTimeField(null=True, blank=True)
    one_time_digest = models.BinaryField(max_length=16, null=True, blank=True)
    is_demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.full_name or self.username


class Naming(models.Model):
    """One `member.registered`: the name by which a member was to sign in from then on."""

    id = models.UUIDField(primary_key=True)
    member = models.UUIDField(db_index=True)
    username = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.username


class Grant(models.Model):
    """A role at a place for a time, numbered as its `grant.given`. No place at all means the whole province.

    `methods` are the ways of testing whose results the member may write, a blank between them.
    `valid_to` is the earliest of `until`, its end and its member's leaving; times are UTC.
    """

    id = models.UUIDField(primary_key=True)
    member = models.UUIDField(db_index=True)
    role = models.CharField(max_length=20)
    facility = models.CharField(max_length=40, blank=True)
    site = models.CharField(max_length=40, blank=True)
    post = models.UUIDField(null=True)
    methods = models.CharField(max_length=40, blank=True)
    valid_from = models.DateTimeField()
    until = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.member} {self.role} {self.site or self.facility or '*'}"


class GrantEnd(models.Model):
    """One `grant.ended`; it may arrive before its grant."""

    id = models.UUIDField(primary_key=True)
    grant = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.grant)


class Leaving(models.Model):
    """One `member.left`: every grant of the member ends then."""

    id = models.UUIDField(primary_key=True)
    member = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.member)


class SecondFactor(models.Model):
    """A member's authenticator: its secret and the codes kept for its loss, sealed together; no entry's business.

    `last_step` is the half minute of the last code that was taken: it and what was before it are not taken again.
    """

    member = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    last_step = models.BigIntegerField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.member)


class Badge(models.Model):
    """A member's badge: the SHA-256 of its code, and sealed its code with what its PIN stands for. Times are UTC.

    A PIN that somebody else has seen (`has_first_pin`) only opens the field that changes it, until `first_pin_over_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.UUIDField(db_index=True)
    digest = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    has_first_pin = models.BooleanField(default=True)
    first_pin_over_at = models.DateTimeField()
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.member)


class PinGuesses(models.Model):
    """How many wrong PINs were typed for a badge at a device since a right one, or a password, was."""

    badge = models.UUIDField()
    device = models.UUIDField()
    wrong = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "PIN guesses"
        constraints = [models.UniqueConstraint(fields=["badge", "device"], name="guesses_of_badge_at_device")]

    def __str__(self) -> str:
        return f"{self.badge} {self.device} {self.wrong}"
