"""Keeping the action plan: taking actions on, changing them, moving them on, and the hours of ninety days."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.actions import queries
from app.actions.differing import Names, differences
from app.actions.facts import ENDED, Facts, as_json, from_json
from app.actions.models import PlanFrame, PlannedAction, PlannedActionVersion
from app.actions.places import Places, places
from app.actions.queries import Planned
from app.actions.rules import MOST_HOURS, require_owner, require_possible
from app.actions.timing import plan_anew, plan_next
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.lineage import days
from app.numerals import whole
from app.playbooks.action import Action
from app.sentences import Passage, say

MOST_PLANNED: Final = 500
"""So many actions a client's plan may hold that are not done or dropped."""

NOT_TOLD: Final = -1
NOT_SEEN: Final = say("This form does not say what it showed, so somebody may have saved meanwhile.")


class ChangedMeanwhileError(ConflictError):
    """Somebody else saved the action after its form was shown. `changes` say what is different now."""

    def __init__(self, changes: tuple[str, ...], version: int) -> None:
        super().__init__(Passage(changes))
        self.changes, self.version = changes, version


@dataclass(frozen=True, slots=True)
class Author:
    """Who saves, by name, and when."""

    name: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An action that is to be taken on. `id` follows from its form, so that a form that is sent twice takes it once.

    `action`, `edition` and `words` are those of the library, empty for one of their own.
    """

    id: UUID
    facts: Facts
    begins: date
    action: str = ""
    edition: str = ""
    words: Mapping[str, str] | None = None
    wave_id: UUID | None = None


def of_library(action: Action, wanted: Wanted) -> Wanted:
    """A wanted action as the library's: its words and cells count, whatever was typed."""
    facts = replace(wanted.facts, title=action.title.message, moves=action.moves)
    words = dict(action.title.words)
    return replace(wanted, facts=facts, action=action.id, edition=action.version, words=words)


def take(session: Session, organisation_id: UUID, wanted: Sequence[Wanted], *, author: Author) -> int:
    """Takes actions into the plan, all of them or none, and says how many are new.

    InvalidError has a sentence for each field that is wrong; with several actions a field's name begins with the
    number of the action, from 0.
    """
    clients.lock_tree(session, organisation_id)  # of two who take the same action on, the second finds it
    there, where = queries.plan(session, organisation_id), places(session, organisation_id)
    known = {one.id for one in there}
    new = [one for one in wanted if one.id not in known]
    today = _today(session, organisation_id, author.now)
    titles = {one.id: one.facts.title for one in there} | {one.id: one.facts.title for one in wanted}
    needs = {one.id: one.facts.needs for one in there} | {one.id: one.facts.needs for one in wanted}
    found: dict[str, str] = {}
    for number, one in enumerate(wanted):
        try:
            _require_room(there, new, one, where)
            require_possible(one.facts, None, own=one.id, titles=titles, needs=needs, today=today)
        except InvalidError as error:
            named = (
                error.fields if len(wanted) == 1 else {f"{number}-{key}": told for key, told in error.fields.items()}
            )
            found |= named
    if found and new:
        raise InvalidError(Passage(found.values()), fields=found)
    for one in new:
        _add(session, organisation_id, one, author)
    return len(new)


