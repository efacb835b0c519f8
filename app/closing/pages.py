"""Gathers what the walk shows. It runs a fixed number of statements, whatever the size of the client."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.roles import LEAD, REVIEWER, RUNNING, SPONSOR
from app.acts import queries as acts
from app.clients import queries as clients
from app.clients.queries import OrganisationFacts
from app.closing.views import (
    Careless,
    Comments,
    Cost,
    FarLine,
    Made,
    OverfullLine,
    Progress,
    Readers,
    Stage,
    State,
    WalkPage,
)
from app.comments import queries as comments
from app.jobs import queries as jobs
from app.releases import store, supplement
from app.releases.document.figures import LeftOut
from app.releases.document.notes import NOTES, OMITTED, SHIFTED
from app.releases.store import StoredRelease
from app.retention.service import WIPE
from app.sentences import recalled, say
from app.share import queries as share
from app.waves import ending, headcounts, labels, service, watching
from app.waves import queries as waves
from app.waves.queries import WaveView

READ: Final = "wave.alert_read"
NOT_TOLD: Final = say("How many were left out is told only where it is nobody, or {k} people at least.")
NOBODY: Final = say("No answer sheet was left out.")
BEFORE_THE_RULE: Final = say("This result was made before there was a rule: all answer sheets count.")


def walk(session: Session, wave: WaveView, *, now: datetime) -> WalkPage:
    """The walk of a wave that runs, closes or has closed."""
    facts = clients.organisation(session, wave.organisation_id)
    readers = _readers(session, wave)
    empty = WalkPage(
        organisation=facts,
        wave=wave,
        phase="running",
        states={},
        left=0,
        total=waves.turnout_total(session, facts.id, wave.id),
        cost=None,
        far=(),
        overfull=(),
        graces=tuple((str(minutes), label, "") for minutes, label in ending.GRACES.items()),
        readers=readers,
        progress=None,
        made=None,
        careless=None,
        comments=None,
        shared=False,
    )
    if wave.state in ("open", "paused"):
        return _counted(_running(session, facts, empty, now))
    return _counted(_closing(session, empty) if wave.state == "closing" else _closed(session, empty))


def _counted(page: WalkPage) -> WalkPage:
    """The page with the states of its steps."""
    states = dict(_states(page))
    return replace(page, states=states, left=sum(state == "open" for state in states.values()))


def _states(page: WalkPage) -> Iterator[tuple[str, State]]:
    phase, cost = page.phase, page.cost
    dear = cost is not None and bool(cost.missing or (cost.likely is not None and cost.likely.lost))
    yield "turnout", "open" if dear else "done"
    wrong = page.far or any(line.blocks for line in page.overfull)
    yield "headcounts", "open" if wrong else "done"
    yield "begun", "done"
    yield "readers", "open" if page.readers.nobody else "done"
    yield "release", _of_release(page)
    yield "careless", "later" if page.careless is None else _alert_state(page.careless)
    if page.wave.policy.comments:
        yield "comments", "later" if page.comments is None else "done" if page.comments.published else "open"
    yield "share", "later" if phase != "closed" else "done" if page.shared else "open"


def _of_release(page: WalkPage) -> State:
    if page.phase == "closed":
        return "done"
    if page.progress is None:
        return "open"
    return {"settle": "later", "making": "now", "failed": "open"}[page.progress.state]  # type: ignore[return-value]


def _alert_state(found: Careless) -> State:
    return "open" if found.alert and not found.read_by else "done"


def _running(session: Session, facts: OrganisationFacts, page: WalkPage, now: datetime) -> WalkPage:
    """What closing now costs, and groups with far too many answers, from what the page of the open wave shows."""
    seen = watching.page(session, facts, page.wave, now)
    closes, rates = page.wave.planned_close, [(line, line.response_rate) for line in seen.lines if not line.pooled]
    # What stands alone in the table of the turnout; of all others a page may only say this once the wave has closed.
    far = tuple(
        FarLine(line.name, rate.responses, rate.headcount)
        for line, rate in rates
        if headcounts.far_above(rate.responses, rate.headcount)
    )
    cost = Cost(
        missing=seen.missing,
        low=seen.outlook.low if seen.outlook else None,
        high=seen.outlook.high if seen.outlook else None,
        closes=closes,
        days=0 if closes is None else max(0, (closes - labels.today(now, facts.time_zone)).days),
        likely=seen.likely,
    )
    return replace(page, cost=cost, far=far if seen.counted_until else ())


def _closing(session: Session, page: WalkPage) -> WalkPage:
    wave = page.wave
    found = headcounts.overfull(session, wave.organisation_id, wave.id)
    departments = waves.wave_departments(session, wave.organisation_id, wave.id) if found else ()
    # A count is said only of a department that stands alone in the turnout; of others it would tell of a few people.
    alone = {group.departments for group in watching.groups(departments) if not group.pooled}
    lines = tuple(
        OverfullLine(
            department_id=one.department.department_id,
            name=one.department.name,
            headcount=one.department.headcount,
            told=one.responses if (one.department.department_id,) in alone else None,
            blocks=one.blocks,
        )
        for one in found
    )
    progress = _progress(session, wave, settled=not any(one.blocks for one in found))
    return replace(page, phase="closing", overfull=lines, progress=progress)


def _progress(session: Session, wave: WaveView, *, settled: bool) -> Progress:
    job = jobs.job(session, kind=service.RELEASE, subject_id=wave.id)
    failed = job is not None and job.state == "failed"
    mixed = jobs.job(session, kind=WIPE, subject_id=wave.id) is not None
    going = job is not None and job.state == "running"
    return Progress(
        state="settle" if not settled else "failed" if failed else "making",
        again=job is not None and job.attempts > 1,
        stages=_stages(begun=going or mixed, mixed=mixed, made=False, wiped=False),
    )


def _stages(*, begun: bool, mixed: bool, made: bool, wiped: bool) -> tuple[Stage, ...]:
    """What the worker does one after the other; the first that is not done is under way."""
    done = (
        (say("The worker has taken it up"), begun),
        (say("What was begun and not sent is deleted unread; the answers are put in random order"), mixed),
        (say("The result is worked out, and a second program proves that it gives nobody away"), made),
        (say("The files are written anew, so that nothing is left of what was deleted"), wiped),
    )
    first = next((place for place, (_, there) in enumerate(done) if not there), len(done))
    return tuple(
        Stage(told, "done" if there else "now" if place == first else "later")
        for place, (told, there) in enumerate(done)
    )


def _closed(session: Session, page: WalkPage) -> WalkPage:
    wave = page.wave
    newest = store.latest(session, wave.organisation_id, wave.id)
    wiping = jobs.job(session, kind=WIPE, subject_id=wave.id)
    wiped = wiping is None or wiping.state == "done"
    progress = Progress(state="making", again=False, stages=_stages(begun=True, mixed=True, made=True, wiped=wiped))
    return replace(
        page,
        phase="closed",
        progress=progress,
        made=None if newest is None else Made(newest.number, newest.made_at),
        careless=_careless(session, wave, newest),
        comments=_comments(session, wave, newest),
        shared=share.of_wave(session, wave.organisation_id, wave.id) is not None,
    )


def _careless(session: Session, wave: WaveView, newest: StoredRelease | None) -> Careless:
    found = None if newest is None else newest.document.left_out
    read = acts.newest(session, wave.organisation_id, kind=READ, wave_id=wave.id) if wave.alert else None
    return Careless(
        told=(BEFORE_THE_RULE,) if found is None else tuple(_told(found, k=wave.policy.k_means)),
        alert=recalled(wave.alert, NOTES) if wave.alert else "",
        read_by=(read.user_name or say("somebody")) if read else "",
        read_at=read.at if read else None,
    )


def _told(found: LeftOut, *, k: int) -> Iterator[str]:
    if found.number is None:
        yield NOT_TOLD.filled({"k": k})
    else:
        yield OMITTED.filled({"number": str(found.number)}) if found.number else NOBODY
    if found.shift:
        yield SHIFTED[found.shift].filled({"k": k})


def _comments(session: Session, wave: WaveView, newest: StoredRelease | None) -> Comments | None:
    if not wave.policy.comments:
        return None
    decided, count = comments.progress(session, organisation_id=wave.organisation_id).get(wave.id, (0, 0))
    told = supplement.latest_of_wave(session, wave.organisation_id, wave.id)
    there = told is not None and newest is not None and told.release_id == newest.id
    return Comments(decided, count, published=not count or (there and decided == count))


def _readers(session: Session, wave: WaveView) -> Readers:
    everybody = [one for one in accounts.everybody(session, wave.organisation_id) if one.user.disabled_at is None]
    roles = Counter(one.role for one in everybody)
    reviewers: Sequence[str] = [one.user.name for one in everybody if one.role == REVIEWER]
    return Readers(
        running=sum(roles[role] for role in RUNNING),
        sponsors=roles[SPONSOR],
        leads=roles[LEAD],
        reviewers=reviewers,
    )
