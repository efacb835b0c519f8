"""Gathers what the pages of the year show."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.clients.calendar import MONTHS
from app.clients.queries import OrganisationFacts
from app.mail import queries as mail
from app.mail.timing import day_key
from app.mail.words import INVITATION, REMINDER, REMINDERS
from app.planner import lists, quarters, service
from app.planner.quarters import Proposed
from app.planner.rows import CLOSES, OPENS, Row, YearInput, row_of, written
from app.planner.views import RowLine, RunInput, RunLine, RunPage, YearPage
from app.rosters import queries as rosters
from app.sentences import Listing, Passage, Sentence, say, say_count
from app.waves import labels, moments, schedule
from app.waves import pages as shown
from app.waves import queries as waves
from app.waves import service as running
from app.waves.checks import Blocker
from app.waves.queries import WaveView
from app.waves.states import FORM_NAMES, STATES

NOT_PREPARED = say("No mails go out by themselves: people are on no list yet.")
LIST_COMES = say("It takes over the list of people of the wave before, {days} days before it opens.")
NO_LIST = say("People are promised that there is no list of them: give each department its link when it opens.")


def year(
    session: Session,
    organisation_id: UUID,
    assessment_id: UUID,
    *,
    now: datetime,
    typed: YearInput | None = None,
    changes: Sequence[str] = (),
    errors: Mapping[str, str] | None = None,
) -> YearPage:
    """The year of an assessment: as it is with what is proposed for the rest of it, or as it was typed.

    The statements grow with the waves that are planned, of which there are a few, and with nothing else.
    """
    facts = clients.organisation(session, organisation_id)
    there = service.of_assessment(session, organisation_id, assessment_id)
    today = labels.today(now, facts.time_zone)
    kept = [row_of(one, facts.time_zone) for one in service.drafts(there)]
    proposed = tuple(_proposed(facts, there, today))
    rows = _merged(typed.rows, kept) if typed else [*kept, *(row for row, _ in proposed)]
    months = {row.label: one for row, one in proposed}
    known = {str(one.id): one for one in there}
    return YearPage(
        organisation=facts,
        assessment=there[0].assessment_name,
        opened=tuple(_run(one, facts) for one in there if one.state != "draft")[-quarters.A_YEAR :],
        rows=tuple(
            _line(session, facts, number, row, known.get(row.id), months, there, now)
            for number, row in enumerate(rows, start=1)
        ),
        forms=tuple(FORM_NAMES.items()),
        months=tuple(MONTHS.items()),
        seen=written(kept),
        lists_from=_with_list(session, there),
        lists_go_on=lists.are_on(session, service.drafts(there)),
        changes=changes,
        errors=errors or {},
    )


def run(
    session: Session,
    organisation_id: UUID,
    wave_id: UUID,
    *,
    typed: RunInput | None = None,
    errors: Mapping[str, str] | None = None,
) -> RunPage:
    """What can be done to a wave before it closes, as it is or as it was typed."""
    facts = clients.organisation(session, organisation_id)
    wave = waves.wave(session, organisation_id, wave_id)
    as_it_is = RunInput(
        closes=moments.typed(wave.ends_at, facts.time_zone, otherwise=CLOSES),
        until=moments.typed(wave.paused_until, facts.time_zone, otherwise=OPENS),
        target="" if wave.target is None else str(wave.target),
        reason="",
    )
    return RunPage(
        organisation=facts,
        wave=wave,
        answers=waves.turnout_total(session, organisation_id, wave_id).responses > 0,
        typed=typed or as_it_is,
        errors=errors or {},
    )


def _merged(typed: Sequence[Row], kept: Sequence[Row]) -> list[Row]:
    """What was typed for the waves that can still be planned, and the waves that came meanwhile."""
    there = {row.id for row in kept}
    sent = [row for row in typed if not row.id or row.id in there]
    seen = {row.id for row in sent}
    taken = {row.label for row in kept}
    # What somebody else added under the same label meanwhile is that wave now.
    return [*(row for row in kept if row.id not in seen), *(row for row in sent if row.id or row.label not in taken)]


def _proposed(facts: OrganisationFacts, there: Sequence[WaveView], today: date) -> Iterator[tuple[Row, Proposed]]:
    """Waves for the quarters of a year that have none, the full form once in four."""
    asked = [one for one in there if one.state != "cancelled"]
    last = max((_day(one, facts.time_zone, today) for one in there), default=today)
    most = quarters.A_YEAR - len(service.drafts(there))
    taken = {one.label for one in there}
    found = quarters.proposed(today, year_starts=facts.year_starts, after=last, taken=taken, most=most)
    since_full = _since_full(asked)
    for number, one in enumerate(found, start=1):
        full = (since_full + number) % running.WAVES_FROM_FULL_TO_FULL == 0
        yield (
            Row(
                id="",
                label=one.label,
                form="full" if full else "pulse",
                opens=one.opens.isoformat(),
                opens_time=OPENS,
                closes=one.closes.isoformat(),
                closes_time=CLOSES,
            ),
            one,
        )


def _since_full(asked: Sequence[WaveView]) -> int:
    """How many waves ago the full form was asked; as long ago as it may be where it never was."""
    ago = (number for number, one in enumerate(reversed(asked)) if one.form == "full")
    return next(ago, running.WAVES_FROM_FULL_TO_FULL - 1)


def _day(wave: WaveView, zone: str, today: date) -> date:
    """The day by which a wave stands in the calendar."""
    moment = wave.opens_at or wave.opened_at
    return today if moment is None else labels.today(moment, zone)


def _run(wave: WaveView, facts: OrganisationFacts) -> RunLine:
    return RunLine(wave, STATES[wave.state], FORM_NAMES[wave.form], shown.dates(wave, facts.time_zone))


def _line(
    session: Session,
    facts: OrganisationFacts,
    number: int,
    row: Row,
    wave: WaveView | None,
    months: Mapping[str, Proposed],
    there: Sequence[WaveView],
    now: datetime,
) -> RowLine:
    blockers: tuple[Blocker, ...] = ()
    if wave is not None and (wave.held_at is not None or wave.opens_at is not None):
        others = [one for one in there if one.state in ("paused", "open", "closing")] if wave.held_at else []
        blockers = schedule.holding_up(session, wave, others, now=now)
    return RowLine(
        name=f"w{number}",
        row=row,
        wave=wave,
        quarter=_months(facts, row, months.get(row.label)),
        blockers=blockers,
        mails="" if wave is None else _mails(session, wave),
    )


def _with_list(session: Session, there: Sequence[WaveView]) -> str:
    """The label of the newest wave that has a list of people, "" where none has."""
    found = lists.newest_listed(session, there[::-1])
    return found.label if found else ""


def _months(facts: OrganisationFacts, row: Row, proposed: Proposed | None) -> str:
    """For which months a wave is, in words."""
    try:
        day = proposed.opens if proposed is not None else date.fromisoformat(row.opens)
        quarter = next(quarters.quarters(day, year_starts=facts.year_starts))
    except ValueError:
        return ""
    last = quarter.ends - timedelta(days=1)
    return say(
        "{first} to {last} {year}", first=MONTHS[quarter.begins.month], last=MONTHS[last.month], year=str(last.year)
    )


def _mails(session: Session, wave: WaveView) -> str:
    """Which mails a planned wave sends by itself, and what is missing for that."""
    if wave.policy.mode == "anonymous":
        return NO_LIST
    listed = rosters.by_department(session, organisation_id=wave.organisation_id, wave_id=wave.id)
    addresses = sum(one.addresses for one in listed.values())
    plan = mail.plan(session, organisation_id=wave.organisation_id, wave_id=wave.id)
    if not addresses:
        return _to_come(session, wave)
    told: Sentence | Passage = say_count(
        "{n} person on the list has an address.", "{n} people on the list have an address.", addresses
    )
    if (since := lists.changes(session, wave)) is not None and (since.joined or since.left):
        compared = say(
            "Compared with {before}: {joined} joined, {left} left.",
            before=since.before,
            joined=since.joined,
            left=since.left,
        )
        told = Passage([told, compared])
    if plan is None or plan.state != "on":
        return Passage([told, say("The mails are not started yet, so none goes out.")])
    return Passage([told, _days(plan)])


def _to_come(session: Session, wave: WaveView) -> Sentence:
    """What is said of a wave without addresses: that its list is taken over, or that there is none."""
    if wave.opens_at is None or not lists.are_on(session, [wave]):
        return NOT_PREPARED
    return LIST_COMES.filled({"days": lists.BEFORE.days})


def _days(plan: mail.PlanFacts) -> str:
    keys = (day_key(REMINDER, number) for number in range(1, REMINDERS + 1))
    reminders = Listing(date.fromisoformat(plan.days[key]) for key in keys if plan.days.get(key))
    invited = say("Invitations go out on {day}", day=date.fromisoformat(plan.days[INVITATION]))
    if not reminders:
        return say("{invited}.", invited=invited)
    return say("{invited}, reminders on {days}.", invited=invited, days=reminders)
