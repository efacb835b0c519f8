"""What a wave asks: the addresses on which its questionnaire is chosen and tried out, and the page they show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.authoring import forms, rating
from app.authoring.trend import TrendLine, trend
from app.clients import queries as clients
from app.clients.queries import DepartmentNode, OrganisationFacts
from app.errors import ConflictError, InvalidError
from app.questionnaires import loading
from app.readers import service as readers
from app.sentences import Listing, say
from app.trials import queries as trials
from app.trials import service as trying
from app.waves import instruments
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import View, html, see_other
from app.workflows import queries as workflows
from app.workflows import service
from surveys.model import Instrument

router = APIRouter()

WAVE = "/organisations/{organisation_id}/waves/{wave_id}/questionnaire"
FROZEN: Final = say("{wave} has opened, so the workflows that it asks about stay as they are.")
CAME: Final = {None: say("not begun"), False: say("begun"), True: say("answered to the end")}
NOTHING_KEPT: Final = say("nothing is kept")
OPENED: Final = say("{wave} has opened, so nobody can try it out any more: from now on answers count.")


@dataclass(frozen=True)
class TrialLine:
    """A trial link, as a person of which department it is answered, and how far they came."""

    link: readers.LinkLine
    department: str
    came: str


@dataclass(frozen=True)
class OfferLine:
    """A questionnaire that a draft can ask. `value` is what its button sends; `told` what it does to the trend."""

    value: str
    name: str
    version: str
    own: bool
    chosen: bool
    told: str


@dataclass(frozen=True)
class RatedLine:
    """The workflows of a department, one a line; `count` of them are kept."""

    department_id: UUID
    name: str
    count: int
    text: str
    error: str | None
    raters: str = ""


@dataclass(frozen=True)
class AskingPage(View):
    """What a wave asks. `offers` are what a draft can ask; `before` is the label of the wave it is compared with.

    `rated` are the departments with their workflows, where the questionnaire asks about workflows; `outlook` says of a
    draft whether enough people will rate them.
    """

    template: ClassVar[str] = "authoring/asking.html"
    organisation: OrganisationFacts
    wave: WaveView
    asked: str
    offers: tuple[OfferLine, ...]
    before: str
    trend: tuple[TrendLine, ...]
    lines: tuple[TrialLine, ...]
    departments: tuple[tuple[UUID, str], ...]
    rated: tuple[RatedLine, ...]
    outlook: tuple[str, ...]
    typed: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get(WAVE, name="authoring:asking")
@access("client")
def asking_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """What a wave asks, and who tries it out before it opens."""
    return html(request, _page(request, session, member.organisation_id, wave_id))


@router.post(WAVE, name="authoring:ask")
@access("client")
@noted("wave.questionnaire")
def choose(request: Request, member: ClientMember, session: WriteSession, data: FormDep, wave_id: UUID) -> Response:
    """Chooses what a draft asks."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    waves.wave(session, **place)
    try:
        key, _, version = data.text("instrument").partition("@")
        instruments.choose(session, organisation_id=member.organisation_id, wave_id=wave_id, key=key, version=version)
    except InvalidError as error:
        page = _page(request, session, member.organisation_id, wave_id, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "authoring:asking", **place)


