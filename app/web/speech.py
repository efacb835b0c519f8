"""A language as pages speak it: sentences from its catalog, days, numbers and lists as it writes them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape
from starlette.requests import Request

from app.sentences import GROUPED_FROM, MINUS, NARROW_SPACE, Hundredths, Listing, Passage, Sentence, Value, english
from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE, translations
from surveys.languages import LANGUAGES, Language

# English days and lists are written as in Britain: 22 November 2026; a, b and c.
LOCALES: Final[Mapping[str, str]] = {SOURCE: "en_GB"}
ISOLATE: Final = "\u2068"
END_OF_ISOLATE: Final = "\u2069"
CHOSEN: Final = "plumbline-language"
"""The cookie in which a browser without an account keeps the language that was chosen; it holds its tag alone."""

LONGEST_WISH: Final = 500  # characters of an Accept-Language header that are read


class Speech:
    """What a page needs to be said in one language. Digits are 0 to 9 in all of them."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._locale = Locale.parse(LOCALES.get(language.tag, language.tag))
        self._translations = translations(language.tag)

    def say(self, value: object) -> object:
        """A sentence or a listing in this language; whatever else it is, as it is."""
        if isinstance(value, Sentence):
            words = self._words(value) if value.message else ""
            return (
                words.format_map({name: self._value(one) for name, one in value.values.items()})
                if value.values
                else words
            )
        if isinstance(value, Passage):
            return value.between.join(map(self._value, value.parts))
        if isinstance(value, Listing):
            return format_list([self._value(one) for one in value.parts], locale=self._locale)
        if isinstance(value, Hundredths):
            return self.decimal(value)
        return value

    def gettext(self, message: str, /, **values: object) -> Markup:
        """For templates: the message with `%(name)s` filled in, the values escaped."""
        return _safe(self._translations.gettext(message), message) % self._said(values)

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> Markup:
        """For templates: the form for `n` things."""
        return _safe(self._translations.ngettext(one, many, n), many) % self._said(values)

    def day(self, value: date | str) -> str:
        """A date as people write it: 22 November 2026."""
        when = date.fromisoformat(value) if isinstance(value, str) else value
        return english(when) if self.language.tag == SOURCE else format_date(when, "long", locale=self._locale)

    def moment(self, value: datetime, zone: str) -> str:
        """A time in the client's zone: 22 November 2026, 14:05."""
        local = value.astimezone(ZoneInfo(zone))
        return f"{self.day(local.date())}, {local:%H:%M}"

    def number(self, value: int) -> str:
        """A count, its thousands apart from ten thousand on: 12 000, 12.000."""
        if self.language.tag == SOURCE or value < GROUPED_FROM:
            return english(value)
        return format_decimal(value, locale=self._locale, numbering_system="latn").replace("\xa0", NARROW_SPACE)

    def decimal(self, value: Hundredths) -> str:
        """A number with two decimals: .83, 0,83."""
        if self.language.tag == SOURCE:
            return str(value)
        told = format_decimal(abs(value.hundredths) / 100, "0.00", locale=self._locale, numbering_system="latn")
        return (MINUS if value.hundredths < 0 else "") + told

    def _words(self, sentence: Sentence) -> str:
        if (written := sentence.words.get(self.language.tag)) is not None:
            return written
        if not sentence.many:
            return self._translations.gettext(sentence.message)
        n = sentence.values["n"]
        assert isinstance(n, int)  # say_count gives it
        return self._translations.ngettext(sentence.message, sentence.many, n)

    def _value(self, value: Value) -> str:
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, int):
            return self.number(value)
        return str(self.say(value)) if isinstance(value, Sentence | Listing | Hundredths) else self._apart(value)

    def _apart(self, text: str) -> str:
        """A name inside of a sentence: where a line runs from right to left, it keeps its own direction."""
        return f"{ISOLATE}{text}{END_OF_ISOLATE}" if self.language.direction == "rtl" and text else text

    def _said(self, values: Mapping[str, object]) -> dict[str, object]:
        return {name: self._apart(one) if type(one) is str else self.say(one) for name, one in values.items()}


def _safe(words: str, message: str) -> Markup:
    """Words as HTML. Only where the message has mark-up may they have some, the same (catalogs.py)."""
    return Markup(words) if "<" in message else escape(words)  # noqa: S704 - words of ours


@cache
def speech(language: str) -> Speech:
    """The speech of a language by its tag; a KeyError for one that is not known."""
    return Speech(LANGUAGES[language])


def wished(header: str, offered: Collection[str]) -> str | None:
    """The language out of `offered` that an Accept-Language header likes most; None when it names none of them."""
    return next((tag for tag in _liked(header[:LONGEST_WISH]) if tag in offered), None)


@lru_cache(maxsize=500)
def _liked(header: str) -> tuple[str, ...]:
    """The languages of an Accept-Language header, those that it likes most first."""
    wishes: list[tuple[float, str]] = []
    for part in header.lower().split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wishes.append((-float(quality or 1), tag.split("-")[0]))
        except ValueError:
            continue
    return tuple(tag for liked, tag in sorted(wishes, key=lambda one: one[0]) if liked < 0)


def wished_by(request: Request, offered: Collection[str]) -> str | None:
    """The language out of `offered` that the browser asks for."""
    return wished(request.headers.get("accept-language", ""), offered)


def speak(request: Request, language: str) -> None:
    """From here on the pages of this request are in this language."""
    request.state.language = language


def speech_of(request: Request) -> Speech:
    """What this request's pages are said in: what was decided for it, else what was chosen on a page, else what the
    browser asks for, else English."""
    decided: str | None = getattr(request.state, "language", None)
    if decided is None and (chosen := request.cookies.get(CHOSEN)) in SPOKEN_IN_THE_CONSOLE:
        decided = chosen
    return speech(decided or wished_by(request, SPOKEN_IN_THE_CONSOLE) or SOURCE)


def language_of(request: Request) -> str:
    """The tag of the language that this request's pages are said in."""
    return speech_of(request).language.tag
