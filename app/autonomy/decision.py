"""A decision record as a document: what it rests on and what follows for each department (P18).

It holds its facts and its policy whole, so that anybody can make it again from the release that it names.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from pydantic import TypeAdapter

from app.autonomy.workflow import DecidedWork, Work
from scoring.ceiling import Ceiling, EarlierScore
from scoring.controls import Status
from scoring.gating import GatesPolicy, OverTrust
from scoring.levels import Level

SCHEMA: Final = 2
"""From 2 on a decision tells of workflows; those of 1 are read as having none."""

Origin = Literal["merge", "split"]
Through = Literal["", "organisation", "department", "above", "merge", "split"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """An attestation that had been made and not withdrawn; `department` is empty for one of the whole organisation."""

    id: str
    control: str
    department: str
    on: date
    owner: str
    evidence: str
    expires: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A department of the day, in the order of the tree. `origin` says how it began where it took over others, which
    are then its `sources`; `members` names them."""

    id: str
    name: str
    parent: str | None
    depth: int
    function: str
    origin: Origin | None = None
    sources: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What earlier decisions and releases say of a department: the level of the last record, in how many waves in a row
    before this one it was A4 or more, and the gating scores of the two waves before."""

    department: str
    held: Level = Level.A0
    waves_at_a4: int = 0
    earlier: tuple[EarlierScore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything beside release and policy that a decision rests on, as of a day of the client's time zone.

    `gone` are departments that took over others and were taken over in turn: what was attested leads through them.
    `works` are the workflows that are done, in the order of the inventory.
    """

    as_of: date
    places: tuple[Place, ...]
    attested: tuple[Attested, ...]
    before: tuple[Before, ...] = ()
    gone: tuple[Place, ...] = ()
    works: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFact:
    """A control for a department: its state, until when it counts, and through what it counts there.

    `only_for` names departments that were merged into this one and had it, where others had not.
    """

    control: str
    status: Status
    until: date | None
    through: Through
    attestation: str
    only_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFact:
    """The gating score of a dimension, as the release prints it."""

    dimension: str
    lower: int
    upper: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A control in force of which staff notice little: so many per cent agree to the question."""

    control: str
    item: str
    favourable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What follows for one department.

    `row` is the row of the release that it rests on, empty without one; `told` the level that staff's answers would
    carry if all controls were in force, `shown` the one that the controls would carry whatever was answered.
    `untold` are dimensions of which it is not told whether enough people know the facts. `works` are its workflows.
    """

    id: str
    name: str
    row: str
    ceiling: Ceiling
    held: Level
    told: Level
    shown: Level
    overtrust: OverTrust
    rate: int | None
    scores: tuple[ScoreFact, ...]
    controls: tuple[ControlFact, ...]
    contradictions: tuple[Contradiction, ...]
    untold: tuple[str, ...]
    works: tuple[DecidedWork, ...] = ()

    @property
    def has_answers(self) -> bool:
        """False for a department of which the release tells nothing."""
        return bool(self.scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The ceilings of all departments of a day. `number` counts a client's issued records; a draft has 0.

    `law` is the version of the caps of the law, `shares` that of the shares of hours that a level releases.
    """

    schema: int
    number: int
    organisation: str
    wave: str
    release_number: int
    release_sha256: str
    facts: Facts
    policy: GatesPolicy
    departments: tuple[Decided, ...]
    law: str = ""
    shares: str = ""

    def of(self, department: str) -> Decided | None:
        """What it says of a department, or None."""
        return next((one for one in self.departments if one.id == department), None)


@dataclass(frozen=True, slots=True)
class Outline:
    """What lists and later decisions take from a record: its wave, release and policy, and the level of each
    department."""

    wave: str
    release_number: int
    policy: str
    levels: Mapping[str, Level]

    def level(self, department: str) -> Level:
        """The level of a department, the lowest where the record does not know it."""
        return self.levels.get(department, Level.A0)


@dataclass(frozen=True, slots=True)
class _Version:
    version: str


@dataclass(frozen=True, slots=True)
class _Ceiling:
    level: Level


@dataclass(frozen=True, slots=True)
class _Department:
    id: str
    ceiling: _Ceiling


@dataclass(frozen=True, slots=True)
class _Outlined:
    """The part of a document that an outline needs."""

    wave: str
    release_number: int
    policy: _Version
    departments: tuple[_Department, ...]


_ADAPTER = TypeAdapter(Decision)
_OUTLINED = TypeAdapter(_Outlined)
_POLICY = TypeAdapter(GatesPolicy)


def dump(decision: Decision) -> bytes:
    """The canonical bytes: JSON with sorted keys and no spaces. The same decision gives the same bytes."""
    return _canonical(_ADAPTER.dump_python(decision, mode="json"))


def essence(decision: Decision) -> str:
    """A digest of all but the number and the day: two decisions that say the same, whenever they were made."""
    facts = replace(decision.facts, as_of=date.min)
    return digest(dump(replace(decision, number=0, facts=facts)))


def load(document: bytes) -> Decision:
    """The decision that `dump` wrote; raises pydantic's ValidationError for anything else."""
    return _ADAPTER.validate_json(document)


def outline(document: bytes) -> Outline:
    """What `load` would say in short, in a tenth of the time: all else that `dump` wrote is passed over."""
    found = _OUTLINED.validate_json(document)
    levels = {one.id: one.ceiling.level for one in found.departments}
    return Outline(found.wave, found.release_number, found.policy.version, levels)


def outlined(decision: Decision) -> Outline:
    """A decision in short."""
    levels = {one.id: one.ceiling.level for one in decision.departments}
    return Outline(decision.wave, decision.release_number, decision.policy.version, levels)


def dump_policy(policy: GatesPolicy) -> bytes:
    """A policy's canonical bytes."""
    return _canonical(_POLICY.dump_python(policy, mode="json"))


def load_policy(document: bytes) -> GatesPolicy:
    """The policy that `dump_policy` wrote."""
    return _POLICY.validate_json(document)


def digest(document: bytes) -> str:
    """The SHA-256 by which a record is quoted."""
    return hashlib.sha256(document).hexdigest()


def _canonical(plain: object) -> bytes:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
