"""The numbers of a text and of a release, to see that the one says nothing that the other does not."""

import re
from collections.abc import Iterator
from html import unescape

from scoring.grades import BANDS

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
GERMAN_MONTHS = "Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember"  # those that English spells otherwise
# What is no number of a result: dates and times, hashes, names of waves, of dimensions and of quantities of paper.
NO_RESULT = re.compile(
    rf"SHA-256|\d+\.? (?:{MONTHS}|{GERMAN_MONTHS}) \d{{4}}(?:, \d\d:\d\d)?|"
    rf"(?:{MONTHS}) (?:to (?:{MONTHS}) )?20\d\d|"
    r"20\d\d-\d\d-\d\d|20\d\d-Q[1-4]|\b[0-9a-f]{12,64}\b|\b[TREWC]\d[a-d]?\b|A[0-5]\b"
)
# The scale and the points of its five answers, the limits of the bands, a rough score, the shares of an interval and of
# a gating score, and how near a guess may come, as the promise says.
CONSTANTS = {0, 25, 50, 75, 100, *(limit for _, low, high in BANDS for limit in (low, high)), 15, 20, 80, 95}


def numbers_of(value: object) -> Iterator[int]:
    """All whole numbers of a document, those inside its sentences among them."""
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from numbers_of(one)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield abs(value)
    elif isinstance(value, str):
        yield from (int(one) for one in re.findall(r"\d+", NO_RESULT.sub(" ", value)))


def numbers_in(text: str) -> set[int]:
    """All whole numbers of a text that could be a result."""
    plain = NO_RESULT.sub(" ", text.replace("\u202f", ""))
    return {int(one) for one in re.findall(r"\d+", plain)}


def strange_numbers(text: str, release: object, *, pages: int) -> set[int]:
    """The numbers in the text of a PDF that neither stand in the release nor number one of its pages."""
    told = {*numbers_of(release), *CONSTANTS, *range(1, pages + 1)}
    # Where a tile holds a score and a number of answers the text of the PDF has them without a space.
    return {one for one in numbers_in(text) - told if not (one > 999 and {*divmod(one, 100)} <= told)}


# A comma before three digits divides thousands.
DECIMAL = re.compile(r"(?<![\w.,])\d*(?:\.|,(?!\d{3}\b))\d+(?![\w.,])|(?<![\w.,])\d*\.\d+(?=[.,](?!\d))")


def decimals_in(text: str) -> set[str]:
    """All decimal fractions of a text: a release has none, so each would say a number more exactly than it does."""
    return set(DECIMAL.findall(NO_RESULT.sub(" ", text)))


def visible(page: str) -> str:
    """The text of the main part of a page, and what it says aloud."""
    main = page[page.index("<main") : page.index("</main>")]
    spoken = " ".join(re.findall(r'(?:aria-label|title|alt)="([^"]*)"', main))
    return unescape(re.sub(r"<[^>]+>", " ", main) + " " + spoken)


# Which department came from which is drawn of days and names, by a room that knows no result (app/departments), and the
# steps of a workflow of their number and words (app/documents).
OF_DAYS = re.compile(r'<figure class="(?:lineage|flow)">.*?</figure>', re.DOTALL)
DRAWN = re.compile(r'\s(?:x|x1|x2|cx|width|data-[\w-]+|style)="([^"]*\d[^"]*)"')


def drawn(page: str) -> str:
    """Where the pictures of a page draw something, and what styles them."""
    pictures = " ".join(re.findall(r"<svg.*?</svg>", OF_DAYS.sub("", page[page.index("<main") :]), re.DOTALL))
    return " ".join(value.replace("%", " ") for value in DRAWN.findall(pictures))


def drawn_in(page: str) -> set[int]:
    """The places at which the pictures of a page draw something, of 100."""
    return numbers_in(drawn(page))
