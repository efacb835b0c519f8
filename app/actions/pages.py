"""The pages of the action plan, put together from what is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.accounts.access import Member
from app.actions import forms, frame, queries
from app.actions.differing import LABELS, differences, told
from app.actions.facts import ENDED, STATUS_WORDS, STATUSES, Facts, from_json
from app.actions.queries import Planned
from app.actions.service import ChangedMeanwhileError, names
from app.actions.sight import Sight, changeable, due_of
from app.actions.views import (
    ActionForm,
    ActionPage,
    BoardPage,
    Column,
    DepartmentPage,
    Group,
    Part,
    PlanPage,
    VersionLine,
)
from app.clients.service import require_open_department
from app.errors import NotFoundError
from app.playbooks.action import Action, Library
from app.sentences import Passage, Sentence, say, say_count
from app.waves import queries as waves
from app.waves.results import with_results
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE
from surveys.languages import LANGUAGES as NAMES

LANGUAGES: Final = tuple((tag, NAMES[tag].name) for tag in SPOKEN_IN_THE_CONSOLE)
"""Of mails to those who do something, each by its own name."""
CLOSED: Final = say("Departments that were closed")
USUAL_HOURS: Final = 8
SAID: Final = ("status", "owner", "mail", "due", "hours", "moves", "needs", "evidence", "reason")


def plan_page(session: Session, member: Member, *, now: datetime) -> PlanPage:
    """The plan by department, in the order of the tree."""
    sight = Sight(session, member, now)
    groups = [_group(sight, node.id, node.name) for node in sight.places.nodes if sight.places.may_see(member, node.id)]
    lost = [one for one in sight.seen if not sight.places.is_open(one.facts.department_id)]
    if lost:
        groups.append(_closed(sight, lost))
    there = tuple(group for group in groups if group.lines or group.ended)
    results = () if there else with_results(waves.waves(session, member.organisation_id))
    return PlanPage(
        organisation=sight.organisation,
        runs_it=member.runs_it,
        groups=there,
        others=tuple(group for group in groups if group not in there and group.can_change),
        counts={one: sum(each.facts.status == one for each in sight.seen) for one in STATUSES},
        overdue=sum(one.facts.status not in ENDED and one.facts.due < sight.today for one in sight.seen),
        newest=results[0].id if results else None,
    )


def board_page(session: Session, member: Member, *, department: str, now: datetime) -> BoardPage:
    """The plan as a board, of one department where one is asked for that this person may see."""
    sight = Sight(session, member, now)
    offered = [(str(node.id), node.name) for node in sight.places.nodes if sight.places.may_see(member, node.id)]
    chosen = department if department in dict(offered) else ""
    lines = [sight.drawer.line(one) for one in sight.seen if chosen in {"", str(sight.department(one))}]
    return BoardPage(
        organisation=sight.organisation,
        runs_it=member.runs_it,
        departments=tuple(offered),
        department=chosen,
        columns=tuple(
            Column(key=key, name=STATUS_WORDS[key], lines=tuple(one for one in lines if one.status == key))
            for key in STATUSES
            if key != "dropped"
        ),
        dropped=tuple(one for one in lines if one.status == "dropped"),
    )


def department_page(
    session: Session,
    member: Member,
    department_id: UUID,
    *,
    now: datetime,
    typed: str | None = None,
    errors: Mapping[str, str] | None = None,
) -> DepartmentPage:
    """The ninety days of a department that somebody may see, or of the one that took it over.

    NotFoundError for any other, ConflictError for one that was closed.
    """
    sight = Sight(session, member, now)
    department_id = sight.places.now(department_id)
    if not sight.places.may_see(member, department_id):
        raise NotFoundError
    require_open_department(session, member.organisation_id, department_id)
    node = next(node for node in sight.places.nodes if node.id == department_id)
    begins = sight.begins(department_id)
    taken, there = sight.hours(department_id, begins)
    return DepartmentPage(
        organisation=sight.organisation,
        runs_it=member.runs_it,
        department_id=department_id,
        name=node.name,
        begins=begins,
        until=frame.last_days(begins)[-1],
        parts=tuple(_parts(sight, department_id, begins)),
        taken=hours_told(taken, there),
        hours=("" if there is None else str(there)) if typed is None else typed,
        seen="" if there is None else str(there),
        can_change=sight.places.may_change(member, department_id),
        errors=errors or {},
    )


def hours_told(taken: int, there: int | None) -> Sentence:
    """What the actions of ninety days take, beside the hours that there are."""
    if there is None:
        return say_count("{n} hour is planned.", "{n} hours are planned.", taken)
    if taken > there:
        return say_count(
            "{n} hour is planned, and there are {there}. Put something off, or find more hours.",
            "{n} hours are planned, and there are {there}. Put something off, or find more hours.",
            taken,
            there=there,
        )
    return say_count("{n} of {there} hours is planned.", "{n} of {there} hours are planned.", taken, there=there)


def action_page(session: Session, member: Member, planned_id: UUID, *, now: datetime) -> ActionPage:
    """An action of the plan with its history. NotFoundError for somebody who may not see it."""
    sight = Sight(session, member, now)
    one = sight.one(planned_id)
    found = sight.library.known(one.action)
    known = names(session, member.organisation_id)
    facts = replace(one.facts, department_id=sight.department(one))
    line = sight.drawer.line(one)
    return ActionPage(
        organisation=sight.organisation,
        runs_it=member.runs_it,
        line=line,
        lead=Passage((line.department, line.standing), " · "),
        why=found.why if found else "",
        facts=tuple(
            (LABELS[field], say("{value}", value=told(facts, field, known))) for field in SAID if _is_said(facts, field)
        ),
        link=facts.link,
        steps=found.steps if found else (),
        shows=found.evidence if found else (),
        risk=found.risk if found else "",
        otherwise=_otherwise(one, found, sight.library),
        versions=tuple(_versions(session, member.organisation_id, one, known)),
    )


def form_page(
    session: Session,
    member: Member,
    typed: forms.Typed,
    *,
    now: datetime,
    planned_id: UUID | None = None,
    errors: Mapping[str, str] | None = None,
    meanwhile: tuple[str, ...] = (),
) -> ActionForm:
    """The form of an action as it was typed."""
    sight = Sight(session, member, now)
    one = None if planned_id is None else sight.one(planned_id)
    found = sight.library.known(one.action) if one else sight.library.by_id.get(typed.action)
    mine = [node for node in sight.places.nodes if sight.places.may_change(member, node.id)]
    others = [each for each in sight.seen if each.id != planned_id and _may_come_first(each, typed)]
    return ActionForm(
        organisation=sight.organisation,
        runs_it=member.runs_it,
        planned_id=planned_id,
        title=one.title if one else (found.title if found else ""),
        is_fixed=bool(one.action) if one else found is not None,
        typed=typed,
        departments=tuple((str(node.id), "\u2003" * node.depth + node.name) for node in mine),
        standings=tuple((key, STATUS_WORDS[key]) for key in STATUSES),
        languages=LANGUAGES,
        others=tuple(
            (str(each.id), Passage((each.title, sight.drawer.line(each).department), " · ")) for each in others
        ),
        errors=errors or {},
        meanwhile=meanwhile,
    )


def shown(session: Session, member: Member, planned_id: UUID, *, now: datetime) -> forms.Typed:
    """The form of an action as it is; NotFoundError for whoever may not change it."""
    sight = Sight(session, member, now)
    one = changeable(sight, planned_id)
    facts = replace(one.facts, department_id=sight.department(one))
    return forms.shown(facts, version=one.version, form=one.id, action=one.action)


def meanwhile_page(
    session: Session, member: Member, typed: forms.Typed, planned_id: UUID, error: ChangedMeanwhileError, now: datetime
) -> ActionForm:
    """What was typed, beside what somebody else saved meanwhile: sent once more, it is saved over that."""
    again = replace(typed, seen=error.version)
    return form_page(session, member, again, now=now, planned_id=planned_id, meanwhile=error.changes)


def new_form(session: Session, member: Member, *, department: str, action_id: str, now: datetime) -> forms.Typed:
    """The form of a new action: an empty one, or one of the library's."""
    sight = Sight(session, member, now)
    mine = [node for node in sight.places.nodes if sight.places.may_change(member, node.id)]
    if not mine:
        raise NotFoundError
    node = next((one for one in mine if str(one.id) == department), mine[0] if len(mine) == 1 else None)
    action = sight.library.by_id.get(action_id)
    begins = sight.begins(node.id) if node else sight.today
    facts = Facts(
        department_id=node.id if node else uuid4(),
        title=action.title if action else "",
        due=due_of(action, begins, sight),
        moves=action.moves if action else (),
        hours=action.hours if action else USUAL_HOURS,
    )
    typed = forms.shown(facts, version=None, form=uuid4(), action=action.id if action else "")
    return typed if node else replace(typed, department="")


