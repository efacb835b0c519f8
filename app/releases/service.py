"""Asking for the result of a closed wave once more; the worker makes it (`releases.make`)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError, InvalidError
from app.jobs import queries as job_queries
from app.jobs import service as jobs
from app.jobs.queries import JobFacts
from app.releases import refusals, store
from app.releases.document.release import Occasion
from app.sentences import Sentence, recalled, say
from app.waves import queries as waves

OCCASIONS: Final[dict[Occasion, Sentence]] = {
    "headcounts": say("With the headcounts as they have been corrected"),
    "departments": say("With the departments as they are now arranged"),
}


def again(occasion: Occasion) -> str:
    """The kind of the job that makes a release on this occasion."""
    return f"release:{occasion}"


def ask_again(session: Session, *, organisation_id: UUID, wave_id: UUID, occasion: str, now: datetime) -> None:
    """Has the next release of a closed wave made; asked twice while it is being made, it is made once.

    InvalidError for an occasion that is none; ConflictError when there is no result yet, when its answers were deleted,
    and for an occasion on which it was made again before.
    """
    known: dict[str, Occasion] = {one: one for one in OCCASIONS}
    if occasion not in known:
        raise InvalidError(
            say("Choose why the result is made again."), fields={"occasion": say("Choose one of the two.")}
        )
    wave = waves.wave(session, organisation_id, wave_id)
    if not wave.finished:
        raise ConflictError(refusals.NO_RESULT.filled({"label": wave.label}))
    if wave.deleted_at is not None:
        raise ConflictError(say("The answers of {label} were deleted, so its result stays as it is.", label=wave.label))
    if any(one.document.occasion == occasion for one in store.of_wave(session, organisation_id, wave_id)):
        raise ConflictError(
            say(
                "The result of {label} was made again for this reason once. Many releases that differ a "
                "little would tell more than each of them, so there is no other.",
                label=wave.label,
            )
        )
    kind = again(known[occasion])
    jobs.enqueue(session, organisation_id=organisation_id, kind=kind, subject_id=wave_id, now=now)
    jobs.retry(session, kind=kind, subject_id=wave_id, now=now)


def under_way(session: Session, wave_id: UUID) -> JobFacts | None:
    """The work on a further release that is waiting, running or was given up; None when there is none."""
    found = [job_queries.job(session, kind=again(one), subject_id=wave_id) for one in OCCASIONS]
    return next((job for job in found if job is not None and job.state != "done"), None)


def failure(stored: str) -> str:
    """Why a job could not make a release: the stored sentence, in the reader's language where it is one of ours."""
    return recalled(stored, (*refusals.EVERY, jobs.GIVEN_UP, jobs.ABANDONED))
