"""Making readers' links, one for each reader, and entering by their tokens; each kind is kept in a table of its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID, uuid4

from app import tokens
from app.errors import ConflictError, GoneError, NotFoundError
from app.readers.models import Link
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


def of_reader(links: Iterable[L], reader: str) -> L | None:
    """The reader's link that was not taken back, whatever the case in which the name is written."""
    name = reader.casefold()
    return next((one for one in links if one.revoked_at is None and one.reader.casefold() == name), None)


def require_room(links: Sequence[Link], *, full: Sentence) -> None:
    """ConflictError with the sentence `full`, filled with `most`, where there are as many as one can oversee."""
    if sum(one.revoked_at is None for one in links) >= MOST_LINKS:
        raise ConflictError(full.filled({"most": MOST_LINKS}))


def make(link_key: bytes, *, about: UUID) -> tuple[UUID, str]:
    """The id of a new link and the fingerprint of its token; `about` is the wave or the questionnaire."""
    id = uuid4()
    return id, tokens.fingerprint(tokens.make(link_key, wave_id=about, id=id, generation=1))


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
