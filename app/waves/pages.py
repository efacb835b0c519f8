"""Gathers what the pages show. Every page runs a fixed number of statements, whatever the size of the client."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.clients import brand
from app.clients import queries as clients
from app.clients.queries import DepartmentNode, OrganisationFacts
from app.questionnaires import loading
from app.sentences import Listing, Sentence, say
from app.waves import (
    approvals,
    checks,
    headcounts,
    instruments,
    labels,
    languages,
    lengths,
    promised,
    queries,
    service,
    small,
    views,
    watching,
)
from app.waves.forms import NextInput, PlanInput, PolicyInput
from app.waves.queries import ResponseRate, WaveView
from app.waves.states import FORM_NAMES, STATES
from app.waves.steps import next_step
from app.web.views import View
from app.workflows import queries as workflows
from surveys.arrange import layout
from surveys.model import FORMS, Form, Instrument


def organisation(
    session: Session, organisation_id: UUID, *, now: datetime, owns: bool = False
) -> views.OrganisationPage:
    """A client's waves with their response rates, its departments in short, and the next right step."""
    facts = clients.organisation(session, organisation_id)
    nodes = clients.departments(session, organisation_id)
    waves = queries.waves(session, organisation_id)
    response_rates = queries.response_rates(session, organisation_id)
    step = next_step(departments=len(nodes), waves=waves, response_rates=response_rates, now=now, zone=facts.time_zone)
    return views.OrganisationPage(
        organisation=facts,
        badge=brand.badge(session, organisation_id),
        owns=owns,
        step=step,
        assessments=tuple(_blocks(facts, waves, response_rates)),
        departments=tuple(_top(nodes)),
        department_count=len(nodes),
        people=sum(node.headcount for node in nodes),
    )


def plan(
    session: Session,
    organisation_id: UUID,
    *,
    now: datetime,
    typed: PlanInput | None = None,
    policy: PolicyInput | None = None,
    errors: Mapping[str, str] | None = None,
) -> views.PlanPage:
    """The form for a new assessment, filled with what is likely or with what was typed."""
    facts = clients.organisation(session, organisation_id)
    offers = loading.offers(session, organisation_id)
    label = labels.proposed(labels.today(now, facts.time_zone))
    shown = typed or PlanInput(say("Agent readiness"), offers[0].key, label, "full", "")
    return views.PlanPage(
        organisation=facts,
        typed=shown,
        errors=errors or {},
        instruments=_instrument_choices(offers),
        forms=_form_choices(_chosen(session, organisation_id, shown.instrument, offers)),
        promised=promised.of_plan(facts, policy, errors or {}),
    )


def wave(session: Session, organisation_id: UUID, wave_id: UUID, *, now: datetime) -> View | None:
    """The page of a wave, as its state wants it; None while it closes, which is a walk of its own (app/closing)."""
    facts = clients.organisation(session, organisation_id)
    view = queries.wave(session, organisation_id, wave_id)
    if view.state == "draft":
        return _draft(session, facts, view, now)
    if view.state == "cancelled":
        return views.CancelledPage(facts, view)
    if view.state in ("open", "paused"):
        return watching.page(session, facts, view, now)
    if view.state == "closing":
        return None
    return closed(session, facts, view, now=now)


def closed(
    session: Session,
    facts: OrganisationFacts,
    wave: WaveView,
    *,
    now: datetime,
    typed: NextInput | None = None,
    errors: Mapping[str, str] | None = None,
) -> views.ClosedPage:
    """A closed wave, with the form for the next one unless that is there."""
    siblings = tuple(w for w in queries.waves(session, facts.id) if w.assessment_id == wave.assessment_id)
    later = [one for one in siblings if one.number > wave.number and one.state != "cancelled"]
    label = labels.proposed(
        labels.today(now, facts.time_zone), after=wave.label, taken={sibling.label for sibling in siblings}
    )
    return views.ClosedPage(
        organisation=facts,
        wave=wave,
        form=FORM_NAMES[wave.form],
        total=queries.turnout_total(session, facts.id, wave.id),
        uncompared=_uncompared(wave, siblings),
        alert=Sentence(wave.alert or ""),  # the worker wrote a message of ours down, which has no values
        follower=min(later, key=lambda sibling: sibling.number, default=None),
        forms=_form_choices(loading.newest(session, facts.id, wave.instrument)),
        typed=typed or NextInput(service.next_form(siblings), label),
        errors=errors or {},
    )


