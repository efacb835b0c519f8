"""What leads say about a draft: the links with which they read it, and their remarks until somebody resolves them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError, InvalidError
from app.questionnaires import queries
from app.questionnaires.models import InstrumentLink, InstrumentRemark
from app.questionnaires.queries import ReaderLink
from app.readers import service as readers
from app.sentences import Passage, Sentence, say
from surveys.wording import unprintable

MOST_REMARKS: Final = 200
MAX_NAME: Final = 80
MAX_BODY: Final = 1000
FULL: Final = say("There are {most} links already. Take back those that nobody needs.")
TAKEN_BACK: Final = say(
    "This link was taken back. What was remarked with it is kept. Ask for a new link if you need one."
)
UNSEEN: Final = say("This has signs in it that cannot be seen. Type it once more.")


@dataclass(frozen=True, slots=True)
class RemarkInput:
    """A remark as it was typed; `item` is the question that it is about, empty for the whole."""

    name: str
    item: str
    body: str


def make_link(
    session: Session, *, link_key: bytes, organisation_id: UUID, instrument_id: UUID, reader: str, now: datetime
) -> None:
    """Makes the link of one reader; asked again for the same reader, it is the same link.

    InvalidError, field `reader`, without one; ConflictError when there are more links than anybody can oversee.
    """
    queries.instrument(session, organisation_id, instrument_id)
    name = " ".join(reader.split())
    wrong = _wrong_line(name, most=MAX_NAME, missing=say("Say whom the link is for, for example “Head of Legal”."))
    if wrong is not None:
        raise InvalidError(wrong, fields={"reader": wrong})
    there = queries.links(session, organisation_id, instrument_id)
    columns = {"instrument_id": instrument_id}
    wanted = readers.Wanted(
        organisation_id=organisation_id, about=instrument_id, reader=name, columns=columns, full=FULL
    )
    readers.make(session, InstrumentLink, wanted, there, link_key=link_key, now=now)


def token_of(link: ReaderLink, link_key: bytes) -> str:
    """The token of a link, made again from the key: it is stored nowhere."""
    return readers.token_of(link, link_key, about=link.instrument_id)


def enter(session: Session, token: str) -> ReaderLink:
    """The link that a token belongs to. NotFoundError for an unknown one, GoneError for one taken back."""
    return readers.enter(token, partial(queries.find_link, session), taken_back=TAKEN_BACK)


def revoke(session: Session, *, organisation_id: UUID, instrument_id: UUID, link_id: UUID, now: datetime) -> None:
    """Takes a link back; remarks stay. NotFoundError when the questionnaire has no such link."""
    row = queries.link_row(session, organisation_id, instrument_id, link_id)
    row.revoked_at = row.revoked_at or now
    session.flush()


def write(session: Session, *, link: ReaderLink, typed: RemarkInput, about: str, now: datetime) -> None:
    """Keeps a remark; the same sent twice is kept once. `about` is the text of the question as it is now.

    InvalidError has a sentence for each field that is wrong; ConflictError when one link has remarked often enough.
    """
    name, body = " ".join(typed.name.split()), typed.body.replace("\r\n", "\n").strip()
    wrong = {
        "name": _wrong_line(name, most=MAX_NAME, missing=say("Give your name, so that somebody can ask back.")),
        "body": _wrong_body(body),
    }
    told: dict[str, str] = {field: sentence for field, sentence in wrong.items() if sentence is not None}
    if told:
        raise InvalidError(Passage(told.values()), fields=told)
    mine = [one for one in queries.remarks(session, link.organisation_id, link.instrument_id) if one.link_id == link.id]
    if any((one.name, one.item, one.body) == (name, typed.item, body) for one in mine):
        return
    if len(mine) >= MOST_REMARKS:
        raise ConflictError(
            say("{most} remarks were made with this link. Talk to whoever sent it to you.", most=MOST_REMARKS)
        )
    session.add(
        InstrumentRemark(
            organisation_id=link.organisation_id,
            instrument_id=link.instrument_id,
            link_id=link.id,
            name=name,
            item=typed.item,
            about=about,
            body=body,
            written_at=now,
        )
    )
    session.flush()


def resolve(
    session: Session,
    *,
    organisation_id: UUID,
    instrument_id: UUID,
    remark_id: UUID,
    resolved: bool,
    user_id: UUID,
    now: datetime,
) -> None:
    """Marks a remark as resolved, or as open again. NotFoundError when the questionnaire has no such remark."""
    row = queries.remark_row(session, organisation_id, instrument_id, remark_id)
    row.resolved_at = (row.resolved_at or now) if resolved else None
    row.user_id = user_id if resolved else None
    session.flush()


def _wrong_line(text: str, *, most: int, missing: Sentence) -> Sentence | None:
    if not text:
        return missing
    if len(text) > most:
        return say("This has {length} characters. Use at most {most}.", length=len(text), most=most)
    return UNSEEN if unprintable(text) else None


def _wrong_body(text: str) -> Sentence | None:
    if not text:
        return say("Write what you would like to say.")
    if len(text) > MAX_BODY:
        return say(
            "This has {length} characters. Use at most {most}; nothing is lost yet.", length=len(text), most=MAX_BODY
        )
    return UNSEEN if unprintable(text) else None
