"""The rules' page: all that a rule may say can be said there, and what was recorded in error is annulled."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client

from chotxanh.domain.validity import Stated
from chotxanh.language.texts import catalogue
from chotxanh.registers.rules.book import rule_book
from chotxanh.registers.rules.models import Rule
from tests.cast import MORNING

PAGE = "/office/registers/rules"
RULE = {
    "legal_reference": "Người vào tỉnh (UBND tỉnh, 7/2021)",
    "rule_document": "8228/UBND-VP",
    "category": "goods_driver",
    "anchor": "resulted",
    "valid_for_hours": "48",
    "effective_from": "05/07/2021",
    "test_type": "rt_pcr",
    "territory": "nso-2021:77",
}
STATED = Stated("goods_driver", "rt_pcr", MORNING, MORNING + timedelta(hours=1))


def enacted(client: Client, **changed: str) -> Rule:
    """Record the rule on its page, changed like this."""
    client.post(PAGE, RULE | changed)
    return Rule.objects.get(legal_reference=RULE["legal_reference"])


@pytest.fixture
def rule(lead: Client) -> Rule:
    """The rule, enacted."""
    return enacted(lead)


def press(client: Client, rule: Rule, act: str, sure: str = "1") -> int:
    """Do one of the rule's acts without being asked once more; return the status."""
    return client.post(f"{PAGE}/{rule.id}", {"act": act, "sure": sure}).status_code


def speaks(rule: Rule) -> bool:
    """Say whether it is this rule that says until when the paper holds."""
    found = rule_book().validity(STATED)
    return found is not None and found.rule.id == rule.id


def line_of(client: Client, rule: Rule) -> str:
    """What the rule's line says."""
    lines: list[str] = re.findall(
        r"<li><div class=\"row row-register\">.*?</li>", client.get(PAGE).content.decode(), re.DOTALL
    )
    return next(line for line in lines if rule.legal_reference in line)


def test_a_rule_says_its_document_its_test_and_where_it_holds(lead: Client, rule: Rule) -> None:
    assert (rule.document, rule.test_type, rule.territory) == ("8228/UBND-VP", "rt_pcr", "nso-2021:77")
    line = line_of(lead, rule)
    assert "8228/UBND-VP" in line
    assert "48 giờ, tính từ lúc có kết quả" in line
    assert "RT-PCR; chỉ tại Bà Rịa - Vũng Tàu" in line
    assert speaks(rule)


def test_left_empty_a_rule_speaks_of_any_test_anywhere(lead: Client) -> None:
    rule = enacted(lead, rule_document="", test_type="", territory="")
    assert (rule.document, rule.test_type, rule.territory) == ("", "", "")


def test_what_is_no_unit_or_no_test_is_not_recorded(lead: Client) -> None:
    rule = enacted(lead, test_type="bói", territory="nso-2025:1")
    assert (rule.test_type, rule.territory) == ("", "")


def test_a_rule_of_another_province_is_kept_and_does_not_speak_here(lead: Client) -> None:
    rule = enacted(lead, territory="nso-2021:79")
    assert "Hồ Chí Minh" in line_of(lead, rule)
    assert not speaks(rule)


def test_conditions_are_folded_until_one_says_something(lead: Client) -> None:
    assert '<details class="folded"><summary>Thêm điều kiện' in lead.get(PAGE).content.decode()
    again = lead.post(PAGE, RULE | {"valid_for_hours": ""})
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert '<details class="folded" open>' in again.content.decode()


def test_what_ends_a_rule_and_what_annuls_it_are_told_apart_by_their_words(lead: Client, rule: Rule) -> None:
    line = line_of(lead, rule)
    assert ">Hết hiệu lực từ nay</button>" in line
    assert ">Ghi nhầm, xóa hiệu lực</button>" in line


def test_an_annulled_rule_never_held(lead: Client, rule: Rule) -> None:
    press(lead, rule, "annul")
    assert not speaks(rule)
    line = line_of(lead, rule)
    assert "ghi nhầm, đã xóa hiệu lực" in line
    assert "<button" not in line, "nothing is left to do to it"


def test_a_rule_that_was_repealed_keeps_what_it_said_until_it_is_annulled(lead: Client, rule: Rule) -> None:
    press(lead, rule, "repeal")
    assert speaks(rule)
    assert press(lead, rule, "annul") == HTTPStatus.SEE_OTHER
    assert not speaks(rule)
    assert press(lead, rule, "annul", "again") == HTTPStatus.NOT_FOUND


def test_papers_and_registers_have_one_word_for_a_rule() -> None:
    assert [key for key, words in catalogue().items() if "quy tắc" in words["vi"].lower()] == []
