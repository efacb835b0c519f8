"""The part of a shared release that somebody sees: rows that the release prints, and no cut of its own."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from uuid import UUID

from app.releases.document.notes import CORRECTED
from app.releases.document.release import Release, Row, Rows
from app.sentences import Sentence, recalled


def rows_for(release: Release, department_id: UUID | None) -> tuple[Row, ...]:
    """The rows that somebody sees: all, or for a lead the organisation and what is printed of their own department."""
    return release.rows if department_id is None else rows_of(release, (str(department_id),))


def rows_of(release: Release, chosen: Collection[str]) -> tuple[Row, ...]:
    """The organisation, and of these rows each with everything below it; in the order of the release.

    A department that has no row of its own is in the pool that holds it; what the release does not know is left out.
    Only rows that the release prints, so nothing is told that the whole release does not tell.
    """
    inside = {row.id for one in chosen if (row := row_of(release, one)) is not None}
    inside.discard(release.organisation.id)
    found = []
    for row in release.rows[1:]:
        if row.id in inside or row.parent in inside:
            inside.add(row.id)
            found.append(row)
    return (release.organisation, *found)


def row_of(release: Release, department: str) -> Row | None:
    """The row of a department, or the pool that holds its people; None for one that the release does not know."""
    return release.row(department) or _pool(release, department)


def same_people(release: Release, row: Row) -> Row | None:
    """The row of the same departments in the release of another wave. Its id alone does not tell: a group keeps the id
    of the department above it, whoever is in it."""
    if row.parent is None:
        return release.organisation
    rows = release.rows if isinstance(release.rows, Rows) else Rows(release.rows)
    same = rows.by_departments.get(frozenset(row.departments), ())
    return next((one for one in same if one.id == row.id), same[0] if same else None)


def of_workflows(release: Release, department_id: UUID | None) -> Release:
    """What somebody sees of the workflows of a release: all, or for a lead those of the rows that are theirs.

    A group of small departments is theirs to see as one row; which work the others in it do, and what is known of that,
    is not.
    """
    seen = narrowed(release, rows_for(release, department_id))
    if department_id is None:
        return seen
    own = str(department_id)
    shared = {row.id for row in seen.rows if row.kind == "pool" and own in row.departments}
    return replace(
        seen, workflows=tuple(one for one in seen.workflows if one.row not in shared or one.department == own)
    )


def narrowed(release: Release, rows: tuple[Row, ...]) -> Release:
    """The release with these rows alone, the uppermost of them right below the organisation; whole when it has all.

    What is told of role levels, sites, leaders, willingness and the questions' quality is about everybody, so it stays
    with the whole; so does what notes and workflows tell of departments that are not among the rows.
    """
    if len(rows) == len(release.rows):
        return release
    whole = release.organisation.id
    depths = {whole: 0}
    made = []
    for row in rows[1:]:
        parent = row.parent if row.parent in depths else whole
        depths[row.id] = depths[parent or whole] + 1
        made.append(replace(row, parent=parent, depth=depths[row.id]))
    small = tuple(one for one in release.small if one.row in depths and one.row != whole)
    return replace(
        release,
        rows=(release.organisation, *made),
        small=small,
        notes=tuple(_notes(release, rows)),
        workflows=tuple(one for one in release.workflows if one.row in depths and one.row != whole),
        margins=(),
        gaps=None,
        drivers=None,
        quality=(),
    )


def _notes(release: Release, rows: tuple[Row, ...]) -> Iterator[str]:
    """The notes, the one with names of departments made anew with those of these rows."""
    for note in release.notes:
        told = recalled(note, (CORRECTED,))
        if not isinstance(told, Sentence) or told.message != CORRECTED.message:
            yield note
        elif names := [row.name for row in rows if row.headcount_corrected]:
            yield CORRECTED.filled({"names": ", ".join(names)})


def _pool(release: Release, department: str) -> Row | None:
    return next((row for row in release.rows if row.kind == "pool" and department in row.departments), None)
