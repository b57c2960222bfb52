"""Ways of testing, and what a test and its kit say of time and of pools (field rules A5, A6)."""

from collections.abc import Iterable
from enum import StrEnum

from chotxanh.domain.pools import LARGEST_POOL


class Method(StrEnum):
    """How a specimen is tested."""

    AG_RAPID = "ag_rapid"
    RT_PCR = "rt_pcr"


def methods_said(methods: Iterable[Method]) -> str:
    """Return ways of testing as one text: each once, in their order, a blank between them."""
    named = set(methods)
    return " ".join(each.value for each in Method if each in named)


class Purpose(StrEnum):
    """What a test is for: to find whom to test further, or to say what is so."""

    SCREENING = "screening"
    CONFIRMATORY = "confirmatory"


class SpecimenType(StrEnum):
    """Where a swab was taken."""

    NASOPHARYNGEAL = "nasopharyngeal"
    NASAL = "nasal"
    OROPHARYNGEAL = "oropharyngeal"
    SALIVA = "saliva"


class DccType(StrEnum):
    """What a certificate of the EU calls a method (Implementing Decision (EU) 2021/1073, annex II, section 4)."""

    AG_RAPID = "LP217198-3"
    NAAT = "LP6464-4"


DCC_TYPES = {Method.AG_RAPID: DccType.AG_RAPID, Method.RT_PCR: DccType.NAAT}


def largest_pool(of_test: int, of_protocol: int | None) -> int:
    """Return how many may share a tube: what the test allows, or the kit's approved protocol; never over 20."""
    return max(1, min(of_test if of_protocol is None else of_protocol, LARGEST_POOL))
