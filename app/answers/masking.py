"""Finding and taking out what says who somebody is: e-mail addresses, telephone numbers, names.

The one place for these patterns: the respondent's page warns with them while somebody types, and before anybody reads a
comment they are put in place of the words (MEASUREMENT.md 4.6). Patterns find much and not everything; that is why a
person reviews what is left.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.sentences import Listing, Sentence, say

Kind = Literal["name", "e-mail", "phone"]

SHORTEST_NAME: Final = 3
TAKEN_OUT: Final = "[…]"
WORDS: Final[Mapping[Kind, Sentence]] = {
    "name": say("a name"),
    "e-mail": say("an e-mail address"),
    "phone": say("a telephone number"),
}

# First names that are no words of a sentence. Common ones of several languages; the roster knows the others.
FIRST_NAMES: Final = (
    "Adam Adrian Agnieszka Ahmed Alessandro Alex Alexander Alexandra Ali Alice Amanda Ana Andrea Andreas Andrew Angela "
    "Anja Anna Anne Annika Anthony Antonio António Barbara Beatriz Ben Benjamin Bernd Birgit Brian Carla Carlos Carmen "
    "Caroline Catherine Charlotte Christian Christina Christine Christoph Claire Claudia Clara Daniel Daniela David "
    "Deborah Dennis Diana Diego Dominik Edward Elena Elisabeth Elizabeth Emily Emma Eric Erik Eva Fatima Felix "
    "Fernando Florian Francesca Francisco Franziska Gabriel Gabriele George Giovanni Giulia Hannah Hans Heike Helen "
    "Helena Henrik Ines Inês Ingrid Isabel Jacob Jakob James Jan Jana Jane Janet Javier Jean Jennifer Jens Jessica "
    "Joana Johan Johanna Johannes John Jonas Jonathan Jorge Joseph José João Juan Julia Julian Jürgen Karen Karin "
    "Katarzyna Katharina Kathrin Katja Kevin Klaus Kristina Lars Laura Lena Leon Linda Lisa Louise Lucas Lucia Luis "
    "Lukas Magdalena Manuel Manuela Marco Margaret Maria María Marie Mario Markus Marta Martin Martina Mary Mateusz "
    "Matthew Matthias Mehmet Melanie Michael Michel Michelle Miguel Miriam Mohamed Mohammed Monika Nadine Natalia "
    "Nicola Nicolas Nicole Nina Oliver Olivia Pablo Paolo Patricia Patrick Paul Paula Pedro Peter Petra Philipp Piotr "
    "Rachel Rafael Ralf Rebecca Ricardo Richard Robert Roberto Ruth Sabine Samuel Sandra Sara Sarah Sebastian Silke "
    "Simon Sofia Sonja Sophie Stefan Stefanie Stephanie Stephen Steven Susan Susanne Sven Tania Tatjana Teresa Thomas "
    "Tiago Tobias Tomasz Ulrich Ulrike Ursula Uwe Valentina Vanessa Vera Victoria Wolfgang Yasmin Yusuf"
).split()

# Names that are words too: only taken for names in the middle of a sentence with a capital letter, or before one.
ALSO_WORDS: Final = frozenset(
    "will mark bill grace hope joy faith rose may april june august frank art sue drew chase dean max jack rob "
    "pat grant page black white brown green gray grey young long short king price field wood stone hill bell cook "
    "baker carter mason miller smith fisher hunter taylor walker ward wall west north rich wise best good day "
    "lane banks waters rivers brooks hall house love little small large major minor case chance christian summer "
    "dawn iris ivy lily daisy violet ruby pearl amber crystal sky river reed rush sharp strong swift noble power "
    "powers fields new old and the for not you all any can her was one our out get has him his how man now two "
    "way who did its let put say she too use team work main test user staff".split()
)

# Written so that Python and JavaScript read them alike: the page of the respondent carries them.
_CAPITAL = "[A-ZÀ-ÖØ-ÞĀ-Ž]"
_LETTER = "[A-Za-zÀ-ÖØ-öø-ÿĀ-ž]"
_BEFORE = "(?<![0-9A-Za-zÀ-ÖØ-öø-ÿĀ-ž])"
_AFTER = "(?![0-9A-Za-zÀ-ÖØ-öø-ÿĀ-ž])"
_FAMILY_NAME = f"{_CAPITAL}{_LETTER}*(?:['’-]{_LETTER}+)*"
_TITLES = "Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Professor|Herr|Herrn|Frau|Mme|Monsieur|Madame|Senhor|Senhora|Señor|Señora|Sra"
PATTERNS: Final[tuple[tuple[Kind, str], ...]] = (
    ("e-mail", r"[0-9A-Za-zÀ-ÖØ-öø-ÿ._%+-]{1,64}@[0-9A-Za-zÀ-ÖØ-öø-ÿ-]{1,63}(?:\.[0-9A-Za-zÀ-ÖØ-öø-ÿ-]{1,63})*"),
    ("phone", r"(?<![0-9])(?:\+|00?)[ (]{0,2}[1-9](?:[ ()/.-]{0,3}[0-9]){6,14}(?![0-9])"),
    ("phone", r"(?<![0-9])\(?[0-9]{3}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}(?![0-9])"),
    ("phone", r"(?<![0-9.,])[0-9]{9,15}(?![0-9.,])"),
    ("name", f"{_BEFORE}(?:{_TITLES})\\.?[ \\t]+(?:{_CAPITAL}\\.[ \\t]*)*{_FAMILY_NAME}(?:[ \\t]+{_FAMILY_NAME})?"),
    ("name", f"{_BEFORE}(?:{'|'.join(FIRST_NAMES)}){_AFTER}(?:[ \\t]+{_FAMILY_NAME})?"),
    ("name", f"(?<![0-9A-Za-z@./])@{_LETTER}{{3,40}}"),
)
_COMPILED: Final = tuple((kind, re.compile(source)) for kind, source in PATTERNS)
_PARTS: Final = re.compile(f"{_LETTER}{{{SHORTEST_NAME},}}")
_MASKS: Final[Mapping[Kind, str]] = {"name": "[name]", "e-mail": "[e-mail]", "phone": "[phone]"}
_MASK: Final = re.compile(r"\[(?:name|e-mail|phone|…)\]")
_SENTENCE_ENDS: Final = '.!?:;\n•-–"“„(['


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a text, from `start` to before `end`, that seems to say who somebody is."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with what was found taken out of it, and how often each kind was found."""

    text: str
    counts: Mapping[Kind, int]


