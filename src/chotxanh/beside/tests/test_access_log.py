"""A list looked at again and again is one look for a while, and a further one afterwards."""

from uuid import UUID

import pytest

from chotxanh.beside.access_log import SAME_LOOK, note_looks
from chotxanh.beside.models import PersonalAccess
from tests.cast import EVENING

MEMBER, ANOTHER = UUID(int=1), UUID(int=2)


@pytest.mark.django_db(databases=["default", "beside"])
def test_a_look_is_logged_once_a_while_for_each_member_and_person() -> None:
    note_looks(MEMBER, {"a", "b"}, "call_list", EVENING)
    note_looks(MEMBER, {"b", "c"}, "call_list", EVENING + SAME_LOOK / 2)
    note_looks(ANOTHER, {"a"}, "call_list", EVENING + SAME_LOOK / 2)
    note_looks(MEMBER, {"a"}, "call_list", EVENING + SAME_LOOK)
    looks = PersonalAccess.objects.order_by("read_at", "subject").values_list("member", "subject")
    assert list(looks) == [
        *((MEMBER, "a"), (MEMBER, "b")),
        *((ANOTHER, "a"), (MEMBER, "c")),
        (MEMBER, "a"),
    ]