def change(
    session: Session,
    organisation_id: UUID,
    planned_id: UUID,
    facts: Facts,
    *,
    author: Author,
    seen: int | None,
) -> None:
    """Saves an action as a new version; one that says nothing new is none.

    `seen` is the version that its form showed, None for whoever saw none and NOT_TOLD for a form that does not say:
    ChangedMeanwhileError where it is not the newest. InvalidError has a sentence for each field that is wrong.
    """
    clients.lock_tree(session, organisation_id)
    row = queries.row(session, organisation_id, planned_id)
    every = {one.id: one for one in queries.plan(session, organisation_id)}
    now = every[planned_id]
    if seen is not None and seen != now.version:
        raise ChangedMeanwhileError(_since(session, now, seen, organisation_id), now.version)
    today = _today(session, organisation_id, author.now)
    if now.action:  # its words are the library's, which the plan keeps as they were
        facts = replace(facts, title=now.facts.title, moves=now.facts.moves)
    require_possible(
        facts,
        now.facts,
        own=planned_id,
        titles={id: one.facts.title for id, one in every.items()},
        needs={id: one.facts.needs for id, one in every.items()},
        today=today,
    )
    settled = _ended(facts, now.facts, today)
    if settled == now.facts:
        return
    row.department_id = settled.department_id
    if settled.mail != now.facts.mail:
        row.refused = ""
    _write(session, row, settled, author)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does something, by name, mail address and the language of mails to them."""

    name: str
    mail: str
    language: str = "en"


def hand_over(
    session: Session,
    organisation_id: UUID,
    theirs: Callable[[Planned], bool],
    to: Person,
    *,
    author: Author,
    has_left: bool = False,
) -> int:
    """Gives the actions that are `theirs` and have not ended to somebody else, all of them or none, and says how many.

    Of somebody who `has_left` name and address are taken out of all that was saved before as well, also where nothing
    of theirs is left to do.

    Whose they are is asked once nobody else is saving. NotFoundError where there are none; InvalidError, fields `owner`
    and `mail`, for what is no name or address.
    """
    clients.lock_tree(session, organisation_id)
    every = queries.plan(session, organisation_id)
    mine = [one for one in every if theirs(one)]
    given = {one.id: one for one in mine if one.facts.status not in ENDED}
    if not given:
        _require_left(mine if has_left else ())
        _forget(session, organisation_id, theirs, {one.facts.owner.casefold() for one in mine})
        return 0
    if not to.name:
        told = say("Give the name of the person who goes on with these.")
        raise InvalidError(told, fields={"owner": told})
    _give(session, organisation_id, given, to, author=author)
    if has_left:
        _forget(session, organisation_id, theirs, {one.facts.owner.casefold() for one in given.values()})
    return len(given)


def _give(
    session: Session, organisation_id: UUID, given: Mapping[UUID, Planned], to: Person, *, author: Author
) -> None:
    """Writes versions with the new owner, and plans the mails of those that had nobody to write to, or have now."""
    said = {id: replace(one.facts, owner=to.name, mail=to.mail, language=to.language) for id, one in given.items()}
    require_owner(next(iter(said.values())))
    changed = [id for id, facts in said.items() if facts != given[id].facts]
    for row in queries.rows(session, organisation_id, changed):
        if to.mail != given[row.id].facts.mail:
            row.refused = ""
        _add_version(session, row, said[row.id], author)
    session.flush()
    for id in changed:
        if bool(to.mail) != bool(given[id].facts.mail):  # else the next mail has its moment, and finds the new address
            plan_next(session, organisation_id, id, said[id], now=author.now)


def set_hours(
    session: Session, organisation_id: UUID, department_id: UUID, begins: date, *, typed: str, seen: str
) -> None:
    """Sets the hours of ninety days. `seen` is what the page showed: ConflictError where somebody changed it meanwhile.

    InvalidError, field `hours`, for what is no number of hours.
    """
    hours = whole(typed, most=MOST_HOURS)
    if hours is None:
        sentence = say("Give the hours as a whole number from 0 to {most}.", most=MOST_HOURS)
        raise InvalidError(sentence, fields={"hours": sentence})
    clients.lock_tree(session, organisation_id)
    row = queries.frame_row(session, organisation_id, department_id, begins)
    given = queries.given(queries.frames(session, organisation_id))
    found = places(session, organisation_id).hours(given, department_id, begins)
    there = "" if found is None else str(found)
    if there not in (seen, typed):
        raise ConflictError(
            say("Somebody else has set {hours} hours meanwhile. Nothing was changed here: look, and set them again.",
                hours=there or say("no")))  # fmt: skip
    if row is None:
        session.add(PlanFrame(organisation_id=organisation_id, department_id=department_id, begins=begins, hours=hours))
    else:
        row.hours = hours
    session.flush()


def names(session: Session, organisation_id: UUID) -> Names:
    """What departments and actions of the plan are called, closed and ended ones too."""
    found: dict[UUID, str] = dict(clients.department_names(session, organisation_id))
    return found | {one.id: one.title for one in queries.plan(session, organisation_id)}


def _require_room(there: Sequence[Planned], new: Sequence[Wanted], wanted: Wanted, where: Places) -> None:
    """InvalidError where the department is at this action already, or took it on in one that it took over, or the plan
    is full with all that are `new`."""
    running = [one for one in there if one.facts.status not in ENDED]
    department = where.now(wanted.facts.department_id)
    every: tuple[Planned | Wanted, ...] = (*running, *new)
    of_department = [one for one in every if where.now(one.facts.department_id) == department]
    if wanted.action and any(one.action == wanted.action and one.id != wanted.id for one in of_department):
        told = say("“{title}” is in the plan of this department already.", title=wanted.facts.title)
        raise InvalidError(told, fields={"title": told})
    if len(running) + len(new) > MOST_PLANNED:
        told = say(
            "There are {most} actions under way, and that is the most. End some of them first.", most=MOST_PLANNED
        )
        raise InvalidError(told, fields={"title": told})


def _require_left(mine: Collection[Planned]) -> None:
    if not mine:
        raise NotFoundError


def _forget(session: Session, organisation_id: UUID, theirs: Callable[[Planned], bool], names: Collection[str]) -> None:
    """Takes somebody out of all versions of what was theirs, also where they stood with their name alone."""
    every = queries.versions(session, organisation_id)
    touched = {one.id for one in every if theirs(one)}
    found = [
        (one.id, one.version)
        for one in every
        if theirs(one) or (one.id in touched and not one.facts.mail and one.facts.owner.casefold() in names)
    ]
    queries.forget_owners(session, organisation_id, found)


def _add(session: Session, organisation_id: UUID, wanted: Wanted, author: Author) -> None:
    row = PlannedAction(
        organisation_id=organisation_id,
        id=wanted.id,
        department_id=wanted.facts.department_id,
        action=wanted.action,
        edition=wanted.edition,
        words=dict(wanted.words or {}),
        begins=wanted.begins,
        wave_id=wanted.wave_id,
        taken_at=author.now,
    )
    session.add(row)
    session.flush()
    _write(session, row, wanted.facts, author)


def _write(session: Session, row: PlannedAction, facts: Facts, author: Author) -> None:
    _add_version(session, row, facts, author)
    session.flush()
    plan_anew(session, row.organisation_id, row.id, facts, now=author.now)


def _add_version(session: Session, row: PlannedAction, facts: Facts, author: Author) -> None:
    row.version += 1
    session.add(
        PlannedActionVersion(
            organisation_id=row.organisation_id,
            planned_action_id=row.id,
            number=row.version,
            saved_at=author.now,
            made_by=author.name,
            facts=as_json(facts),
        )
    )


def _ended(facts: Facts, before: Facts, today: date) -> Facts:
    """The facts with the day on which the action ended, which stays while it is ended in the same way."""
    if facts.status not in ENDED:
        return replace(facts, ended=None)
    same = facts.status == before.status and before.ended is not None
    return replace(facts, ended=before.ended if same else today)


def _since(session: Session, now: Planned, seen: int, organisation_id: UUID) -> tuple[str, ...]:
    """What was saved after the version that somebody saw: who did it, and what is different."""
    versions = {one.number: from_json(one.facts) for one in queries.history(session, organisation_id, now.id)}
    if seen not in versions:
        return (NOT_SEEN,)
    who = say("{name} saved this action while you were changing it.", name=now.made_by or say("Somebody"))
    return (who, *differences(versions[seen], now.facts, names(session, organisation_id)))


def _today(session: Session, organisation_id: UUID, now: datetime) -> date:
    return days.today(now, clients.organisation(session, organisation_id).time_zone)
