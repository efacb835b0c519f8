"""How sure the numbers are: who answered, what silence could change, and which changes can be seen (3.10, 3.13).

Everything follows from printed values, so it tells nothing that the release does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.releases.detectable import detectable
from app.releases.document import words
from app.releases.document.release import Release, Row, Scored
from app.releases.silence import rate_words, silence
from app.reports.phrases import row_name, some
from app.sentences import Sentence, say, say_count

FAR = 15
"""Points: a change as large as most bands are wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SureRow:
    """A row: who answered, by how much silent people could move its scores, and the smallest change it can show."""

    name: str
    level: int
    kind: str
    headcount: str
    n: str
    rate: str
    words: str
    silent: str
    smallest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SureScore:
    """A dimension of the whole organisation with everything that bounds it."""

    name: str
    score: str
    interval: str
    silent: str
    worst: str
    smallest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sure:
    """The chapter on quality and limits."""

    headline: str
    sentences: tuple[str, ...]
    rows: tuple[SureRow, ...]
    scores: tuple[SureScore, ...]


def sure(release: Release) -> Sure:
    """The chapter on how sure the results are: turnout, what can be noticed next time, reliability."""
    return Sure(
        headline=_headline(release),
        sentences=tuple(one for one in (undetectable(release), *_covered(release), *release.notes) if one),
        rows=tuple(_row(row) for row in (*release.rows[1:], release.organisation)),
        scores=tuple(_scores(release)),
    )


def undetectable(release: Release) -> Sentence | None:
    """In how many rows even a large change will mostly not be found; None where that is none of them."""
    rows = [row for row in release.rows[1:] if any(isinstance(cell, Scored) for cell in row.cells.values())]
    coarse = [row for row in rows if _least(release, row) > FAR]
    if not coarse:
        return None
    return say_count(
        "In {n} of {total} departments and groups, {names}, every score has to move by more than {far} points before "
        "the next wave finds it four times in five: most changes there cannot be told from chance.",
        "In {n} of {total} departments and groups, {names}, every score has to move by more than {far} points before "
        "the next wave finds it four times in five: most changes there cannot be told from chance.",
        len(coarse),
        total=len(rows),
        names=some([row_name(row) for row in coarse]),
        far=FAR,
    )


def _least(release: Release, row: Row) -> int:
    """The smallest change that any score of a row can show; the whole scale where none can be told."""
    found = [one for head in release.dimensions if (one := detectable(row, head.id)) is not None]
    return min(found, default=100)


def _headline(release: Release) -> Sentence:
    row = release.organisation
    if row.n is None or row.rate is None:
        return say("How sure the numbers are")
    if row.n >= row.headcount:
        return say("Everybody answered, so nobody’s silence is missing")
    if rate_words(row):
        return say("Fewer than half answered, so the others could change the picture")
    return say("{rate} % answered; what the others think is not known", rate=row.rate)


def _covered(release: Release) -> Iterator[Sentence]:
    """Which rows stand for fewer than all of their people in a dimension, the first few of them."""
    found = list(words.partly(release))
    for row, coverage, names in found[:3]:
        yield words.covers(row, coverage, names)
    if len(found) > 3:
        yield say_count(
            "So does one other row in part of its scores.",
            "So do {n} other rows in part of their scores.",
            len(found) - 3,
        )


def _row(row: Row) -> SureRow:
    cells = [cell for cell in row.cells.values() if isinstance(cell, Scored)]
    told = silence(row, cells[0]) if cells and row.n is not None and row.n < row.headcount else None
    changes = [one for name in row.cells if (one := detectable(row, name)) is not None]
    return SureRow(
        name=row_name(row),
        level=max(row.depth - 1, 0),
        kind=row.kind,
        headcount=str(row.headcount),
        n="–" if row.n is None else str(row.n),
        rate="–" if row.rate is None else f"{row.rate} %",
        words=rate_words(row),
        silent=f"± {told.bias}" if told else "–",
        smallest=_ends(min(changes), max(changes)) if changes else "–",
    )


def _ends(first: int, last: int) -> str:
    return str(first) if first == last else say("{first} to {last}", first=first, last=last)


def _scores(release: Release) -> Iterator[SureScore]:
    row = release.organisation
    for head in release.dimensions:
        cell = row.cells.get(head.id)
        if not isinstance(cell, Scored):
            continue
        told = silence(row, cell) if row.n is not None and row.n < row.headcount else None
        change = detectable(row, head.id)
        yield SureScore(
            name=head.name,
            score=words.marked_value(cell),
            interval=words.interval_text(cell),
            silent=f"± {told.bias}" if told else "–",
            worst=say("{first} to {last}", first=told.lowest, last=told.highest) if told else "–",
            smallest="–" if change is None else str(change),
        )
