"""Rating how well agents do a workflow, and taking that back. Nothing is overwritten: the history stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.evidence import files
from app.evidence.links import WHOLE_ADDRESS, is_link
from app.experts import queries
from app.experts.judging import COUNTS_FOR
from app.experts.models import ExpertEvidence, ExpertRating
from app.experts.queries import RatingFacts
from app.lineage.days import today
from app.sentences import Passage, say
from app.workflows import following
from app.workflows import queries as workflows

SHORTEST: Final = 10
LONGEST: Final = 600
RETIRED: Final = say("This workflow is retired, so it is rated no more. Nothing was changed.")
WITHDRAWN: Final = say("This rating is withdrawn already, or it is not there any more.")
USED: Final = say("This form has been used. Open the page again and send it once more.")
CHOOSE: Final = say("Choose one of the five.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A rating as it was asked for. `id` marks the form, so that a double click makes one."""

    id: UUID
    capability: int | None
    human_part: int | None
    on: date | None
    source: str
    link: str
    file_name: str
    content: bytes


def rate(
    session: Session, wanted: Wanted, *, organisation_id: UUID, workflow_id: UUID, user_id: UUID, now: datetime
) -> UUID:
    """Keeps what somebody says of a workflow, and gives its id; their newest rating counts.

    InvalidError has a sentence for each field that is wrong, ConflictError for a workflow that is retired, and for a
    form that made another rating; nothing is stored then. Sent twice it is one rating.
    """
    wrong = _wrong(wanted, day=today(now, clients.organisation(session, organisation_id).time_zone))
    clients.lock_tree(session, organisation_id)
    one = workflows.workflow(session, organisation_id, workflow_id)
    if _is_made(session, organisation_id, wanted.id, by=(workflow_id, user_id)):
        return wanted.id
    if one.retired:
        raise ConflictError(RETIRED)
    if wrong or wanted.capability is None or wanted.human_part is None or wanted.on is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    rating = ExpertRating(
        organisation_id=organisation_id,
        id=wanted.id,
        workflow_id=workflow_id,
        user_id=user_id,
        capability=wanted.capability,
        human_part=wanted.human_part,
        rated_on=wanted.on,
        source=wanted.source,
        link=wanted.link,
        file_name=files.checked_name(wanted.file_name) if wanted.content else "",
        file_sha256=files.fingerprint(wanted.content) if wanted.content else "",
        informed=has_seen(queries.of_workflow(session, organisation_id, workflow_id), user_id),
        made_at=now,
    )
    session.add(rating)
    session.flush()
    if wanted.content:
        session.add(ExpertEvidence(organisation_id=organisation_id, rating_id=wanted.id, content=wanted.content))
        session.flush()
    following.ask(session, organisation_id, now=now)
    return wanted.id


def _is_made(session: Session, organisation_id: UUID, form: UUID, *, by: tuple[UUID, UUID]) -> bool:
    """Whether a form made its rating before. ConflictError where that is of another workflow, or of somebody else."""
    made = queries.rating(session, organisation_id, form)
    if made is not None and (made.workflow_id, made.user_id) != by:
        raise ConflictError(USED)
    return made is not None


def may_see(ratings: Sequence[RatingFacts], user_id: UUID) -> bool:
    """Whether somebody may see what others said of a workflow: who has rated it themselves."""
    return any(one.user_id == user_id for one in ratings)


def has_seen(ratings: Sequence[RatingFacts], user_id: UUID) -> bool:
    """Whether somebody could see what another one said of it before they rate it now."""
    return may_see(ratings, user_id) and any(one.user_id != user_id for one in ratings)


def found(session: Session, organisation_id: UUID, workflow_id: UUID, rating_id: UUID) -> RatingFacts:
    """A rating of a workflow; NotFoundError when there is none."""
    every = queries.of_workflow(session, organisation_id, workflow_id)
    one = next((one for one in every if one.id == rating_id), None)
    if one is None:
        raise NotFoundError
    return one


def withdraw(
    session: Session,
    *,
    organisation_id: UUID,
    workflow_id: UUID,
    rating_id: UUID,
    user_id: UUID,
    because: str,
    now: datetime,
) -> None:
    """Takes one's own rating back, with the reason; it counts no more from this moment on, and stays in the history.

    NotFoundError for that of somebody else: who doubts it rates the workflow themselves.
    """
    if found(session, organisation_id, workflow_id, rating_id).user_id != user_id:
        raise NotFoundError
    if not because or len(because) > LONGEST:
        about = say("Say in a sentence why it is withdrawn, in at most {most} characters.", most=LONGEST)
        raise InvalidError(about, fields={"because": about})
    if not queries.withdraw(session, organisation_id=organisation_id, rating_id=rating_id, because=because, now=now):
        raise ConflictError(WITHDRAWN)
    following.ask(session, organisation_id, now=now)


def _wrong(wanted: Wanted, *, day: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if wanted.capability is None:
        wrong["capability"] = CHOOSE
    if wanted.human_part is None:
        wrong["human_part"] = CHOOSE
    if not SHORTEST <= len(wanted.source) <= LONGEST:
        wrong["source"] = say(
            "Say what your rating rests on, for example a test on own cases, in {least} to {most} characters. Without "
            "evidence it counts for nothing.",
            least=SHORTEST,
            most=LONGEST,
        )
    if wanted.link and not is_link(wanted.link):
        wrong["link"] = WHOLE_ADDRESS
    return wrong | _about_day(wanted.on, day) | _about_file(wanted)


def _about_day(on: date | None, day: date) -> dict[str, str]:
    if on is None:
        return {"on": say("Give the day on which you looked at it, such as 2026-11-30.")}
    if on > day:
        return {"on": say("{day} lies ahead. Rate what agents can do today.", day=on)}
    if on <= day - COUNTS_FOR:
        return {"on": say("{day} is more than a year ago, so it would not count. Look at it anew.", day=on)}
    return {}


def _about_file(wanted: Wanted) -> dict[str, str]:
    if not wanted.content:
        return {}
    try:
        files.check(files.checked_name(wanted.file_name), wanted.content)
    except InvalidError as error:
        return error.fields
    return {}
