"""The mail that says that a result is there: with a link, until when it works, and never with a file or a number."""

from datetime import date, datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from sqlmodel import Session

from app.accounts import queries as accounts
from app.clients import queries as clients
from app.delivery.models import ReportDelivery
from app.delivery.queries import Delivery
from app.mail import single
from app.mail.words import HELLO
from app.rosters.addresses import address
from app.sentences import say
from app.settings import Settings
from app.share import lasting
from app.waves import queries as waves
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE

SUBJECT = say("{organisation}: the result of {wave} is there")
THERE = say("{wave} of {organisation} has closed, and its result is there as files. With this link you fetch them:")
UNTIL = say("The link is yours alone and works until {day}. Do not pass it on.")
PASSWORD = say("It asks for a password, which you get from the people who run the survey.")
NOT_EXPECTED = say("If you did not expect this, delete the mail: without you nobody opens the link.")


def facts(row: ReportDelivery) -> Delivery:
    """A row as others read it."""
    told: dict[str, Any] = {}  # Any: as the table has them
    for name in Delivery.__dataclass_fields__:
        value = getattr(row, name)
        told[name] = tuple(value) if isinstance(value, list) else value
    return Delivery(**told)


def recipient(text: str) -> Address | None:
    """An address as a mail's header has it; None for what is none, or would be read there as somebody else's."""
    plain = address(text) or text
    try:
        found = Address(addr_spec=plain)
    except (AttributeError, IndexError, MessageError, ValueError):  # the parser's own on what is no address at all
        return None
    return found if plain.isascii() and found.addr_spec == plain else None


def written(session: Session, settings: Settings, row: ReportDelivery, *, to: Address, link: str) -> EmailMessage:
    """The mail of a delivery, in the language of the member whom it is for, else in that of its files."""
    user = accounts.user(session, row.user_id) if row.user_id else None
    tongue = user.language if user and user.language in SPOKEN_IN_THE_CONSOLE else row.language
    client = clients.organisation(session, row.organisation_id)
    names = {"organisation": client.name, "wave": waves.wave(session, row.organisation_id, row.wave_id).label}
    return single.written(
        settings,
        to=to,
        language=tongue,
        subject=SUBJECT.filled(names),
        paragraphs=(
            HELLO.filled({"name": row.name}) if row.name else "",
            THERE.filled(names),
            link,
            UNTIL.filled({"day": last_day(row.expires_at, client.time_zone)}) if row.expires_at else "",
            PASSWORD if row.password_hash else "",
            NOT_EXPECTED,
        ),
        mark=f"delivery.{row.generation}.{row.id.hex}",
    )


def last_day(ends: datetime, zone: str) -> date:
    """The last day on which a link works, where the client is."""
    return lasting.day_of(ends - timedelta(seconds=1), zone)
