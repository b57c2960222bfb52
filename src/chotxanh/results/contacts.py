"""Who must be called because a companion is positive (field rule A2): the matter, without saying who that is."""

from chotxanh.domain.standing.person import Order, State
from chotxanh.results.followups.calls import Matter
from chotxanh.results.followups.payloads import Reason
from chotxanh.results.standing import Found, StandingPerson


def contact_matter(code: str, standing: StandingPerson, found: Found) -> Matter | None:
    """Return what a contact must be told since the latest of the companions' positives that still speak is known.

    Once their own RT-PCR of a later sample is known nothing more is ordered, and nobody calls.

    It is told of the contact's own latest tube: whose the positive is, the call list does not say.
    """
    own = found.samplings.by_code[code]
    is_ordered = standing.standing.order is Order.RT_PCR
    if standing.standing.state is not State.CONTACT or not is_ordered or not own:
        return None
    known = [
        sampling.known_at
        for codes in {companion.codes for companion in found.circles[code].companions}
        for sampling in found.positives_among(codes)
    ]
    if not known:
        return None
    last = max(own, key=lambda each: (each.tube.sampled_at, each.key))
    return Matter(Reason.CONTACT, code, last.tube, max(known), last.position)
