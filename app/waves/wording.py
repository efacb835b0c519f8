"""The words of the promise, written down when a wave opens, so that a later version of ours changes none of them.

They are written in every language in which a respondent can read them, with their places for values still open.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache, lru_cache
from typing import Any, Final

from app.sentences import Sentence
from app.waves.promise import WORDING, Line, Wording
from app.web.catalogs import SOURCE, translations
from surveys.languages import LANGUAGES

Words = Mapping[str, Mapping[str, str]]
"""Language, then the place of a sentence in the wording, for example "mode.anonymous.text"."""

_ONCE: Final = 64  # waves whose words are kept in memory


@cache
def written_down() -> str:
    """Today's words as JSON: language, then place, then the sentence with its places in braces."""
    words = {
        tag: {place: translations(tag).gettext(one.message) for place, one in _sentences(WORDING)} for tag in LANGUAGES
    }
    return json.dumps(words, sort_keys=True, ensure_ascii=False)


@cache
def translations_sha256(tags: tuple[str, ...]) -> str:
    """The SHA-256 of today's words in these languages."""
    today: Words = json.loads(written_down())
    told = json.dumps({tag: today[tag] for tag in tags}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


@lru_cache(maxsize=_ONCE)
def read(written: str | None) -> Wording:
    """The wording that was written down; today's where none was, and for a sentence that there was not at that time."""
    if written is None:
        return WORDING
    words: Words = json.loads(written)
    return replace(WORDING, **{field.name: _read(words, field.name) for field in fields(Wording)})


def _read(words: Words, name: str) -> Any:  # Any: a line, a sentence or lines by mode, as the field of that name
    today = getattr(WORDING, name)
    if isinstance(today, Mapping):
        return {mode: _line(words, f"{name}.{mode}", line) for mode, line in today.items()}
    return _line(words, name, today) if isinstance(today, Line) else _sentence(words, name, today)


def _line(words: Words, place: str, today: Line) -> Line:
    return Line(
        _sentence(words, f"{place}.heading", today.heading),
        _sentence(words, f"{place}.text", today.text),
    )


def _sentence(words: Words, place: str, today: Sentence) -> Sentence:
    english = words[SOURCE].get(place)
    if english is None:
        return today
    return Sentence(english, words={tag: of[place] for tag, of in words.items() if place in of})


def _sentences(wording: Wording) -> Iterator[tuple[str, Sentence]]:
    for field in fields(wording):
        value = getattr(wording, field.name)
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        for mode, part in parts:
            place = f"{field.name}.{mode}" if mode else field.name
            if isinstance(part, Line):
                yield f"{place}.heading", part.heading
                yield f"{place}.text", part.text
            else:
                yield place, part
