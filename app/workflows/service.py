"""Keeping the workflows of a client's departments: what they are, what is known of them, which of them are rated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid4

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError
from app.sentences import Passage, say
from app.workflows import following, queries
from app.workflows.differing import differences
from app.workflows.facts import NOTHING, Facts, as_json, in_general
from app.workflows.law import settled
from app.workflows.library import LANGUAGES, Seed
from app.workflows.models import Workflow, WorkflowVersion
from app.workflows.queries import WorkflowFacts
from app.workflows.rules import MOST, MOST_KEPT, about_name, require_possible
from surveys.arrange import MOST_EACH

DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
NOT_AS_SEEN: Final = say(
    "Somebody saved this workflow meanwhile, or the proposal is settled already. Nothing was changed: look at the page "
    "once more."
)
Way = Literal["console", "link", "file", "library"]

NOT_TOLD: Final = -1
NOT_SEEN: Final = say("This form does not say what it showed, so somebody may have saved meanwhile.")


class ChangedMeanwhileError(ConflictError):
    """Somebody else saved the workflow after its form was shown. `changes` say what is different now."""

    def __init__(self, changes: tuple[str, ...], version: int) -> None:
        super().__init__(Passage(changes))
        self.changes, self.version = changes, version


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who saves, by name, how they came, and when."""

    name: str
    way: Way
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A workflow as it is to be."""

    department_id: UUID
    name: str
    facts: Facts = NOTHING
    rated: bool = False


def add(
    session: Session, organisation_id: UUID, wanted: Wanted, *, author: Author, workflow_id: UUID | None = None
) -> UUID:
    """Puts a workflow into the inventory. A form that is sent twice, with one `workflow_id`, makes one.

    InvalidError says which field is wrong.
    """
    clients.lock_tree(session, organisation_id)
    there = queries.rows(session, organisation_id)
    if any(row.id == workflow_id for row in there):
        assert workflow_id is not None  # it is the id of one of them
        return workflow_id
    name = " ".join(wanted.name.split())
    require_possible(name, wanted.facts)
    of_department = queries.homes(session, organisation_id).of(there, wanted.department_id)
    _require_free(of_department, wanted, name, own=None)
    made = Workflow(
        organisation_id=organisation_id,
        id=workflow_id or uuid4(),
        department_id=wanted.department_id,
        code=code_of(len(there) + 1),
        name=name,
        position=1 + max((row.position for row in of_department), default=-1),
        rated=wanted.rated,
        created_at=author.now,
    )
    session.add(made)
    session.flush()
    _write_version(session, made, wanted.facts, author)
    return made.id


def change(
    session: Session,
    organisation_id: UUID,
    workflow_id: UUID,
    wanted: Wanted,
    *,
    author: Author,
    seen: int | None,
) -> None:
    """Saves a workflow as a new version; one that says nothing new is none.

    `seen` is the version that its form showed, None for whoever saw none and NOT_TOLD for a form that does not say:
    ChangedMeanwhileError where it is not the newest. InvalidError says which field is wrong.
    """
    clients.lock_tree(session, organisation_id)
    row = queries.one_row(session, organisation_id, workflow_id)
    now = queries.workflow(session, organisation_id, workflow_id)
    if seen is not None and seen != row.version:
        raise ChangedMeanwhileError(_since(session, organisation_id, now, seen), row.version)
    name = " ".join(wanted.name.split())
    require_possible(name, wanted.facts)
    _require_free(_of_department(session, organisation_id, wanted.department_id), wanted, name, own=workflow_id)
    moved = now.department_id != wanted.department_id
    if row.version and not moved and (now.name, now.rated, now.facts) == (name, wanted.rated, wanted.facts):
        return
    row.name, row.rated = name, wanted.rated
    if moved:  # else it stays where it was chosen, and comes back there when a merge is taken back
        row.department_id = wanted.department_id
    _write_version(session, row, wanted.facts, author)


def require_there(session: Session, organisation_id: UUID, workflow_id: UUID) -> None:
    """NotFoundError for a workflow that the client does not have, before anything that was typed is looked at."""
    _with_facts(session, organisation_id, workflow_id)


def settle(
    session: Session,
    organisation_id: UUID,
    workflow_id: UUID,
    *,
    flag: str,
    take: bool,
    author: Author,
    seen: int,
) -> None:
    """Confirms an answer about the law that was proposed, or sets it aside. ConflictError where the workflow is another
    version than `seen`, or retired, or nothing is proposed."""
    row, facts = _with_facts(session, organisation_id, workflow_id)
    if row.version != seen or row.retired_at is not None or flag not in facts.proposed:
        raise ConflictError(NOT_AS_SEEN)
    _write_version(session, row, settled(facts, flag, take=take), author)


def retire(session: Session, organisation_id: UUID, workflow_id: UUID, *, author: Author) -> None:
    """Retires a workflow: it is asked about no more, and all that was known of it stays. Once."""
    row, facts = _with_facts(session, organisation_id, workflow_id)
    if row.retired_at is None:
        row.retired_at, row.rated = author.now, False
        _write_version(session, row, facts, author)


def bring_back(session: Session, organisation_id: UUID, workflow_id: UUID, *, author: Author) -> None:
    """Brings a retired workflow back into the inventory. InvalidError where its name was taken meanwhile."""
    row, facts = _with_facts(session, organisation_id, workflow_id)
    if row.retired_at is not None:
        home = queries.homes(session, organisation_id).now(row.department_id)
        wanted = Wanted(department_id=home, name=row.name)
        _require_free(_of_department(session, organisation_id, home), wanted, row.name, own=row.id)
        row.retired_at = None
        _write_version(session, row, facts, author)


def pick(
    session: Session,
    organisation_id: UUID,
    department_id: UUID,
    seeds: Sequence[Seed],
    *,
    language: str,
    author: Author,
) -> int:
    """Takes workflows of the library into the inventory of a department; those that it has are left as they are.

    Gives how many are new. They are rated as long as nobody would be asked about more than one person rates.
    """
    clients.lock_tree(session, organisation_id)
    tongue = language if language in LANGUAGES else LANGUAGES[0]
    of_department = _of_department(session, organisation_id, department_id)
    there = {row.name.casefold() for row in of_department if row.retired_at is None}
    room = MOST_EACH - sum(row.rated for row in of_department)
    new = [seed for seed in seeds if there.isdisjoint(name.casefold() for name in seed.names.values())]
    with session.begin_nested():  # all of them or none
        for number, seed in enumerate(new):
            wanted = Wanted(
                department_id=department_id, name=seed.names[tongue], facts=seed.facts(tongue), rated=number < room
            )
            add(session, organisation_id, wanted, author=author)
    return len(new)


def take_over(
    session: Session, organisation_id: UUID, *, of: UUID, departments: Mapping[UUID, UUID], author: Author
) -> None:
    """Gives a new client, which has none yet, the workflows of another one that are not retired: names, whether they
    are rated, and what is known of such work in general. `departments` says which of its departments became which."""
    found = (one for one in queries.inventory(session, of) if not one.retired and one.department_id in departments)
    for number, one in enumerate(found, start=1):
        made = Workflow(
            organisation_id=organisation_id,
            department_id=departments[one.department_id],
            code=code_of(number),
            name=one.name,
            position=one.position,
            rated=one.rated,
            created_at=author.now,
        )
        session.add(made)
        session.flush()
        session.add(next_version(made, in_general(one.facts), author))
        session.flush()


def name_workflows(
    session: Session,
    *,
    organisation_id: UUID,
    department_id: UUID,
    names: tuple[str, ...],
    now: datetime,
    made_by: str = "",
) -> None:
    """Says which workflows the people of a department rate, by their names; one that keeps its name keeps its id.

    One that is not named any more is rated no more and stays in the inventory, and in waves that asked about it.
    InvalidError, field `workflows`, says what is wrong.
    """
    wanted = tuple(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    _check(wanted)
    clients.lock_tree(session, organisation_id)
    of_department = _of_department(session, organisation_id, department_id)
    # Of two of one name the one that is in use comes last, and counts.
    there = {row.name.casefold(): row for row in sorted(of_department, key=lambda row: row.retired_at is None)}
    author = Author(name=made_by, way="console", now=now)
    try:
        with session.begin_nested():  # all of them or none
            for row in of_department:
                row.rated = False
            _name_all(session, organisation_id, department_id, wanted, there, author=author)
            following.ask(session, organisation_id, now=now)
    except InvalidError as error:
        raise InvalidError(error.message, fields={"workflows": error.message}) from error


def _name_all(
    session: Session,
    organisation_id: UUID,
    department_id: UUID,
    wanted: Sequence[str],
    there: Mapping[str, Workflow],
    *,
    author: Author,
) -> None:
    for position, name in enumerate(wanted):
        known = there.get(name.casefold())
        if known is None:
            asked = Wanted(department_id=department_id, name=name, rated=True)
            made = add(session, organisation_id, asked, author=author)
            known = queries.one_row(session, organisation_id, made)
        known.name, known.position, known.retired_at, known.rated = name, position, None, True
    session.flush()


def code_of(number: int) -> str:
    """The number in the digits and letters that an id may have: 1 is "1", 36 is "10"."""
    digits = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits


def _of_department(session: Session, organisation_id: UUID, department_id: UUID) -> list[Workflow]:
    """The workflows of a department of today, those that it took over too."""
    there = queries.rows(session, organisation_id)
    return queries.homes(session, organisation_id).of(there, department_id)


def _with_facts(session: Session, organisation_id: UUID, workflow_id: UUID) -> tuple[Workflow, Facts]:
    clients.lock_tree(session, organisation_id)
    row = queries.one_row(session, organisation_id, workflow_id)
    return row, queries.workflow(session, organisation_id, workflow_id).facts


def next_version(row: Workflow, facts: Facts, author: Author) -> WorkflowVersion:
    """A workflow as it is now, as its next version, to be added to the session."""
    row.version += 1
    return WorkflowVersion(
        organisation_id=row.organisation_id,
        workflow_id=row.id,
        number=row.version,
        saved_at=author.now,
        made_by=author.name,
        way=author.way,
        department_id=row.department_id,
        name=row.name,
        rated=row.rated,
        retired=row.retired_at is not None,
        facts=as_json(facts),
    )


def _write_version(session: Session, row: Workflow, facts: Facts, author: Author) -> None:
    session.add(next_version(row, facts, author))
    session.flush()
    following.ask(session, row.organisation_id, now=author.now)


def _since(session: Session, organisation_id: UUID, now: WorkflowFacts, seen: int) -> tuple[str, ...]:
    """What was saved after the version that somebody saw: who did it, and what is different."""
    versions = {one.number: one for one in queries.history(session, organisation_id, now.id)}
    if seen not in versions:
        return (NOT_SEEN,)
    who = say("{name} saved this workflow while you were changing it.", name=now.made_by or say("Somebody"))
    return (who, *differences(versions[seen], versions[now.version]))


def _require_free(of_department: Sequence[Workflow], wanted: Wanted, name: str, *, own: UUID | None) -> None:
    """InvalidError where the department has a workflow of that name, or as many as it may have."""
    others = [row for row in of_department if row.id != own and row.retired_at is None]
    sentence = None
    if any(row.name.casefold() == name.casefold() for row in others):
        sentence = say("The department has a workflow of this name. Change that one, or choose another name.")
        raise InvalidError(sentence, fields={"name": sentence})
    if len(others) >= MOST_KEPT:
        sentence = say("The department has {most} workflows, and that is the most. Retire one first.", most=MOST_KEPT)
        raise InvalidError(sentence, fields={"name": sentence})
    if wanted.rated and sum(row.rated for row in others) >= MOST:
        sentence = say(
            "Staff of this department already rate {most} workflows, and more would take them too long. "
            "Take one of them out first.",
            most=MOST,
        )
        raise InvalidError(sentence, fields={"rated": sentence})


def _check(names: tuple[str, ...]) -> None:
    sentence: str | None = None
    if len(names) > MOST:
        sentence = say(
            "These are {count} workflows. Name at most {most}: each takes people about half a minute.",
            count=len(names),
            most=MOST,
        )
    if len({name.casefold() for name in names}) < len(names):
        sentence = say("A workflow is named twice.")
    sentence = next(filter(None, map(about_name, names)), sentence)
    if sentence is not None:
        raise InvalidError(sentence, fields={"workflows": sentence})
