"""Who may read the papers of a wave and decide on them, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import service as accounts
from app.approval import service as approval
from app.approval.queries import LinkFacts
from app.errors import ConflictError, InvalidError
from app.sentences import say
from app.waves import approvals
from app.waves import queries as waves
from app.waves.approvals import Papers

CHANGED: Final = say(
    "The papers have changed since you opened this page, so nothing was recorded. Read them once more, then decide."
)
OPENED: Final = say(
    "This survey has opened, so decisions are no longer recorded here. The papers can still be read. "
    "If you object, say so to whoever asked you."
)
CLOSED: Final = say(
    "This wave is closed, so there is nothing left to decide. Links that were made still show its papers."
)


@dataclass(frozen=True)
class Reading:
    """Somebody with a review link, and the papers that it leads to."""

    token: str
    link: LinkFacts
    papers: Papers


def enter(session: Session, token: str) -> Reading:
    """The reading that a review link leads to. NotFoundError for an unknown link, GoneError for one taken back."""
    link = approval.enter(session, token)
    return Reading(token.strip().lower(), link, approvals.papers(session, link.organisation_id, link.wave_id))


def make_link(
    session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, reader: str, now: datetime
) -> None:
    """Makes the review link of a reader. ConflictError once the wave takes no more answers."""
    if waves.wave(session, organisation_id, wave_id).state not in ("draft", "open"):
        raise ConflictError(CLOSED)
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    approval.make_link(session, link_key=link_key, **place, reader=reader, now=now)


def revoke(session: Session, *, organisation_id: UUID, wave_id: UUID, link_id: UUID | None, now: datetime) -> None:
    """Takes a link back. InvalidError without one, NotFoundError when the wave has no such link."""
    wave = waves.wave(session, organisation_id, wave_id)
    if link_id is None:
        raise InvalidError(
            say("It is not clear which link to take back. Use one of the buttons of the page with the links.")
        )
    approval.revoke(session, organisation_id=organisation_id, wave_id=wave.id, link_id=link_id, now=now)


def decide(
    session: Session, reading: Reading, *, name: str, decision: str, remark: str, read_sha256: str, now: datetime
) -> None:
    """Records what the reader decides about the papers as they are; `read_sha256` names those that were on the page.

    ConflictError once the wave has opened, and when the papers changed while they were read; InvalidError has a
    sentence for each field that is wrong.
    """
    accounts.require_in_use(session, reading.papers.wave.organisation_id)
    if reading.papers.wave.state != "draft":
        raise ConflictError(OPENED)
    if read_sha256 != reading.papers.sha256:
        raise ConflictError(CHANGED)
    approval.decide(
        session,
        link=reading.link,
        name=name,
        decision=decision,
        remark=remark,
        papers_sha256=reading.papers.sha256,
        now=now,
    )