def _group(sight: Sight, department_id: UUID, name: str) -> Group:
    mine = [one for one in sight.seen if sight.department(one) == department_id]
    taken, there = sight.hours(department_id, sight.begins(department_id))
    return Group(
        department_id=department_id,
        name=name,
        lines=tuple(sight.drawer.line(one) for one in mine if one.facts.status not in ENDED),
        ended=tuple(sight.drawer.line(one) for one in mine if one.facts.status in ENDED),
        hours=hours_told(taken, there),
        can_change=sight.places.may_change(sight.member, department_id),
    )


def _closed(sight: Sight, lost: Sequence[Planned]) -> Group:
    return Group(
        department_id=lost[0].facts.department_id,
        name=CLOSED,
        lines=tuple(sight.drawer.line(one) for one in lost if one.facts.status not in ENDED),
        ended=tuple(sight.drawer.line(one) for one in lost if one.facts.status in ENDED),
        hours="",
        can_change=False,
        closed=True,
    )


def _parts(sight: Sight, department_id: UUID, begins: date) -> Iterator[Part]:
    """What is still open from before, thirty, sixty and ninety days, and what comes later; only what holds something,
    but for the three."""
    mine = [one for one in sight.seen if sight.department(one) == department_id and _is_shown(one, begins)]
    before = tuple(sight.drawer.line(one) for one in mine if one.facts.due < begins)
    if before:
        yield Part(key="before", name=say("Still open from before"), lines=before)
    rest = [one for one in mine if one.facts.due >= begins]
    for number, last in enumerate(frame.last_days(begins)):
        lines = tuple(sight.drawer.line(one) for one in rest if frame.part(begins, one.facts.due) == number)
        name = say("By day {days}, {day}", days=frame.PARTS[number], day=last)
        yield Part(key=f"day-{frame.PARTS[number]}", name=name, lines=lines)
    later = tuple(sight.drawer.line(one) for one in rest if frame.part(begins, one.facts.due) == len(frame.PARTS))
    if later:
        yield Part(key="later", name=say("Later"), lines=later)