def name_parts(references: Iterable[str], *, not_names: Iterable[str] = ()) -> frozenset[str]:
    """The words of a roster's references that can be names: three letters or more, in lower case.

    Of an e-mail address only what stands before the @. `not_names` are texts whose words are no names of people, such
    as those of departments.
    """
    common = {part.lower() for text in not_names for part in _PARTS.findall(text)}
    found = {part.lower() for one in references for part in _PARTS.findall(one.split("@", 1)[0])}
    return frozenset(found - common)


def find(text: str, names: Collection[str] = ()) -> tuple[Found, ...]:
    """What in the text seems to say who somebody is, in order and without overlaps. `names` are `name_parts`."""
    stretches = sorted((*_by_pattern(text), *_by_name(text, names)), key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for one in stretches:
        if kept and one.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = Found(last.start, max(last.end, one.end), last.kind)
        else:
            kept.append(one)
    return tuple(kept)


def mask(text: str, names: Collection[str] = ()) -> Masked:
    """The text with e-mail addresses, telephone numbers and names taken out. Masking twice changes nothing more."""
    pieces, at = [], 0
    found = find(text, names)
    for one in found:
        pieces += [text[at : one.start], _MASKS[one.kind]]
        at = one.end
    return Masked("".join([*pieces, text[at:]]), Counter(one.kind for one in found))


def told(found: Iterable[Found]) -> Listing:
    """What was found, in words: "a name and a telephone number"; empty for nothing."""
    kinds = {one.kind for one in found}
    return Listing(text for kind, text in WORDS.items() if kind in kinds)


def pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it is a mask."""
    found: list[tuple[str, bool]] = []
    at = 0
    for one in _MASK.finditer(text):
        found += [(text[at : one.start()], False), (one.group(), True)]
        at = one.end()
    return tuple((piece, masked) for piece, masked in [*found, (text[at:], False)] if piece)


def _by_pattern(text: str) -> Iterator[Found]:
    for kind, pattern in _COMPILED:
        for one in pattern.finditer(text):
            yield Found(one.start(), one.end(), kind)


def _by_name(text: str, names: Collection[str]) -> Iterator[Found]:
    if not names:
        return
    masks = [(one.start(), one.end()) for one in _MASK.finditer(text)]
    for one in _PARTS.finditer(text):
        word = _name_of(one.group(), names)
        if word is None or any(start <= one.start() < end for start, end in masks):
            continue
        if word in ALSO_WORDS and not _is_surely_a_name(text, one.start(), one.end()):
            continue
        yield Found(one.start(), one.end(), "name")


def _name_of(word: str, names: Collection[str]) -> str | None:
    """The name that a word is, or whose genitive without an apostrophe it is, as German writes it; else None."""
    told = word.lower()
    if told in names:
        return told
    whose = told.removesuffix("s")
    return whose if whose != told and word[0].isupper() and len(whose) >= SHORTEST_NAME and whose in names else None


def _is_surely_a_name(text: str, start: int, end: int) -> bool:
    """A word that is a name too counts as one with a capital letter in mid-sentence, or before another capital."""
    if not text[start].isupper():
        return False
    before, after = text[:start].rstrip(" \t"), text[end:].lstrip(" \t")
    return (bool(before) and before[-1] not in _SENTENCE_ENDS) or after[:1].isupper()
