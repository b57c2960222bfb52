"""What the database knows of the keys outside it: enough to tell whether they are its own, never the keys."""

from django.db import models


class KeyCheck(models.Model):
    """The check value of one key: a digest that tells nothing of it. `name` is `seal-1`, `blind`, `node`, `signer`."""

    name = models.CharField(max_length=20, primary_key=True)
    value = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return self.name
