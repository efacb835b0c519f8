"""The turnout to expect of each department: what the last release printed, drawn towards the organisation's.

Nothing but printed rows is used, so the forecast can't tell more of a small department than the release did.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.clients.queries import DepartmentNode
from app.releases.document.release import Release, Row

LOWEST: Final = 10
HIGHEST: Final = 95
WITHOUT_EXPERIENCE: Final = 60
# A department's own turnout counts as much as the organisation's once it has this many people.
WEIGHT: Final = 10


@dataclass(frozen=True)
class Turnout:
    """`percent` of the organisation's people, and the share of each department's; `wave` is the label of the wave that
    they come from, None where there was none.
    """

    percent: int
    usual: int
    wave: str | None
    departments: tuple[float, ...]


def expected(nodes: Sequence[DepartmentNode], last: Release | None, *, percent: int | None) -> Turnout:
    """The turnout of each department when `percent` of the organisation answer, in the order of the departments.

    Without `percent`, or with one that is no turnout, that of the last release; 60 % where there is none. A department
    whose turnout was told keeps its distance to the organisation, in log odds.
    """
    whole = None if last is None else next(row for row in last.rows if row.kind == "organisation")
    known = last is not None and whole is not None and whole.rate is not None
    usual = (
        min(HIGHEST, max(LOWEST, whole.rate)) if whole is not None and whole.rate is not None else WITHOUT_EXPERIENCE
    )
    chosen = min(HIGHEST, max(LOWEST, usual if percent is None else percent))
    shift = _log_odds(chosen / 100) - _log_odds(usual / 100)
    rows = _finest(last) if last is not None and known else {}
    shares = tuple(_odds_to_share(_log_odds(_shrunk(rows.get(node.id), usual / 100)) + shift) for node in nodes)
    return Turnout(chosen, usual, last.wave.label if last is not None and known else None, shares)


def _finest(release: Release) -> dict[UUID, Row]:
    """The smallest row with a number that holds each department's people; the organisation's is no department's own."""
    found: dict[UUID, Row] = {}
    for row in sorted(release.rows, key=lambda row: -len(row.departments)):
        if row.kind != "organisation" and row.n is not None:
            found.update({UUID(department): row for department in row.departments})
    return found


def _shrunk(row: Row | None, whole: float) -> float:
    """A row's turnout, drawn towards the organisation's the more the fewer people it has; kept off 0 and 1."""
    if row is None or row.n is None or not row.headcount:
        return whole
    share = (min(row.n, row.headcount) + WEIGHT * whole) / (row.headcount + WEIGHT)
    return min(0.98, max(0.02, share))


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def _odds_to_share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
