"""The client's reporting calendar: with which month its financial year begins."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients.models import Organisation
from app.errors import InvalidError, NotFoundError
from app.sentences import Sentence, say

MONTHS: Final[Mapping[int, Sentence]] = {
    1: say("January"),
    2: say("February"),
    3: say("March"),
    4: say("April"),
    5: say("May"),
    6: say("June"),
    7: say("July"),
    8: say("August"),
    9: say("September"),
    10: say("October"),
    11: say("November"),
    12: say("December"),
}


def set_year(session: Session, organisation_id: UUID, *, month: str) -> None:
    """Sets the month with which the financial year begins; waves that are planned keep their dates.

    InvalidError, field `year_starts`, for what is no month; NotFoundError for an unknown client.
    """
    if month not in map(str, MONTHS):
        sentence = say("Choose a month.")
        raise InvalidError(sentence, fields={"year_starts": sentence})
    row = session.get(Organisation, organisation_id)
    if row is None:
        raise NotFoundError
    row.year_starts = int(month)
    session.flush()
