"""Reading what a respondent sent: answers to the items of one page, where to go next, how long it took."""

from dataclasses import dataclass
from datetime import datetime

from app.numerals import whole
from app.sentences import say
from app.web.forms import FormData
from surveys.arrange import Page
from surveys.codes import allowed
from surveys.model import Instrument

NOT_OFFERED = say("This is not one of the answers. Please choose again.")
MOST_SECONDS = 24 * 3600
LATEST = 10**15
"""Of the times at which a page can have been made, in thousandths of a second."""


@dataclass(frozen=True)
class PageForm:
    """A page as it was sent. `answers` by item id; `errors` has a sentence for each item that can't be used.

    `go` is next, back or clear; keep where the page stays open and is only saved; stay where a language was chosen to
    go on in: `switch`. `language` is the one that the page was in. `seconds` since the page was made is what the form
    says and not to be trusted.
    """

    answers: dict[str, str]
    errors: dict[str, str]
    go: str
    seconds: float | None
    nonce: str
    switch: str
    language: str


def read_page(data: FormData, *, instrument: Instrument, page: Page, now: datetime) -> PageForm:
    """Reads the form of a page; items that are missing are skipped."""
    answers: dict[str, str] = {}
    errors: dict[str, str] = {}
    for item in page.items:
        word = data.text(item.id)
        if word and word in allowed(instrument, item):
            answers[item.id] = word
        elif word:
            errors[item.id] = NOT_OFFERED
    go, switch = data.text("go"), data.text("switch")
    return PageForm(
        answers,
        errors,
        "stay" if switch else go if go in ("back", "clear", "keep") else "next",
        _seconds(data.text("shown"), now),
        data.text("nonce"),
        switch,
        data.text("language"),
    )


def stamp(now: datetime) -> str:
    """The time of making a page, for its hidden field `shown`."""
    return str(int(now.timestamp() * 1000))


def _seconds(shown: str, now: datetime) -> float | None:
    """Seconds since the page was made; None for what is no such time."""
    made = whole(shown, most=LATEST)
    if made is None:
        return None
    seconds = now.timestamp() - made / 1000
    return round(seconds, 1) if 0 <= seconds <= MOST_SECONDS else None
