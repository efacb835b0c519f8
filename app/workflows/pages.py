"""The pages of the inventory, put together from what is stored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.clients import queries as clients
from app.clients.queries import DepartmentNode
from app.clients.service import require_open_department
from app.errors import NotFoundError
from app.lineage.days import today
from app.lineage.words import Names, came
from app.sentences import Listing, Passage, Sentence, say, say_count
from app.workflows import law, library, queries
from app.workflows import typed as forms
from app.workflows.choices import choices
from app.workflows.differing import LABELS, NOT_SAID, TESTED, differences, told
from app.workflows.facts import PER, YES_NO, Facts
from app.workflows.law import OPEN
from app.workflows.queries import WorkflowFacts
from app.workflows.reach import Reach, reach
from app.workflows.rules import MOST, too_many
from app.workflows.service import ChangedMeanwhileError
from app.workflows.views import (
    Group,
    InventoryPage,
    LawLine,
    LibraryPage,
    Line,
    SeedLine,
    VersionLine,
    WorkflowForm,
    WorkflowPage,
)

CLOSED: Final = say("Departments that were closed")
WAYS: Final[Mapping[str, Sentence]] = {
    "link": say("{name}, with a link"),
    "file": say("{name}, from a list"),
    "library": say("{name}, from the library"),
}
_APART: Final = ("per", "legal", "proposed", *TESTED)


def inventory(session: Session, member: Member) -> InventoryPage:
    """The workflows of a client by department, in the order of the tree."""
    nodes = clients.departments(session, member.organisation_id)
    found = queries.inventory(session, member.organisation_id)
    theirs, names = reach(session, member), clients.department_names(session, member.organisation_id)
    groups = [_group(theirs, node, found, names) for node in nodes if theirs.may_see(node.id)]
    open_ones = {node.id for node in nodes}
    lost = tuple(one for one in found if one.department_id not in open_ones)
    if lost and member.runs_it:
        groups.append(_of_closed(lost, names))
    there = tuple(group for group in groups if group.lines or group.retired)
    return InventoryPage(
        organisation=clients.organisation(session, member.organisation_id),
        runs_it=member.runs_it,
        groups=there,
        others=tuple(group for group in groups if group not in there and group.can_change),
        count=sum(len(group.lines) for group in there),
        hours=sum(group.hours for group in there),
        most=MOST,
    )


def _of_closed(lost: tuple[WorkflowFacts, ...], names: Names) -> Group:
    lines = tuple(_line(one, say("It was done in {name}.", name=names.get(one.department_id, ""))) for one in lost)
    return Group(
        department_id=lost[0].department_id,
        name=CLOSED,
        lines=tuple(line for line in lines if not line.retired),
        retired=tuple(line for line in lines if line.retired),
        hours=0,
        unknown=0,
        rated=0,
        can_change=False,
        closed=True,
    )


def _group(theirs: Reach, node: DepartmentNode, found: tuple[WorkflowFacts, ...], names: Names) -> Group:
    lines = tuple(_line(one, came_from(one, names)) for one in found if one.department_id == node.id)
    done = tuple(line for line in lines if not line.retired)
    return Group(
        department_id=node.id,
        name=node.name,
        lines=done,
        retired=tuple(line for line in lines if line.retired),
        hours=sum(line.hours or 0 for line in done),
        unknown=sum(line.hours is None for line in done),
        rated=sum(line.rated for line in done),
        can_change=theirs.may_change(node.id),
        wrong=tuple(too_many(node.name, [(one.name, one.rated) for one in done])),
    )


def came_from(one: WorkflowFacts, names: Names) -> str:
    """Where a workflow came from, if its department was merged; else nothing."""
    if one.chosen_id == one.department_id:
        return ""
    return came(names.get(one.chosen_id, ""), names.get(one.department_id, ""))


def _line(one: WorkflowFacts, came_from: str) -> Line:
    facts = one.facts
    return Line(
        id=one.id,
        name=one.name,
        often=often(facts),
        minutes=facts.minutes,
        hours=None if facts.hours is None else round(facts.hours),
        owner=facts.owner,
        rated=one.rated,
        retired=one.retired,
        missing=missing(facts),
        came_from=came_from,
    )


def often(facts: Facts) -> str:
    """How often a workflow is done, in words; empty where nobody has said."""
    if facts.times is None:
        return ""
    return say_count("{n} time {per}", "{n} times {per}", facts.times, per=PER[facts.per])


def missing(facts: Facts) -> str:
    """What nobody has said yet, in words."""
    names = facts.missing
    if len(names) == 6:  # all of them
        return say("No facts yet.")
    told = [say("Not said: {names}.", names=Listing(names))] if names else []
    if facts.proposed:
        told.append(
            say_count(
                "{n} answer about the law waits to be confirmed.",
                "{n} answers about the law wait to be confirmed.",
                len(facts.proposed),
            )
        )
    return Passage(told) if told else ""


def workflow_page(session: Session, member: Member, workflow_id: UUID) -> WorkflowPage:
    """A workflow with its history. NotFoundError for somebody who may not see it."""
    one = seen_by(session, member, workflow_id)
    versions = queries.history(session, member.organisation_id, workflow_id)
    lines = [
        VersionLine(
            number=version.number,
            saved_at=version.saved_at,
            who=who(version.made_by, version.way),
            changes=differences(before, version),
        )
        for version, before in zip(versions, (*versions[1:], None), strict=True)
    ]
    facts, organisation = one.facts, clients.organisation(session, member.organisation_id)
    zone, names = organisation.time_zone, clients.department_names(session, member.organisation_id)
    return WorkflowPage(
        organisation=organisation,
        workflow_id=one.id,
        name=one.name,
        department=_department(session, member.organisation_id, one),
        retired=one.retired,
        rated=one.rated,
        runs_it=member.runs_it,
        can_change=reach(session, member).may_change(one.department_id),
        came_from=came_from(one, names),
        facts=tuple((label, _said(facts, field)) for field, label in LABELS.items() if field not in _APART),
        tests=tuple((LABELS[field], told(facts, field)) for field in TESTED if getattr(facts, field) not in (None, "")),
        flags=tuple(_law_line(each, zone) for each in law.questions(facts, versions)),
        version=one.version,
        hours="" if facts.hours is None else say("about {hours} hours a month", hours=round(facts.hours)),
        missing=missing(facts),
        versions=tuple(lines),
    )


def seen_by(session: Session, member: Member, workflow_id: UUID) -> WorkflowFacts:
    """A workflow as somebody may see it. NotFoundError where they may not."""
    one = queries.workflow(session, member.organisation_id, workflow_id)
    if not reach(session, member).may_see(one.department_id):
        raise NotFoundError
    return one


def who(name: str, way: str) -> str:
    """Who saved something, and how they came."""
    person = name or say("Somebody")
    return WAYS[way].filled({"name": person}) if way in WAYS else person


def form_page(
    session: Session,
    member: Member,
    typed: forms.Typed,
    *,
    workflow_id: UUID | None = None,
    errors: Mapping[str, str] | None = None,
    meanwhile: tuple[str, ...] = (),
) -> WorkflowForm:
    """The form of a workflow as it was typed."""
    nodes = clients.departments(session, member.organisation_id)
    theirs = reach(session, member)
    mine = [node for node in nodes if theirs.may_change(node.id)]
    function = next((node.function for node in nodes if str(node.id) == typed.department), "other")
    one = None if workflow_id is None else queries.workflow(session, member.organisation_id, workflow_id)
    return WorkflowForm(
        organisation=clients.organisation(session, member.organisation_id),
        workflow_id=workflow_id,
        name="" if one is None else one.name,
        typed=typed,
        departments=tuple((str(node.id), "\u2003" * node.depth + node.name) for node in mine),
        choices=choices(function),
        beside={} if one is None else (_proposed_so_far if member.runs_it else confirmed_so_far)(one.facts),
        proposing=not member.runs_it,
        errors=errors or {},
        meanwhile=meanwhile,
        most=MOST,
    )


def meanwhile_page(
    session: Session, member: Member, typed: forms.Typed, workflow_id: UUID, error: ChangedMeanwhileError
) -> WorkflowForm:
    """What was typed, beside what somebody else saved meanwhile: sent once more, it is saved over that."""
    again = replace(typed, seen=error.version)
    return form_page(session, member, again, workflow_id=workflow_id, meanwhile=error.changes)


def library_page(
    session: Session, member: Member, node: DepartmentNode, language: str, errors: Mapping[str, str] | None = None
) -> LibraryPage:
    """What departments of this function usually do, in a language of the library."""
    there = {
        one.name.casefold()
        for one in queries.inventory(session, member.organisation_id)
        if one.department_id == node.id and not one.retired
    }
    tongue = language if language in library.LANGUAGES else library.LANGUAGES[0]
    return LibraryPage(
        organisation=clients.organisation(session, member.organisation_id),
        department=node.name,
        seeds=tuple(
            SeedLine(
                key=seed.key,
                name=seed.names[tongue],
                description=seed.descriptions[tongue],
                there=any(name.casefold() in there for name in seed.names.values()),
            )
            for seed in library.of_function(node.function)
        ),
        errors=errors or {},
    )


def department(session: Session, member: Member, department_id: UUID) -> DepartmentNode:
    """A department whose workflows somebody may change. NotFoundError for any other, ConflictError for a closed one."""
    if not reach(session, member).may_change(department_id):
        raise NotFoundError
    require_open_department(session, member.organisation_id, department_id)
    return next(node for node in clients.departments(session, member.organisation_id) if node.id == department_id)


def _department(session: Session, organisation_id: UUID, one: WorkflowFacts) -> str:
    nodes = clients.departments(session, organisation_id)
    return next((node.name for node in nodes if node.id == one.department_id), say("a department that was closed"))


def _said(facts: Facts, field: str) -> str:
    return (often(facts) or NOT_SAID) if field == "times" else told(facts, field)


def confirmed_so_far(facts: Facts) -> Mapping[str, str]:
    """For who proposes: of each question of the law what is confirmed, where that differs from what they said."""
    return {
        flag: say("Confirmed so far: {answer}.", answer=YES_NO[facts.legal[flag]] if flag in facts.legal else OPEN)
        for flag in facts.proposed
    }


def _proposed_so_far(facts: Facts) -> Mapping[str, str]:
    """For who confirms: of each question of the law what was proposed."""
    return {flag: say("Proposed, and not confirmed: {answer}.", answer=YES_NO[answer])
            for flag, answer in facts.proposed.items()}  # fmt: skip


def _law_line(one: law.Question, zone: str) -> LawLine:
    return LawLine(
        flag=one.flag,
        label=one.label,
        answer=YES_NO[one.confirmed.answer] if one.confirmed else OPEN,
        by=_by(one.confirmed, zone) if one.confirmed else "",
        kept=say("kept by {who}", who=_by(one.kept, zone)) if one.kept else "",
        proposed=say("{answer}, says {who}", answer=YES_NO[one.proposed.answer], who=_by(one.proposed, zone))
        if one.proposed
        else "",
    )


def _by(said: law.Said, zone: str) -> Sentence:
    return say("{who}, {day}", who=who(said.made_by, said.way), day=today(said.at, zone))
