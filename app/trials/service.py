"""Trial runs: making links, finding and taking them back, keeping what is answered, deleting it when the wave opens.

This room knows a wave and a department by their ids only; the pages of a trial are those of the survey.
"""

from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app import tokens
from app.errors import InvalidError, NotFoundError
from app.readers import service as readers
from app.sentences import say
from app.trials import queries
from app.trials.models import TrialLink
from app.trials.queries import TrialLinkFacts

MAX_NAME: Final = 80
FULL: Final = say("There are {most} trial links already. Take back those that nobody needs.")


def make_link(
    session: Session,
    *,
    link_key: bytes,
    organisation_id: UUID,
    wave_id: UUID,
    department_id: UUID,
    reader: str,
    now: datetime,
) -> None:
    """Makes a trial link; asked again for the same reader and department, it is the same link.

    InvalidError, field `reader`, without a reader; ConflictError when there are more links than anybody can oversee.
    """
    name = " ".join(reader.split())
    if not name.isprintable() or not 0 < len(name) <= MAX_NAME:
        sentence = say("Say in up to {most} letters whom the link is for, for example “Works council”.", most=MAX_NAME)
        raise InvalidError(sentence, fields={"reader": sentence})
    there = queries.links(session, organisation_id, wave_id)
    columns = {"wave_id": wave_id, "department_id": department_id}
    wanted = readers.Wanted(organisation_id=organisation_id, about=wave_id, reader=name, columns=columns, full=FULL)
    readers.make(session, TrialLink, wanted, there, link_key=link_key, now=now)


def token_of(link: TrialLinkFacts, link_key: bytes) -> str:
    """The token of a link, made again from the key: it is stored nowhere."""
    return readers.token_of(link, link_key, about=link.wave_id)


def find(session: Session, token: str, *, lock: bool = False) -> TrialLinkFacts | None:
    """The trial link of a token, None when it is none."""
    return tokens.found(token, partial(queries.find, session, lock=lock))


def revoke(session: Session, *, organisation_id: UUID, wave_id: UUID, link_id: UUID, now: datetime) -> None:
    """Takes a link back and deletes what was answered with it. NotFoundError when the wave has no such link."""
    if not queries.revoke(session, organisation_id=organisation_id, wave_id=wave_id, link_id=link_id, now=now):
        raise NotFoundError(say("There is no such link for this wave."))
    queries.delete_sheet(session, organisation_id=organisation_id, link_id=link_id)


def keep(
    session: Session, *, organisation_id: UUID, link_id: UUID, wave_id: UUID, ciphertext: bytes, sent: bool
) -> None:
    """Keeps what was answered with a link; `sent`: to the end."""
    queries.save(
        session,
        organisation_id=organisation_id,
        link_id=link_id,
        wave_id=wave_id,
        ciphertext=ciphertext,
        sent=sent,
    )


def forget(session: Session, *, organisation_id: UUID, wave_id: UUID) -> bool:
    """Deletes, unread, everything that was answered on trial of a wave; False when nothing was."""
    return queries.delete_sheets(session, organisation_id=organisation_id, wave_id=wave_id)
