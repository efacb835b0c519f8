"""What of a release a report prints: all of it, the uppermost rows of a large one, or one department's part of it."""

from dataclasses import dataclass, replace

from app.errors import NotFoundError
from app.releases.document.release import Release, Row
from app.releases.narrowing import narrowed, rows_of
from app.reports.phrases import row_name
from app.sentences import Sentence, say, say_count

MOST_PAGES = 24
"""Departments with a page of their own in the report for the board; beyond them it would be a book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """`printed` is what tables and figures show, `whole` the release; `row` the department of a department's edition,
    None in the report for the board. `note` says which rows are not printed; empty where all are.
    """

    printed: Release
    whole: Release
    row: Row | None
    note: str

    @property
    def cut(self) -> bool:
        """True where the report for the board does not print all rows."""
        return self.row is None and self.printed is not self.whole

    @property
    def about(self) -> Release:
        """What sentences speak of: the whole release, or the department's part of it."""
        return self.whole if self.row is None else self.printed

    @property
    def subject(self) -> Row:
        """The row that the summary is about."""
        return self.row or self.whole.organisation


def extent(release: Release, edition: str) -> Extent:
    """What the edition of that name prints: a row's id, or empty for the board's.

    Raises NotFoundError where the release has no such row.
    """
    return _of_department(release, edition) if edition else _of_board(release)


def _of_department(release: Release, row_id: str) -> Extent:
    row = release.row(row_id)
    if row is None or row.kind == "organisation":
        raise NotFoundError(say("This release has no department of that name."))
    rows = rows_of(release, (row_id,))
    # Where one department is all there is, nothing was narrowed; its edition still tells nothing of everybody.
    part = replace(narrowed(release, rows), margins=(), gaps=None, drivers=None, quality=())
    if row.kind == "pool":  # its members read it, each of whom sees the workflows of their own department alone
        part = replace(part, workflows=tuple(one for one in part.workflows if one.row != row_id))
    return Extent(printed=part, whole=release, row=part.row(row_id), note=part_note(release, row))


def part_note(release: Release, row: Row) -> Sentence:
    """What a department's edition holds."""
    return say(
        "This edition holds {row} and the whole organisation, out of release {number} of {wave}. Every number is the "
        "one that the report of all departments prints.",
        row=row_name(row),
        number=release.number,
        wave=release.wave.label,
    )


def _of_board(release: Release) -> Extent:
    rows = release.rows[1:]
    if len(rows) <= MOST_PAGES:
        return Extent(printed=release, whole=release, row=None, note="")
    upper = [row for row in rows if row.depth == 1]
    largest = sorted(upper, key=lambda row: -row.headcount)[:MOST_PAGES]
    kept = tuple(row for row in upper if row in largest)
    shown = narrowed(release, (release.organisation, *kept))
    # The board reads what is told of everybody, whichever rows are printed.
    printed = replace(release, rows=shown.rows, small=shown.small)
    return Extent(printed=printed, whole=release, row=None, note=_board_note(release, len(kept), len(upper)))


def _board_note(release: Release, kept: int, upper: int) -> Sentence:
    told = (
        say_count(
            "Printed here is the one department right below the organisation, out of {all} departments and groups.",
            "Printed here are the {n} departments right below the organisation, out of {all} departments and groups.",
            kept,
            all=len(release.rows) - 1,
        )
        if kept == upper
        else say_count(
            "Printed here is the largest department right below the organisation, out of {all} departments and groups.",
            "Printed here are the {n} largest departments right below the organisation, out of {all} departments and "
            "groups.",
            kept,
            all=len(release.rows) - 1,
        )
    )
    return say(
        "{told} All numbers of the others are in the data attached to this file, and in the editions of their own.",
        told=told,
    )
