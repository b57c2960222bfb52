"""What the board shows of each site: its figures, and its stations with when they were last heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chotxanh.beside.heard import Heard, heard
from chotxanh.domain.kinds import LEADS
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.ledger.queries import devices_off_duty
from chotxanh.registers.devices.models import Device
from chotxanh.registers.posts.sites import posts_named, site_names, sites_open_to
from chotxanh.registers.staff.grants import grants_for
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.call_rows import words_for
from chotxanh.statistics.queries import SiteDay, site_days

# A station polls every four seconds, and is written down every ten.
SILENT_AFTER = timedelta(seconds=60)
STATIONS_OF = timedelta(hours=24)


@dataclass(frozen=True)
class Figure:
    """One number with its word; one with a sign is an alert: coloured, but only above zero.

    `list` is the part of the call list that it leads to.
    """

    name: str
    number: int
    sign: str = ""
    list: str = ""

    @property
    def word(self) -> str:
        """What is counted."""
        return text(f"board.{self.name}")

    @property
    def is_raised(self) -> bool:
        """Whether the number asks for something."""
        return bool(self.sign) and self.number > 0


@dataclass(frozen=True)
class StationLine:
    """One station: whether it is heard, since when not, and how many of its entries wait to be sent."""

    name: str
    waiting: int
    is_silent: bool
    word: str


@dataclass(frozen=True)
class PostLine:
    """One post of a site: how many people, and how many results."""

    name: str
    people: int
    results: int


@dataclass(frozen=True)
class SiteCard:
    """One site of the board."""

    code: str
    name: str
    figures: tuple[Figure, ...]
    posts: tuple[PostLine, ...]
    stations: tuple[StationLine, ...]


@dataclass(frozen=True)
class Board:
    """The board of a day: the sum of what its reader leads, then every site."""

    total: tuple[Figure, ...]
    sites: tuple[SiteCard, ...]


def board(member: Member, led: Led, now: datetime) -> Board:
    """Return the board as a member may see it at `now` (UTC): open sites, and those where anything happened."""
    days = site_days(led, now)
    names = site_names()
    codes = [site.code for site in sites_open_to(grants_for(member, LEADS), now)]
    stations = _stations(now, None if led.is_province else frozenset(codes))
    codes += sorted(days.keys() - set(codes))
    posts = {
        id: post.name
        for id, post in posts_named({post for day in days.values() for post in day.posts}).items()
    }
    cards = [
        SiteCard(
            code=code,
            name=names.get(code, code),
            figures=_figures(days.get(code, SiteDay())),
            posts=_post_lines(days.get(code, SiteDay()), posts),
            stations=tuple(stations.get(code, ())),
        )
        for code in codes
    ]
    return Board(_total(list(days.values()), stations), tuple(cards))


def _figures(site: SiteDay) -> tuple[Figure, ...]:
    return (
        Figure("people", site.day.people),
        Figure("waiting", site.waiting),
        Figure("overdue", site.overdue, "wait", "late"),
        Figure("results", site.day.results),
        Figure("positives", site.day.positives, "task", "due"),
        Figure("recalls", site.recalls, "task", "due"),
        Figure("certificates", site.day.certificates),
    )


def _total(days: Sequence[SiteDay], stations: dict[str, list[StationLine]]) -> tuple[Figure, ...]:
    whole = SiteDay()
    for each in days:
        whole.day = whole.day.plus(each.day)
        whole.waiting += each.waiting
        whole.overdue += each.overdue
        whole.recalls += each.recalls
    silent = sum(line.is_silent for lines in stations.values() for line in lines)
    return (*_figures(whole), Figure("silent", silent, "wait"))


def _post_lines(site: SiteDay, names: dict[UUID, str]) -> tuple[PostLine, ...]:
    """The posts of a site that has several; of one alone the site's own figures say it all."""
    if len(site.posts) < 2:
        return ()
    lines = [PostLine(names.get(id, ""), sums.people, sums.results) for id, sums in site.posts.items()]
    return tuple(sorted(lines, key=lambda line: line.name))


def _stations(now: datetime, sites: frozenset[str] | None) -> dict[str, list[StationLine]]:
    """Return the stations heard within a day at these sites (None: at any), by site, in order of name."""
    words = [word for word in heard(since=now - STATIONS_OF) if sites is None or word.site in sites]
    in_use = Device.objects.filter(id__in=[each.device for each in words], revoked_at=None)
    names = dict(in_use.values_list("id", "name"))
    off_duty = devices_off_duty(names.keys())
    found: dict[str, list[StationLine]] = {}
    for each in sorted(words, key=lambda word: (names.get(word.device, ""), word.device)):
        if each.device in names:
            found.setdefault(each.site, []).append(_station(each, names[each.device], off_duty, now))
    return found


def _station(word: Heard, name: str, off_duty: Mapping[UUID, datetime], now: datetime) -> StationLine:
    """A station whose shift has ended may be switched off: only its silence on duty is one."""
    if now - word.heard_at <= SILENT_AFTER:
        return StationLine(name, word.waiting, is_silent=False, word=text("board.heard"))
    if word.device in off_duty:
        ended = text("board.off_duty", time=show_time(off_duty[word.device]))
        return StationLine(name, word.waiting, is_silent=False, word=ended)
    since = text("board.not_heard", time=show_time(word.heard_at), length=words_for(now - word.heard_at))
    return StationLine(name, word.waiting, is_silent=True, word=since)
