"""Making readers' links, one for each reader, and entering by their tokens; each kind is kept in a table of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from sqlmodel import Session

from app import tokens
from app.errors import ConflictError, GoneError, NotFoundError
from app.readers.models import Link, LinkColumns
from app.sentences import Sentence, say

MOST_LINKS: Final = 50
UNKNOWN: Final = say(
    "This link leads nowhere. Perhaps it was not copied whole. Ask whoever sent it to you for a new one."
)
L = TypeVar("L", bound=Link)


@dataclass(frozen=True)
class LinkLine:
    """A link as the consultant's pages list it."""

    id: UUID
    reader: str
    url: str
    made_at: datetime
    taken_back: bool


def listed(link: Link, url: str) -> LinkLine:
    """The line of a link whose address is `url`."""
    return LinkLine(link.id, link.reader, url, link.created_at, link.revoked_at is not None)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A link that is to be there: whose, what it is `about` (the wave or the questionnaire), and the columns that its
    kind has beside those of all. `full` is said, filled with `most`, where there are as many as one can oversee."""

    organisation_id: UUID
    about: UUID
    reader: str
    columns: Mapping[str, UUID]
    full: Sentence


def make(
    session: Session, kind: type[LinkColumns], wanted: Wanted, there: Sequence[Link], *, link_key: bytes, now: datetime
) -> UUID:
    """Makes the link of a reader and gives its id; one that is `there` for the same and was not taken back is the same
    link, whatever the case in which the name is written. ConflictError where there are as many as one can oversee."""
    in_use = [one for one in there if one.revoked_at is None]
    for one in in_use:
        is_same = all(getattr(one, name) == value for name, value in wanted.columns.items())
        if is_same and one.reader.casefold() == wanted.reader.casefold():
            return one.id
    if len(in_use) >= MOST_LINKS:
        raise ConflictError(wanted.full.filled({"most": MOST_LINKS}))
    id = uuid4()
    columns: dict[str, Any] = {  # Any: columns of every type
        **wanted.columns,
        "organisation_id": wanted.organisation_id,
        "id": id,
        "reader": wanted.reader,
        "token_sha256": tokens.fingerprint(tokens.make(link_key, wave_id=wanted.about, id=id, generation=1)),
        "created_at": now,
    }
    session.add(kind(**columns))
    session.flush()
    return id


def token_of(link: Link, link_key: bytes, *, about: UUID) -> str:
    """The token of a link, made again from the key: it is stored nowhere."""
    return tokens.make(link_key, wave_id=about, id=link.id, generation=link.generation)


def enter(token: str, find: Callable[[str], L | None], *, taken_back: Sentence) -> L:
    """The link that a token belongs to; `find` looks for a fingerprint.

    NotFoundError for an unknown one, GoneError with the sentence `taken_back` for one that was taken back.
    """
    link = tokens.found(token, find)
    if link is None:
        raise NotFoundError(UNKNOWN)
    if link.revoked_at is not None:
        raise GoneError(taken_back)
    return link
