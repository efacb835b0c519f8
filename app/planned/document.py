"""A plan record as a document: actions, guardrails and training of a day, with their words in each language.

It holds its words whole, so that a file says the same when the library has other ones.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from app.sentences import Sentence

SCHEMA: Final = 1
Words = Mapping[str, str]
"""Other languages than English by their tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A department of the day, in the order of the tree; `people` are those in it and below, `trained` how the control
    of training stands there (`scoring.controls.Status`), `until` the last day on which it counts."""

    id: str
    name: str
    parent: str
    depth: int
    people: int
    trained: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An action of the plan. `role` is the key of who answers for it in the library, empty for one of their own;
    `begins` is the first day of its ninety, `ended` the day on which it was done or dropped."""

    id: str
    department: str
    title: str
    words: Words
    role: str
    owner: str
    begins: date
    due: date
    status: str
    hours: int
    moves: tuple[str, ...]
    ended: date | None

    @property
    def named(self) -> str:
        """What it is called, in the languages that there are."""
        return Sentence(self.title, words=self.words) if self.words else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How a guardrail stands in a department in which it counts (`guardrails.facts.Status`)."""

    department: str
    status: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A guardrail: from which level it counts, how it stands nearest anywhere, and where it counts.

    `unsure` are references that nobody looked up. `counsel` is who spoke last, `kind` what was said, `said_on` when.
    """

    id: str
    edition: str
    title: str
    words: Words
    start: str
    standing: str
    stands: tuple[Stand, ...]
    unsure: tuple[str, ...]
    counsel: str = ""
    kind: str = ""
    said_on: date | None = None

    @property
    def named(self) -> str:
        """What it is called, in the languages that there are."""
        return Sentence(self.title, words=self.words) if self.words else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class LawDay:
    """What a law says from a day on, and until another where that is known."""

    day: date
    until: date | None
    law: str
    what: str
    words: Words
    confirmed: bool

    @property
    def said(self) -> str:
        """What it says, in the languages that there are."""
        return Sentence(self.what, words=self.words) if self.words else self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A law or standard that is referred to: what was read of it (a key of `guardrail.BASES`), and when."""

    name: str
    basis: str
    checked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument:
    """All that is fixed.

    `number` counts a client's records, 0 for what would be fixed today; `decision` is the number of the decision record
    that the levels follow, 0 for none; `countries` are keys of `guardrails.places.PLACES`.
    """

    schema: int
    number: int
    organisation: str
    release_number: int
    release_sha256: str
    decision: int
    as_of: date
    countries: tuple[str, ...]
    places: tuple[Place, ...]
    deeds: tuple[Deed, ...]
    guards: tuple[Guard, ...]
    days: tuple[LawDay, ...]
    laws: tuple[Law, ...]


_ADAPTER: Final = TypeAdapter(PlanDocument)


def dump(plan: PlanDocument) -> bytes:
    """The canonical bytes: JSON with sorted keys and no spaces. The same plan gives the same bytes."""
    plain = _ADAPTER.dump_python(plan, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def load(document: bytes) -> PlanDocument:
    """The plan that `dump` wrote; raises pydantic's ValidationError for anything else."""
    return _ADAPTER.validate_json(document)


def digest(document: bytes) -> str:
    """The SHA-256 by which a record is quoted."""
    return hashlib.sha256(document).hexdigest()


def essence(plan: PlanDocument) -> str:
    """A digest of all but the number and the day: two records that say the same, whenever they were fixed."""
    return digest(dump(replace(plan, number=0, as_of=date.min)))


def schema() -> dict[str, object]:
    """The JSON Schema of a record, for programs that read it."""
    return _ADAPTER.json_schema()


def part_of(plan: PlanDocument, department: str) -> PlanDocument:
    """What it says of a department and of everything below it."""
    wanted = _inside(plan.places, department)
    return replace(
        plan,
        places=tuple(one for one in plan.places if one.id in wanted),
        deeds=tuple(one for one in plan.deeds if one.department in wanted),
        guards=tuple(_cut(one, wanted) for one in plan.guards),
    )


def _cut(guard: Guard, wanted: Collection[str]) -> Guard:
    stands = tuple(one for one in guard.stands if one.department in wanted)
    standing = guard.standing if stands or guard.standing != "now" else "later"
    return replace(guard, stands=stands, standing=standing)


def _inside(places: Collection[Place], department: str) -> set[str]:
    found: set[str] = set()
    for place in places:
        if place.id == department or place.parent in found:
            found.add(place.id)
    return found
