"""What was proposed for a row of a release, on its way into the plan: who does each action, and by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4, uuid5

from sqlmodel import Session

from app.accounts.access import Member
from app.actions import forms, frame, service
from app.actions.facts import ENDED, Facts
from app.actions.pages import LANGUAGES
from app.actions.service import Author, Wanted
from app.actions.sight import Sight
from app.actions.views import Offer, TakingPage
from app.errors import InvalidError
from app.playbooks import pages as actions
from app.playbooks.action import Action
from app.playbooks.asking import Asked
from app.playbooks.choosing import propose
from app.playbooks.proposing import MISSED, Standing, need_of, told_reason
from app.releases.document.release import Release, Row
from app.releases.document.words import row_name
from app.rosters import addresses
from app.sentences import Passage, Sentence, say
from app.web.forms import FormData

FIELDS: Final = ("owner", "mail", "due")
NOBODYS: Final = say("Choose the department that takes these on.")
NOTHING: Final = say("Nothing is ticked. Tick the actions that the department takes on.")
THERE: Final = say("It is in the plan of this department already.")
GONE: Final = say("It is proposed no more: what it rested on has changed since this page was shown.")
BEFORE: Final = say("It was done in the ninety days before.")


@dataclass(frozen=True)
class Source:
    """The row of a release for which something is proposed, and what was asked of the proposal."""

    wave_id: UUID
    release: Release
    row: Row
    asked: Asked
    stands: Standing


@dataclass(frozen=True)
class Proposed:
    """An action that can be taken on, why, and whether it is ticked at first."""

    action: Action
    reason: Sentence
    is_fitting: bool


def page(
    sight: Sight,
    source: Source,
    *,
    data: FormData | None = None,
    errors: Mapping[str, str] | None = None,
) -> TakingPage:
    """The form as it was sent, or as it begins."""
    department = department_of(sight, source, data)
    begins = sight.begins(department) if department else sight.today
    asked = source.asked
    return TakingPage(
        organisation=sight.organisation,
        wave_id=str(source.wave_id),
        label=source.release.wave.label,
        row_id=source.row.id,
        name=row_name(source.row),
        asked={"hours": asked.typed_hours, "lacking": asked.typed_lacking, "level": asked.level.name},
        departments=tuple((str(node.id), "\u2003" * node.depth + node.name) for node in sight.places.nodes),
        department=str(department or ""),
        tongue=data.text("language") if data else LANGUAGES[0][0],
        languages=LANGUAGES,
        begins=begins,
        form=(forms.read_id(data.text("form")) if data else None) or uuid4(),
        offers=tuple(_offers(sight, source, department, begins, data)),
        errors=errors or {},
    )


def take(session: Session, member: Member, source: Source, data: FormData, *, now: datetime) -> UUID:
    """Takes what is ticked into the plan of the department that was chosen, and gives the department.

    InvalidError has a sentence for each field that is wrong.
    """
    sight = Sight(session, member, now)
    department = department_of(sight, source, data)
    ticked = [one.action for one in _offered(sight, source, data) if data.text(f"take-{one.action.id}")]
    if department is None:
        raise InvalidError(NOBODYS, fields={"department": NOBODYS})
    if not ticked:
        first = next((one.action.id for one in _offered(sight, source, data)), "")
        raise InvalidError(NOTHING, fields={f"take-{first}": NOTHING})
    begins, form = sight.begins(department), forms.read_id(data.text("form")) or uuid4()
    ids = {one.id: uuid5(form, one.id) for one in ticked}
    known = {**_in_plan(sight, department), **ids}
    wanted = [_wanted(data, one, department, begins, known) for one in ticked]
    try:
        whole = [replace(one, id=ids[one.action], wave_id=source.wave_id) for one in wanted]
        service.take(session, member.organisation_id, whole, author=Author(member.user_name, now))
    except InvalidError as error:
        raise _at_its_fields(error, [one.id for one in ticked]) from error
    if sight.hours(department, begins)[1] is None and not source.asked.errors:
        hours = str(source.asked.hours)
        service.set_hours(session, member.organisation_id, department, begins, typed=hours, seen="")
    return department


def department_of(sight: Sight, source: Source, data: FormData | None) -> UUID | None:
    """The department that was chosen, at first that of the row; None where it is none that is open."""
    found = forms.read_id(data.text("department") if data else source.row.id)
    if found is None or not sight.places.is_open(found):
        return None
    return sight.places.now(found)


def _proposed(sight: Sight, source: Source) -> tuple[Proposed, ...]:
    """What is proposed, and what would be."""
    need = need_of(source.release, source.row, source.asked, source.stands)
    found = propose(sight.library, need)
    return (
        *(Proposed(one.action, told_reason(one.reason, need, sight.library), True) for one in found.chosen),
        *(Proposed(one.action, MISSED[one.missed], False) for one in found.left_out),
    )


def _offered(sight: Sight, source: Source, data: FormData | None) -> tuple[Proposed, ...]:
    """What is proposed, and what was ticked when it was shown and is proposed no more: a control was attested since."""
    found = _proposed(sight, source)
    there = {one.action.id for one in found}
    ticked = {name.removeprefix("take-") for name in data.fields if name.startswith("take-")} if data else set()
    gone = [one for one in sight.library.actions if one.id in ticked - there]
    return (*found, *(Proposed(one, GONE, False) for one in gone))


def _offers(
    sight: Sight, source: Source, department: UUID | None, begins: date, data: FormData | None
) -> Iterator[Offer]:
    proposed = _offered(sight, source, data)
    due = frame.due_days([one.action for one in proposed], begins, sight.today)
    there = _in_plan(sight, department)
    before = {one.action for one in sight.every if sight.department(one) == department and one.begins < begins}
    for one in proposed:
        at = one.action.id
        remark = THERE if one.action.id in there else BEFORE if _repeats(one.action, before) else None
        yield Offer(
            action=at,
            title=one.action.title,
            about=actions.line(one.action).about,
            reason=Passage((one.reason, remark or "")),
            is_taken=bool(data.text(f"take-{at}")) if data else one.is_fitting and remark is None,
            owner=data.text(f"owner-{at}") if data else "",
            mail=data.text(f"mail-{at}") if data else "",
            due=data.text(f"due-{at}") if data else due[one.action.id].isoformat(),
        )


def _repeats(action: Action, before: set[str]) -> bool:
    return action.id in before and not action.recurring


def _in_plan(sight: Sight, department: UUID | None) -> dict[str, UUID]:
    """The library's actions that a department is at, with their ids in the plan."""
    return {
        one.action: one.id
        for one in sight.every
        if one.action and sight.department(one) == department and one.facts.status not in ENDED
    }


