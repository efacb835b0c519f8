"""What is deleted, when, and by whom: at the close of a wave, at the end of its retention, when somebody asks for it.

Each deletion leaves a record that outlives it, and asks the worker to write the database's files anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.acts import queries as acts
from app.acts.service import note
from app.answers import keep
from app.clients import queries as clients
from app.comments import queries as comments
from app.errors import ConflictError, InvalidError
from app.invitations import queries as invited
from app.invitations import service as invitations
from app.jobs import queries as asked
from app.jobs import service as jobs
from app.mail import queries as mail
from app.releases import store
from app.retention import queries
from app.retention.models import DeletionRecord
from app.rosters import queries as rosters
from app.rosters.queries import PersonFacts
from app.sentences import Sentence, say
from app.waves import labels, turnout
from app.waves import queries as waves
from app.waves.promise import deletion_day
from app.waves.queries import KeptWave

RETENTION: Final = "retention"
CLIENT: Final = "client"
WIPE: Final = "wipe"
WIPE_EVERYTHING: Final = "wipe_everything"

TIME_OVER: Final = say("{months} months after the wave closed, as its privacy policy promised")
CANCELLED: Final = say("The wave was cancelled")
ON_THE_LINKS: Final = say("Asked for on the page with the links")
ON_THE_PEOPLE: Final = say("Asked for on the page of people")
END_OF_CONTRACT: Final = say("End of contract")
LOG_IS_OLD: Final = say("Three years after the end of their month")

KEPT_YEARS: Final = 3
"""How long the log of who did what is kept."""

# After the close of a wave, should the making of its result fail.
WIPE_AT_THE_LATEST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OnAList:
    """Somebody's place on a wave's list: what the list says of them, and their link. One of the two is there."""

    person: PersonFacts | None
    link: invited.RosterEntry | None

    @property
    def wave_id(self) -> UUID:
        """The wave of the list."""
        return self._one.wave_id

    @property
    def department_id(self) -> UUID:
        """The department that their answers count for."""
        return self._one.department_id

    @property
    def _one(self) -> PersonFacts | invited.RosterEntry:
        found = self.link or self.person
        assert found is not None  # there is one of the two
        return found


def unlink(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Shuffles the answers, comments and invitations of a closing wave, and deletes its drafts unread: once.

    Everything in the caller's one transaction, before the result is made: whatever comes later can depend neither on
    the order in which answers came nor on whose they were (DESIGN.md 4.5). Does nothing unless the wave is closing.
    """
    wave = waves.locked_wave(session, organisation_id, wave_id)
    if wave.state != "closing" or asked.job(session, kind=WIPE, subject_id=wave_id) is not None:
        return
    keep.delete_drafts(session, organisation_id=organisation_id, wave_id=wave_id)
    keep.rewrite_answers(session, organisation_id=organisation_id, wave_id=wave_id)
    invitations.shuffle(session, organisation_id=organisation_id, wave_id=wave_id)
    # Later, because the words of comments are still to be taken out of the vault; `wipe_soon` is called after that. The
    # job is also the mark that a wave was shuffled: once words are out under the ids of now, no id may change again.
    later = now + WIPE_AT_THE_LATEST
    jobs.enqueue(session, organisation_id=organisation_id, kind=WIPE, subject_id=wave_id, now=now, due=later)


