"""What the office's papers are filled with: words in Vietnamese, whom to call, and codes that are nobody's yet."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from chotxanh.domain.codes import RANDOM_BYTES, CodeType, group, new_code
from chotxanh.domain.questionnaire import EXPOSURES, SYMPTOMS
from chotxanh.language.texts import catalogue
from chotxanh.pictures.drawing import qr_svg

# Official papers are in Vietnamese, whichever language the lead reads the office in.
LANGUAGE = "vi"
TITLE_LINES, STEPS, TO_BRING, AT_POST = 2, 3, 4, 3
_WORD = "papers.word."

Data = dict[str, Any]


def new_codes(count: int) -> list[str]:
    """Return so many person codes that nobody has: they are kept nowhere, whoever is declared under one owns it."""
    return [new_code(CodeType.PERSON, secrets.token_bytes(RANDOM_BYTES)) for _ in range(count)]


def with_codes(codes: Sequence[str], phone: str) -> Data:
    """Return what declarations and cards are filled with: a code each; `phone` is the duty number, or empty."""
    each = [
        {"code": group(code), "drawn": qr_svg(code, label=""), "number": f"{number}/{len(codes)}"}
        for number, code in enumerate(codes, start=1)
    ]
    return {**_common(phone), "codes": each}


def with_address(address: str, phone: str) -> Data:
    """Return what posters and leaflets are filled with: where to declare, drawn and as it is typed."""
    data = {
        **_common(phone),
        "address": address.removeprefix("https://").removeprefix("http://"),
        "drawn": qr_svg(address, label="", error_correction="M"),
        "phone": phone,
    }
    lines = [_said(f"papers.poster.{n}") for n in _to(TITLE_LINES)]
    data["words"]["poster_title"], data["words"]["title"] = lines, " ".join(lines)
    data["words"]["address_picture"] = _said("papers.word.address_picture").format(address=address)
    return data


def _common(phone: str) -> Data:
    words: Data = {key.removeprefix(_WORD): _said(key) for key in catalogue() if key.startswith(_WORD)}
    at = f", {phone}" if phone else ""
    words["notice"] = words["notice"].format(department=settings.DEPARTMENT, phone=at)
    words["republic"], words["motto"] = _said("print.republic"), _said("print.motto")
    words["symptoms"] = [_said(f"declare.answer.{each}") for each in SYMPTOMS]
    words["exposures"] = [_said(f"declare.answer.{each}") for each in EXPOSURES]
    words["steps"] = [[_said(f"papers.step.{n}.name"), _said(f"papers.step.{n}.about")] for n in _to(STEPS)]
    words["bring"] = [_said(f"papers.bring.{n}") for n in _to(TO_BRING)]
    words["at_post"] = [_said(f"papers.at_post.{n}") for n in _to(AT_POST)]
    scenario = _said("site.scenario") if settings.IS_DEMO else None
    return {"language": LANGUAGE, "department": settings.DEPARTMENT, "words": words, "scenario": scenario}


def _to(count: int) -> range:
    return range(1, count + 1)


def _said(key: str) -> str:
    return catalogue()[key][LANGUAGE]
