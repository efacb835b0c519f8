"""Gathers what is told of a client's plan: the versions of its actions, the waves, and their results. Reads only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.actions import queries as actions
from app.actions.facts import ENDED
from app.actions.places import Places, places
from app.actions.queries import Planned
from app.autonomy import queries as autonomy
from app.clients import queries as clients
from app.effects.measuring import Window, measured
from app.effects.told import Account, Deed, Quarter, State
from app.lineage import days
from app.playbooks.action import Library
from app.playbooks.beside import library_of
from app.playbooks.roles import ROLES
from app.releases import pairs, store
from app.releases.document.release import Release
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.waves.results import with_results

Results = Mapping[UUID, StoredRelease]
Reading = Callable[[Sequence[WaveView]], Results]
"""Reads of these waves the releases that somebody is shown, by wave."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A wave that has opened, on which day, and the one after it, None where there is none yet."""

    wave: WaveView
    begins: date
    after: WaveView | None
    ends: date | None


def account(
    session: Session,
    organisation_id: UUID,
    *,
    now: datetime,
    shown: Reading | None = None,
    upto: UUID | None = None,
) -> Account:
    """What was planned and done as it stood at `now`, and what the waves since show of it.

    `shown` reads the releases that the reader is shown. None: the newest of each wave. `upto` is the last wave whose
    result is read; None: the newest that has one.
    """
    zone = clients.organisation(session, organisation_id).time_zone
    deeds = deeds_at(session, organisation_id, now=now, zone=zone)
    spans = _spans(waves.waves(session, organisation_id), upto, zone)
    results = _read(session, [one.wave for one in spans], shown)
    records = [(one.number, days.today(one.at, zone)) for one in autonomy.records(session, organisation_id)]
    return Account(
        organisation_id=organisation_id,
        as_of=days.today(now, zone),
        deeds=deeds,
        quarters=tuple(_quarter(session, one, deeds, records, results, first=not at) for at, one in enumerate(spans)),
    )


def quarter_before(
    session: Session, organisation_id: UUID, wave_id: UUID, *, now: datetime, shown: Reading | None = None
) -> Quarter | None:
    """The quarter that ended with a wave, without records; None for the first wave. Of the two waves alone the results
    are read; `shown` as in `account`."""
    zone = clients.organisation(session, organisation_id).time_zone
    spans = _spans(waves.waves(session, organisation_id), wave_id, zone)
    if len(spans) < 2:
        return None
    last = spans[-2]
    results = _read(session, [one for one in (last.wave, last.after) if one], shown)
    deeds = deeds_at(session, organisation_id, now=now, zone=zone)
    return _quarter(session, last, deeds, (), results, first=len(spans) == 2)


def _read(session: Session, every: Sequence[WaveView], shown: Reading | None) -> Results:
    finished = [one for one in every if one.finished]
    return store.newest(session, finished) if shown is None else shown(finished)


def deeds_at(session: Session, organisation_id: UUID, *, now: datetime, zone: str) -> tuple[Deed, ...]:
    """All actions of the plan as they stood at a moment, by the day they are due; in one statement and the places."""
    stood = {one.id: one for one in actions.versions(session, organisation_id) if one.saved_at <= now}
    there, library = places(session, organisation_id), library_of(session, organisation_id)
    every = [_deed(one, there, zone, library) for one in stood.values()]
    return tuple(sorted(every, key=lambda one: (one.due, one.taken, one.id)))


def _deed(one: Planned, there: Places, zone: str, library: Library) -> Deed:
    facts = one.facts
    found = library.known(one.action)
    return Deed(
        id=one.id,
        origin=facts.department_id,
        department_id=there.now(facts.department_id),
        department=there.name(facts.department_id),
        action=one.action,
        title=one.title,
        role=ROLES[found.owner] if found else "",
        owner=facts.owner,
        taken=days.today(one.taken_at, zone),
        begins=one.begins,
        due=facts.due,
        hours=facts.hours,
        status=facts.status,
        ended=facts.ended,
        moves=facts.moves,
        evidence=facts.evidence,
        link=facts.link,
        reason=facts.reason,
    )


def _spans(every: Sequence[WaveView], upto: UUID | None, zone: str) -> tuple[_Span, ...]:
    """The waves of the assessment of one of them, of the newest with a result unless told, from opening to opening."""
    newest = next((one for one in every if one.id == upto), next(iter(with_results(every)), None))
    if newest is None:
        return ()
    of_it = [one for one in every if one.assessment_id == newest.assessment_id and one.cancelled is None]
    last = newest.number if upto else max(one.number for one in of_it)
    opened = [
        (one, days.today(one.opened_at, zone))
        for one in sorted(of_it, key=lambda one: one.number)
        if one.opened_at is not None and one.number <= last
    ]
    following = (*opened[1:], (None, None))
    return tuple(_Span(wave, day, *after) for (wave, day), after in zip(opened, following, strict=True))


def _quarter(
    session: Session,
    span: _Span,
    deeds: Sequence[Deed],
    records: Sequence[tuple[int, date]],
    results: Results,
    *,
    first: bool,
) -> Quarter:
    window = Window(begins=span.begins, ends=span.ends or date.max)
    lasts = Window(begins=date.min, ends=window.ends) if first else window
    ended = [one for one in deeds if one.status in ENDED and lasts.holds(one.ended)]
    state, both = _both(session, span, results)
    return Quarter(
        label=span.wave.label,
        wave_id=span.wave.id,
        next_label=span.after.label if span.after else None,
        next_id=span.after.id if span.after else None,
        begins=span.begins,
        ends=span.ends,
        state=state,
        decided=tuple(one for one in deeds if lasts.holds(one.taken)),
        records=tuple(one for one in records if lasts.holds(one[1])),
        done=tuple(one for one in ended if one.status == "done"),
        dropped=tuple(one for one in ended if one.status == "dropped"),
        going_on=tuple(one for one in deeds if one.taken < window.ends and one not in ended and _goes_on(one, window)),
        shown=measured(*both, deeds, window) if both else {},
    )


def _goes_on(deed: Deed, window: Window) -> bool:
    """Whether it has not ended by the end of a window."""
    return deed.status not in ENDED or deed.ended is None or deed.ended >= window.ends


def _both(session: Session, span: _Span, results: Results) -> tuple[State, tuple[Release, Release] | None]:
    """The results of both waves, the later one with the changes since the earlier; None with the reason without."""
    if span.after is None or not span.after.finished:
        return "running", None
    before, later = results.get(span.wave.id), results.get(span.after.id)
    if before is None or later is None:
        return "not_shown", None
    told = list(_told(session, before, later))
    return ("measured", (told[0], told[1])) if told else ("not_compared", None)


def _told(session: Session, before: StoredRelease, later: StoredRelease) -> Iterator[Release]:
    """Both documents in the reader's language; nothing where nobody compared the two."""
    earlier, drawn = (translated(one.document, words_of(session, one)) for one in (before, later))
    if drawn.wave.previous_label == earlier.wave.label:
        yield from (earlier, drawn)
    elif made := pairs.by_id(session, later.organisation_id, pairs.id_of(later.wave_id, before.wave_id)):
        yield from (earlier, made.document.over(drawn))
