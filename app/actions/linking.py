"""Links with which calendar programmes read the plan: who may make one for what, and how it is found again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app import tokens
from app.accounts import queries as accounts
from app.accounts.access import Member
from app.actions import forms, queries
from app.actions.models import PlanCalendar
from app.actions.places import Places, places
from app.actions.queries import Planned
from app.actions.views import CalendarPage, Link
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.lineage import days
from app.sentences import say

MOST: Final = 20
LONGEST_LABEL: Final = 80
EVERY: Final = say("All departments")
FULL: Final = say("There are {most} links already. Take back those that nobody needs.")
UNCLEAR: Final = say("Choose the department whose plan the calendar shows.")
ALL: Final = "all"


@dataclass(frozen=True)
class Wanted:
    """A link as it was asked for: the department or `ALL`, whom it is for, and the language of its words."""

    department: str = ""
    label: str = ""
    language: str = "en"


def page(
    session: Session,
    member: Member,
    *,
    made: str = "",
    typed: Wanted | None = None,
    errors: Mapping[str, str] | None = None,
) -> CalendarPage:
    """The links that somebody may see and take back, and what they may make one for; `made` is one just made."""
    there = places(session, member.organisation_id)
    names, makers = accounts.names(session), _makers(session, member.organisation_id)
    organisation = clients.organisation(session, member.organisation_id)
    mine = [node for node in there.nodes if there.may_change(member, node.id)]
    every = ((ALL, EVERY),) if member.runs_it else ()
    return CalendarPage(
        organisation=organisation,
        runs_it=member.runs_it,
        links=tuple(
            Link(
                one.id,
                one.label,
                what(there, one.department_id),
                made_by=names.get(one.user_id, ""),
                since=days.today(one.made_at, organisation.time_zone),
                works=_works(one, makers, there),
            )
            for one in _mine(session, member, there)
        ),
        departments=(*every, *((str(node.id), node.name) for node in mine)),
        department=typed.department if typed else "",
        label=typed.label if typed else "",
        errors=errors or {},
        made=made,
    )


def make(session: Session, member: Member, wanted: Wanted, *, key: bytes, now: datetime) -> str:
    """Makes a link and gives its token.

    InvalidError for what is no department of theirs or no label, ConflictError for one too many.
    """
    there = places(session, member.organisation_id)
    department = forms.read_id(wanted.department)
    wrong: dict[str, str] = {}
    if wanted.department == ALL and member.runs_it:
        department = None
    elif department is None or not there.is_open(department) or not there.may_change(member, there.now(department)):
        wrong["department"] = UNCLEAR
    if not wanted.label or len(wanted.label) > LONGEST_LABEL or not wanted.label.isprintable():
        wrong["label"] = say("Say whom the link is for, in at most {most} characters.", most=LONGEST_LABEL)
    if wrong:
        raise InvalidError(next(iter(wrong.values())), fields=wrong)
    if len(queries.calendars(session, member.organisation_id)) >= MOST:
        raise ConflictError(FULL.filled({"most": MOST}))
    department = None if department is None else there.now(department)
    said = {"label": wanted.label, "language": wanted.language}
    return add(session, member.organisation_id, department, user_id=member.user_id, **said, key=key, now=now)


def add(
    session: Session,
    organisation_id: UUID,
    department_id: UUID | None,
    *,
    user_id: UUID,
    label: str,
    language: str,
    key: bytes,
    now: datetime,
) -> str:
    """Adds a link to the plan of a department, or of all (None), and gives its token."""
    made = PlanCalendar(
        organisation_id=organisation_id,
        id=uuid4(),
        department_id=department_id,
        user_id=user_id,
        label=label,
        language=language,
        token_sha256="",
        made_at=now,
    )
    token = token_of(made, key)
    made.token_sha256 = tokens.fingerprint(token)
    session.add(made)
    session.flush()
    return token


def take_back(session: Session, member: Member, calendar_id: UUID | None) -> None:
    """Takes a link back at once. NotFoundError for one that this person may not see."""
    there = places(session, member.organisation_id)
    if calendar_id is None or calendar_id not in {one.id for one in _mine(session, member, there)}:
        raise NotFoundError
    queries.take_back(session, member.organisation_id, calendar_id)


def shown(session: Session, link: PlanCalendar) -> tuple[Places, Sequence[Planned]]:
    """What a link shows today. NotFoundError once its maker could not make it any more, or its department has ended."""
    there = places(session, link.organisation_id)
    if not _works(link, _makers(session, link.organisation_id), there):
        raise NotFoundError
    every = queries.plan(session, link.organisation_id)
    if link.department_id is None:
        return there, every
    return there, [one for one in every if there.now(one.facts.department_id) == link.department_id]


def what(there: Places, department_id: UUID | None) -> str:
    """What a link shows, in words."""
    return EVERY if department_id is None else there.name(department_id)


def token_of(link: PlanCalendar, key: bytes) -> str:
    """The token of a link, which nobody stores."""
    return tokens.make(key, wave_id=link.organisation_id, id=link.id, generation=0)


def _mine(session: Session, member: Member, there: Places) -> tuple[PlanCalendar, ...]:
    """The links that somebody may see: those of departments whose plan they may change."""
    every = queries.calendars(session, member.organisation_id)
    return tuple(
        one
        for one in every
        if member.runs_it or (one.department_id and there.may_change(member, there.now(one.department_id)))
    )


def _makers(session: Session, organisation_id: UUID) -> Mapping[UUID, Member]:
    """Everybody with a role today whose account is not shut; in one statement."""
    return {
        one.user.id: Member(one.user.id, one.user.name, organisation_id, one.role, one.department_id)
        for one in accounts.everybody(session, organisation_id)
        if one.user.disabled_at is None
    }


def _works(link: PlanCalendar, makers: Mapping[UUID, Member], there: Places) -> bool:
    """Whether its maker could make it today. A department that was merged is another one, with more in its plan."""
    maker = makers.get(link.user_id)
    if maker is None or link.department_id is None:
        return maker is not None and maker.runs_it
    return there.may_change(maker, link.department_id) and any(node.id == link.department_id for node in there.nodes)