def _wanted(data: FormData, action: Action, department: UUID, begins: date, known: Mapping[str, UUID]) -> Wanted:
    at = action.id
    due = forms.read_day(data.text(f"due-{at}"))
    if due is None:
        raise InvalidError(forms.NO_DAY, fields={f"due-{at}": forms.NO_DAY})
    mail = data.text(f"mail-{at}")
    language = data.text("language")
    facts = Facts(
        department_id=department,
        title=action.title,
        due=due,
        hours=action.hours,
        owner=" ".join(data.text(f"owner-{at}").split()),
        mail=addresses.address(mail) or mail,
        language=language if language in dict(LANGUAGES) else LANGUAGES[0][0],
        needs=tuple(known[one] for one in action.needs if one in known),
    )
    return service.of_library(action, Wanted(id=uuid4(), facts=facts, begins=begins))


def _at_its_fields(error: InvalidError, actions: Sequence[str]) -> InvalidError:
    """The error with the fields of the form, which end in the action's id: where there are several, it has a number."""
    fields: dict[str, str] = {}
    for key, told in error.fields.items():
        at, _, name = key.rpartition("-")
        action = actions[int(at)] if at else actions[0]
        fields[f"{'take' if name not in FIELDS else name}-{action}"] = told
    return InvalidError(Passage(fields.values()), fields=fields)
