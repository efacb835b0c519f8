"""Sharing a release with the client, links to it, and noting who has seen which part."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import passwords
from app.accounts.roles import LEAD
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.releases import store
from app.releases.store import StoredRelease
from app.sentences import Passage, say
from app.share import lasting, queries
from app.share.models import SharedLink, SharedRelease
from app.share.queries import WHOLE, LinkFacts
from app.waves import queries as waves

MOST_LINKS: Final = 50
LONGEST_LABEL: Final = 80
NOBODYS: Final = "organisation"
"""The part that a lead sees who has no department: the organisation alone."""

NOT_SHARED: Final = say("Nothing of this wave is shared yet. Share the result with the client, then make links to it.")
FULL: Final = say("There are {most} links to this result already. Take back those that nobody needs.")
MADE_ALREADY: Final = say(
    "This link was made already, and it is shown once. If you do not have it, take it back and make another."
)
NO_SUCH_LINK: Final = say("There is no such link to this result.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A link that somebody wants. `id` marks the form, so that a double click makes one link.

    `rows` are ids of rows to show beside the organisation, None for all; `until` is the last day on which it works;
    `password` is empty where none is asked.
    """

    id: UUID
    label: str
    rows: tuple[str, ...] | None
    with_report: bool
    until: date | None
    password: str


def share(session: Session, *, organisation_id: UUID, wave_id: UUID, user_id: UUID, now: datetime) -> None:
    """Shows a wave's newest release to the client, in place of an earlier one. ConflictError while there is none."""
    wave = waves.wave(session, organisation_id, wave_id)
    waves.hold(session, organisation_id, wave_id)
    newest = store.latest(session, organisation_id, wave_id)
    if newest is None:
        raise ConflictError(say("There is no result of {wave} yet, so there is nothing to share.", wave=wave.label))
    there = queries.of_wave(session, organisation_id, wave_id)
    if there is not None and there.release_id == newest.id:
        return
    queries.stop(session, organisation_id, wave_id)
    session.add(
        SharedRelease(
            organisation_id=organisation_id, wave_id=wave_id, release_id=newest.id, user_id=user_id, shared_at=now
        )
    )
    session.flush()


def stop(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Shows nothing of a wave to the client any more. What was seen or downloaded before can't be taken back."""
    waves.wave(session, organisation_id, wave_id)
    queries.stop(session, organisation_id, wave_id)


def shared_release(session: Session, organisation_id: UUID, wave_id: UUID) -> StoredRelease | None:
    """The release of a wave that is shared, None while none is."""
    there = queries.of_wave(session, organisation_id, wave_id)
    return store.by_id(session, organisation_id, there.release_id) if there else None


def make_link(
    session: Session, wanted: Wanted, *, organisation_id: UUID, wave_id: UUID, user_id: UUID, now: datetime
) -> str:
    """Makes a link to what is shared of a wave and gives its token, which is kept nowhere.

    InvalidError has a sentence for each field that is wrong; ConflictError while nothing is shared, when there are as
    many links as one can oversee, and for a form that made its link before.
    """
    waves.hold(session, organisation_id, wave_id)
    zone = clients.organisation(session, organisation_id).time_zone
    if (wrong := _wrong(wanted, zone=zone, now=now)) or wanted.until is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    if queries.of_wave(session, organisation_id, wave_id) is None:
        raise ConflictError(NOT_SHARED)
    there = queries.links(session, organisation_id, wave_id)
    if any(one.id == wanted.id for one in there):
        raise ConflictError(MADE_ALREADY)
    if sum(lasting.in_force(one, now) for one in there) >= MOST_LINKS:
        raise ConflictError(FULL.filled({"most": MOST_LINKS}))
    token = lasting.new_token()
    session.add(
        SharedLink(
            organisation_id=organisation_id,
            id=wanted.id,
            wave_id=wave_id,
            label=wanted.label,
            token_sha256=lasting.fingerprint(token),
            rows=None if wanted.rows is None else list(wanted.rows),
            with_report=wanted.with_report and wanted.rows is None,
            password_hash=passwords.hash_password(wanted.password) if wanted.password else None,
            user_id=user_id,
            made_at=now,
            expires_at=lasting.end_of(wanted.until, zone),
        )
    )
    session.flush()
    return token


def revoke_link(session: Session, *, organisation_id: UUID, wave_id: UUID, link_id: UUID | None, now: datetime) -> None:
    """Takes a link back at once; taken back twice, it stays so. NotFoundError when the wave has no such link."""
    there = {
        one.id for one in queries.links(session, organisation_id, waves.wave(session, organisation_id, wave_id).id)
    }
    if link_id is None or link_id not in there:
        raise NotFoundError(NO_SUCH_LINK)
    queries.revoke(session, organisation_id=organisation_id, wave_id=wave_id, link_id=link_id, now=now)


def enter(session: Session, token: str, *, now: datetime) -> tuple[LinkFacts, StoredRelease] | None:
    """The link that a token belongs to, with the release that is shared; None for a token that leads nowhere.

    Unknown, ended, taken back, and a wave of which nothing is shared any more: nobody is told which.
    """
    link = lasting.found(session, token)
    if link is None or not lasting.in_force(link, now):
        return None
    release = shared_release(session, link.organisation_id, link.wave_id)
    return None if release is None else (link, release)


def part_of(role: str, department_id: UUID | None) -> str:
    """The part of a release that a role sees, as first views name it."""
    return WHOLE if role != LEAD else str(department_id or NOBODYS)


def note_view(
    session: Session, *, organisation_id: UUID, wave_id: UUID, user_id: UUID, part: str, now: datetime
) -> None:
    """Notes that somebody with a role sees their part of what is shared; nothing where nothing is."""
    there = queries.of_wave(session, organisation_id, wave_id)
    if there is not None:
        day = lasting.day_of(now, clients.organisation(session, organisation_id).time_zone)
        place = {"organisation_id": organisation_id, "release_id": there.release_id, "user_id": user_id}
        queries.note_view(session, **place, part=part, day=day)


def is_noted(session: Session, *, organisation_id: UUID, wave_id: UUID, user_id: UUID, part: str) -> bool:
    """Whether there is nothing to note: the view is, or nothing is shared."""
    there = queries.of_wave(session, organisation_id, wave_id)
    if there is None:
        return True
    seen = queries.first_views(session, organisation_id, there.release_id)
    return any((one.user_id, one.part) == (user_id, part) for one in seen)


def _wrong(wanted: Wanted, *, zone: str, now: datetime) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not wanted.label or len(wanted.label) > LONGEST_LABEL or not wanted.label.isprintable():
        wrong["label"] = say("Say whom the link is for, in at most {most} characters.", most=LONGEST_LABEL)
    first, last = lasting.days(zone, now)
    if wanted.until is None or not first <= wanted.until <= last:
        wrong["until"] = say("Choose a day from {first} to {last}.", first=first, last=last)
    if wanted.rows == ():
        wrong["rows"] = say("Choose at least one department, or the organisation alone.")
    complaint = passwords.complaint(wanted.password, email="") if wanted.password else None
    if complaint:
        wrong["password"] = complaint
    return wrong
