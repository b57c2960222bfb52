"""Where a form leads: to the address that Django gives to the page of that name."""

import pytest
from django.urls import NoReverseMatch, reverse
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.forms.redirects import see_other

WORDS = st.text("abcXYZ019_-", min_size=1) | st.text("aZ0/ %{}?#é", min_size=1)


@given(WORDS)
def test_a_part_stands_in_the_address_as_django_writes_it(word: str) -> None:
    try:
        address = reverse("person", kwargs={"secret": word})
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            see_other("person", secret=word)
    else:
        assert see_other("person", secret=word)["Location"] == address


def test_a_word_stands_where_words_may_stand_and_nowhere_else() -> None:
    assert see_other("my_page")["Location"] == "/p/"
    assert see_other("declare_check", token="a-b_C")["Location"] == "/declare/a-b_C/check"
    with pytest.raises(NoReverseMatch):
        see_other("office_person", registration="no-number")
