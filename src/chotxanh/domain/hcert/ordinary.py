"""Test certificates as nearly all are, recognised by one expression where the whole schema takes several times longer.

What is recognised here is right by the letter of the schema; of anything else the schema itself must judge.
"""

import re
from operator import itemgetter
from typing import Any

_SEPARATOR = "\0"
_TEXT = r"[^\0]{0,80}"
_STANDARDISED = "[A-Z<]{0,80}"
# The 29th of February is left to the schema, which asks a calendar.
_DAY_OF_YEAR = (
    "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_MOMENT = rf"[12][0-9]{{3}}-{_DAY_OF_YEAR}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]{_ZONE}"

_PERSON = {"ver": r"[0-9]+\.[0-9]+\.[0-9]+", "dob": "(?:(?:19|20)[0-9]{2}(?:-[0-9]{2}){0,2})?"}
_NAME = {"fnt": _STANDARDISED}
_NAME_OPTIONAL = {"gnt": _STANDARDISED, "fn": _TEXT, "gn": _TEXT}
_TEST = {"sc": _MOMENT, "co": "[A-Z]{1,10}", "tg": _TEXT, "tt": _TEXT, "tr": _TEXT, "is": _TEXT, "ci": _TEXT}
_TEST_OPTIONAL = {"nm": _TEXT, "ma": _TEXT, "tc": _TEXT}

_GROUPS = (_PERSON, _NAME, _NAME_OPTIONAL, _TEST, _TEST_OPTIONAL)
_ALL_TEXTS = re.compile(r"\0".join(pattern for group in _GROUPS for pattern in group.values()))
_KEYS = {*_PERSON, "nam", "t"}
_texts_of_test = itemgetter(*_TEST)


def is_ordinary_test(certificate: dict[str, Any]) -> bool:
    """Whether `certificate` is beyond doubt a test certificate right by schema 1.3.3; False says nothing.

    All texts are joined and matched at once. A text with a separator of its own makes one too many, so that it never
    matches; what is no text cannot be joined.
    """
    if certificate.keys() != _KEYS:
        return False
    name, tests = certificate["nam"], certificate["t"]
    if type(name) is not dict or type(tests) is not list or len(tests) != 1 or type(tests[0]) is not dict:
        return False
    test, named, tested = tests[0], name.get, tests[0].get
    try:
        texts = (
            *(certificate["ver"], certificate["dob"], name["fnt"]),
            *(named("gnt", ""), named("fn", ""), named("gn", "")),
            *_texts_of_test(test),
            *(tested("nm", ""), tested("ma", ""), tested("tc", "")),
        )
        return _ALL_TEXTS.fullmatch(_SEPARATOR.join(texts)) is not None
    except (KeyError, TypeError):
        return False