def _uncompared(wave: WaveView, siblings: Sequence[WaveView]) -> str | None:
    """The wave before, when its answers had been deleted by the time this one closed, so that nothing was compared."""
    for before in siblings:
        if before.id == wave.previous_wave_id and before.deleted_at and wave.closed_at:
            return before.label if before.deleted_at <= wave.closed_at else None
    return None


def headcount_page(
    session: Session,
    organisation_id: UUID,
    wave_id: UUID,
    *,
    typed: Mapping[UUID, str] | None = None,
    errors: Mapping[UUID, str] | None = None,
) -> views.HeadcountsPage:
    """The headcounts of a wave; `typed` and `errors` are by department."""
    departments = queries.wave_departments(session, organisation_id, wave_id)
    names = {department.department_id: department.name for department in departments}
    view = queries.wave(session, organisation_id, wave_id)
    changeable = _changeable(session, view)
    return views.HeadcountsPage(
        organisation=clients.organisation(session, organisation_id),
        wave=view,
        note=_about_corrections(view),
        lines=tuple(
            views.HeadcountLine(
                department_id=d.department_id,
                name=d.name,
                above=names[d.parent_id] if d.parent_id else None,
                planned=d.planned_headcount,
                value=(typed or {}).get(d.department_id, str(d.headcount)),
                error=(errors or {}).get(d.department_id),
                changeable=changeable is None or d.department_id in changeable,
            )
            for d in departments
        ),
        corrections=tuple(_corrections(session, organisation_id, wave_id, names)),
    )


def _about_corrections(wave: WaveView) -> str:
    if wave.deleted_at is not None:
        return say("The answers of this wave were deleted, so these stay as they are.")
    if wave.finished:
        return say(
            "The result is made. A correction is recorded with your name and counts when the result is made again."
        )
    if wave.state == "closing":
        return say(
            "While the wave closes, a headcount can be corrected once, upwards, and only where more "
            "people answered than it says. The correction is recorded with your name."
        )
    return say("A correction is for this wave only and is recorded with your name.")


def _changeable(session: Session, wave: WaveView) -> set[UUID] | None:
    """The departments whose headcount may be changed, None for all: while a wave closes only those too full."""
    if wave.state == "open" or (wave.finished and wave.deleted_at is None):
        return None
    if wave.state != "closing":
        return set()
    return {one.department.department_id for one in headcounts.overfull(session, wave.organisation_id, wave.id)}


def _blocks(
    facts: OrganisationFacts, waves: Sequence[WaveView], response_rates: Mapping[UUID, ResponseRate]
) -> Iterable[views.AssessmentBlock]:
    for _, together in groupby(waves, key=lambda wave: wave.assessment_id):
        lines = tuple(
            views.WaveLine(
                wave=wave,
                state=STATES[wave.state],
                form=FORM_NAMES[wave.form],
                dates=dates(wave, facts.time_zone),
                response_rate=response_rates.get(wave.id),
                too_few=wave.closed_at is not None and response_rates[wave.id].few,
            )
            for wave in together
        )
        yield views.AssessmentBlock(lines[0].wave.assessment_id, lines[0].wave.assessment_name, lines)


def dates(wave: WaveView, zone: str) -> str:
    """When a wave was or will be open, in the client's calendar."""
    end = wave.planned_close
    if wave.opened_at is None and wave.opens_at is not None:
        opens = labels.today(wave.opens_at, zone)
        return (
            say("opens by itself on {day}", day=opens)
            if wave.held_at is None
            else say("held up since {day}", day=opens)
        )
    if wave.opened_at is None:
        return say("planned to close {day}", day=end) if end else say("no closing day")
    start = labels.today(wave.opened_at, zone)
    if wave.closed_at is None:
        open_since = say("since {day}", day=start)
        return say("{since}, planned to close {day}", since=open_since, day=end) if end else open_since
    last = labels.today(wave.closed_at, zone)
    return say("{day}", day=start) if start == last else say("{first} to {last}", first=start, last=last)


