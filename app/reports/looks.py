"""How a client looks on the cover of its reports, and the looks that files were made with: kept, to make them again."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients.brand import PLAIN, Brand, brand
from app.clients.colours import INK, colours, contrast
from app.clients.pictures import Picture, is_pale
from app.reports import queries
from app.reports.models import ReportLook

ACCENT: Final = "#1f5a96"
# From these many letters on a name is set smaller, so that it stands on the cover in few lines.
LONG, LONGEST = 44, 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """`logo` is the address of a picture, empty for none; `ground` the colour behind one that is too pale for paper.

    `colour` is that of a strip along the edge, empty for none; `text` that of words; `size` how a long name is set,
    empty for the usual way.
    """

    logo: str
    ground: str
    colour: str
    text: str
    size: str


def cover(look: Brand, *, name: str) -> Cover:
    """The cover of a client of that look and name."""
    used = look.colours
    return Cover(
        logo=look.address,
        ground=_ground(look) if look.logo and is_pale(look.logo) else "",
        colour=used.chosen if used else "",
        text=used.on_paper if used else ACCENT,
        size="longest" if len(name) >= LONGEST else "long" if len(name) >= LONG else "",
    )


def keep(session: Session, organisation_id: UUID, look: Brand) -> None:
    """Keeps a look with which a file was made, once, so that the file can be made again when the look has changed."""
    if not look.mark:
        return
    logo = look.logo or Picture(b"", 0, 0)
    kept = ReportLook(
        organisation_id=organisation_id,
        mark=look.mark,
        colour=look.colours.chosen if look.colours else "",
        logo=logo.png,
        width=logo.width,
        height=logo.height,
    )
    queries.keep_look(session, kept)


def found(session: Session, organisation_id: UUID, mark: str) -> Brand | None:
    """The look of that mark, as it is today or as it was kept; None where it is neither."""
    if not mark:
        return PLAIN
    now = brand(session, organisation_id)
    if now.mark == mark:
        return now
    kept = queries.look(session, organisation_id, mark)
    if kept is None:
        return None
    logo = Picture(kept.logo, kept.width, kept.height) if kept.logo else None
    return Brand(now.name, colours(kept.colour) if kept.colour else None, logo)


def _ground(look: Brand) -> str:
    """The client's own colour where a pale logo can be seen on it, else ink."""
    if look.colours is None or contrast("#ffffff", look.colours.chosen) < 3:
        return INK
    return look.colours.chosen
