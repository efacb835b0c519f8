"""What the page for all staff tells: the printed scores of the whole organisation, in the reader's language.

Never a department: nobody who answered was told that everybody would read theirs (app/waves/promise.py has no such
choice), so the page cannot show one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.playbooks.roles import ROLES
from app.releases.document import words
from app.releases.document.release import Block, Cell, Change, Release, Scored
from app.sentences import Listing, Passage, Sentence, say
from app.share.intended import Intended, Plan
from app.staffpage.queries import Action
from app.staffpage.service import words_in
from app.waves.labels import quarter
from surveys.languages import LANGUAGES, Language
from surveys.model import Instrument

HEADINGS: Final[dict[Block, Sentence]] = {
    "trust": say("How far you trust AI agents with your work"),
    "readiness": say("How ready your departments are for them"),
    "criterion": say("How willing you are to hand over work"),
}
UNSEEN: Final = say("Not shown, so that nobody can be singled out.")
MOST_NAMES: Final = 2
STATES: Final[dict[str, Sentence]] = {"open": say("To do."), "doing": say("Under way.")}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDeed:
    """Something of the plan: the language of its title, None where nobody knows it; until when by whom, how far it is,
    and what was measured since."""

    title: str
    language: Language | None
    about: str
    since: str


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


def planned(
    plan: Plan, release: Release, instrument: Instrument, *, opened: date | None, language: str
) -> Iterator[ToldDeed]:
    """What the plan says is done, and of what was done before people were asked, how its scores moved since the wave
    before. `opened` is the day on which they began to be asked."""
    for one in plan.told:
        tag = language if language in one.words else "en" if one.words else None
        yield ToldDeed(
            title=one.words.get(language, one.title),
            language=LANGUAGES[tag] if tag else None,
            about=_about(one),
            since=_since(one, release, instrument, opened),
        )


def _about(one: Intended) -> str:
    """In which role it is done, until when, and how far it is."""
    role = ROLES.get(one.role)
    if one.status == "done":
        said, state = (say("{role}, done in {quarter}."), say("Done in {quarter}.")), None
    else:
        said, state = (say("{role}, by the end of {quarter}."), say("By the end of {quarter}.")), STATES[one.status]
    day = quarter(one.ended or one.due)
    who = said[0].filled({"role": role, "quarter": day}) if role else said[1].filled({"quarter": day})
    return Passage((who, state)) if state else who


def _since(one: Intended, release: Release, instrument: Instrument, opened: date | None) -> str:
    """How the scores moved that it is meant to move, over everybody; nothing where that is not told."""
    if one.status != "done" or one.ended is None or opened is None:
        return ""
    if one.ended >= opened:
        return say("It was done after you had been asked; the next survey may show whether it helps.")
    names = {each.id: each.name for each in instrument.dimensions}
    cells = [(names.get(key, key), release.organisation.cells.get(key)) for key in one.moves]
    told = [(name, cell, cell.change) for name, cell in cells if isinstance(cell, Scored)]
    measured = [(name, cell) for name, cell, change in told if isinstance(change, Change)]
    moved = [Passage((name, said)) for name, cell in measured
             if (said := _moved(cell, release.wave.previous_label))]  # fmt: skip
    if moved:
        said = say("Over everybody: {changes}. That alone does not show that it came from this.",
                   changes=Listing(moved))  # fmt: skip
        return said
    if measured:
        return say("Over everybody, nothing has clearly changed yet in what it is meant to help.")
    return ""


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
