"""When waves open by themselves: set while they are drafts, done by the worker, once, late rather than never."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.clients import queries as clients
from app.errors import ConflictError
from app.jobs import queries as jobs
from app.sentences import say
from app.waves import approvals, checks, instruments, labels, queries, service, timers
from app.waves.checks import Blocker
from app.waves.models import Wave
from app.waves.planning import check_form, wrong_field
from app.waves.queries import WaveView
from app.workflows import queries as workflows


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When a wave opens and closes by itself; None where a person does it."""

    opens_at: datetime | None
    ends_at: datetime | None


def change(
    session: Session, *, organisation_id: UUID, wave_id: UUID, label: str, form: str, dates: Dates, now: datetime
) -> None:
    """Sets label, form and dates of a draft; its timer follows.

    InvalidError, fields `label` and `form`; ConflictError once the wave has opened.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state != "draft":
        raise ConflictError(say("{label} has opened meanwhile, so its plan was not changed.", label=wave.label))
    check_form(form)
    wanted = labels.checked(label)
    for other in queries.waves(session, organisation_id):
        if other.assessment_id == wave.assessment_id and other.id != wave.id and other.label == wanted:
            raise wrong_field("label", say("There is a wave {label} already. Give this one another.", label=wanted))
    wave.label, wave.form = wanted, form
    if (wave.opens_at, wave.ends_at) != (dates.opens_at, dates.ends_at):
        _set(session, wave, dates, now)
    session.flush()


def _set(session: Session, wave: Wave, dates: Dates, now: datetime) -> None:
    zone = clients.organisation(session, wave.organisation_id).time_zone
    wave.opens_at, wave.ends_at, wave.held_at = dates.opens_at, dates.ends_at, None
    wave.planned_close = None if dates.ends_at is None else labels.today(dates.ends_at, zone)
    if dates.opens_at is not None:
        timers.at(session, wave, timers.OPEN, due=dates.opens_at, now=now)


def open_due(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> bool:
    """Opens a draft whose time has come, also late, and says whether it did.

    Does nothing when it has another time now, is no draft, or its client is archived. While something holds it up it is
    tried again every few minutes, and its consultants are told of it once; while nothing does but a wave that is just
    ending, in a moment.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state != "draft" or wave.opens_at is None or wave.opens_at > now:
        return False
    if accounts.is_archived(session, organisation_id):
        return False
    try:
        service.open_wave(session, organisation_id=organisation_id, wave_id=wave_id, now=now)
    except ConflictError:
        if _waits_a_moment(session, organisation_id, wave_id, now):
            timers.at(session, wave, timers.OPEN, due=now + timers.A_MOMENT, now=now)
            return False
        if wave.held_at is None:
            wave.held_at = now
            timers.at(session, wave, timers.TELL, due=now, now=now)
        timers.at(session, wave, timers.OPEN, due=now + timers.LOOK_AGAIN, now=now)
        session.flush()
        return False
    return True


def _waits_a_moment(session: Session, organisation_id: UUID, wave_id: UUID, now: datetime) -> bool:
    """Whether nothing holds a draft up but a wave that ends by itself at this moment, as its plan said."""
    waves = queries.waves(session, organisation_id)
    found = holding_up(session, queries.wave(session, organisation_id, wave_id), waves, now=now)
    ending = {one.id for one in waves if _is_ending(session, one, now)}
    return bool(found) and all(blocker.wave_id in ending for blocker in found)


def _is_ending(session: Session, wave: WaveView, now: datetime) -> bool:
    if wave.state == "closing":
        job = jobs.job(session, kind=service.RELEASE, subject_id=wave.id)
        return job is not None and job.state in ("waiting", "running")
    return wave.state in ("open", "paused") and wave.ends_at is not None and wave.ends_at <= now


def holding_up(session: Session, wave: WaveView, waves: Sequence[WaveView], *, now: datetime) -> tuple[Blocker, ...]:
    """Everything that keeps a draft from opening, with where each is mended; `waves` are those of the client."""
    today = labels.today(now, clients.organisation(session, wave.organisation_id).time_zone)
    departments, rated = (
        clients.departments(session, wave.organisation_id),
        workflows.workflows(session, wave.organisation_id),
    )
    found = (
        *checks.about_waves(wave, waves, now=now, today=today),
        *checks.blockers(departments, instruments.asked(session, wave), rated),
    )
    against = approvals.objections(session, approvals.papers(session, wave.organisation_id, wave.id))
    return (
        *found,
        *(
            Blocker(
                say("{reader} objects: {name} read the papers.", reader=one.reader, name=one.name),
                "papers",
                say("See the papers"),
            )
            for one in against
        ),
    )
