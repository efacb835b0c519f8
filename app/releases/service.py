"""Asking for the result of a closed wave once more, or for a comparison of two waves; the worker makes both."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError, InvalidError
from app.jobs import queries as job_queries
from app.jobs import service as jobs
from app.jobs.queries import JobFacts
from app.releases import pairs, refusals, store
from app.releases.document.release import Occasion
from app.releases.store import Place
from app.sentences import Sentence, recalled, say
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.waves.results import beside

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
    return recalled(stored, (*refusals.EVERY, *refusals.WHY_NOT_COMPARED, jobs.GIVEN_UP, jobs.ABANDONED))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two waves of one assessment that both have a result."""

    earlier: WaveView
    later: WaveView


def pair(session: Session, organisation_id: UUID, wave_id: UUID, other_id: UUID) -> Pair:
    """Two waves of a client in their order; two statements.

    NotFoundError where the client has no such wave; InvalidError for a wave with itself, or waves of two assessments;
    ConflictError, which says why, while one of them has no result.
    """
    one, other = (waves.wave(session, organisation_id, id) for id in (wave_id, other_id))
    if one.id == other.id:
        raise InvalidError(
            say("A wave is not compared with itself. Choose another one beside {label}.", label=one.label)
        )
    if one.assessment_id != other.assessment_id:
        raise InvalidError(
            say(
                "{one} and {other} belong to different assessments, which are not compared: they ask other people "
                "other things.",
                one=one.label,
                other=other.label,
            )
        )
    for wave in (one, other):
        if not wave.finished:
            raise ConflictError(_unfinished(wave))
    earlier, later = sorted((one, other), key=lambda wave: wave.number)
    return Pair(earlier, later)


def pairs_of(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[Pair, ...]:
    """A wave of a client with each other wave that can be compared with it, the newest first; none while it has no
    result. One statement."""
    every = waves.waves(session, organisation_id)
    this = next((one for one in every if one.id == wave_id and one.finished), None)
    if this is None:
        return ()
    return tuple(Pair(*sorted((this, other), key=lambda wave: wave.number)) for other in beside(every, this))


def _unfinished(wave: WaveView) -> Sentence:
    if wave.cancelled is not None:
        return say("{label} was cancelled, so there is nothing of it to compare.", label=wave.label)
    return say("{label} has no result yet. Waves are compared once both have closed.", label=wave.label)


def ask_comparison(session: Session, *, organisation_id: UUID, wave_id: UUID, other_id: UUID, now: datetime) -> None:
    """Has two waves compared; asked twice it is made once. Errors as in `pair`; ConflictError where it can't be made.

    A pair that the release of the later wave compares already needs nothing, and nothing is asked for.
    """
    found = pair(session, organisation_id, wave_id, other_id)
    place = Place(organisation_id, found.later.id)
    if is_told(session, found) or pairs.by_id(session, organisation_id, pairs.id_of(place.wave_id, found.earlier.id)):
        return
    for wave in (found.earlier, found.later):
        if wave.deleted_at is not None:
            raise ConflictError(refusals.GONE.filled({"label": wave.label}))
    comparison_id = pairs.ask(session, place, earlier_id=found.earlier.id, now=now)
    jobs.enqueue(session, organisation_id=organisation_id, kind=pairs.JOB, subject_id=comparison_id, now=now)
    jobs.retry(session, kind=pairs.JOB, subject_id=comparison_id, now=now)


def is_told(session: Session, found: Pair) -> bool:
    """Whether the release of the later wave compares it with the earlier one."""
    release = store.latest(session, found.later.organisation_id, found.later.id)
    return release is not None and release.document.wave.previous_label == found.earlier.label


def comparing(session: Session, comparison_id: UUID) -> JobFacts | None:
    """The work on a comparison that is waiting, running or was given up; None when there is none."""
    found = job_queries.job(session, kind=pairs.JOB, subject_id=comparison_id)
    return found if found is not None and found.state != "done" else None
