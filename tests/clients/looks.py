"""A client with a logo and a colour, for the tests of pages and papers that show them."""

import io
from datetime import datetime
from random import Random

from PIL import Image

from app.clients import brand
from app.clients.models import Organisation
from app.db import Database
from tests.cast import Cast

COLOUR = "#ffcc00"  # as text on paper nobody could read it


def logo(colour: str = "#204060", size: tuple[int, int] = (600, 200)) -> bytes:
    """A plain bar."""
    return _sent(Image.new("RGB", size, colour))


def noise() -> bytes:
    """A picture that can't be packed: no logo weighs more as it is kept."""
    return _sent(Image.frombytes("RGB", (1200, 400), Random(1).randbytes(1200 * 400 * 3)))


def dress(database: Database, cast: Cast, now: datetime, sent: bytes | None = None) -> str:
    """Gives the cast's client its colour and a logo, in the place of the one that is there; the logo's address."""
    with database.writing() as session:
        seen = brand.mark_of(brand.brand(session, cast.organisation).logo)
        brand.put_logo(session, cast.organisation, sent or logo(), seen=seen, user_id=cast.ada, now=now)
        session.get_one(Organisation, cast.organisation).colour = COLOUR
    with database.reading() as session:
        return brand.badge(session, cast.organisation).logo


def undress(database: Database, cast: Cast, now: datetime) -> None:
    """Takes both away."""
    with database.writing() as session:
        seen = brand.mark_of(brand.brand(session, cast.organisation).logo)
        brand.put_logo(session, cast.organisation, None, seen=seen, user_id=cast.ada, now=now)
        session.get_one(Organisation, cast.organisation).colour = None


def _sent(picture: Image.Image) -> bytes:
    into = io.BytesIO()
    picture.save(into, "PNG")
    return into.getvalue()