def _is_shown(one: Planned, begins: date) -> bool:
    """Whether the page of ninety days shows an action: those taken on for them, and what has not ended."""
    return one.begins == begins or one.facts.status not in ENDED


def _may_come_first(each: Planned, typed: forms.Typed) -> bool:
    return each.facts.status not in ENDED or str(each.id) in typed.needs


def _is_said(facts: Facts, field: str) -> bool:
    return getattr(facts, field) not in ("", ())


def _otherwise(one: Planned, found: Action | None, library: Library) -> str:
    """What is different between the action as it was taken on and the library's of today."""
    if one.action and found is None:
        return say("The library has this action no more. What was agreed stays as it was.")
    if found is not None and found.id not in library.by_id:
        return say("This action of the client’s own is in use no more. What was agreed stays as it was.")
    if found is not None and found.version != one.edition:
        return say("The library’s words have changed since this was taken on; these are the new ones.")
    return ""


def _versions(
    session: Session, organisation_id: UUID, one: Planned, known: Mapping[UUID, str]
) -> Iterator[VersionLine]:
    versions = queries.history(session, organisation_id, one.id)
    for version, before in zip(versions, (*versions[1:], None), strict=True):
        was = None if before is None else from_json(before.facts)
        yield VersionLine(
            number=version.number,
            who=version.made_by,
            saved_at=version.saved_at,
            changes=differences(was, from_json(version.facts), known),
        )
