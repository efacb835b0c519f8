"""A wave while it runs: how many have answered."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypedDict
from uuid import UUID

from sqlmodel import Session

from app.clients.queries import OrganisationFacts
from app.sentences import Listing
from app.waves import final, instruments, labels, lengths, likely, queries, turnout, views, visible
from app.waves.queries import ResponseRate, WaveDepartmentFacts, WaveView
from app.waves.states import FORM_NAMES

MOST_NUDGED: Final = 3


def page(session: Session, facts: OrganisationFacts, wave: WaveView, now: datetime) -> views.OpenPage:
    """A wave while people answer: the turnout of the whole organisation live, that of departments as P10 allows."""
    today = labels.today(now, facts.time_zone)
    departments = queries.wave_departments(session, facts.id, wave.id)
    until_yesterday = queries.turnout_by_department(session, facts.id, wave.id, before=today)
    opened_on = labels.today(wave.opened_at or now, facts.time_zone)
    instrument = instruments.asked(session, wave)
    total = queries.turnout_total(session, facts.id, wave.id)
    shown = groups(departments)
    lines = tuple(_turnout(shown, departments, until_yesterday))
    course = _Course(turnout.by_day(session, facts.id, wave.id), total.headcount, opened_on, today, _closes(wave))
    return views.OpenPage(
        organisation=facts,
        wave=wave,
        form=FORM_NAMES[wave.form],
        minutes=lengths.told(instrument, wave.form, [(one.function, one.workflows) for one in departments]),
        total=total,
        missing=_missing(total, wave.target),
        outlook=course.outlook,
        lines=lines,
        nudge=_nudge(lines, wave.target or total.rate) if opened_on < today else (),
        counted_until=today - timedelta(days=1) if opened_on < today else None,
        likely=_likely(wave, departments, shown, lines, course) if opened_on < today else None,
        overdue=wave.planned_close is not None and wave.planned_close < today,
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """How many of the whole organisation answered on each day, and until when they can; None where nobody knows."""

    counts: Mapping[date, int]
    people: int
    opened: date
    today: date
    closes: date | None

    @property
    def until_last_night(self) -> int:
        return sum(n for day, n in self.counts.items() if day < self.today)

    @property
    def outlook(self) -> final.Outlook | None:
        """Where the organisation's turnout will end, where the wave has a day to close and some days behind it."""
        return None if self.closes is None else final.forecast(self.counts, **self._told, closes=self.closes)

    @property
    def to_come(self) -> tuple[float, ...]:
        return () if self.closes is None else final.still_to_come(self.counts, **self._told, closes=self.closes)

    @property
    def _told(self) -> "_Told":
        return {"people": self.people, "opened": self.opened, "today": self.today}


class _Told(TypedDict):
    people: int
    opened: date
    today: date


def _closes(wave: WaveView) -> date | None:
    return wave.planned_close if wave.state == "open" else None


def _likely(
    wave: WaveView,
    departments: Sequence[WaveDepartmentFacts],
    shown: Sequence[visible.Group],
    lines: Sequence[views.TurnoutLine],
    course: _Course,
) -> likely.Likely:
    """What the result will show, from the numbers of the table, the course of the organisation's, and headcounts."""
    counted = [line.response_rate.responses for line in lines]
    known = likely.basis(
        departments, shown, counted, total=course.until_last_night, to_come=course.to_come, k=wave.policy.k_means
    )
    return likely.told(departments, known)


def _turnout(
    shown: Sequence[visible.Group], departments: Sequence[WaveDepartmentFacts], responses: Mapping[UUID, int]
) -> Iterable[views.TurnoutLine]:
    """The turnout by groups of at least ten people (MEASUREMENT.md section 9, P10)."""
    people = {department.department_id: department.headcount for department in departments}
    above: list[str] = []
    for group in shown:
        del above[group.depth :]
        told = ResponseRate(
            sum(responses.get(department_id, 0) for department_id in group.departments),
            sum(people[department_id] for department_id in group.departments),
        )
        name = Listing(group.members) if group.pooled else group.name
        yield views.TurnoutLine(name, above[-1] if above else None, group.pooled, told)
        above.append(group.name)


def groups(departments: Sequence[WaveDepartmentFacts]) -> tuple[visible.Group, ...]:
    """The groups as they were when the wave opened, without those that a corrected headcount leaves too small.

    Grouping anew by the corrected headcounts would let one take the difference of two groupings.
    """
    groups = visible.groups(
        [visible.Department(d.department_id, d.parent_id, d.name, d.planned_headcount, d.pool) for d in departments]
    )
    return visible.still_large(groups, {d.department_id: d.headcount for d in departments})


def _missing(total: ResponseRate, target: int | None) -> int | None:
    """How many people more have to answer for the target, None without one."""
    if target is None:
        return None
    return max(0, math.ceil(target * total.headcount / 100) - total.responses)


def _nudge(lines: Sequence[views.TurnoutLine], aimed_at: int) -> tuple[views.TurnoutLine, ...]:
    """The groups whose turnout is lowest and below what is aimed at: all numbers that the table shows anyway."""
    low = [line for line in lines if line.response_rate.rate < aimed_at]
    return tuple(sorted(low, key=lambda line: line.response_rate.rate)[:MOST_NUDGED])
