"""Gathers the pages of figures: one for each kind, with what can be chosen on it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal
from uuid import UUID

from sqlmodel import Session

from app.errors import NotFoundError
from app.explore.arranged import Arrangement, arrangement, chosen
from app.explore.looking import UNFOLDED_UP_TO
from app.explore.pages import place
from app.explore.views import Choice, Drawn, FigurePage
from app.figures import dots, squares
from app.figures.courses import courses
from app.figures.distributions import distributions
from app.releases import store
from app.releases.document import words
from app.releases.document.release import Release, Row
from app.releases.history import past, told
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.sentences import Sentence, say

Figure = Literal["dimensions", "trust-readiness", "waves", "leaders", "willingness", "questions"]
FIGURES: Final[Mapping[Figure, Sentence]] = {
    "dimensions": say("By dimension"),
    "trust-readiness": say("Trust and readiness"),
    "waves": say("From wave to wave"),
    "leaders": say("Leaders and staff"),
    "willingness": say("What goes with willingness"),
    "questions": say("Questions"),
}


OF_ALL_ROWS: Final[frozenset[Figure]] = frozenset({"dimensions", "trust-readiness", "waves"})


def figure_page(
    session: Session, organisation_id: UUID, wave_id: UUID, figure: Figure, *, of: str, below: str, arranged: str = ""
) -> FigurePage:
    """A figure of a wave's newest release; `of` is the dimension or row that was chosen.

    Of a release with many rows it shows those below one of them, `below`, at a time; the uppermost at first.
    `arranged` says how trends are read.
    """
    found = store.latest(session, organisation_id, wave_id)
    if found is None:
        raise NotFoundError
    release = translated(found.document, words_of(session, found))
    divided = _divided(release, below) if figure in OF_ALL_ROWS else ()
    if divided:
        parent = next((one.key for one in divided if one.here), "")
        release = replace(release, rows=tuple(_below(release, parent)))
    if figure == "waves":
        drawn, arranging = _waves(session, found, release, arranged)
    else:
        drawn, arranging = _DRAWN[figure](release, of), None
    return FigurePage(
        place=place(session, organisation_id, wave_id, release.wave.label),
        facts=release.wave,
        name=FIGURES[figure],
        figures=tuple(Choice(key, name, key == figure) for key, name in FIGURES.items()),
        drawn=drawn,
        below=divided,
        arrangement=arranging,
    )


def _divided(release: Release, below: str) -> tuple[Choice, ...]:
    """What a figure of many rows can be drawn of: the departments below each that has some; nothing for few rows."""
    if len(release.rows) <= UNFOLDED_UP_TO:
        return ()
    above = {row.parent for row in release.rows}
    there = [row for row in release.rows if row.id in above]
    chosen = below if below in above else release.organisation.id
    return tuple(Choice(row.id, words.row_name(row), row.id == chosen) for row in there)


def _below(release: Release, parent: str) -> Iterator[Row]:
    """The organisation, that row, and those below it."""
    yield release.organisation
    yield from (row for row in release.rows[1:] if parent in (row.id, row.parent))


def _dimensions(release: Release, of: str) -> Drawn:
    head = next((one for one in release.dimensions if one.id == of), release.dimensions[0])
    lines = dots.dots(release, head)
    choices = tuple(Choice(one.id, one.name, one == head) for one in release.dimensions)
    return Drawn(title=lines.title, lines=lines, choosing=say("Dimension"), choices=choices)


def _quadrants(release: Release, of: str) -> Drawn:
    square = squares.quadrants(release)
    return Drawn(title=square.title, square=square)


def _waves(session: Session, found: StoredRelease, release: Release, arranged: str) -> tuple[Drawn, Arrangement | None]:
    earlier = past(session, found)
    here = chosen(earlier, arranged)
    *before, newest = told(session, earlier, here)
    # Of this release only the rows that the page shows; another one of the wave may have other rows.
    if newest.release.number == release.number:
        newest = replace(newest, release=release)
    over_time = courses((*before, newest))
    if over_time is None:
        nothing = say("This is the first wave, so there is nothing to compare with yet.")
        return Drawn(title=FIGURES["waves"], nothing=nothing), None
    return Drawn(title=over_time.title, over_time=over_time), arrangement(session, earlier, here)


def _leaders(release: Release, of: str) -> Drawn:
    lines = dots.leaders(release)
    if lines is None:
        return Drawn(
            title=FIGURES["leaders"], nothing=say("Leaders and staff are not told apart, to protect small groups.")
        )
    return Drawn(title=lines.title, lines=lines)


def _willingness(release: Release, of: str) -> Drawn:
    square = squares.drivers(release)
    if square is None:
        why = say("Not told. {why}", why=squares.why_no_drivers(release))
        return Drawn(title=FIGURES["willingness"], nothing=why)
    return Drawn(title=square.title, square=square)


def _questions(release: Release, of: str) -> Drawn:
    row = release.row(of) or release.organisation
    told = [one for one in release.rows if one.items]
    name = words.row_name(row)
    asked = distributions(release, row)
    return Drawn(
        title=say("How people in {name} answered each question", name=name),
        asked=asked,
        choosing=say("Department"),
        choices=tuple(Choice(one.id, words.row_name(one), one.id == row.id) for one in told),
        nothing="" if asked else say("Of this group no question is told, to protect it."),
    )


_DRAWN: Final[Mapping[str, Callable[[Release, str], Drawn]]] = {
    "dimensions": _dimensions,
    "trust-readiness": _quadrants,
    "leaders": _leaders,
    "willingness": _willingness,
    "questions": _questions,
}
