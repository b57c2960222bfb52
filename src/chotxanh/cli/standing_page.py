"""Writes `docs/standing.vi.md`: the doctors' page as a document, in Vietnamese."""

from collections.abc import Iterator

from chotxanh.language.texts import current_language, text, use_language
from chotxanh.site.standing.meanings import COLUMNS, Rules, meanings, principles, rule_sets
from chotxanh.site.standing.stories import Moment, Stands, Story, chapters


def standing_page(header: str) -> str:
    """Return the page, with `header` below its title."""
    before = current_language()
    use_language("vi")
    try:
        return "\n".join(_lines(header))
    finally:
        use_language(before)


def _lines(header: str) -> Iterator[str]:
    yield from (f"# {text('standing.title')}", "", header, text("standing.lead"), "")
    yield from (f"{text('standing.about_examples')} {text('standing.about_hours')}", "")
    yield from (f"## {text('standing.principles')}", "")
    yield from (f"{number}. {each}" for number, each in enumerate(principles(), start=1))
    yield from _states()
    yield from ("", f"## {text('standing.rule_sets')}", "", text("standing.rule_sets_about"))
    for each in rule_sets():
        yield from _rules(each)
    for number, chapter in enumerate(chapters(), start=1):
        yield from ("", f"## {number}. {chapter.name}")
        for story in chapter.stories:
            yield from _story(story)
    yield ""


def _states() -> Iterator[str]:
    yield from ("", f"## {text('standing.meanings')}", "")
    yield from (f"{text('standing.meanings_about')} {text('standing.about_no_card')}", "")
    yield _row([text(f"standing.column.{each}") for each in ("state", *COLUMNS)])
    yield "|---" * (len(COLUMNS) + 1) + "|"
    for each in meanings():
        yield _row([f"**{each.state}**", *(cell for _, cell in each.cells)])


def _rules(rules: Rules) -> Iterator[str]:
    yield from (
        "",
        f"### {rules.name}",
        "",
        f"{text('standing.legal_reference')}: {rules.legal_reference}.",
        "",
    )
    yield from (f"- {text('standing.a_positive')}: {each}." for each in rules.positive)
    yield from (f"- {text('standing.its_end')}: {each}." for each in rules.ends)


def _story(story: Story) -> Iterator[str]:
    yield from ("", f"### {story.name}", "", story.explanation)
    if story.rules:
        yield from ("", f"*{story.rules}*")
    yield ""
    yield _row([text(f"standing.document.{each}") for each in ("time", "events", "stands")])
    yield "|---|---|---|"
    yield from (_row(_cells(each)) for each in story.moments)


def _cells(moment: Moment) -> list[str]:
    return [moment.time, "<br>".join(moment.events), "<br>".join(_stands(each) for each in moment.stands)]


def _stands(stands: Stands) -> str:
    state = f"{stands.people}: **{stands.state}**"
    said = [state, *([stands.order] if stands.order else []), *(paper.sentence for paper in stands.papers)]
    return f"{'. '.join(said)}. {stands.why}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
