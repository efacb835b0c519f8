"""What a client looks like: its colour and its logo, both of which it may have or not. The face for other rooms.

`brand` is for paper and for the console: the large logo. `badge` is for pages that have to be light: a small logo that
stands in the page itself. Each runs one statement. Colours have been made readable (`clients.colours.Colours`).
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries
from app.clients.colours import Colours, colours
from app.clients.models import ClientLogo
from app.clients.pictures import Picture, make_logo
from app.errors import ConflictError
from app.sentences import say


@dataclass(frozen=True, slots=True)
class Brand:
    """A client's name, its colours and its logo as PNG, at most 1200 by 480 pixels."""

    name: str
    colours: Colours | None
    logo: Picture | None

    @property
    def address(self) -> str:
        """The logo as the address of an image that needs no request, "" where there is none."""
        return _address(self.logo) if self.logo else ""

    @property
    def mark(self) -> str:
        """What tells one look from another, whatever the name; empty where there is neither colour nor logo."""
        if self.colours is None and self.logo is None:
            return ""
        colour = self.colours.chosen if self.colours else ""
        return hashlib.sha256(colour.encode() + b"|" + (self.logo.png if self.logo else b"")).hexdigest()[:16]


PLAIN: Final = Brand("", None, None)
"""Neither colour nor logo."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A client's name, colours and small logo as the address of an image that needs no request.

    `width` and `height` are those at which it is shown, half its pixels; `logo` is empty where there is none.
    """

    name: str
    colours: Colours | None
    logo: str
    width: int
    height: int


UNADORNED: Final = Badge("", None, "", 0, 0)
"""For pages of nobody."""


def brand(session: Session, organisation_id: UUID) -> Brand:
    """The brand of a client; NotFoundError for an unknown one."""
    name, colour, logo = queries.look(session, organisation_id, small=False)
    return Brand(name, colours(colour) if colour else None, logo)


def badge(session: Session, organisation_id: UUID) -> Badge:
    """The badge of a client; NotFoundError for an unknown one."""
    name, colour, logo = queries.look(session, organisation_id, small=True)
    used = colours(colour) if colour else None
    if logo is None:
        return Badge(name, used, "", 0, 0)
    return Badge(name, used, _address(logo), (logo.width + 1) // 2, (logo.height + 1) // 2)


def _address(picture: Picture) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture.png).decode()}"


def mark_of(picture: Picture | None) -> str:
    """What tells one logo from another, and from none."""
    return hashlib.sha256(picture.png).hexdigest()[:16] if picture else ""


def put_logo(
    session: Session, organisation_id: UUID, sent: bytes | None, *, seen: str, user_id: UUID, now: datetime
) -> None:
    """Puts a logo in the place of the one that was seen, or none (None).

    InvalidError, field `logo`, for what is no picture; ConflictError where somebody put another one there meanwhile.
    """
    made = make_logo(sent) if sent is not None else None
    queries.lock_tree(session, organisation_id)
    there = brand(session, organisation_id).logo
    if made is not None and mark_of(there) == mark_of(made.large):
        return
    if mark_of(there) != seen:
        raise ConflictError(
            say("Somebody else changed the logo meanwhile, so yours was not saved. This is what it is now.")
            if there
            else say("Somebody else removed the logo meanwhile, so nothing of yours was saved.")
        )
    queries.remove_logo(session, organisation_id)
    if made is not None:
        row = ClientLogo(
            organisation_id=organisation_id,
            large=made.large.png,
            large_width=made.large.width,
            large_height=made.large.height,
            small=made.small.png,
            small_width=made.small.width,
            small_height=made.small.height,
            changed_by=user_id,
            changed_at=now,
        )
        session.add(row)
        session.flush()
