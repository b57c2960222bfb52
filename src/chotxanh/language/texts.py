"""The catalogue of texts in `contracts/texts/`, and the language of the request being answered."""

import json
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from django.conf import settings

LANGUAGES = ("vi", "en")
_current: ContextVar[str] = ContextVar("language", default="vi")


def current_language() -> str:
    """Return `vi` or `en`: the language the answer is written in."""
    return _current.get()


def use_language(language: str) -> None:
    """Write what follows, in this request, in `language`; anything unknown is Vietnamese."""
    _current.set(language if language in LANGUAGES else "vi")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Read every text once: `{key: {"vi": ..., "en": ...}}`. Raises ValueError if a key stands in two files."""
    texts: dict[str, dict[str, str]] = {}
    for file in sorted(Path(settings.CONTRACTS, "texts").glob("*.json")):
        for key, sentence in json.loads(file.read_text(encoding="utf-8")).items():
            if key in texts:
                raise ValueError(f"text {key} stands twice, again in {file.name}")
            texts[key] = sentence
    return texts


def text(key: str, /, **params: object) -> str:
    """Return the sentence for `key` with its placeholders filled. Raises KeyError for an unknown key."""
    sentence = catalogue()[key][_current.get()]
    return sentence.format(**params) if params else sentence


def problem_sentence(code: str, /, **params: object) -> str:
    """Return the sentence for a problem code, or the general one where a code has none."""
    key = f"problem.{code}"
    if key not in catalogue():
        key = "problem.unknown"
    return text(key, **params)
