"""The mail that tells a client's consultants that a wave waits for a person: it could not open, or not be finished."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.queries import UserFacts
from app.accounts.roles import CONSULTANT, OWNER
from app.clients import queries as clients
from app.sentences import Listing, say
from app.settings import Settings
from app.waves import headcounts, schedule
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE
from app.web.speech import speech

SENDER = "Plumbline"


def letters(
    session: Session, settings: Settings, *, organisation_id: UUID, wave_id: UUID, now: datetime
) -> tuple[EmailMessage, ...]:
    """A mail for each who runs the client, in their language; none when the wave waits for nobody any more."""
    wave = waves.wave(session, organisation_id, wave_id)
    told = _told(session, wave, clients.organisation(session, organisation_id).name, now)
    if not told:
        return ()
    link = f"{settings.base_url}/organisations/{organisation_id}/waves/{wave_id}"
    people = [
        one
        for role in (OWNER, CONSULTANT)
        for one in accounts.members(session, organisation_id=organisation_id, role=role)
    ]
    return tuple(_letter(settings, wave, one, told, link) for one in people)


def _told(session: Session, wave: WaveView, organisation: str, now: datetime) -> Sequence[str]:
    """The subject and the sentences of the mail, nothing when there is nothing to tell."""
    names = {"label": wave.label, "organisation": organisation}
    if wave.state == "draft" and wave.held_at is not None:
        found = schedule.holding_up(session, wave, waves.waves(session, wave.organisation_id), now=now)
        return (
            say("{label} of {organisation} has not opened", **names),
            say("{label} of {organisation} was to open by itself and has not:", **names),
            *(one.sentence for one in found),
            say("It opens by itself as soon as this is mended."),
        )
    waiting = headcounts.blocking(session, wave.organisation_id, wave.id) if wave.state == "closing" else ()
    if waiting:
        departments = Listing(one.department.name for one in waiting)
        return (
            say("{label} of {organisation} waits for you", **names),
            say("{label} of {organisation} has closed and takes no more answers.", **names),
            say(
                "Before the result is made, somebody has to say whether the headcount of {names} is right.",
                names=departments,
            ),
        )
    return ()


def _letter(settings: Settings, wave: WaveView, user: UserFacts, told: Sequence[str], link: str) -> EmailMessage:
    spoken = speech(user.language if user.language in SPOKEN_IN_THE_CONSOLE else SOURCE)
    subject, *sentences = (str(spoken.say(one)) for one in told)
    made = EmailMessage(policy=SMTP)
    made["Subject"] = subject
    made["From"] = Address(SENDER, addr_spec=settings.mail_from)
    made["To"] = user.email
    # Follows from what is told, so that a mail that goes out twice is the same one.
    since = wave.held_at or wave.closed_at
    mark = 0 if since is None else int(since.timestamp())
    made["Message-ID"] = f"<wave.{wave.id.hex}.{mark}.{user.id.hex}@{settings.mail_from.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n\n".join((*sentences, link)) + "\n", cte="quoted-printable")
    return made
