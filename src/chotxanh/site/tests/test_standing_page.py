"""The doctors' page: every case of the rules in words, for anybody, in both languages."""

import re
from html import unescape

import pytest
from django.test import Client

from chotxanh.language.texts import catalogue
from chotxanh.site.standing.contract import chapters

pytestmark = pytest.mark.django_db
PAGE = "/rules/standing"
STORY = re.compile(r'<section class="story".*?</ol>\n</section>', re.DOTALL)


def words(client: Client, language: str = "vi") -> str:
    client.cookies["language"] = language
    return unescape(client.get(PAGE).content.decode())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_case_and_every_reason_can_be_read(client: Client, language: str) -> None:
    page = words(client, language)
    cases = [case for chapter in chapters() for case in chapter.cases]
    assert len(STORY.findall(page)) == len(cases)
    for case in cases:
        assert case.name.in_language(language) in page
        assert all(asked.why.in_language(language) in page for asked in case.asked)


def test_a_story_says_at_each_moment_what_happened_and_what_stands(client: Client) -> None:
    story = next(each for each in STORY.findall(words(client)) if "14:40 sau giấy âm tính" in each)
    moments = re.findall(r"<time[^>]*>([^<]+)</time>", story)
    assert moments[0] == "07:59 25/07/2021"
    assert moments[-1] == "20:30 25/07/2021"
    assert "Ống A2, test nhanh: dương tính." in story
    assert "Giấy A1: tạm ngừng (hạn vẫn là 08:20 28/07/2021)" in story
    assert "Mời lấy mẫu RT-PCR" in story


def test_people_of_whom_the_same_is_said_share_a_line(client: Client) -> None:
    assert "Bình, Chi, Dũng, Giang, Hà, Khánh, Lan, Minh và Nga:" in words(client)


def test_every_state_says_what_it_means_for_papers_samples_and_who_may_end_it(client: Client) -> None:
    page = words(client)
    parts = ("state", "meaning", "papers", "samples", "ended_by", "ground")
    said = [key for key in catalogue() if key.startswith(tuple(f"standing.{part}." for part in parts))]
    assert len(said) == 9 * len(parts)
    assert [key for key in said if catalogue()[key]["vi"] not in page] == []


def test_both_sets_of_rules_stand_with_their_documents(client: Client) -> None:
    page = words(client)
    assert "2022/QĐ-BYT" in page
    assert "11042/BYT-DP" in page
    assert page.count("Bộ tháng 1/2022</p>") == 2


def test_the_offices_page_of_rules_leads_to_it(lead: Client) -> None:
    assert f'href="{PAGE}"' in lead.get("/office/registers/rules").content.decode()
    assert f'href="{PAGE}"' not in lead.get("/office/registers/posts").content.decode()
