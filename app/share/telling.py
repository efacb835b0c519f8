"""What the page for all staff tells: the printed scores of the whole organisation, in the reader's language.

Never a department: nobody who answered was told that everybody would read theirs (app/waves/promise.py has no such
choice), so the page cannot show one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.releases.document import words
from app.releases.document.release import Block, Cell, Change, Release, Scored
from app.sentences import Listing, Passage, Sentence, say
from app.staffpage.queries import Action
from app.staffpage.service import words_in
from surveys.languages import LANGUAGES, Language
from surveys.model import Instrument

HEADINGS: Final[dict[Block, Sentence]] = {
    "trust": say("How far you trust AI agents with your work"),
    "readiness": say("How ready your departments are for them"),
    "criterion": say("How willing you are to hand over work"),
}
UNSEEN: Final = say("Not shown, so that nobody can be singled out.")
MOST_NAMES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldScore:
    """A dimension: what it is about, its score as it is printed with its place from 0 to 100, and how it moved."""

    name: str
    about: str
    score: str
    place: int | None
    moved: str


@dataclass(frozen=True, slots=True)
class ToldBlock:
    """Dimensions under one heading."""

    heading: Sentence
    scores: tuple[ToldScore, ...]


@dataclass(frozen=True, slots=True)
class ToldAction:
    """Something that is done next; `language` is that of its words."""

    words: str
    language: Language
    owner: str
    due: date | None


def blocks(release: Release, instrument: Instrument) -> tuple[ToldBlock, ...]:
    """The scores of the organisation, with the names that the questionnaire has in the reader's language."""
    asked = {one.id: one for one in instrument.dimensions}
    found = []
    for block, heading in HEADINGS.items():
        heads = [head for head in release.dimensions if head.block == block]
        scores = tuple(
            _score(
                release,
                release.organisation.cells[head.id],
                name=asked[head.id].name if head.id in asked else head.name,
                about=asked[head.id].definition if head.id in asked else head.definition,
            )
            for head in heads
        )
        if scores:
            found.append(ToldBlock(heading, scores))
    return tuple(found)


def in_short(told: Sequence[ToldBlock]) -> str:
    """What stands out: the highest and the lowest score; nothing where too few are shown, or where many are alike."""
    scores = [one for block in told for one in block.scores if one.place is not None]
    places = [one.place for one in scores if one.place is not None]
    high, low = max(places, default=0), min(places, default=0)
    if high == low:
        return ""
    return Passage(
        sentence.filled({"names": Listing(one.name for one in found), "score": found[0].score})
        for sentence, found in (
            (say("Highest is {names}, at {score} of 100."), [one for one in scores if one.place == high]),
            (say("Lowest is {names}, at {score} of 100."), [one for one in scores if one.place == low]),
        )
        if len(found) <= MOST_NAMES
    )


def actions(written: Sequence[Action], language: str) -> Iterator[ToldAction]:
    """What is done next, in the reader's language as far as it was written in it."""
    for one in written:
        text, tag = words_in(one, language)
        yield ToldAction(text, LANGUAGES[tag], one.owner, one.due)


def _score(release: Release, cell: Cell, *, name: str, about: str) -> ToldScore:
    if not isinstance(cell, Scored):
        return ToldScore(name=name, about=about, score="", place=None, moved="")
    moved = _moved(cell, release.wave.previous_label)
    return ToldScore(name=name, about=about, score=words.value_text(cell), place=cell.score, moved=moved)


def _moved(cell: Scored, before: str | None) -> str:
    """A change that is sure; of any other nothing is said here."""
    change = cell.change
    if not isinstance(change, Change) or change.confirmation != "confirmed" or before is None:
        return ""
    return say("{points} points since {before}", points=words.signed(change.delta), before=before)
