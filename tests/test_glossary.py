"""The glossary names only what the code really calls that: its identifiers are words of the sources."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests import tree

PAGE = Path("docs/glossary.md")
IDENTIFIER = re.compile(r"`([^`]+)`")
LANGUAGES_AND_IDENTIFIERS = 3


def rows() -> Iterator[list[str]]:
    """The lines of the glossary's tables, cut into their columns, without heads and rules."""
    for line in tree.text_of(PAGE).splitlines():
        columns = [column.strip() for column in line.strip().strip("|").split("|")]
        if line.startswith("|") and columns[0] != "Vietnamese" and set(line) - set("|-"):
            yield columns


def words_of_the_code() -> set[str]:
    """Every word of the product's sources, and the dotted or hyphenated names that are written as strings."""
    sources = [*tree.product_modules(), *tree.with_suffix(".ts")]
    everything = "\n".join(tree.text_of(file) for file in sources)
    return set(re.findall(r"\w+", everything)) | set(re.findall(r"\"(\w+(?:[.-]\w+)+)\"", everything))


def test_every_term_has_two_languages_and_an_identifier() -> None:
    assert [row for row in rows() if len(row) != LANGUAGES_AND_IDENTIFIERS or not all(row)] == []


def test_every_identifier_is_a_word_of_the_code() -> None:
    words = words_of_the_code()
    named = {name for row in rows() for name in IDENTIFIER.findall(row[2])}
    assert sorted(named - words) == []


def test_papers_are_suspended_by_one_word() -> None:
    """What a rule suspends is "tạm ngừng"; "tạm dừng" is the program's own work, paused or given up."""
    sources = [*tree.with_suffix(".json"), *tree.with_suffix(".md"), *tree.product_modules()]
    sentences = (
        sentence for file in sources for sentence in re.split(r"[.\n]", tree.text_of(file).casefold())
    )
    assert [each for each in sentences if re.search(r"(giấy|cơ sở)[^,;:]*\bdừng\b", each)] == []
    assert [each for each in tree.text_of(PAGE).splitlines() if "dừng" in each and "suspended" in each] == []


def test_no_term_stands_twice() -> None:
    terms = [row[0] for row in rows()]
    assert len(terms) == len(set(terms))
