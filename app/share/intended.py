"""What of a plan record all staff may be told: what is done, in which role, until when and how far it is.

Never for which department, nor who does it: the page for all staff tells of the organisation alone (app/share/telling).
What names a department, or is made for some of them only, is left out unless whoever runs the client says otherwise.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.actions import queries as actions
from app.clients import queries as clients
from app.lineage import days
from app.planned import queries
from app.planned.document import Deed, PlanDocument, Words
from app.playbooks.beside import library_of
from app.sentences import Sentence
from app.waves import queries as waves
from app.waves.queries import WaveView

MOST: Final = 40
DIGITS: Final = 12
SHORT: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """Something of the plan: all actions of one title and one role together, in whichever departments.

    `due` is the last of their days, `status` "done" once all are done; then `ended` is the last of those days. `shown`:
    staff are told of it.
    """

    key: str
    title: str
    words: Words
    role: str
    due: date
    status: str
    ended: date | None
    moves: tuple[str, ...]
    shown: bool

    @property
    def named(self) -> str:
        """What it is called, in the languages that there are."""
        return Sentence(self.title, words=self.words) if self.words else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What staff may be told of a plan record; `number` is 0 where no plan was fixed on their release."""

    number: int = 0
    as_of: date | None = None
    intended: tuple[Intended, ...] = ()

    @property
    def told(self) -> tuple[Intended, ...]:
        """What they are told."""
        return tuple(one for one in self.intended if one.shown)

    @property
    def keys(self) -> tuple[str, ...]:
        """What they are told, by its keys."""
        return tuple(one.key for one in self.told)

    @property
    def mark(self) -> str:
        """What tells whether this is what somebody looked at."""
        return hashlib.sha256("\n".join((str(self.number), *self.keys)).encode()).hexdigest()[:DIGITS]


def offered(session: Session, wave: WaveView, release_id: UUID | None, choices: Mapping[str, bool]) -> Plan:
    """The newest plan record on a release, with what was chosen of it."""
    kept = queries.newest_of_release(session, wave.organisation_id, release_id) if release_id else None
    if kept is None:
        return Plan()
    usually = _usually_out(session, wave.organisation_id, kept.plan)
    some = _together(_wanted(kept.plan, _since(session, wave)))
    return Plan(
        number=kept.number,
        as_of=kept.as_of,
        intended=tuple(_one(key, deeds, choices.get(key, key not in usually)) for key, deeds in some.items()),
    )


def published(session: Session, wave: WaveView, number: int | None, keys: Collection[str]) -> Plan:
    """What was published of a plan record."""
    kept = queries.record(session, wave.organisation_id, number) if number else None
    if kept is None:
        return Plan()
    some = _together(_wanted(kept.plan, _since(session, wave)))
    return Plan(
        number=kept.number,
        as_of=kept.as_of,
        intended=tuple(_one(key, deeds, shown=True) for key, deeds in some.items() if key in keys),
    )


def opened_on(session: Session, wave: WaveView) -> date | None:
    """The day on which a wave opened, where the client is; None for a draft."""
    zone = clients.organisation(session, wave.organisation_id).time_zone
    return days.today(wave.opened_at, zone) if wave.opened_at else None


def _since(session: Session, wave: WaveView) -> date | None:
    """The day on which the wave before opened: what was done earlier is no news; None where there was none."""
    if wave.previous_wave_id is None:
        return None
    return opened_on(session, waves.wave(session, wave.organisation_id, wave.previous_wave_id))


def _wanted(plan: PlanDocument, since: date | None) -> Iterator[Deed]:
    for one in plan.deeds:
        old = one.status == "done" and one.ended is not None and since is not None and one.ended < since
        if one.status != "dropped" and not old:
            yield one


def _together(deeds: Iterable[Deed]) -> Mapping[str, list[Deed]]:
    """Actions by the key of their title and role, what is due first before the others."""
    found: dict[str, list[Deed]] = {}
    for one in sorted(deeds, key=lambda each: (each.due, each.title)):
        found.setdefault(_key(one), []).append(one)
    return dict(list(found.items())[:MOST])


def _key(deed: Deed) -> str:
    return hashlib.sha256(f"{deed.title}\n{deed.role}".encode()).hexdigest()[:DIGITS]


def _one(key: str, deeds: list[Deed], shown: bool) -> Intended:
    first, states = deeds[0], {one.status for one in deeds}
    done = states == {"done"}
    return Intended(
        key=key,
        title=first.title,
        words=first.words,
        role=first.role,
        due=max(one.due for one in deeds),
        status="done" if done else "open" if states == {"open"} else "doing",
        ended=max((one.ended for one in deeds if one.ended), default=None) if done else None,
        moves=tuple(dict.fromkeys(key for one in deeds for key in one.moves)),
        shown=shown,
    )


def _usually_out(session: Session, organisation_id: UUID, plan: PlanDocument) -> frozenset[str]:
    """What would tell of which department it is: its title names one, or the library has it for some only."""
    library = library_of(session, organisation_id)
    origins = {str(one.id): library.known(one.action) for one in actions.plan(session, organisation_id)}
    names = [_named(place.name) for place in plan.places]
    found = set()
    for one in plan.deeds:
        origin = origins.get(one.id)
        said = " ".join((one.title, *one.words.values()))
        if (origin is not None and origin.functions) or any(name.search(said) for name in names):
            found.add(_key(one))
    return frozenset(found)


def _named(name: str) -> re.Pattern[str]:
    """A name as a word of its own; a short one as it is written, because “it” is no department."""
    return re.compile(rf"\b{re.escape(name)}\b", 0 if len(name) <= SHORT else re.IGNORECASE)
