"""What a lead may give: no more than their own grants reach, and to themselves no role that checks them."""

from datetime import datetime

from chotxanh.domain.kinds import LEADS
from chotxanh.domain.problems import Problem
from chotxanh.domain.works import AT_POSTS
from chotxanh.protocol.places import Place
from chotxanh.registers.staff.entries import GrantGiven
from chotxanh.registers.staff.grants import covers, grants_for, is_in_force
from chotxanh.registers.staff.models import Member


def given_by(member: Member, given: GrantGiven, now: datetime) -> GrantGiven:
    """Return a grant that a lead may give (UTC `now`).

    Whoever clears a positive, or looks after personal data, is never whoever appointed them (field rule A1).
    Raises Problem: `grant_to_oneself`, `grant_beyond_own`.
    """
    if given.member == member.id and given.role not in AT_POSTS:
        raise Problem("grant_to_oneself")
    place = Place(given.facility or "", given.site or "", given.post)
    own = [each for each in grants_for(member, LEADS) if is_in_force(each, now) and covers(each, place)]
    methods = {method for each in own for method in each.methods.split()}
    if not own or not methods.issuperset(given.methods):
        raise Problem("grant_beyond_own")
    return given
