"""Accounts of members of staff and their dated grants."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models

from chotxanh.domain.kinds import Role


class Member(AbstractUser):
    """A member of staff. The identifier is what entries carry as `actor`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    full_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.full_name or self.username


class Grant(models.Model):
    """A role at a place for a time. Empty `checkpoint` and `facility` mean the whole province; times are UTC."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    checkpoint = models.CharField(max_length=40, blank=True)
    facility = models.CharField(max_length=40, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.member_id} {self.role} {self.checkpoint or self.facility or '*'}"
