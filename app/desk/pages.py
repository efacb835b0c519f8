"""Gathers what the desk shows. The list of clients takes a fixed number of statements, however many there are."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.roles import LEAD, REVIEWER, RUNNING, SPONSOR
from app.acts import queries as acts
from app.clients import changes
from app.clients import queries as clients
from app.desk import overview, queries, service
from app.desk.views import ArchivePage, HomePage, Lost, Timed
from app.jobs import queries as jobs
from app.lineage import queries as lineage
from app.lineage import words
from app.mail import service as mails
from app.waves import labels
from app.waves import queries as waves
from app.waves.service import RELEASE

TOLD_FOR: Final = timedelta(days=30)


def home(session: Session, user_id: UUID, *, archived: bool, now: datetime) -> HomePage:
    """The clients of a user, those first that need somebody; those that are archived apart."""
    roles = {one.organisation_id: one.role for one in accounts.memberships(session, user_id)}
    away = accounts.which_archived(session, tuple(roles))
    found = clients.summaries(session, tuple(roles))
    running = [one for one in found if roles[one.id] in RUNNING]
    shown = [one for one in running if (one.id in away) == archived]
    ids = tuple(one.id for one in shown)
    there = waves.of_organisations(session, ids)
    read = overview.Read(
        waves=there,
        turnout=queries.turnout(session, (wave.id for every in there.values() for wave in every)),
        undecided=queries.undecided(session, ids),
        held=queries.held(session, ids),
        failed=frozenset(job.subject_id for job in jobs.failed(session, kinds=(RELEASE,))),
    )
    lines = [overview.line(one, read, now=now) for one in shown]
    return HomePage(
        clients=tuple(lines if archived else sorted(lines, key=lambda line: line.rank)),
        reviewing=tuple(one for one in found if roles[one.id] == REVIEWER),
        reading=tuple(one for one in found if roles[one.id] in (SPONSOR, LEAD)),
        lost=_lost(session, user_id, roles, now),
        put_away=sum(one.id in away for one in running),
        of_archive=archived,
    )


def _lost(session: Session, user_id: UUID, roles: Collection[UUID], now: datetime) -> tuple[Lost, ...]:
    """What somebody saw until lately, from the log; two statements, the second where there is anything."""
    ended = {id: at for id, at in acts.ended(session, user_id, since=now - TOLD_FOR).items() if id not in roles}
    found = clients.summaries(session, tuple(ended)) if ended else ()
    return tuple(Lost(one.name, labels.today(ended[one.id], one.time_zone)) for one in found)


def archive(session: Session, organisation_id: UUID, *, owns: bool, now: datetime, error: str = "") -> ArchivePage:
    """The page on which a client is put away or brought back, with what is planned or overdue."""
    since = accounts.archived(session, organisation_id)
    running = service.in_the_way(waves.waves(session, organisation_id))
    planned, overdue = _timed(session, organisation_id, now)
    return ArchivePage(
        organisation=clients.organisation(session, organisation_id),
        owns=owns,
        since=since[0] if since else None,
        by=since[1] if since else "",
        running=(running.id, running.label) if running else None,
        planned=planned,
        overdue=overdue,
        error=error,
    )


def _timed(session: Session, organisation_id: UUID, now: datetime) -> tuple[Timed, Timed]:
    """What happens by itself at a client, and what was to and has not."""
    zone = clients.organisation(session, organisation_id).time_zone
    names = clients.department_names(session, organisation_id)
    there = {one.id: one for one in reversed(waves.waves(session, organisation_id))}
    late = {one.id for one in changes.overdue(session, organisation_id, now=now)}
    opening = [(one, one.opens_at) for one in there.values() if one.state == "draft" and one.opens_at is not None]
    waiting = lineage.waiting(session, organisation_id)
    planned, overdue = (
        Timed(
            waves=tuple((one.id, one.label, labels.today(at, zone)) for one, at in opening if (at <= now) == is_late),
            changes=tuple((words.planned(one, names), one.day) for one in waiting if (one.id in late) == is_late),
            mails=tuple(
                (id, there[id].label)
                for id in queries.mailing(session, organisation_id, state)
                if mails.has_more(session, there[id])
            ),
        )
        for is_late, state in ((False, "on"), (True, "paused"))
    )
    return planned, overdue
