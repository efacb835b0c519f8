"""The pages of a client's own actions, put together from what is stored and from the library."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.clients import queries as clients
from app.clients.functions import FUNCTIONS
from app.errors import NotFoundError
from app.playbooks import queries
from app.playbooks.action import BANDS, COST_WORDS, COSTS, DIMENSIONS, NAMES, Action, Library
from app.playbooks.beside import together
from app.playbooks.own import Written, action_of, as_it_stands, fault_of, written_of
from app.playbooks.pages import line
from app.playbooks.queries import Own, State
from app.playbooks.roles import ROLES
from app.playbooks.shelf import library
from app.releases.document.words import BAND_WORDS
from app.sentences import Passage, Sentence, Value, say
from app.writing import forms
from app.writing.differing import differences
from app.writing.forms import Typed
from app.writing.preview import preview
from app.writing.views import ActionPage, FormPage, Group, Line, ListPage, Offered, Options, VersionLine
from surveys.languages import LANGUAGES

STATES: Final[Mapping[State, Sentence]] = {
    "draft": say("Being written"),
    "in_use": say("In use"),
    "retired": say("In use no more"),
}
USUAL: Final = {"dimension": "R3", "owner": "lead", "cost": "low", "hours": 16, "weeks": 4}
"""What the form of a new action begins with."""
YEAR: Final = timedelta(days=365)
COPIED: Final = say("Copied from the library: {title}.")
NEWER: Final = say(
    "The library has other words there now, in version {version}. Look at them and change this if need be."
)
ELSEWHERE: Final = say("Taken over from another client of yours.")
NEWER_ELSEWHERE: Final = say("It has been changed there since.")
NOT_HERE: Final = say("{id}, which is not in use here")
NEXT: Final = say("The next version is being written.")
UNREAD: Final = say("It can’t be read any more. Change it, or take it out of use: {told}")
OUT: Final = say("It is left out of the library as it is: {told}")


def list_page(session: Session, organisation_id: UUID, *, runs: frozenset[UUID]) -> ListPage:
    """All own actions; `runs` are the clients of whoever looks."""
    every = queries.own_actions(session, organisation_id)
    _, faults = together(library(), every)
    there = _changed_elsewhere(session, every, runs)
    lines = {one.id: _line(one, faults, changed=one.id in there) for one in every}
    return ListPage(
        organisation=clients.organisation(session, organisation_id),
        groups=tuple(
            Group(key=key, name=name, lines=tuple(lines[one.id] for one in every if one.state == key))
            for key, name in STATES.items()
            if any(one.state == key for one in every)
        ),
    )


def action_page(
    session: Session, organisation_id: UUID, code: str, *, now: datetime, runs: frozenset[UUID]
) -> ActionPage:
    """One own action, as its draft says where there is one. NotFoundError for what the client does not have."""
    one, every = own(session, organisation_id, code), queries.own_actions(session, organisation_id)
    whole, faults = together(library(), every)
    organisation = clients.organisation(session, organisation_id)
    told = _line(one, faults, changed=bool(_changed_elsewhere(session, (one,), runs)))
    hidden = fault_of(one.newest) or _is_out(one, faults)
    return ActionPage(
        organisation=organisation,
        code=code,
        state=one.state,
        drafted=bool(one.draft),
        number=one.number,
        saves=one.saves,
        title=told.title,
        standing=told.standing,
        remarks=told.remarks,
        look=None if hidden else preview(session, organisation, whole, action_of(one.newest), now=now),
        versions=tuple(
            VersionLine(each.version, each.used_at, each.made_by, each.sha256)
            for each in queries.versions(session, organisation_id, one.id)
        ),
    )


def form_page(
    session: Session,
    organisation_id: UUID,
    typed: Typed,
    *,
    errors: Mapping[str, str] | None = None,
    meanwhile: tuple[Value, ...] = (),
    shown: Action | None = None,
    now: datetime,
) -> FormPage:
    """The form as it was typed; `shown` is what was typed, read, where that can be looked at."""
    every = queries.own_actions(session, organisation_id)
    whole, _ = together(library(), every)
    organisation = clients.organisation(session, organisation_id)
    mine = next((one for one in every if one.code == typed.code), None)
    source = library().by_id.get(mine.copied_from if mine else typed.source)
    return FormPage(
        organisation=organisation,
        typed=typed,
        offered=_offered(whole, typed),
        copied=source.title if source else None,
        newer=_newer(mine) if mine else "",
        errors=errors or {},
        meanwhile=meanwhile,
        look=preview(session, organisation, whole, shown, now=now) if shown else None,
    )


def own(session: Session, organisation_id: UUID, code: str) -> Own:
    """An own action by its id in the library; NotFoundError where the client has none."""
    found = next((one for one in queries.own_actions(session, organisation_id) if one.code == code), None)
    if found is None:
        raise NotFoundError
    return found


def new_form(source: str, *, now: datetime) -> Typed:
    """The form of a new action: an empty one, or a copy of one of the library's, in whose place it stands.

    NotFoundError where the library has none of that id.
    """
    review_by = (now + YEAR).date().isoformat()
    if not source:
        return Typed(written=Written({**forms.BLANK, **USUAL, "review_by": review_by}), form=uuid4())
    copied = library().by_id.get(source)
    if copied is None:
        raise NotFoundError
    written = _filled(written_of(copied))
    fields = {**written.fields, "instead_of": copied.id, "review_by": review_by}
    return Typed(written=Written(fields, written.words), form=uuid4(), source=source)


def shown_form(one: Own) -> Typed:
    """The form of an own action as it is, or as its draft says."""
    return Typed(written=_filled(_written(one)), form=one.id, seen=one.saves, code=one.code)


def meanwhile_page(session: Session, organisation_id: UUID, typed: Typed, now_there: Own, *, now: datetime) -> FormPage:
    """What was typed, beside what somebody else saved meanwhile: sent once more, it is saved over that."""
    who = say("{name} saved this action while you were changing it.", name=now_there.changed_by)
    told = (who, *differences(typed.written, _written(now_there)))
    return form_page(session, organisation_id, replace(typed, seen=now_there.saves), meanwhile=told, now=now)


def _written(one: Own) -> Written:
    """What an own action says, also where it can't be read as an action any more, so that it can be mended."""
    return as_it_stands(one.newest) if fault_of(one.newest) else written_of(action_of(one.newest))


