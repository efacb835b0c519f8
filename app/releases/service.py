"""Asking for the result of a closed wave once more; the worker makes it (`releases.make`)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError, InvalidError
from app.jobs import queries as job_queries
from app.jobs import service as jobs
from app.jobs.queries import JobFacts
from app.releases import store
from app.releases.document import Occasion
from app.waves import queries as waves

OCCASIONS: Final[dict[Occasion, str]] = {
    "headcounts": "With the headcounts as they have been corrected",
    "departments": "With the departments as they are now arranged",
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
        raise InvalidError("Choose why the result is made again.", fields={"occasion": "Choose one of the two."})
    wave = waves.wave(session, organisation_id, wave_id)
    if not wave.finished:
        raise ConflictError(f"{wave.label} has no result yet, so it cannot be made again.")
    if wave.deleted_at is not None:
        raise ConflictError(f"The answers of {wave.label} were deleted, so its result stays as it is.")
    if any(one.document.occasion == occasion for one in store.of_wave(session, organisation_id, wave_id)):
        raise ConflictError(
            f"The result of {wave.label} was made again for this reason once. Many releases that differ a little would "
            "tell more than each of them, so there is no other."
        )
    kind = again(known[occasion])
    jobs.enqueue(session, organisation_id=organisation_id, kind=kind, subject_id=wave_id, now=now)
    jobs.retry(session, kind=kind, subject_id=wave_id, now=now)


def under_way(session: Session, wave_id: UUID) -> JobFacts | None:
    """The work on a further release that is waiting, running or was given up; None when there is none."""
    found = [job_queries.job(session, kind=again(one), subject_id=wave_id) for one in OCCASIONS]
    return next((job for job in found if job is not None and job.state != "done"), None)
