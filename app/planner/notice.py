"""The mail that tells a client's consultants that a wave waits for a person: it could not open, or not be finished."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID, uuid5

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.queries import UserFacts
from app.accounts.roles import CONSULTANT, OWNER
from app.clients import queries as clients
from app.mail import single
from app.planner import lists
from app.sentences import Listing, say, say_count
from app.settings import Settings
from app.waves import headcounts, schedule
from app.waves import queries as waves
from app.waves.queries import WaveView


def ids(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """The mails about a wave to each who runs the client; none when the wave waits for nobody, or is put away."""
    wave = waves.wave(session, organisation_id, wave_id)
    if accounts.is_archived(session, organisation_id) or not _told(
        session, wave, clients.organisation(session, organisation_id).name, now
    ):
        return ()
    return tuple(_id(wave, one) for one in _people(session, organisation_id))


def letter(
    session: Session, settings: Settings, *, organisation_id: UUID, id: UUID, now: datetime
) -> EmailMessage | None:
    """The mail of such an id, in the language of whom it is for; None when there is nothing to tell any more."""
    people = _people(session, organisation_id)
    found = [(wave, one) for wave in waves.waves(session, organisation_id) for one in people if _id(wave, one) == id]
    for wave, one in found:
        told = _told(session, wave, clients.organisation(session, organisation_id).name, now)
        link = f"{settings.base_url}/organisations/{organisation_id}/waves/{wave.id}"
        return _letter(settings, wave, one, told, link) if told else None
    return None


def _people(session: Session, organisation_id: UUID) -> tuple[UserFacts, ...]:
    return tuple(
        one
        for role in (OWNER, CONSULTANT)
        for one in accounts.members(session, organisation_id=organisation_id, role=role)
    )


def _id(wave: WaveView, user: UserFacts) -> UUID:
    return uuid5(wave.id, str(user.id))


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
    taken = lists.changes(session, wave) if wave.state == "draft" else None
    if taken is not None:
        return (
            say("{label} of {organisation}: look at its list of people", **names),
            say(
                "{label} of {organisation} opens soon, and has taken over the list of people of {before}.",
                before=taken.before,
                **names,
            ),
            say_count("{n} person is on it.", "{n} people are on it.", taken.same + taken.joined),
            say("Import a newer list if people have joined or left since. If none have, there is nothing to do."),
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
    subject, *sentences = told
    since = wave.held_at or wave.closed_at
    moment = 0 if since is None else int(since.timestamp())
    return single.written(
        settings,
        to=user.email,
        language=user.language,
        subject=subject,
        paragraphs=(*sentences, link),
        mark=f"wave.{wave.id.hex}.{moment}.{user.id.hex}",
    )
