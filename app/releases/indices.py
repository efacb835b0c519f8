"""How sure the index of a row is: from the printed intervals of its scores (measurement design, 3.4, P7, P16).

Pure functions of a release, so they tell nothing that it does not.
"""

from app.releases.document.release import Block, Release, Row, Scored
from scoring.printed import index_interval


def interval(release: Release, row: Row, block: Block) -> tuple[int, int] | None:
    """The 95 % interval of a row's index in whole points, at most too wide; None where a score of the block has none.

    The row's printed index has to be told, every score of the block too, each with its interval or of all staff.
    """
    told = row.trust if block == "trust" else row.readiness
    cells = [row.cells.get(head.id) for head in release.dimensions if head.block == block]
    halves = [half for cell in cells if isinstance(cell, Scored) and (half := _half(cell)) is not None]
    return None if told.score is None else index_interval(told.score, halves, of=len(cells))


def _half(cell: Scored) -> int | None:
    """Half of a printed interval, 0 where all staff answered; None where there is none."""
    if cell.interval is None:
        return 0 if cell.everyone and not cell.bound else None
    return max(cell.score - cell.interval[0], cell.interval[1] - cell.score)
