"""The auditor's look at ratings of workflows: each is told of the department that was asked, and of nobody else.

In a group the ratings of one member would stand beside the number of all who answered there, and would tell how many
of the others did; in a part of a department they would tell who is in that part.
"""

from collections.abc import Iterator, Mapping, Sequence

from app.releases.document.release import Cell, Release, Row, Scored, WorkflowHead

RATING = "rating:"


def misplaced(documents: Sequence[Release]) -> Iterator[str]:
    """What is wrong with where releases tell of ratings: the column and the row."""
    for release in documents:
        asked = {head.cell(one): head for head in release.workflows for one in head.ratings}
        for row in release.rows:
            yield from _in_row(row, asked)
        for group in (one for margin in release.margins for one in margin.groups):
            for column in _rated(group.cells):
                yield f"{column}, {group.name}: a rating is told across departments"


def _in_row(row: Row, asked: Mapping[str, WorkflowHead]) -> Iterator[str]:
    for column in _rated(row.cells):
        head = asked.get(column)
        if head is None or row.id != head.row or not _is_alone(row, head.department):
            yield f"{column}, {row.name}: a rating is told of others than the department that was asked"
    for column in (*_rated(row.anchors), *(one for one in (*row.items, *row.unknown) if one.startswith(RATING))):
        yield f"{column}, {row.name}: more than a mean is told of a rating"


def _rated(cells: Mapping[str, Cell]) -> Iterator[str]:
    return (column for column, cell in cells.items() if column.startswith(RATING) and isinstance(cell, Scored))


def _is_alone(row: Row, department: str) -> bool:
    """Whether a row is that of a department: not of a group, of what lies below it, or of a part of it."""
    return row.kind != "pool" and tuple(row.departments) == (department,)