@router.post(WAVE + "/trial", name="authoring:try")
@access("client")
@noted("wave.trial")
def make_link(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Makes a trial link, or takes one back."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    wave = waves.wave(session, **place)
    taken_back = forms.read_id(data, "link")
    if taken_back is not None:
        trying.revoke(session, **place, link_id=taken_back, now=now)
        return see_other(request, "authoring:asking", **place)
    if wave.state != "draft":
        raise ConflictError(OPENED.filled({"wave": wave.label}))
    typed = {"reader": data.text("reader"), "department": data.text("department")}
    try:
        _make(session, request.app.state.link_key, wave, forms.read_id(data, "department"), typed["reader"], now)
    except InvalidError as error:
        page = _page(request, session, member.organisation_id, wave_id, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "authoring:asking", **place)


@router.post(WAVE + "/workflows", name="authoring:workflows")
@access("client")
@noted("wave.workflows")
def name_workflows(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Says which workflows the people of a department rate, in this wave and later ones."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    wave = waves.wave(session, **place)
    if wave.state != "draft":
        raise ConflictError(FROZEN.filled({"wave": wave.label}))
    department = forms.read_id(data, "department")
    if department not in {node.id for node in clients.departments(session, member.organisation_id)}:
        raise InvalidError(say("It is not clear which department is meant. Use one of the forms of this page."))
    assert department is not None  # it is one of them
    names = tuple(data.text("workflows").splitlines())
    try:
        service.name_workflows(
            session,
            organisation_id=member.organisation_id,
            department_id=department,
            names=names,
            now=now,
            made_by=member.user_name,
        )
    except InvalidError as error:
        typed = {"reader": "", "department": str(department), "workflows": data.text("workflows")}
        page = _page(request, session, member.organisation_id, wave_id, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "authoring:asking", **place)


def _make(
    session: Session, link_key: bytes, wave: WaveView, department_id: UUID | None, reader: str, now: datetime
) -> None:
    if department_id not in {node.id for node in clients.departments(session, wave.organisation_id)}:
        sentence = say("Choose the department as whose member the questionnaire is answered.")
        raise InvalidError(sentence, fields={"department": sentence})
    assert department_id is not None  # it is one of them
    trying.make_link(
        session,
        link_key=link_key,
        organisation_id=wave.organisation_id,
        wave_id=wave.id,
        department_id=department_id,
        reader=reader,
        now=now,
    )


def _page(
    request: Request,
    session: Session,
    organisation_id: UUID,
    wave_id: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> AskingPage:
    wave = waves.wave(session, organisation_id, wave_id)
    asked = instruments.asked(session, wave)
    previous = None if wave.previous_wave_id is None else waves.wave(session, organisation_id, wave.previous_wave_id)
    nodes = clients.departments(session, organisation_id)
    rated, told = _workflows(session, wave, nodes, typed or {}, errors or {}) if asked.workflow else ((), ())
    return AskingPage(
        organisation=clients.organisation(session, organisation_id),
        wave=wave,
        asked=say("{name}, version {version}", name=asked.name, version=asked.version),
        offers=tuple(_offers(session, wave, asked, previous)),
        before="" if previous is None else previous.label,
        trend=() if previous is None else trend(instruments.asked(session, previous), asked),
        lines=tuple(_lines(request, session, wave, nodes)),
        departments=tuple((node.id, node.name) for node in nodes),
        rated=rated,
        outlook=told,
        typed=typed or {"reader": "", "department": str(nodes[0].id) if nodes else ""},
        errors=errors or {},
    )


def _offers(session: Session, wave: WaveView, asked: Instrument, previous: WaveView | None) -> Iterable[OfferLine]:
    """What a draft can ask: the newest version of everything, what it asks now, and what the wave before it asked."""
    before = None if previous is None else instruments.asked(session, previous)
    there = {(one.key, one.version): one for one in loading.offers(session, wave.organisation_id)}
    names = {one.key: one for one in there.values()}
    for one in (before, asked):
        if one is not None and one.key in names:
            there.setdefault((one.key, one.version), replace(names[one.key], version=one.version))
    for (key, version), offer in there.items():
        after = loading.of_version(session, wave.organisation_id, key, version)
        yield OfferLine(
            value=f"{key}@{version}",
            name=offer.name,
            version=version,
            own=offer.own,
            chosen=after.sha256 == asked.sha256,
            told="" if before is None or previous is None else _about_trend(previous.label, before, after),
        )


def _about_trend(label: str, before: Instrument, after: Instrument) -> str:
    if before.sha256 == after.sha256:
        return say("What {label} asked: every trend goes on.", label=label)
    ended = [one.name for one in trend(before, after) if not one.compared]
    if not ended:
        return say("Every trend since {label} goes on.", label=label)
    return say("Ends the trend of {names} since {label}.", names=Listing(ended), label=label)


def _workflows(
    session: Session,
    wave: WaveView,
    nodes: tuple[DepartmentNode, ...],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> tuple[tuple[RatedLine, ...], tuple[str, ...]]:
    """The workflows that are rated; of a draft with the raters to expect."""
    lines = tuple(_rated(session, wave, nodes, typed, errors))
    if wave.state != "draft":
        return lines, ()
    found = rating.outlook(session, wave, nodes, {line.department_id: line.count for line in lines})
    with_raters = (
        replace(line, raters=found.raters[line.department_id].told) if line.count else line for line in lines
    )
    asked = {line.department_id for line in lines if line.count}
    return tuple(with_raters), found.told([node for node in nodes if node.id in asked])


def _rated(
    session: Session,
    wave: WaveView,
    nodes: tuple[DepartmentNode, ...],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> Iterable[RatedLine]:
    """A draft's departments with their workflows as they are; of an open wave those that it froze."""
    if wave.state != "draft":
        for one in waves.wave_departments(session, wave.organisation_id, wave.id):
            if one.workflows:
                text = "\n".join(workflow.name for workflow in one.workflows)
                yield RatedLine(one.department_id, one.name, len(one.workflows), text, None)
        return
    there = workflows.workflows(session, wave.organisation_id)
    for node in nodes:
        kept = there.get(node.id, ())
        here = typed.get("department") == str(node.id) and "workflows" in errors
        text = typed["workflows"] if here else "\n".join(workflow.name for workflow in kept)
        yield RatedLine(node.id, node.name, len(kept), text, errors["workflows"] if here else None)


def _lines(
    request: Request, session: Session, wave: WaveView, nodes: tuple[DepartmentNode, ...]
) -> Iterable[TrialLine]:
    state = request.app.state
    names = {node.id: node.name for node in nodes}
    for link in trials.links(session, wave.organisation_id, wave.id):
        yield TrialLine(
            link=readers.listed(link, f"{state.settings.base_url}/r/{trying.token_of(link, state.link_key)}"),
            department=names.get(link.department_id, say("a department that was closed")),
            came=NOTHING_KEPT if link.revoked_at is not None else CAME[link.sent],
        )
