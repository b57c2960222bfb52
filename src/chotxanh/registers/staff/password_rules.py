"""What a password may not be: guessed from whose it is, or from words that everybody here tries first."""

import re

from django.core.exceptions import ValidationError

from chotxanh.domain.names import fold
from chotxanh.registers.staff.models import Member

# Django's list knows what English speakers choose; these are what people here do, and what this product is about.
COMMON = (
    *(
        "matkhau",
        "motdoi",
        "anhyeuem",
        "emyeuanh",
        "yeuem",
        "yeuanh",
        "giadinh",
        "hanhphuc",
        "congty",
        "maiyeu",
    ),
    *(
        "vietnam",
        "hanoi",
        "saigon",
        "vungtau",
        "bariavungtau",
        "baria",
        "quoclo",
        "phumy",
        "sohoc",
        "tinhyeu",
    ),
    *(
        "chotxanh",
        "chot",
        "xanh",
        "kiemdich",
        "covid",
        "ncov",
        "benhvien",
        "trungtamyte",
        "yte",
        "bacsi",
        "canbo",
    ),
    *(
        "truongca",
        "xetnghiem",
        "password",
        "admin",
        "qwerty",
        "asdfgh",
        "zxcvbn",
        "abcdef",
        "abc",
        "iloveyou",
    ),
)
_STEMS = re.compile("|".join(sorted(COMMON, key=len, reverse=True)))
FEWEST_LEFT = 4  # letters that are of no such word
FEWEST_DIFFERENT = 6


class NotGuessed:
    """Django's question whether a password may be chosen: not one's own name, no common words with numbers."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse what is guessed first. Raises ValidationError."""
        letters = "".join(each for each in fold(password) if each.isalpha())
        if user is not None and isinstance(user, Member):
            letters = _without_names(letters, user)
        left = _STEMS.sub("", letters)
        if len(left) < FEWEST_LEFT or len(set(password)) < FEWEST_DIFFERENT:
            raise ValidationError("common", code="password_common")

    def get_help_text(self) -> str:
        """What Django would show; the office says it in its own words."""
        return ""


def _without_names(letters: str, member: Member) -> str:
    for name in (member.full_name, member.username):
        words = "".join(each if each.isalpha() else " " for each in fold(name)).split()
        for word in ["".join(words), *sorted(words, key=len, reverse=True)]:
            letters = letters.replace(word, "")
    return letters
