"""The pages of what experts say. Nobody sees the ratings of others before giving their own."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.clients import queries as clients
from app.experts import queries, service
from app.experts.forms import RatingForm
from app.experts.judging import CAPABILITY, HUMAN_PART, Judgement, counts, judgement, newest
from app.experts.queries import RatingFacts
from app.experts.views import DepartmentGroup, ExpertsPage, Options, RatingLine, RatingPage, WorkflowLine
from app.lineage.days import today
from app.sentences import Listing, Passage, Sentence, say, say_count
from app.workflows import queries as workflows
from app.workflows.queries import WorkflowFacts

CLOSED = say("Departments that were closed")
SOMEBODY = say("Somebody")


def list_page(session: Session, organisation_id: UUID, *, user_id: UUID, now: datetime) -> ExpertsPage:
    """The workflows of a client by department, with how many experts rated each."""
    organisation = clients.organisation(session, organisation_id)
    day = today(now, organisation.time_zone)
    by_workflow: dict[UUID, list[RatingFacts]] = {}
    for one in queries.ratings(session, organisation_id):
        by_workflow.setdefault(one.workflow_id, []).append(one)
    there = [one for one in workflows.inventory(session, organisation_id) if not one.retired]
    lines = {one.id: _line(one, by_workflow.get(one.id, []), user_id=user_id, day=day) for one in there}
    nodes = {node.id: node.name for node in clients.departments(session, organisation_id)}
    groups = [
        DepartmentGroup(name=name, lines=tuple(lines[one.id] for one in there if one.department_id == id))
        for id, name in nodes.items()
    ]
    lost = tuple(lines[one.id] for one in there if one.department_id not in nodes)
    groups.append(DepartmentGroup(name=CLOSED, lines=lost))
    return ExpertsPage(
        organisation=organisation,
        groups=tuple(group for group in groups if group.lines),
        count=len(lines),
        enough=sum(line.enough for line in lines.values()),
        waiting=sum(not line.mine for line in lines.values()),
    )


def _line(one: WorkflowFacts, ratings: Sequence[RatingFacts], *, user_id: UUID, day: date) -> WorkflowLine:
    found = judgement(ratings, day=day)
    seen = service.may_see(ratings, user_id)
    return WorkflowLine(
        id=one.id,
        name=one.name,
        told=_told(found, seen=seen),
        enough=found.enough,
        mine=any(rating.user_id == user_id for rating in newest(ratings) if counts(rating, day)),
    )


def _told(found: Judgement, *, seen: bool) -> str:
    """How far a workflow is rated. That experts contradict each other is told to those who have rated it."""
    n = len(found.capability)
    if not n and found.ended:
        return say("Its ratings are more than a year old: rate it anew. Until then the proxy counts.")
    if not n:
        return say("Nobody has rated it. Until two experts have, the proxy counts.")
    if not found.enough:
        return say("One expert has rated it. Until a second does, the proxy counts.")
    told = say_count("{n} expert has rated it.", "{n} experts have rated it.", n)
    return Passage((told, say("They contradict each other."))) if seen and found.contradict else told


def rating_page(
    session: Session,
    organisation_id: UUID,
    workflow_id: UUID,
    *,
    user_id: UUID,
    now: datetime,
    typed: RatingForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> RatingPage:
    """A workflow with its ratings, as somebody may see them, and the form. NotFoundError where there is none."""
    one = workflows.workflow(session, organisation_id, workflow_id)
    organisation = clients.organisation(session, organisation_id)
    day = today(now, organisation.time_zone)
    every = queries.of_workflow(session, organisation_id, workflow_id)
    people = accounts.names(session)
    seen = service.may_see(every, user_id)
    lines = _lines(every, people, user_id=user_id, day=day)
    shown = [line for line in lines if seen or line.mine]
    return RatingPage(
        organisation=organisation,
        workflow_id=one.id,
        name=one.name,
        department=_department(session, organisation_id, one),
        description=one.facts.description,
        retired=one.retired,
        basis=tuple(_basis(judgement(every, day=day), seen=seen)),
        others=() if seen else tuple(people.get(rating.user_id, SOMEBODY) for rating in newest(every)),
        counting=tuple(line for line in shown if line.counts),
        history=tuple(line for line in reversed(shown) if not line.counts),
        rated_before=seen,
        typed=typed or RatingForm(on=day.isoformat()),
        capability=_options(CAPABILITY),
        human_part=_options(HUMAN_PART),
        errors=errors or {},
    )


def _basis(found: Judgement, *, seen: bool) -> Iterator[str]:
    """What the map rests on, and what is missing."""
    if not found.enough:
        yield _told(found, seen=seen)
        return
    if not seen:
        return
    yield say_count(
        "The map rests on the mean of {n} expert.", "The map rests on the mean of {n} experts.", len(found.capability)
    )
    if found.contradict:
        yield say(
            "They contradict each other: {capability} on what agents can do, {human} on the part of a person. Two "
            "steps apart are too far for chance. Look at what each rests on, and let somebody else rate it; until "
            "then the map says so beside the workflow.",
            capability=Listing(str(one) for one in found.capability),
            human=Listing(str(one) for one in found.human_part),
        )


def _lines(
    every: Sequence[RatingFacts], people: Mapping[UUID, str], *, user_id: UUID, day: date
) -> tuple[RatingLine, ...]:
    there = {one.id for one in newest(every) if counts(one, day)}
    return tuple(
        RatingLine(
            id=one.id,
            who=people.get(one.user_id, SOMEBODY),
            mine=one.user_id == user_id,
            capability=_step(one.capability, CAPABILITY),
            human_part=_step(one.human_part, HUMAN_PART),
            on=one.rated_on,
            at=one.made_at,
            source=one.source,
            link=one.link,
            file_name=one.file_name,
            informed=one.informed,
            told=_state(one, day=day, newer=one.id not in there),
            counts=one.id in there,
            because=one.withdrawn_because,
        )
        for one in every
    )


def _state(one: RatingFacts, *, day: date, newer: bool) -> str:
    if one.withdrawn_at is not None:
        return say("Withdrawn")
    if not counts(one, day):
        return say("More than a year old; it counts no more")
    return say("Rated again since") if newer else say("Counts")


def _step(step: int, words: Mapping[int, Sentence]) -> Sentence:
    return say("{step}: {words}", step=step, words=words[step])


def _options(words: Mapping[int, Sentence]) -> Options:
    return tuple((str(step), _step(step, words), None) for step in words)


def _department(session: Session, organisation_id: UUID, one: WorkflowFacts) -> str:
    nodes = clients.departments(session, organisation_id)
    return next((node.name for node in nodes if node.id == one.department_id), say("a department that was closed"))
