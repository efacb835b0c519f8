"""The worker's part: after a wave's first release files are asked for and mails are planned; each mail goes by itself.

Each piece is safe to do twice. A worker that dies between handing a mail over and noting it has it sent once more, with
the same link and the same Message-ID: the token follows from a key, and no other one exists for it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final
from uuid import UUID, uuid5

from sqlmodel import Session

from app import tokens
from app.accounts import queries as accounts
from app.accounts.queries import MemberFacts
from app.accounts.roles import LEAD, SHOWN_RESULTS
from app.acts.service import note
from app.clients import queries as clients
from app.db import Database
from app.delivery import letter, queries, service
from app.delivery.models import ReportDelivery
from app.delivery.queries import Schedule
from app.delivery.service import PREPARE, SEND
from app.jobs import service as jobs
from app.jobs.queries import JobFacts
from app.mail.smtp import SAID, Server, ServerTrouble
from app.releases import store
from app.releases.store import StoredRelease
from app.reports import queries as reports
from app.reports import service as reporting
from app.reports.formats import FORMATS
from app.reports.options import BOARD, ROLES
from app.rosters.addresses import address
from app.sentences import say
from app.settings import Settings
from app.share import lasting
from app.waves import queries as waves

Work = Callable[[Database, JobFacts, datetime], None]

LOOK_AGAIN: Final = timedelta(seconds=15)
"""How long to wait for files that are still being made."""
TRY_AGAIN: Final = timedelta(minutes=5)
GIVE_UP: Final = timedelta(days=3)
NO_SERVER: Final = say("No mail server is set, so nothing was sent.")
NO_FILE: Final = say("None of the files could be made. The page of the report says why.")
NO_ROLE: Final = say("This person has no access to results any more.")
PUT_AWAY: Final = say("The client was archived, so nothing was sent.")
NO_ADDRESS: Final = say("This is no address that a mail can be sent to.")
PROBLEMS: Final = (NO_SERVER, NO_FILE, NO_ROLE, PUT_AWAY, NO_ADDRESS)


def ask_after_release(database: Database, job: JobFacts, now: datetime) -> None:
    """Has the schedule of a wave looked at whose first release was just made; of later releases nothing is mailed."""
    with database.writing() as session:
        jobs.enqueue(session, organisation_id=job.organisation_id, kind=PREPARE, subject_id=job.subject_id, now=now)


def _prepare(database: Database, job: JobFacts, now: datetime) -> None:
    with database.writing() as session:
        wave = waves.wave(session, job.organisation_id, job.subject_id)
        schedule = queries.schedule(session, job.organisation_id, wave.assessment_id)
        release = store.latest(session, job.organisation_id, wave.id)
        if schedule is None or not schedule.active or release is None:
            return
        if accounts.is_archived(session, job.organisation_id):
            return
        for one in _planned(session, schedule, release, wave.assessment_id, now):
            queries.add(session, one)
            for options in letter.facts(one).options:
                place = {"organisation_id": one.organisation_id, "release_id": one.release_id}
                reporting.ask(session, **place, options=options, now=now)
            jobs.enqueue(session, organisation_id=one.organisation_id, kind=SEND, subject_id=one.id, now=now)
        note(session, "result.delivery", organisation_id=job.organisation_id, user_id=None, now=now, wave_id=wave.id)


def _planned(
    session: Session, schedule: Schedule, release: StoredRelease, assessment_id: UUID, now: datetime
) -> Iterator[ReportDelivery]:
    """A delivery for each address, once, members first; a typed address of a member is that member."""
    everybody = accounts.everybody(session, release.organisation_id)
    people = {address(one.user.email) or one.user.email: one for one in everybody}
    typed = dict.fromkeys(address(one) or one for one in schedule.addresses)
    for key, one in people.items():
        if one.role in schedule.roles or key in typed:
            made = _delivery(schedule, release, assessment_id, one.user.email, now)
            if _made_out_to(made, one, release):
                yield made
    for other in typed:
        if other not in people:
            made = _delivery(schedule, release, assessment_id, other, now)
            made.edition = ROLES
            yield made


def _made_out_to(made: ReportDelivery, member: MemberFacts, release: StoredRelease) -> bool:
    """Makes it what a member's role shows, a lead's the edition of the own department; False where that is nothing."""
    edition = BOARD if member.role != LEAD else service.edition_of(release, member.department_id)
    files = [key for key in made.files if edition == BOARD or FORMATS[key].editions]
    if member.user.disabled_at is not None or member.role not in SHOWN_RESULTS or edition is None or not files:
        return False
    made.name, made.user_id, made.role = member.user.name, member.user.id, member.role
    made.files, made.edition = files, edition
    return True


def _delivery(
    schedule: Schedule, release: StoredRelease, assessment_id: UUID, to: str, now: datetime
) -> ReportDelivery:
    return ReportDelivery(
        organisation_id=release.organisation_id,
        id=uuid5(release.id, f"delivery|{to}"),
        assessment_id=assessment_id,
        wave_id=release.wave_id,
        release_id=release.id,
        address=to,
        files=list(schedule.files),
        language=schedule.language,
        paper=schedule.paper,
        days=schedule.days,
        password_hash=schedule.password_hash,
        asked_at=now,
    )


def sending(settings: Settings, link_key: bytes) -> dict[str, Work]:
    """The work that needs a mail server: one mail with one link."""

    def send(database: Database, job: JobFacts, now: datetime) -> None:
        with database.writing() as session:
            made = _made(session, job, settings, link_key, now)
        if made is None:
            return
        mail, generation = made
        try:
            with Server(settings) as server:
                told = server.send(mail)
        except ServerTrouble as trouble:
            outcome, answer = "later", str(trouble.told)
        else:
            outcome, answer = told.outcome, "" if told.outcome == "sent" else str(SAID.filled({"answer": told.answer}))
        with database.writing() as session:
            _note(session, job, generation, outcome, answer, now)

    return {SEND: send}


def _made(
    session: Session, job: JobFacts, settings: Settings, link_key: bytes, now: datetime
) -> tuple[EmailMessage, int] | None:
    """The mail, with its link in force from now on and that link's generation; None when none is to be sent, or yet."""
    row = queries.locked(session, job.organisation_id, job.subject_id)
    if row is None or row.state != "waiting" or row.revoked_at is not None:
        return None
    delivery = letter.facts(row)
    release = store.by_id(session, row.organisation_id, row.release_id)
    away = accounts.is_archived(session, job.organisation_id)
    if away or release is None or not service.still_may(session, delivery, release):
        row.state, row.error = "failed", PUT_AWAY if away else NO_ROLE
        return None
    to = letter.recipient(row.address)
    if to is None:
        row.state, row.error = "failed", NO_ADDRESS
        return None
    there = {one.options: one for one in reports.reports(session, row.organisation_id, row.release_id)}
    states = [there[one] for one in delivery.options if one in there]
    if any(one.under_way for one in states):
        _later(session, job, now + LOOK_AGAIN, now)
        return None
    if not any(one.state == "done" for one in states):
        row.state, row.error = "failed", NO_FILE
        return None
    token = tokens.make(link_key, wave_id=row.release_id, id=row.id, generation=row.generation)
    zone = clients.organisation(session, row.organisation_id).time_zone
    last = lasting.day_of(now, zone) + timedelta(days=row.days)
    row.token_sha256, row.expires_at = tokens.fingerprint(token), lasting.end_of(last, zone)
    session.flush()
    mail = letter.written(session, settings, row, to=to, link=f"{settings.base_url}/delivered/{token}")
    return mail, row.generation