def wipe_soon(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Has the files written anew now that the last row of a closing wave is deleted.

    If the job of `unlink` is no longer waiting, it may have begun before that, and another one is asked for.
    """
    if not jobs.hasten(session, kind=WIPE, subject_id=wave_id, now=now):
        jobs.enqueue(session, organisation_id=organisation_id, kind=WIPE, subject_id=uuid4(), now=now)


def due(session: Session, *, now: datetime) -> tuple[KeptWave, ...]:
    """The closed waves whose answers were promised to be deleted by now, in two statements."""
    zones = clients.time_zones(session)
    return tuple(
        wave
        for wave in waves.kept(session)
        if _is_over(wave.closed_at, wave.retention_months, zone=zones[wave.organisation_id], now=now)
    )


def ask(session: Session, found: Iterable[KeptWave], *, now: datetime) -> None:
    """Has the worker delete the answers of these waves; asked again it is asked once, unless it failed."""
    for wave in found:
        jobs.enqueue(session, organisation_id=wave.organisation_id, kind=RETENTION, subject_id=wave.id, now=now)
        jobs.retry(session, kind=RETENTION, subject_id=wave.id, now=now)


def delete_answers(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Deletes the answers of a wave at the end of its retention, in the caller's transaction; twice is once.

    Sheets, comments and what was noted on them, drafts, invitations and ledgers go; what was released stays, and can no
    longer be made again. Raises ConflictError before the promised time.
    """
    wave = waves.wave(session, organisation_id, wave_id)
    months, zone = wave.policy.retention_months, clients.organisation(session, organisation_id).time_zone
    if not _is_over(wave.closed_at, months, zone=zone, now=now):
        raise ConflictError(say("The answers of {wave} are still to be kept.", wave=wave.label))
    if not waves.note_deletion(session, organisation_id, wave_id, now=now):
        return
    mail.delete_of_wave(session, organisation_id=organisation_id, wave_id=wave_id)
    counts = {
        **keep.delete_answers(session, organisation_id=organisation_id, wave_id=wave_id),
        "comment_review": comments.delete_reviews(session, organisation_id=organisation_id, wave_id=wave_id),
        "release_ledger": store.delete_ledgers(session, organisation_id, wave_id),
        **invitations.delete_invitations(session, organisation_id=organisation_id, wave_id=wave_id),
    }
    assert months is not None  # else its time would not be over
    reason = TIME_OVER.filled({"months": months})
    _record(session, organisation_id, "answers", counts, reason, user_id=None, now=now, wave_label=wave.label)
    note(session, "deletion.answers", organisation_id=organisation_id, user_id=None, now=now, wave_id=wave_id)
    _wipe(session, organisation_id, wave_id, now)


def delete_cancelled(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Deletes the answers of a cancelled wave, its list of people and whose its links were; twice is once.

    The links stay without a name, so that whoever opens one reads what became of the wave.
    """
    wave = waves.locked_wave(session, organisation_id, wave_id)
    if wave.state != "cancelled" or wave.deleted_at is not None:
        return
    wave.deleted_at = now
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    mail.delete_of_wave(session, **place)
    invited.forget_all(session, **place)
    # First and uncounted: a record of them would say how many had begun. Nor do the days of answers stay.
    keep.delete_drafts(session, **place)
    today = labels.today(now, clients.organisation(session, organisation_id).time_zone)
    turnout.settle(
        session, organisation_id, wave_id, waves.turnout_by_department(session, organisation_id, wave_id), day=today
    )
    counts = {**keep.delete_answers(session, **place), "person": rosters.delete_of_wave(session, **place)}
    _record(session, organisation_id, "answers", counts, CANCELLED, user_id=None, now=now, wave_label=wave.label)
    note(session, "deletion.answers", organisation_id=organisation_id, user_id=None, now=now, wave_id=wave_id)
    _wipe(session, organisation_id, wave_id, now)


def forget_acts(session: Session, *, now: datetime) -> None:
    """Deletes what the log noted in months that ended more than three years ago, with a record for each client.

    Whole months, so that there is one record a month and not one an hour. The record comes first: the database lets no
    entry go without it (alembic 0012).
    """
    first = now.replace(year=now.year - KEPT_YEARS, day=1, hour=0, minute=0, second=0, microsecond=0)
    for organisation_id in acts.old(session, before=first):
        counts = {"act": acts.count_old(session, organisation_id, before=first)}
        _record(session, organisation_id, "acts", counts, LOG_IS_OLD, user_id=None, now=now)
        acts.delete_old(session, organisation_id, before=first)


def delete_roster(session: Session, *, organisation_id: UUID, wave_id: UUID, user_id: UUID, now: datetime) -> None:
    """Deletes the personal links of a closed wave, and with them the list of people; results are not touched."""
    label = waves.wave(session, organisation_id, wave_id).label
    counts = invitations.delete_roster(session, organisation_id=organisation_id, wave_id=wave_id)
    mail.delete_of_wave(session, organisation_id=organisation_id, wave_id=wave_id)
    if any(counts.values()):
        _record(session, organisation_id, "roster", counts, ON_THE_LINKS, user_id=user_id, now=now, wave_label=label)
        _wipe(session, organisation_id, uuid4(), now)


def erase_person(session: Session, *, organisation_id: UUID, reference: str, user_id: UUID, now: datetime) -> None:
    """Takes a person's reference out of all rosters of a client; the record does not name them.

    Raises InvalidError, field `reference`, when no roster holds it. What they saved and did not send is deleted unread
    and not counted in the record: it would say that they had begun.
    """
    person(session, organisation_id=organisation_id, reference=reference)
    counts = invitations.forget_person(session, organisation_id=organisation_id, reference=reference)
    told = {"invitation": counts["invitation"], "person": counts["person"]}
    _record(session, organisation_id, "person", told, ON_THE_PEOPLE, user_id=user_id, now=now)
    _wipe(session, organisation_id, uuid4(), now)


def person(session: Session, *, organisation_id: UUID, reference: str) -> tuple[OnAList, ...]:
    """What is stored under a reference or an address; InvalidError, field `reference`, when nothing is."""
    if not reference:
        raise _at_reference(say("Write what the list of people calls this person."))
    people = {one.id: one for one in rosters.called(session, organisation_id=organisation_id, reference=reference)}
    links = {
        one.invitation_id: one
        for called in {reference, *(one.reference for one in people.values())}
        for one in invited.entries(session, organisation_id=organisation_id, reference=called)
    }
    found = tuple(OnAList(people.get(id), links.get(id)) for id in {**links, **people})
    if not found:
        raise _at_reference(
            say(
                "Nothing is stored under “{reference}”. Write it exactly as in the list, capital letters too.",
                reference=reference[:60],
            )
        )
    return found


def ask_to_delete_client(session: Session, *, organisation_id: UUID, typed: str, user_id: UUID, now: datetime) -> None:
    """Has the worker delete a client, after its name was typed; asked again it is asked once, unless it failed.

    The worker does it, because the login of the web may not touch answers and results. The record is there from now on
    and gets its counts when it is done. Raises InvalidError, field `name`, for another name.
    """
    name = clients.organisation(session, organisation_id).name
    if " ".join(typed.split()) != " ".join(name.split()):
        sentence = say("Type the name as it is written here: {name}", name=name)
        raise InvalidError(sentence, fields={"name": sentence})
    if queries.client_record(session, organisation_id) is None:
        _record(session, organisation_id, CLIENT, {}, END_OF_CONTRACT, user_id=user_id, now=now)
    jobs.enqueue(session, organisation_id=organisation_id, kind=CLIENT, subject_id=organisation_id, now=now)
    jobs.retry(session, kind=CLIENT, subject_id=organisation_id, now=now)


def delete_client(session: Session, *, organisation_id: UUID, now: datetime) -> None:
    """Deletes everything of a client in the caller's transaction and completes the record; twice is once."""
    record = queries.client_record(session, organisation_id)
    if record is None or record.counts:
        return
    # Whoever is sending answers at this moment is waited for; whoever comes after finds nothing.
    for wave in waves.waves(session, organisation_id):
        waves.locked_wave(session, organisation_id, wave.id)
    session.expunge(record)
    counts = queries.delete_everything(session, organisation_id)
    record.counts, record.deleted_at = counts, now
    session.merge(record)
    jobs.enqueue(session, organisation_id=organisation_id, kind=WIPE_EVERYTHING, subject_id=uuid4(), now=now)


def _is_over(closed_at: datetime | None, months: int | None, *, zone: str, now: datetime) -> bool:
    """True from the beginning of the day of deletion that people were promised, in the client's time zone."""
    if closed_at is None or months is None:
        return False
    return deletion_day(labels.today(closed_at, zone), months) <= labels.today(now, zone)


def _record(
    session: Session,
    organisation_id: UUID,
    what: str,
    counts: dict[str, int],
    reason: Sentence,
    *,
    user_id: UUID | None,
    now: datetime,
    wave_label: str = "",
) -> None:
    session.add(
        DeletionRecord(
            organisation_id=organisation_id,
            organisation_name=clients.organisation(session, organisation_id).name,
            wave_label=wave_label,
            what=what,
            counts=counts,
            reason=str(reason),
            user_id=user_id,
            deleted_at=now,
        )
    )
    session.flush()


def _wipe(session: Session, organisation_id: UUID, subject_id: UUID, now: datetime) -> None:
    """Has the worker write the database's files anew, once this transaction is committed."""
    jobs.enqueue(session, organisation_id=organisation_id, kind=WIPE, subject_id=subject_id, now=now)
    jobs.retry(session, kind=WIPE, subject_id=subject_id, now=now)


def _at_reference(sentence: Sentence) -> InvalidError:
    return InvalidError(sentence, fields={"reference": sentence})
