"""Sites and their posts: a checkpoint with its lanes, a clinic with its desks."""

from collections.abc import Collection, Sequence
from datetime import datetime

from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice, Select
from chotxanh.forms.fields import LongText, Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.language.texts import text
from chotxanh.registers.facilities.entries import facility_names
from chotxanh.registers.posts.entries import PostClosed, PostKind, PostOpened
from chotxanh.registers.posts.models import Post
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.facilities import facility_options
from chotxanh.site.office.registers.register import (
    Kept,
    Register,
    Row,
    Said,
    Typed,
    code_from,
    kept_until,
    number_of,
    record_all,
)

MOST_POSTS = 50


def posts_in(typed: str) -> list[str]:
    """Return the names of posts, one a line. Raises Problem: `post_names_missing`, `post_names_too_many`."""
    names = list(dict.fromkeys(" ".join(line.split()) for line in typed.splitlines() if line.strip()))
    if not names:
        raise Problem("post_names_missing")
    if len(names) > MOST_POSTS or max(map(len, names)) > 100:
        raise Problem("post_names_too_many", most=MOST_POSTS)
    return names


class PostForm(Form):
    """A site with its posts, and the facility that answers for what is done there."""

    texts = "registers"

    site_name = Text(longest=200)
    facility = Select(options=facility_options, choose="registers.choose")
    road = Text(longest=40, is_optional=True, size="short")
    post_kind = Choice(options=[each.value for each in PostKind], layout="choices-row")
    post_names = LongText(parse=posts_in)


def site_options() -> list[Option]:
    """Return the sites to choose from, in the order of the register."""
    sites = dict(Post.objects.filter(closed_at=None).values_list("site", "site_name"))
    return [Option(code, name) for code, name in sites.items()]


def site_names_of(sites: Collection[str]) -> dict[str, str]:
    """Return the names of these sites, open or closed."""
    return dict(Post.objects.filter(site__in=sites).values_list("site", "site_name"))


def kept(now: datetime, _led: Led) -> Kept:
    """Return every post: those that are open, and those that are closed."""
    return kept_until(Post.objects.all(), "closed_at", now)


def draw(posts: Sequence[Post], now: datetime) -> list[Row]:
    """Draw posts."""
    names = facility_names({post.facility for post in posts})
    return [_row(post, names, now) for post in posts]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """Open posts; a site's name that is known already gets further ones."""
    name = typed["site_name"]
    sites = {each.site_name: each.site for each in Post.objects.all()}
    code = sites.get(name) or code_from(name, list(sites.values()))
    position = Post.objects.count()
    opened = [
        PostOpened(
            site=code,
            site_name=name,
            kind=PostKind(typed["post_kind"]),
            name=post,
            facility=typed["facility"],
            road=code_from(typed["road"]).upper() if typed["road"] else None,
            position=position + number,
        )
        for number, post in enumerate(typed["post_names"])
    ]
    record_all(opened, member, now)
    return Said("registers.posts_added", {"name": name})


def close(id: str, member: Member, now: datetime) -> Said:
    """Close a post. Raises Problem("entry_unknown")."""
    found = Post.objects.filter(id=number_of(id)).first()
    if found is None:
        raise Problem("entry_unknown")
    record_all([PostClosed(found.id, now)], member, now)
    return Said("registers.post_closed", {"name": str(found)})


def _row(post: Post, names: dict[str, str], now: datetime) -> Row:
    is_open = post.closed_at is None or now < post.closed_at
    cells = (
        text(f"registers.post_kind.{post.kind}"),
        names.get(post.facility, post.facility),
        post.road,
    )
    return Row(str(post.id), f"{post.site_name}: {post.name}", cells, ("close",) if is_open else ())


REGISTER = Register(
    "posts",
    PostForm,
    ("registers.post_kind", "registers.facility", "registers.road"),
    kept,
    draw,
    add,
    {"close": close},
)
