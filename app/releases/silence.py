"""What those who kept silent could change: from the printed score and the printed numbers of a row (3.13, P10).

Pure functions of a release, so they tell nothing that it does not.
"""

from dataclasses import dataclass
from math import floor
from typing import Final

from app.releases.document.release import Cell, Row, Scored
from app.sentences import say
from scoring.nonresponse import RateClass, nonresponse, rate_class
from scoring.printed import up

_STANDING: Final[dict[RateClass, str]] = {"low": say("low"), "indicative": say("indicative only")}


@dataclass(frozen=True, slots=True)
class Silence:
    """`bias`: by how many points a score would differ at most from that of everybody, if those who kept silent differ
    by 10 points. `lowest` and `highest`: everybody's score if all of them had scored 0, or 100.
    """

    bias: int
    lowest: int
    highest: int


def standing(row: Row) -> RateClass | None:
    """How many of a row answered: `enough`, `low` below 50 %, `indicative` below 30 %; None where it is not told."""
    return None if row.n is None or not row.headcount else rate_class(row.n, headcount=row.headcount)


def rate_words(row: Row) -> str:
    """What a response rate is called where it carries less than one of 50 % (3.13); empty from there on."""
    return _STANDING.get(standing(row) or "enough", "")


def silence(row: Row, cell: Cell) -> Silence | None:
    """What silence could change in a cell; None where score or number of responses is not told."""
    if row.n is None or not row.headcount or not isinstance(cell, Scored):
        return None
    found = nonresponse(cell.score, used=row.n, headcount=row.headcount)
    return Silence(bias=up(found.bias), lowest=floor(found.lowest + 1e-9), highest=up(found.highest))