def _note(session: Session, job: JobFacts, generation: int, outcome: str, answer: str, now: datetime) -> None:
    """Notes what became of a mail; one that is put off is tried again, for some days.

    A row that got a new link while the mail went out waits for the mail of that one.
    """
    row = queries.locked(session, job.organisation_id, job.subject_id)
    if row is None:
        return
    if outcome == "sent":
        note(
            session,
            "result.delivered",
            organisation_id=row.organisation_id,
            user_id=None,
            now=now,
            wave_id=row.wave_id,
            subject_id=row.user_id,
        )
    if row.generation != generation:
        return
    row.error = answer
    if outcome == "sent":
        row.state, row.sent_at = "sent", now
    elif outcome == "later" and row.state == "waiting" and now < row.asked_at + GIVE_UP:
        _later(session, job, now + TRY_AGAIN, now)
    elif row.state == "waiting":
        row.state = "failed"


def _later(session: Session, job: JobFacts, due: datetime, now: datetime) -> None:
    jobs.schedule(
        session, organisation_id=job.organisation_id, kind=job.kind, subject_id=job.subject_id, due=due, now=now
    )


def _send_nothing(database: Database, job: JobFacts, now: datetime) -> None:
    """No mail server is set: the page says it, and when there is one the mail can be sent from there."""
    with database.writing() as session:
        row = queries.locked(session, job.organisation_id, job.subject_id)
        if row is not None and row.state == "waiting":
            row.state, row.error = "failed", NO_SERVER


KINDS: Final[dict[str, Work]] = {PREPARE: _prepare, SEND: _send_nothing}
