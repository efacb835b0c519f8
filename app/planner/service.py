"""Planning the year of an assessment: its waves, when they open and close, and the days of their mails."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.mail import service as mails
from app.mail.timing import day_key
from app.mail.words import INVITATION, REMINDER
from app.planner import lists
from app.planner.quarters import REMINDERS
from app.planner.rows import Row, YearInput, row_of
from app.sentences import Passage, say
from app.waves import labels, moments, schedule
from app.waves import queries as waves
from app.waves import service as running
from app.waves.checks import RUNNING
from app.waves.queries import WaveView
from app.waves.running import FAR, FARTHEST, PAST
from app.waves.schedule import Dates

SHORTEST: Final = timedelta(hours=1)


class ChangedMeanwhileError(ConflictError):
    """Somebody else changed the plan after this one was shown. `changes` are sentences, each about one wave."""

    def __init__(self, changes: tuple[str, ...]) -> None:
        super().__init__(Passage(changes))
        self.changes = changes


@dataclass(frozen=True, slots=True)
class Planned:
    """A row in its types, at its place in the form."""

    number: int
    row: Row
    dates: Dates


def save(session: Session, *, organisation_id: UUID, assessment_id: UUID, typed: YearInput, now: datetime) -> None:
    """Keeps the plan of a year: changes the drafts that are there and adds those that got dates.

    ChangedMeanwhileError when the sender saw another plan; InvalidError has a sentence for each wrong field, and
    nothing is changed then.
    """
    # In the order in which an opening takes its locks, so that neither waits for the other for ever.
    for draft in drafts(of_assessment(session, organisation_id, assessment_id)):
        waves.locked_wave(session, organisation_id, draft.id)
    waves.locked_assessment(session, organisation_id, assessment_id)
    zone = clients.organisation(session, organisation_id).time_zone
    there = of_assessment(session, organisation_id, assessment_id)
    if changes := tuple(_changes(there, typed, zone)):
        raise ChangedMeanwhileError(changes)
    planned = _read(typed.rows, there, zone=zone, now=now)
    go_on = lists.are_on(session, drafts(there))
    wrong: dict[str, str] = {}
    for one in planned:
        try:
            _keep(session, organisation_id, assessment_id, one, zone=zone, now=now)
        except InvalidError as error:
            wrong |= {f"w{one.number}-{name}": sentence for name, sentence in error.fields.items()}
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    if go_on:
        lists.turn_on(session, drafts(of_assessment(session, organisation_id, assessment_id)), now=now)


def of_assessment(session: Session, organisation_id: UUID, assessment_id: UUID) -> tuple[WaveView, ...]:
    """The waves of an assessment in their order, in one statement. NotFoundError when there is none."""
    found = [one for one in waves.waves(session, organisation_id) if one.assessment_id == assessment_id]
    if not found:
        raise NotFoundError
    return tuple(sorted(found, key=lambda one: one.number))


def drafts(there: Sequence[WaveView]) -> tuple[WaveView, ...]:
    """Those that have not opened."""
    return tuple(one for one in there if one.state == "draft")


def _keep(
    session: Session, organisation_id: UUID, assessment_id: UUID, one: Planned, *, zone: str, now: datetime
) -> None:
    row = one.row
    if not row.id and one.dates.opens_at is None:
        return
    wave_id = (
        UUID(row.id)
        if row.id
        else running.follow(session, organisation_id, assessment_id, form=row.form, label=row.label, now=now)
    )
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    before = waves.wave(session, **place)
    schedule.change(session, **place, label=row.label, form=row.form, dates=one.dates, now=now)
    if one.dates.opens_at is not None:
        _move_mails(session, waves.wave(session, **place), before.opens_at, zone=zone, now=now)


def _move_mails(session: Session, wave: WaveView, before: datetime | None, *, zone: str, now: datetime) -> None:
    """Lets the days of the mails follow the opening: those that were chosen move with it, else they are proposed."""
    if wave.policy.mode == "anonymous" or wave.opens_at is None:
        return
    plan = mails.plan_of(session, wave, now=now, lock=True)
    opens = labels.today(wave.opens_at, zone)
    if not plan.days:
        days = _usual_days(opens, None if wave.ends_at is None else labels.today(wave.ends_at, zone))
    elif before is not None:
        moved = opens - labels.today(before, zone)
        days = {key: (date.fromisoformat(day) + moved).isoformat() for key, day in plan.days.items()}
    else:
        return
    mails.save(session, replace(plan, days=days), now=now)


def _usual_days(opens: date, closes: date | None) -> dict[str, str]:
    days = {INVITATION: opens.isoformat()}
    for number, after in enumerate(REMINDERS, start=1):
        if closes is None or opens + after < closes:
            days[day_key(REMINDER, number)] = (opens + after).isoformat()
    return days


def _read(rows: Sequence[Row], there: Sequence[WaveView], *, zone: str, now: datetime) -> tuple[Planned, ...]:
    """The rows in their types, in their order. InvalidError has the sentences of all that is wrong with them."""
    known = {str(one.id): one for one in there}
    wrong: dict[str, str] = {}
    found: list[Planned] = []
    last = max((one.ends_at for one in there if one.state in RUNNING and one.ends_at is not None), default=None)
    for number, row in enumerate(rows, start=1):
        faults: dict[str, str] = {}
        dates = _dates(row, zone, faults)
        if not faults:
            _judge(dates, known.get(row.id), last=last, now=now, wrong=faults)
        wrong |= {f"w{number}-{name}": sentence for name, sentence in faults.items()}
        last = dates.ends_at or dates.opens_at or last
        found.append(Planned(number, row, dates))
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    return tuple(found)


def _dates(row: Row, zone: str, wrong: dict[str, str]) -> Dates:
    read: dict[str, datetime | None] = {"opens": None, "closes": None}
    for name, typed in (("opens", row.opening), ("closes", row.closing)):
        try:
            read[name] = moments.read(typed, zone, name=name)
        except InvalidError as error:
            wrong |= error.fields
    return Dates(opens_at=read["opens"], ends_at=read["closes"])


def _judge(
    dates: Dates, before: WaveView | None, *, last: datetime | None, now: datetime, wrong: dict[str, str]
) -> None:
    """What is wrong with two dates; what has not been changed is not judged by the clock."""
    opens, closes = dates.opens_at, dates.ends_at
    if opens is not None and closes is not None:
        if closes - opens < SHORTEST:
            wrong["closes"] = say("It has to close at least an hour after it opens.")
        if before is None or (before.opens_at, before.ends_at) != (opens, closes):
            _judge_by_clock(opens, closes, last=last, now=now, wrong=wrong)
    elif closes is not None:
        wrong["opens"] = say("Give the day on which it opens too, or leave both days empty.")
    elif opens is not None:
        wrong["closes"] = say("Give the day on which it closes too, or leave both days empty.")


def _judge_by_clock(
    opens: datetime, closes: datetime, *, last: datetime | None, now: datetime, wrong: dict[str, str]
) -> None:
    if closes <= now:
        wrong["closes"] = PAST
    elif closes > now + FARTHEST:
        wrong["closes"] = FAR
    if opens <= now:
        wrong["opens"] = PAST
    elif opens > now + FARTHEST:
        wrong["opens"] = FAR
    elif last is not None and opens < last:
        wrong["opens"] = say("The wave before it has not closed by then. Choose a later day or time.")


def _changes(there: Sequence[WaveView], typed: YearInput, zone: str) -> Iterator[str]:
    """What the waves are now that was not so on the page that was sent, a sentence for each wave."""
    now = {str(one.id): one for one in there}
    drafted = {str(one.id): asdict(row_of(one, zone)) for one in drafts(there)}
    for id, seen in typed.seen.items():
        if id not in drafted:
            label = now[id].label if id in now else seen.get("label", "")
            yield say("{label} is no longer a draft, so it cannot be planned any more.", label=label)
        elif drafted[id] != dict(seen):
            yield say("{label} has been changed: {told}", label=drafted[id]["label"], told=told(drafted[id]))
    for id, row in drafted.items():
        if id not in typed.seen:
            yield say("{label} has been added: {told}", label=row["label"], told=told(row))
    yield from _unknown(typed.rows, drafted)


def _unknown(rows: Iterable[Row], drafted: Mapping[str, object]) -> Iterator[str]:
    for row in rows:
        if row.id and row.id not in drafted:
            yield say("{label} is no longer a draft, so it cannot be planned any more.", label=row.label)


def told(row: Mapping[str, str]) -> str:
    """The dates of a row in a sentence."""
    if not row["opens"]:
        return say("it opens when somebody opens it.")
    return say(
        "it opens on {opens} at {opens_time} and closes on {closes} at {closes_time}.",
        opens=date.fromisoformat(row["opens"]),
        opens_time=row["opens_time"],
        closes=date.fromisoformat(row["closes"]) if row["closes"] else "",
        closes_time=row["closes_time"],
    )
