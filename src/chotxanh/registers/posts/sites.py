"""Reads posts: those that deeds name, and the sites where somebody may work."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chotxanh.protocol.places import Place
from chotxanh.registers.posts.entries import POSTS, PostRow
from chotxanh.registers.posts.models import Post
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.grants import Reach, covers, is_in_force
from chotxanh.storage.lookups import lookup

MOST_KEPT = 10_000
_known: dict[UUID, PostRow] = {}


@dataclass(frozen=True)
class Site:
    """Posts under one name: a checkpoint with its lanes, a clinic with its desks. The first post speaks for it."""

    code: str
    name: str
    facility: str
    road: str
    posts: tuple[PostRow, ...]


def posts_named(ids: Collection[UUID]) -> dict[UUID, PostRow]:
    """Return the posts with these numbers. Where a post is never changes, so it is asked once in each process.

    Whether it has been closed meanwhile, only `sites_open_to` and `site_named` tell.
    """
    unknown = [id for id in ids if id not in _known]
    if len(_known) + len(unknown) > MOST_KEPT:
        _known.clear()
        unknown = list(ids)
    _known.update((post.id, post) for post in lookup(POSTS, "id", unknown))
    return {id: _known[id] for id in ids if id in _known}


def with_post(place: Place, posts: dict[UUID, PostRow]) -> Place | None:
    """Complete a place by the post it names; None if the post is not known here."""
    if place.post is None:
        return place
    post = posts.get(place.post)
    if post is None:
        return None
    return Place(place.facility or post.facility, post.site, post.id)


def site_names() -> dict[str, str]:
    """Return the name of every site there ever was, by its code; its first post names it."""
    named = Post.objects.order_by("-position", "-site", "-name", "-id").values_list("site", "site_name")
    return dict(named)


def sites_open_to(grants: Iterable[GrantRow], at: datetime) -> list[Site]:
    """Return the sites with the posts where these grants allow work at `at` (UTC), in the order of the register."""
    held = [grant for grant in grants if is_in_force(grant, at)]
    return _sites(_open_posts(at), held)


def site_named(code: str, at: datetime) -> Site | None:
    """Return a site with all its open posts; None if there is none at `at` (UTC)."""
    # PostgreSQL cannot even look for a NUL.
    found = (
        [post for post in lookup(POSTS, "site", [code]) if _is_open(post, at)] if code.isprintable() else []
    )
    return _site(sorted(found, key=_order)) if found else None


def is_open_to(site: Site, reach: Iterable[Reach]) -> bool:
    """Say whether one of these grants, which are in force, allows work at one of the site's posts."""
    return any(covers(grant, _place(post)) for grant in reach for post in site.posts)


def _open_posts(at: datetime) -> list[PostRow]:
    ids = list(Post.objects.exclude(closed_at__lte=at).values_list("id", flat=True))
    return sorted(lookup(POSTS, "id", ids), key=_order)


def _sites(posts: Iterable[PostRow], grants: Collection[GrantRow]) -> list[Site]:
    by_site: dict[str, list[PostRow]] = {}
    for post in posts:
        if any(covers(grant, _place(post)) for grant in grants):
            by_site.setdefault(post.site, []).append(post)
    return [_site(each) for each in by_site.values()]


def _site(posts: list[PostRow]) -> Site:
    first = posts[0]
    return Site(first.site, first.site_name, first.facility, first.road, tuple(posts))


def _place(post: PostRow) -> Place:
    return Place(post.facility, post.site, post.id)


def _is_open(post: PostRow, at: datetime) -> bool:
    return post.closed_at is None or at < post.closed_at


def _order(post: PostRow) -> tuple[int, str, str, UUID]:
    return (post.position, post.site, post.name, post.id)