def _filled(written: Written) -> Written:
    """An action as the form has it: what may be absent is blank."""
    return replace(written, fields={name: value or forms.BLANK[name] for name, value in written.fields.items()})


def _line(one: Own, faults: Mapping[str, str], *, changed: bool) -> Line:
    version = say("version {version}", version=one.version) if one.version else ""
    action = None if fault_of(one.newest) else action_of(one.newest)
    return Line(
        code=one.code,
        title=action.title if action else one.code,
        about=line(action).about if action else "",
        standing=Passage((STATES[one.state], version), " · "),
        remarks=tuple(_remarks(one, faults, changed=changed)),
    )


def _remarks(one: Own, faults: Mapping[str, str], *, changed: bool) -> Iterator[Value]:
    if one.draft and one.number:
        yield NEXT
    if fault := fault_of(one.newest):
        yield UNREAD.filled({"told": fault})
    elif _is_out(one, faults):
        yield OUT.filled({"told": faults[one.code]})
    source = library().by_id.get(one.copied_from)
    if source is not None:
        yield COPIED.filled({"title": source.title})
    if newer := _newer(one):
        yield NEWER.filled({"version": newer})
    if one.origin is not None:
        yield Passage((ELSEWHERE, NEWER_ELSEWHERE if changed else ""))


def _is_out(one: Own, faults: Mapping[str, str]) -> bool:
    return one.code in faults and one.state == "in_use"


def _newer(one: Own) -> str:
    """The version that the library has of what was copied, where it is another one now."""
    source = library().by_id.get(one.copied_from)
    return source.version if source and source.version != one.copied_version else ""


def _changed_elsewhere(session: Session, every: tuple[Own, ...], runs: frozenset[UUID]) -> frozenset[UUID]:
    """Own actions whose origin has other words now, as far as whoever looks runs that client too."""
    taken = {one.origin: one for one in every if one.origin is not None}
    now = queries.origins(session, runs, taken) if taken else {}
    return frozenset(taken[origin].id for origin, sha256 in now.items() if taken[origin].origin_sha256 != sha256)


def _offered(whole: Library, typed: Typed) -> Offered:
    others: Options = tuple(
        (one.id, say("{code} {title}", code=one.dimension, title=one.title))
        for one in whole.actions
        if one.id != typed.code
    )
    tags = dict.fromkeys((*forms.OFFERED, *typed.written.words))
    known, needs = {id for id, _ in others}, forms.texts(typed.written.fields.get("needs"))
    named = dict.fromkeys((*needs, str(typed.written.fields.get("instead_of") or "")))
    gone: Options = tuple((id, NOT_HERE.filled({"id": id})) for id in named if id and id not in known)
    return Offered(
        dimensions=tuple((id, say("{code} {name}", code=id, name=NAMES[id])) for id in DIMENSIONS),
        bands=tuple((id, BAND_WORDS[id]) for id in BANDS),
        functions=tuple(FUNCTIONS.items()),
        roles=tuple(ROLES.items()),
        costs=tuple((id, COST_WORDS[id]) for id in COSTS),
        actions=(*others, *gone),
        languages=tuple((tag, LANGUAGES[tag].name) for tag in tags),
        needs=max(forms.MOST_NEEDS, len(needs)),
    )