def _top(nodes: Sequence[DepartmentNode]) -> Iterable[views.DepartmentLine]:
    """The departments at the top; what follows one before the next top one is below it, depth first."""
    starts = [index for index, node in enumerate(nodes) if node.depth == 0]
    for start, end in pairwise([*starts, len(nodes)]):
        yield views.DepartmentLine(nodes[start].name, nodes[start].total_headcount, end - start - 1)


def _draft(session: Session, facts: OrganisationFacts, wave: WaveView, now: datetime) -> views.DraftPage:
    nodes = clients.departments(session, facts.id)
    instrument = instruments.asked(session, wave)
    spoken = languages.lines(session, wave, instrument)
    named = workflows.workflows(session, facts.id)
    asked = [(node.function, named.get(node.id, ())) for node in nodes if node.function in instrument.functions]
    return views.DraftPage(
        organisation=facts,
        wave=wave,
        form=FORM_NAMES[wave.form],
        questionnaire=say(
            "{name}, version {version}", name=loading.spoken_name(instrument), version=instrument.version
        ),
        newer=_newer(session, wave, instrument),
        minutes=lengths.told(instrument, wave.form, asked),
        department_count=len(nodes),
        people=sum(node.headcount for node in nodes),
        blockers=(
            *checks.about_waves(
                wave, queries.waves(session, facts.id), now=now, today=labels.today(now, facts.time_zone)
            ),
            *checks.blockers(nodes, instrument, named),
        ),
        small=tuple(small.sentences(nodes, k=wave.policy.k_means)),
        promised=promised.of_wave(facts, wave),
        decisions=approvals.decisions(session, facts.id, wave.id),
        languages=spoken,
        unreviewed=Listing(one.language.name for one in spoken if one.unreviewed),
    )


def _newer(session: Session, wave: WaveView, asked: Instrument) -> str:
    """The newest version of the questionnaire that a draft asks in an older one, "" where it asks the newest."""
    newest = loading.newest(session, wave.organisation_id, wave.instrument).version
    return "" if newest == asked.version else newest


def _corrections(
    session: Session, organisation_id: UUID, wave_id: UUID, names: Mapping[UUID, str]
) -> Iterable[views.CorrectionLine]:
    found = queries.corrections(session, organisation_id, wave_id)
    people = {user_id: accounts.user(session, user_id) for user_id in {one.user_id for one in found}}
    for one in found:
        user = people[one.user_id]
        by = user.name if user else "somebody"
        yield views.CorrectionLine(names[one.department_id], one.before, one.after, by, one.at)


def _instrument_choices(offers: Sequence[loading.Offer]) -> tuple[tuple[str, str], ...]:
    return tuple((one.key, say("{name}, version {version}", name=one.name, version=one.version)) for one in offers)


def _chosen(session: Session, organisation_id: UUID, key: str, offers: Sequence[loading.Offer]) -> Instrument:
    """The questionnaire that was chosen, or the first of those that are offered."""
    known = key if key in {one.key for one in offers} else offers[0].key
    return loading.newest(session, organisation_id, known)


def _form_choices(instrument: Instrument) -> tuple[tuple[str, str, str], ...]:
    return tuple((form, FORM_NAMES[form], _taking(instrument, form)) for form in FORMS)


def _taking(instrument: Instrument, form: Form) -> str:
    questions = max(len(layout(instrument, form=form, function=function).item_ids) for function in instrument.functions)
    told = lengths.told(instrument, form, ())
    if form == "full":
        return say(
            "For the first wave and then once a year: up to {questions} questions, {minutes}.",
            questions=questions,
            minutes=told,
        )
    return say(
        "For the quarters between: up to {questions} questions, {minutes}. The trend needs no more.",
        questions=questions,
        minutes=told,
    )
