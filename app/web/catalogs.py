"""The words of the pages in other languages: gettext catalogs, read into memory when the application starts.

`locales/<language>/<part>.po`. The part `respond` holds what somebody who answers can meet, in every language that a
survey can be answered in; `console` holds the rest, in German. English is what the messages themselves say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from surveys.languages import LANGUAGES

ROOT: Final = Path(__file__).resolve().parent / "locales"
SOURCE: Final = "en"
RESPONDENT: Final = "respond"
CONSOLE: Final = "console"
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    RESPONDENT: tuple(tag for tag in LANGUAGES if tag != SOURCE),
    CONSOLE: ("de",),
}
SPOKEN_IN_THE_CONSOLE: Final = (SOURCE, *PARTS[CONSOLE])
# In the order of the forms in a catalog. Arabic: none, one, two, 3 to 10, 11 to 99, the rest.
TWO_FORMS: Final = "nplurals=2; plural=(n != 1);"
PLURALS: Final[Mapping[str, str]] = {
    "de": TWO_FORMS,
    "fr": "nplurals=2; plural=(n > 1);",
    "es": TWO_FORMS,
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
PLACE: Final = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
STATE: Final = re.compile(r'^"X-State: (machine|reviewed)\\n"$', re.MULTILINE)
MARK_UP: Final = re.compile(r"</?[a-z][^>]*>|&\w+;")


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the messages of a part have words in a language."""

    done: int
    messages: int


def path_of(language: str, part: str) -> Path:
    """Where the catalog of a language lies."""
    return ROOT / language / f"{part}.po"


def read_catalog(language: str, part: str) -> Catalog:
    """A catalog as it lies in its file; an empty one where there is no file yet."""
    path = path_of(language, part)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as lines:
        return read_po(lines, locale=language, charset="utf-8", abort_invalid=True)


@cache
def state_of(language: str, part: str) -> str:
    """`machine` until a person has read all of a catalog and says so at its head: `reviewed`."""
    path = path_of(language, part)
    told = STATE.search(path.read_text(encoding="utf-8")) if path.exists() else None
    return told.group(1) if told else "machine"


@cache
def translations(language: str) -> Translations:
    """All that can be said in a language. A message without words, or with words that do not fit it, stays English."""
    if language == SOURCE:
        return Translations()
    whole = _empty(language)
    for part, languages in PARTS.items():
        if language in languages:
            for message in _filled(read_catalog(language, part)):
                whole.add(message.id, message.string)
    packed = BytesIO()
    write_mo(packed, whole)
    packed.seek(0)
    return Translations(packed)


@cache
def progress(language: str, part: str) -> Progress:
    """How much of a part is there in a language; everything in English."""
    catalog = read_catalog(language if language != SOURCE else PARTS[part][0], part)
    done = len(catalog) if language == SOURCE else len(_filled(catalog))
    return Progress(done, len(catalog))


def faults(message: Message) -> tuple[str, ...]:
    """What is wrong with the words of a message, in whole sentences; empty when they fit or when there are none."""
    ids, words = _forms(message.id), _forms(message.string)
    if not any(words):
        return ()
    found = []
    if not all(words):
        found.append(f"{ids[0]!r}: some of its forms have no words.")
    places = [_places(one) for one in ids]
    may_miss = {"n", "count"} if len(ids) > 1 else set()
    for one in filter(None, words):
        if _places(one) - places[-1] or places[-1] - _places(one) - may_miss:
            found.append(f"{ids[0]!r}: the places in {one!r} are not those of the message.")
        if sorted(MARK_UP.findall(one)) != sorted(MARK_UP.findall(ids[-1])) or "<" in MARK_UP.sub("", one):
            found.append(f"{ids[0]!r}: the mark-up in {one!r} is not that of the message.")
    return tuple(found)


def _empty(language: str) -> Catalog:
    made = Catalog(locale=language)
    made.mime_headers = [("Plural-Forms", PLURALS[language])]
    return made


def _filled(catalog: Catalog) -> list[Message]:
    """The messages of a catalog that have words which fit."""
    return [one for one in catalog if one.id and any(_forms(one.string)) and not faults(one)]


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


def _places(text: str) -> set[str]:
    """The names of the places to fill in: `%(name)s` in templates, `{name}` in sentences."""
    return {one or other for one, other in PLACE.findall(text)}
