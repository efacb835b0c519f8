"""The mark of the demo's client, drawn here: a lantern above two waves. It belongs to nobody, as the client does."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import cos, pi
from typing import Final
from uuid import UUID

from PIL import Image, ImageDraw
from sqlmodel import Session

from app.clients import brand, profile, queries

COLOUR: Final = "#0d6470"
LIGHT: Final = "#e0a12b"
SIDE: Final = 480
FINER: Final = 4
"""Drawn so many times as large and made smaller, so that its edges are smooth."""

Point = tuple[float, float]

# On a square of 48 by 48, as on squared paper.
RING: Final = (20.0, 0.5, 28.0, 8.5)
CAP: Final = ((16.0, 12.5), (21.0, 7.0), (27.0, 7.0), (32.0, 12.5))
FOOT: Final = (15.0, 28.5, 33.0, 30.5)
GLASS: Final = (17.5, 13.5, 30.5, 27.5)
FLAME: Final = (21.5, 16.5, 26.5, 25.0)
WAVES: Final = (36.5, 42.5)
LENGTH: Final = 16.0
THICK: Final = 2.0


def put(session: Session, *, organisation_id: UUID, user_id: UUID, now: datetime) -> None:
    """Gives the client its colour and its mark, as its owner does on the page of its settings."""
    typed = replace(profile.form_of(queries.profile(session, organisation_id)), colour=COLOUR)
    profile.change(session, organisation_id, typed, now=now)
    brand.put_logo(session, organisation_id, drawn(), seen="", user_id=user_id, now=now)


def drawn() -> bytes:
    """The mark as a PNG without background."""
    scale = SIDE * FINER / 48
    picture = Image.new("RGBA", (SIDE * FINER, SIDE * FINER))
    pen = ImageDraw.Draw(picture)
    thick = round(THICK * scale)
    pen.ellipse(_scaled(RING, scale), outline=COLOUR, width=thick)
    pen.polygon(_scaled([at for point in CAP for at in point], scale), fill=COLOUR)
    pen.rectangle(_scaled(GLASS, scale), outline=COLOUR, width=thick)
    pen.rectangle(_scaled(FOOT, scale), fill=COLOUR)
    pen.ellipse(_scaled(FLAME, scale), fill=LIGHT)
    for height in WAVES:
        pen.polygon(_scaled([at for point in _wave(height) for at in point], scale), fill=COLOUR)
    made = io.BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(made, format="PNG")
    return made.getvalue()


def _wave(height: float) -> list[Point]:
    """A band around this height: along its upper edge and back along the lower one."""
    course = [(across / 4, height + 2.0 * cos(across / 4 / LENGTH * 2 * pi)) for across in range(193)]
    return [(x, y - THICK / 2) for x, y in course] + [(x, y + THICK / 2) for x, y in reversed(course)]


def _scaled(places: Sequence[float], scale: float) -> list[float]:
    return [place * scale for place in places]
