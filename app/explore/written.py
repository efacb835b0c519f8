"""What people wrote, on the page of one row: the comments that stand there, the themes, and where others stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.release import Release, Row
from app.releases.supplement import Level, QuestionComments, Supplement
from app.sentences import Listing, say


@dataclass(frozen=True, slots=True)
class Voices:
    """The comments of one set of people, in the random order of the supplement. `whose` is empty for the row itself."""

    whose: str
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """How many comments are about a theme; `most` is the number of the theme named most often, for the bar."""

    name: str
    comments: int
    most: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A row below this one on whose page comments stand."""

    row: str
    name: str


@dataclass(frozen=True, slots=True)
class Written:
    """One question with what is told of it on this page. `elsewhere` are the pages below with comments of their own."""

    question: str
    voices: tuple[Voices, ...]
    themes: tuple[Theme, ...]
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenHere:
    """The section of a row's page. `note` says how comments are shown."""

    questions: tuple[Written, ...]
    note: str


def written(release: Release, row: Row, supplement: Supplement | None) -> WrittenHere | None:
    """What a supplement tells on the page of a row; None where it tells nothing there."""
    if supplement is None:
        return None
    questions = tuple(one for told in supplement.questions if (one := _written(release, row, told)) is not None)
    if not questions:
        return None
    return WrittenHere(questions=questions, note=_note(supplement))


def _written(release: Release, row: Row, told: QuestionComments) -> Written | None:
    voices = tuple(_voices(release, row, told))
    counts = sorted((-one.comments, one.theme) for one in told.themes if one.row == row.id)
    themes = tuple(Theme(name, -number, -counts[0][0]) for number, name in counts)
    elsewhere = tuple(_elsewhere(release, row, told))
    if not (voices or themes or elsewhere):
        return None
    return Written(told.text, voices, themes, elsewhere)


def _voices(release: Release, row: Row, told: QuestionComments) -> Iterator[Voices]:
    for level in told.levels:
        if level.row == row.id and level.comments:
            itself = set(level.departments) == set(row.departments)
            yield Voices("" if itself else _name(release, level), level.comments)


def _name(release: Release, level: Level) -> str:
    """The name of the set: those of the rows that it is made of, where that is how it is stored."""
    names = Listing(words.row_name(row) for row in release.rows if row.id in level.rows)
    return names if names == level.name else words.pool_name(level.name)


def _elsewhere(release: Release, row: Row, told: QuestionComments) -> Iterator[Elsewhere]:
    """In the order of the release; each page once."""
    inside = set(row.departments)
    pages = {level.row for level in told.levels if level.comments and level.row != row.id}
    for other in release.rows:
        if other.id in pages and inside.issuperset(other.departments):
            yield Elsewhere(other.id, words.row_name(other))


def _note(supplement: Supplement) -> str:
    return say(
        "Comments stand in a random order, at one place only: the smallest group in which at least {k} people answered "
        "and at least {k} wrote. Above that, themes are counted, from {k_themes} comments on. What could tell who "
        "somebody is was taken out.",
        k=supplement.k,
        k_themes=supplement.k_themes,
    )
